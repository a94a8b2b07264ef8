"""Standing questions over a real library: what is told after which commit, and what is not read again for one."""

import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from index import Article, Encoder, FetchError, Library, QueryError, export_library, import_library
from index.store.standing.questions import Channel
from qa import Assistant, State
from qa.answer import Answer
from qa.standing import Aspect, StandingQuestions, compare
from qa.standing.asking import last_answer
from qa.understanding.understanding import Understanding

TOWNS = (
    "Qarfa", "Zarqun", "Tell Hadid", "Umm Rahal", "Deir Salwa", "Ain Murr", "Kafr Badr", "Bir Zahra", "Wadi Shams",
    "Jisr Nahr", "Beit Laham", "Marj Amer", "Rasafa", "Hamdun", "Sulaym", "Barada", "Qusur", "Tadif", "Maskana",
    "Ithriya",
)  # fmt: skip
STEPS = 6
FRENCH = "Le gouverneur a déclaré que {} personnes étaient mortes dans l'incendie du marché de Zarqun."
ARABIC = "أعلن محافظ قرفة أن {} شخصا قُتلوا في انهيار الجسر."
QUESTIONS = {
    "en": "How many people died in the flood in Qarfa?",
    "ar": "كم شخصا قُتل في انهيار الجسر في قرفة؟",
    "fr": "Combien de personnes sont mortes dans l'incendie du marché de Zarqun ?",
}


def flood(town: str, dead: int, id: str | None = None, source: str = "River Herald") -> Article:
    return Article.create(
        id or f"flood-{town}", f"The flood in {town} killed {dead} people, the governor of {town} said on Monday. "
        f"Houses near the river in {town} were under water, and the road to the north was closed.",
        title=f"Flood in {town}", source=source, published=date(2025, 11, 3),
    )  # fmt: skip


def fire(dead: int) -> Article:
    return Article.create("incendie", FRENCH.format(dead) + " Le marché reste fermé.", title="Incendie", language="fr")


def bridge(dead: int) -> Article:
    return Article.create("جسر", ARABIC.format(dead) + " وأغلقت السلطات الطريق.", title="انهيار جسر", language="ar")


