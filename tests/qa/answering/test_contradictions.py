"""Articles that disagree are both quoted, what holds now first; articles about something else are not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from index import Article, Encoder, Library
from qa import Answer, Assistant, Role


def ask(folder: Path, encoder: Encoder, question: str, *articles: Article) -> Answer:
    with Library.open(folder / "library", encoder=encoder) as library:
        library.add(articles)
        return Assistant(library).ask(question)


def told(answer: Answer) -> list[str]:
    return [citation.article.id for citation in answer.used]


EARLY = Article.create(
    "early",
    title="Train derails near Karvel",
    text="A goods train left the rails near Karvel on Monday. The fire service said 12 people were injured in the "
    "derailment. The line is closed.",
    source="Karvel Post",
    published=date(2025, 3, 3),
)
LATE = Article.create(
    "late",
    title="More hurt in Karvel derailment than was thought",
    text="The regional hospital said on Wednesday that 19 people were injured in the Karvel train derailment. Most "
    "have gone home. An inquiry has begun.",
    source="Tolm Gazette",
    published=date(2025, 3, 5),
)
ELSEWHERE = Article.create(
    "elsewhere",
    title="Bus overturns in Osten",
    text="A bus overturned in Osten on Tuesday. Police said 31 people were injured in the accident.",
    source="Tolm Gazette",
    published=date(2025, 3, 4),
)
ARABIC = Article.create(
    "arabic",
    title="إصابة 15 شخصا في خروج قطار عن سكته قرب كارفل",
    text="أعلنت وزارة النقل إصابة 15 شخصا في خروج قطار بضائع عن سكته قرب كارفل يوم الاثنين. وأغلق الخط مؤقتا.",
    source="وكالة تولم",
    published=date(2025, 3, 4),
)


def test_two_figures_for_the_same_thing_are_both_given_newest_first(tmp_path: Path, encoder: Encoder) -> None:
    question = "How many people were injured in the Karvel train derailment?"
    answer = ask(tmp_path, encoder, question, EARLY, LATE, ELSEWHERE)
    assert told(answer) == ["late", "early"]
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    first, *lines = answer.text.splitlines()
    assert first == "The articles differ:"
    assert [("Tolm Gazette (5 March 2025)" in line, line.endswith(f"[{n}]")) for n, line in enumerate(lines, 1)] == [
        (True, True),
        (False, True),
    ]
    assert answer.short is not None
    assert (answer.short.number, "19" in answer.short.text) == (1, True)
    assert [(short.number, "12" in short.text) for short in answer.others] == [(2, True)]
    assert answer.shorts == (answer.short, *answer.others)


def test_a_figure_of_whom_is_asked_about_comes_first_though_another_is_newer(tmp_path: Path, encoder: Encoder) -> None:
    question = "How many people did the fire service count as injured in the Karvel derailment?"
    assert told(ask(tmp_path, encoder, question, EARLY, LATE))[0] == "early"


def test_an_old_figure_that_is_asked_for_comes_first(tmp_path: Path, encoder: Encoder) -> None:
    early = Article.create(
        "early",
        title="Quake in Imlal",
        text="A quake killed 31 people in Imlal on Monday. In 1998, a quake killed 212 people in Imlal.",
        published=date(2025, 3, 4),
    )
    late = Article.create(
        "late",
        title="Toll of Imlal quake rises",
        text="The quake in Imlal killed 44 people, officials said on Thursday.",
        published=date(2025, 3, 6),
    )
    answer = ask(tmp_path, encoder, "How many people did the quake of 1998 kill in Imlal?", early, late)
    assert "212" in answer.used[0].quote


def test_figures_in_two_languages_differ_too(tmp_path: Path, encoder: Encoder) -> None:
    question = "كم شخصا أصيب في خروج القطار عن سكته قرب كارفل؟"
    answer = ask(tmp_path, encoder, question, EARLY, ARABIC)
    assert told(answer) == ["arabic", "early"]
    assert answer.text.startswith("تختلف المقالات في ذلك:")


def test_the_same_figure_written_otherwise_is_one_answer(tmp_path: Path, encoder: Encoder) -> None:
    same = Article.create(
        "same",
        title="Karvel derailment",
        text="Twelve people were injured when a goods train derailed near Karvel, an official said.",
        source="Tolm Gazette",
    )
    answer = ask(tmp_path, encoder, "How many people were injured in the Karvel train derailment?", EARLY, same)
    assert (len(answer.used), answer.others) == (1, ())


def test_another_event_is_no_disagreement(tmp_path: Path, encoder: Encoder) -> None:
    answer = ask(tmp_path, encoder, "How many people were injured in the Osten bus accident?", EARLY, LATE, ELSEWHERE)
    assert told(answer) == ["elsewhere"]


def test_a_claim_and_its_denial_are_both_given(tmp_path: Path, encoder: Encoder) -> None:
    claim = Article.create(
        "claim",
        title="Union: Veld Steel will close its Karvel plant",
        text="Union leader Mara Lind said on Monday that Veld Steel will close its Karvel plant in June.",
        source="Karvel Post",
        published=date(2025, 3, 3),
    )
    denial = Article.create(
        "denial",
        title="Veld Steel denies that its Karvel plant will close",
        text="Veld Steel denied on Tuesday that it will close its Karvel plant in June. Its spokesman Jon Berg called "
        "the report untrue.",
        source="Tolm Gazette",
        published=date(2025, 3, 4),
    )
    answer = ask(tmp_path, encoder, "Will Veld Steel close its Karvel plant?", claim, denial, ELSEWHERE)
    assert told(answer) == ["denial", "claim"]
    assert {citation.role for citation in answer.citations[2:]} <= {Role.ALSO_FOUND, Role.SUPPORTING}
    who = ask(tmp_path, encoder, "Who denied that Veld Steel will close its Karvel plant?", claim, denial)
    assert told(who) == ["denial"]


def test_articles_too_long_to_be_read_whole_are_looked_at_again_for_another_figure(
    tmp_path: Path, encoder: Encoder
) -> None:
    # Each of the first ones alone fills what is read at first.
    filling = " ".join(f"Platform {place} of Karvel station was rebuilt in the spring." for place in range(1, 12))
    early = replace(EARLY, text=f"{filling} {EARLY.text} {filling}")
    late = replace(LATE, text=f"{filling} {LATE.text} {filling}")
    question = "How many people were injured in the Karvel train derailment?"
    assert told(ask(tmp_path, encoder, question, early, late, ELSEWHERE)) == ["late", "early"]


def test_the_samples_disagree_about_the_port_blast(samples: Assistant) -> None:
    answer = samples.ask("How many people died in the port explosion in Umm al-Nakhil?")
    assert told(answer)[:2] == ["rw-20251104-umm-nakhil", "port-blast-arabic.html"]
    # Beside the dead, both sentences give the injured.
    shorts = [(short.text.removesuffix(" أشخاص"), short.number) for short in answer.shorts]
    assert shorts[:2] == [("14", 1), ("تسعة", 2)]


def test_a_correction_comes_first_though_it_is_worded_otherwise(tmp_path: Path, encoder: Encoder) -> None:
    text = "At least 14 people were killed when a bus left the road near Olten on Monday, police said."
    early = Article.create("early", text, title="Bus crash near Olten", published=date(2025, 3, 3))
    text = "Police lowered the death toll of the Olten bus crash to 11, saying three victims had been counted twice."
    late = Article.create("late", text, title="Olten bus crash toll is 11", published=date(2025, 3, 5))
    answer = ask(tmp_path, encoder, "How many people were killed in the Olten bus crash?", early, late)
    assert told(answer) == ["late", "early"]
    assert [short.text for short in answer.shorts] == ["11", "14"]


def test_years_and_measures_of_other_things_are_no_disagreement(tmp_path: Path, encoder: Encoder) -> None:
    text = "The Marrin Bridge, built in 1974, fell into the river on Monday with 22 vehicles on it."
    bridge = Article.create("bridge", text, title="Marrin Bridge falls", published=date(2025, 3, 3))
    text = "لن يُعاد بناء جسر مارين قبل عام ٢٠٢٧، بحسب وزير النقل. وارتفع منسوب النهر عند جسر مارين أربعة أمتار."
    later = Article.create("later", text, title="جسر مارين", published=date(2025, 3, 9))
    answer = ask(tmp_path / "built", encoder, "When was the Marrin Bridge built?", bridge, later)
    assert [short.text for short in answer.shorts] == ["1974"]
    answer = ask(tmp_path / "cars", encoder, "How many vehicles fell into the river with the bridge?", bridge, later)
    assert [short.text for short in answer.shorts] == ["22"]


def test_whether_something_is_so_is_for_the_whole_sentence_to_say(tmp_path: Path, encoder: Encoder) -> None:
    text = "Solvane said it would cut 1,800 jobs instead of 2,400 and that the Drayton plant would not close."
    answer = ask(tmp_path, encoder, "Will the Drayton plant close?", Article.create("a", text, title="Plant"))
    assert (answer.abstained, answer.shorts, answer.used[0].quote) == (False, (), text)