FOOTBALL = Article.create(
    "cup", "The team of the capital won the cup after extra time. The coach praised the goalkeeper.", title="Cup final"
)


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A library of floods that nobody opens: for copies of it."""
    folder = tmp_path_factory.mktemp("flooded") / "library"
    with Library.open(folder, encoder=encoder) as library:
        library.add([*(flood(town, 3 + place) for place, town in enumerate(TOWNS)), fire(12), bridge(15)])
    return folder


@pytest.fixture
def assistant(flooded: Path, tmp_path: Path, encoder: Encoder) -> Iterator[Assistant]:
    with Assistant(Library.open(shutil.copytree(flooded, tmp_path / "library"), encoder=encoder)) as opened:
        yield opened


@pytest.fixture
def standing(assistant: Assistant) -> StandingQuestions:
    return StandingQuestions(assistant)


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.used]


def test_a_question_stands_with_its_answer_and_nothing_is_told_until_something_changes(
    assistant: Assistant, standing: StandingQuestions
) -> None:
    assert standing.all() == [] and standing.check().questions == 0
    added = standing.add(QUESTIONS["en"], source="River Herald")
    assert standing.all() == [added] and standing.find(added.name.upper()) == added
    answer = last_answer(added)
    assert compare(answer, assistant.ask(QUESTIONS["en"], source="River Herald")) is None
    assert quotes(answer) == ["The flood in Qarfa killed 3 people, the governor of Qarfa said on Monday."]
    report = standing.check()
    assert (report.questions, report.read, report.changes) == (1, 0, ())
    assert standing.changes(added.id) == []


@pytest.mark.parametrize(
    ("language", "revised", "before", "after"),
    [
        ("en", flood("Qarfa", 41), "3", "41"),
        ("ar", bridge(23), "15", "23"),
        ("fr", fire(31), "12", "31"),
    ],
)
def test_a_toll_that_is_revised_is_told_with_both_figures(
    assistant: Assistant, standing: StandingQuestions, language: str, revised: Article, before: str, after: str
) -> None:
    added = standing.add(QUESTIONS[language], language=language)
    assistant.library.add([revised])
    (found,) = standing.check().changes
    assert found.change.aspects == (Aspect.QUOTE, Aspect.SHORT)
    assert before in quotes(found.change.before)[0] and after in quotes(found.change.after)[0]
    assert [citation.revision for citation in found.change.after.used] == [2]
    assert found.question.id == added.id and found.generation == assistant.library.generation
    # Kept, and told once.
    assert [(kept.id, kept.at, kept.change) for kept in standing.changes(added.id)] == [
        (found.id, found.at.replace(microsecond=found.at.microsecond // 1000 * 1000), found.change)
    ]
    assert standing.check().changes == ()


def test_an_article_that_has_nothing_to_do_with_it_is_not_read(
    assistant: Assistant, standing: StandingQuestions
) -> None:
    for question in QUESTIONS.values():
        standing.add(question)
    assistant.library.add([FOOTBALL])
    report = standing.check()
    assert (report.questions, report.changes) == (3, ())
    assert report.read < 3
    assert {question.looked.generation for question in standing.all()} == {assistant.library.generation}
    assistant.library.remove([FOOTBALL.id])
    assert standing.check().changes == ()


def test_a_denial_that_comes_in_is_told(assistant: Assistant, standing: StandingQuestions) -> None:
    assistant.library.add(
        [Article.create("m", "The minister Omar Hadi resigned on Monday, his office said.", title="Minister resigns")]
    )
    standing.add("Did the minister Omar Hadi resign?")
    assistant.library.add(
        [
            Article.create(
                "n", "“I have not resigned,” the minister Omar Hadi told reporters on Tuesday, denying the report.",
                title="Minister denies resignation", published=date(2025, 11, 4),
            )
        ]
    )  # fmt: skip
    (found,) = standing.check().changes
    assert "resigned on Monday" in quotes(found.change.before)[0]
    assert any("I have not resigned" in quote for quote in quotes(found.change.after))


def test_an_article_that_is_withdrawn_takes_the_answer_with_it(
    assistant: Assistant, standing: StandingQuestions
) -> None:
    added = standing.add(QUESTIONS["fr"], language="fr")
    assistant.library.remove(["incendie"])
    (found,) = standing.check().changes
    assert found.change.aspects[:2] == (Aspect.STATE, Aspect.QUOTE)
    assert found.change.after.state is State.NOT_FOUND
    assistant.library.add([fire(12)])
    back, gone = standing.check().changes[0], standing.changes(added.id)[1]
    assert back.change.after.state is not State.NOT_FOUND
    assert gone.change == found.change


def test_a_copy_in_another_outlet_is_no_change_also_when_the_first_is_withdrawn(
    assistant: Assistant, standing: StandingQuestions
) -> None:
    standing.add(QUESTIONS["en"])
    assistant.library.add([flood("Qarfa", 3, id="copy", source="Another Wire")])
    assert standing.check().changes == ()
    assistant.library.remove(["flood-Qarfa"])
    assert standing.check().changes == ()
    (question,) = standing.all()
    answer = last_answer(question)
    assert [citation.article.id for citation in answer.used] == ["copy"]


def test_a_question_that_names_its_time_by_today_is_asked_again_on_another_day(
    flooded: Path, tmp_path: Path, encoder: Encoder
) -> None:
    days = [date(2025, 11, 3)]
    with Library.open(shutil.copytree(flooded, tmp_path / "library"), encoder=encoder) as library:
        understanding = Understanding(library, today=lambda: days[-1])
        standing = StandingQuestions(Assistant(library, understanding=understanding), today=lambda: days[-1])
        standing.add("What happened today in Qarfa?")
        standing.add(QUESTIONS["en"])
        assert standing.check().read == 0
        days.append(date(2025, 11, 3) + timedelta(days=30))
        assert standing.check().read == 1
        assert {question.looked.day for question in standing.all()} == {days[-1]}


def test_after_random_commits_nothing_is_missed_that_asking_anew_shows(
    assistant: Assistant, standing: StandingQuestions
) -> None:
    chance, library = random.Random(7), assistant.library
    asked = [*QUESTIONS.values(), "How many people died in the flood in Rasafa?", "Who won the cup?"]
    ids = {question: standing.add(question).id for question in asked}
    known = {question: assistant.ask(question) for question in asked}
    read, told = 0, 0
    for step in range(STEPS):
        change(library, chance, step)
        report = standing.check()
        found = {kept.question.question: kept.change for kept in report.changes}
        for question in asked:
            fresh = assistant.ask(question)
            expected = compare(known[question], fresh)
            assert (found[question].aspects if question in found else None) == (expected and expected.aspects), step
            kept = last_answer(standing.find(ids[question]))
            assert (quotes(kept), kept.state, kept.short) == (quotes(fresh), fresh.state, fresh.short), step
            known[question] = fresh
        read, told = read + report.read, told + len(found)
    assert told > 1
    # Not each question was read again after each commit, or there would be nothing to choose.
    assert read < STEPS * len(asked)


def change(library: Library, chance: random.Random, step: int) -> None:
    """Commit something: a revised toll, a withdrawal, a copy, an unrelated article, several of these."""
    for _ in range(chance.choice((1, 1, 2))):
        match chance.randrange(6):
            case 0:
                library.add([flood(chance.choice(("Qarfa", "Rasafa")), chance.randrange(3, 60))])
            case 1:
                library.add([chance.choice((fire, bridge))(chance.randrange(10, 40))])
            case 2:
                library.remove([chance.choice(sorted(article.id for article in library.articles()))])
            case 3:
                library.add([flood(chance.choice(TOWNS), chance.randrange(3, 9), id=f"copy-{step}", source="Wire")])
            case 4:
                library.add([FOOTBALL if chance.random() < 0.3 else cup(step)])
            case _:
                library.add([weather(step)])


def cup(step: int) -> Article:
    return Article.create(f"match-{step}", f"Match {step} ended without a goal. The stands were half empty.")


def weather(step: int) -> Article:
    return Article.create(f"weather-{step}", f"It rained on day {step}, and the river rose by {step + 1} centimetres.")


# What is kept.


def test_the_same_question_stands_once_and_is_told_where_it_was_said_last(standing: StandingQuestions) -> None:
    first = standing.add(QUESTIONS["en"], webhook="https://hooks.example.org/a")
    again = standing.add(f"  {QUESTIONS['en']} ", mail="layla@example.org")
    (only,) = standing.all()
    assert (only.id, only.secret) == (first.id, first.secret) == (again.id, again.secret)
    assert (only.webhook, only.mail) == (None, "layla@example.org")
    assert standing.add(QUESTIONS["en"], language="en").id != first.id
    standing.remove(only.id)
    assert len(standing.all()) == 1


def test_a_question_that_is_added_again_after_a_commit_has_its_present_answer_and_the_change(
    assistant: Assistant, standing: StandingQuestions
) -> None:
    first = standing.add(QUESTIONS["en"])
    assistant.library.add([flood("Qarfa", 41)])
    again = standing.add(QUESTIONS["en"], mail="layla@example.org")
    assert (again.id, again.looked.generation) == (first.id, assistant.library.generation)
    (kept,) = standing.changes(first.id)
    assert kept.change.after == last_answer(again)
    assert [delivery.change for delivery in assistant.library.standing_questions.deliveries()] == [kept.id]


def test_what_cannot_stand_is_refused_with_what_to_do(standing: StandingQuestions) -> None:
    with pytest.raises(QueryError, match="The question is empty"):
        standing.add("  ")
    with pytest.raises(QueryError, match="no question to the articles"):
        standing.add("hello")
    with pytest.raises(QueryError, match="is no mail address"):
        standing.add(QUESTIONS["en"], mail="layla")
    with pytest.raises(QueryError, match="is no mail address"):
        standing.add(QUESTIONS["en"], mail="a@b.example\nBcc: c@d.example")
    with pytest.raises(FetchError, match="Only http"):
        standing.add(QUESTIONS["en"], webhook="ftp://hooks.example.org/")
    with pytest.raises(QueryError, match="khabar standing list"):
        standing.find("ffff")
    with pytest.raises(QueryError, match="khabar standing list"):
        standing.remove("")
    assert standing.all() == []


def test_two_that_look_at_once_keep_a_change_once(assistant: Assistant, standing: StandingQuestions) -> None:
    added = standing.add(QUESTIONS["en"], mail="layla@example.org")
    assistant.library.add([flood("Qarfa", 41)])
    other = StandingQuestions(assistant)
    stale = other.all()[0]
    assert len(standing.check().changes) == 1
    # The other one had read the question before the first had recorded its look.
    assert other._check(stale) == (True, None)
    assert len(standing.changes(added.id)) == 1
    assert [delivery.channel for delivery in assistant.library.standing_questions.deliveries()] == [Channel.MAIL]


def test_an_exported_library_keeps_its_questions_and_tells_nobody(
    assistant: Assistant, standing: StandingQuestions, tmp_path: Path, encoder: Encoder
) -> None:
    added = standing.add(QUESTIONS["en"], mail="layla@example.org", webhook="https://hooks.example.org/a")
    assistant.library.add([flood("Qarfa", 41)])
    standing.check()
    export_library(assistant.library.path, tmp_path / "news.khabar")
    import_library(tmp_path / "news.khabar", tmp_path / "moved")
    with Assistant(Library.open(tmp_path / "moved", encoder=encoder)) as moved:
        theirs = StandingQuestions(moved)
        assert [kept.change for kept in theirs.changes(added.id)] == [
            kept.change for kept in standing.changes(added.id)
        ]
        assert [(one.mail, one.webhook) for one in theirs.all()] == [(None, None)]
        assert moved.library.standing_questions.deliveries() == []
        assert theirs.check().changes == ()
    assert len(assistant.library.standing_questions.deliveries()) == 2
