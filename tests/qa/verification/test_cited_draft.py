"""What a chat model writes is cut, checked and put right as it streams; scripted models, exact cases."""

import threading
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from index import Article, Encoder
from index.languages.messages import messages_for
from qa import Answer, Assistant, Delta, Extractive, SupportVerdict
from qa.evidence import Evidence
from qa.generation.budget import Limits
from qa.generation.writer import ChatWriter
from qa.markers import plain
from qa.verification.cited_draft import CitedDraft, VerifiedSentence, verify_sentence
from qa.verification.support import SupportChecker
from tests.support.passages import evidence, stored
from tests.support.patience import PATIENCE
from tests.support.scripted import Scripted, saying

ENGLISH = messages_for("en")
QUESTION = "who disputed the ISIS threat?"
FLOOD = (
    "Civil defence teams moved 310 families from Tell Harmal. Mayor Samir Khalaf said on 12 May the bridge stayed open."
)
BANK = "قالت محافظة مصرف دلما المركزي هدى أمين إن التضخم تراجع إلى 4.1 بالمئة في آذار. ولم يرفع المصرف سعر الفائدة."


@pytest.fixture(scope="module")
def offered(encoder: Encoder) -> list[Evidence]:
    articles = [Article.create("flood", FLOOD, language="en"), Article.create("bank", BANK, language="ar")]
    return evidence(encoder, "What happened?", stored(encoder, articles))


@pytest.fixture(scope="module")
def checker(encoder: Encoder) -> SupportChecker:
    return SupportChecker(encoder)


class RateLimitError(Exception):
    """What providers raise, by name and status."""

    status_code = 429


@pytest.mark.parametrize(
    ("text", "verdict", "passages"),
    [
        ("Civil defence teams moved 310 families from Tell Harmal [1].", SupportVerdict.VERIFIED, (1,)),
        ("Civil defence teams moved 310 families from Tell Harmal [2].", SupportVerdict.VERIFIED, (1,)),
        ("Civil defence teams moved 310 families from Tell Harmal [9].", SupportVerdict.VERIFIED, (1,)),
        ("Civil defence teams moved 310 families from Tell Harmal.", SupportVerdict.VERIFIED, (1,)),
        ("Civil defence teams moved 380 families from Tell Harmal [1].", SupportVerdict.UNSUPPORTED, ()),
        ("Civil defence teams moved 310 families from Samarra [1].", SupportVerdict.UNSUPPORTED, ()),
        ("Mayor Samir Khalaf said on 12 June the bridge stayed open [1].", SupportVerdict.UNSUPPORTED, ()),
        ("Mayor Omar Zaki said on 12 May the bridge stayed open [1].", SupportVerdict.UNSUPPORTED, ()),
        ("Mayor Samir Khalaf said on 12 May the bridge did not stay open [1].", SupportVerdict.UNSUPPORTED, ()),
        ("Inflation fell to 4.1 per cent in March, Huda Amin said [2].", SupportVerdict.VERIFIED, (2,)),
        ("Inflation fell to ٤٫١ per cent in March, Huda Amin said [2].", SupportVerdict.VERIFIED, (2,)),
        ("Inflation fell to 5.7 per cent in March, Huda Amin said [2].", SupportVerdict.UNSUPPORTED, ()),
        ("Inflation fell to 4.1 per cent in March, Frederick Nielsen said [2].", SupportVerdict.UNSUPPORTED, ()),
        ("Indeed [1].", SupportVerdict.UNCHECKED, ()),
    ],
)
def test_a_sentence_is_judged(
    checker: SupportChecker, offered: list[Evidence], text: str, verdict: SupportVerdict, passages: tuple[int, ...]
) -> None:
    judged = verify_sentence(text, offered, checker, ENGLISH)
    assert (judged.verdict, judged.passages) == (verdict, passages)
    assert (judged.reason is None) == (verdict is SupportVerdict.VERIFIED)


def test_a_sentence_is_finished_once_the_next_has_begun(checker: SupportChecker, offered: list[Evidence]) -> None:
    draft = CitedDraft(checker, offered, ENGLISH)
    finished: list[VerifiedSentence] = []
    for piece in ("Civil defence teams moved 310 fam", "ilies from Tell Harmal. ", "[1]", " The "):
        finished += draft.take(piece)
    assert [(item.text, item.passages) for item in finished] == [
        ("Civil defence teams moved 310 families from Tell Harmal.", (1,))
    ]
    rest = [*draft.take("moon is far"), *draft.end()]
    assert [item.verdict for item in rest] == [SupportVerdict.UNSUPPORTED]


def test_text_without_an_end_is_cut(checker: SupportChecker, offered: list[Evidence]) -> None:
    draft = CitedDraft(checker, offered, ENGLISH)
    assert list(draft.take("word " * 400))
    assert not list(draft.end())


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("- **Bold** claim [1].", "Bold claim [1]."),
        ("See [here](https://evil.example) and www.evil.example/x.", "See here and …"),
        ("![x](data:image/png;base64,AAAA) <b>Hi</b> there", "x Hi there"),
        ("1. The `first` ~~thing~~", "The first thing"),
        ("javascript:alert(1) runs", "… runs"),
    ],
)
def test_what_is_no_prose_is_taken_off(text: str, clean: str) -> None:
    assert plain(text) == clean


@pytest.mark.parametrize(
    ("pieces", "limits", "note"),
    [
        ((RateLimitError("slow down"),), Limits(), "The language model's provider asks to wait"),
        ((TimeoutError("no answer"),), Limits(), "The language model took too long"),
        (("It did [1].",), Limits(day=1), "The token budget leaves no room"),
        (("It did [1].",), Limits(question=80, answer=40), "The token budget leaves no room"),
    ],
    ids=["rate limit", "timeout", "day", "question"],
)
def test_limits_leave_the_quote_and_a_plain_word(
    samples: Assistant, pieces: tuple[str | Exception, ...], limits: Limits, note: str
) -> None:
    quoted = samples.ask(QUESTION)
    writer = ChatWriter(saying(*pieces), "scripted", limits=limits)
    answer = Assistant(samples.library, chat_model=writer).ask(QUESTION)
    assert (answer.text, answer.citations, answer.writer) == (quoted.text, quoted.citations, "extractive")
    assert answer.notes[0].startswith(note)


def test_a_model_that_takes_too_long_leaves_the_quote(samples: Assistant) -> None:
    free = threading.Event()
    writer = ChatWriter(saying("It did [1].", free=free), "scripted", limits=Limits(seconds=0.01))
    answer = Assistant(samples.library, chat_model=writer).ask(QUESTION)
    free.set()
    assert (answer.text, answer.writer) == (samples.ask(QUESTION).text, "extractive")
    assert answer.notes[0].startswith("The language model took too long")


def test_a_reader_who_goes_away_ends_the_request(samples: Assistant) -> None:
    # It is read in a thread of its own, ahead of whoever listens: it goes on until it is ended.
    model = Scripted(script=lambda _: repeat("word "))
    events: Iterator[object] = Assistant(samples.library, chat_model=ChatWriter(model, "scripted")).stream(QUESTION)
    for event in events:
        if isinstance(event, Delta):
            break
    events.close()  # type: ignore[attr-defined]
    assert model.left.wait(PATIENCE)
    assert len(model.closed) == 1


def test_the_extractive_answer_comes_before_the_model_is_asked(samples: Assistant) -> None:
    model = saying("NO ANSWER")
    for event in Assistant(samples.library, chat_model=ChatWriter(model, "scripted")).stream(QUESTION):
        if isinstance(event, Extractive):
            assert model.prompts == []
            assert event.answer.text == samples.ask(QUESTION).text
            return
    raise AssertionError("there was no draft")


def test_passages_are_packed_into_the_budget(samples: Assistant) -> None:
    model = saying("NO ANSWER")
    writer = ChatWriter(model, "scripted", limits=Limits(question=700, answer=100))
    Assistant(samples.library, chat_model=writer).ask(QUESTION)
    assert "\n\n[1] (" in model.prompts[0]
    assert "\n\n[5] (" not in model.prompts[0]


def test_a_model_makes_follow_ups_stand_alone_and_rules_do_where_it_fails(samples: Assistant) -> None:
    from qa import Turn

    first = samples.ask(QUESTION)
    history = [Turn(first.question, first)]
    good = ChatWriter(saying("When did مهند الزيدي dispute the ISIS threat?"), "scripted")
    assert good.rewrite("and when?", history) == "When did مهند الزيدي dispute the ISIS threat?"
    by_rule = "When did مهند الزيدي dispute the ISIS threat?"
    for pieces in (("The capital of France is Paris, of course.",), (RuntimeError("gone"),), ("",), ("x" * 900,)):
        assert ChatWriter(saying(*pieces), "scripted").rewrite("and when?", history) == by_rule
    same = ChatWriter(saying("What does the bank do?"), "scripted")
    assert same.rewrite("Who leads the bank?", history) is None


def test_a_translation_is_marked_checked_and_kept(samples: Assistant) -> None:
    model = saying("The army **spokesman** denied it on 7 March, see https://evil.example.")
    assistant = Assistant(samples.library, chat_model=ChatWriter(model, "scripted"))
    citation = samples.ask(QUESTION).citations[0]
    made = assistant.translate(citation)
    assert made.text == "The army spokesman denied it on 7 March, see …"
    assert (made.quote, made.writer, made.language) == (citation.quote, "scripted", "en")
    assert set(made.missing) == {"7", "March"}
    assert assistant.translate(citation) is made
    assert len(model.prompts) == 1
    from qa.errors import WriterError

    with pytest.raises(WriterError, match="--llm"):
        samples.translate(citation)


def test_several_articles_are_cited_by_date_or_by_speaker(samples: Assistant) -> None:
    timeline = samples.ask("timeline of the coalition withdrawal from Iraq")
    assert isinstance(timeline, Answer)
    days = [citation.article.published for citation in timeline.used]
    assert len({citation.article.id for citation in timeline.used}) > 1
    assert days == sorted(days)  # type: ignore[type-var]
    assert all(f"[{number}]" in timeline.text for number in range(1, len(days) + 1))
    said = samples.ask("summarise what Ingrid Solheim said about ISIS")
    assert said.used
    assert all(citation.speaker and "Solheim" in citation.speaker.name for citation in said.used)
    flood = samples.ask("timeline of the flood in Tell al-Rumman")
    assert [citation.article.language for citation in flood.used] == ["ar", "en"]
    compared = samples.ask("قارن بين حصيلة قتلى انفجار ميناء أم النخيل")
    assert len({citation.article.source for citation in compared.used}) > 1
    assert samples.ask("timeline of the 2011 earthquake in Japan").abstained


@pytest.mark.parametrize(
    ("question", "people"),
    [
        ("compare what Okafor and Voss said about vaccine", {"Grace Okafor", "Tomas Voss"}),
        ("Compare what Tomas Voss and Grace Okafor said", {"Grace Okafor", "Tomas Voss"}),
        ("compare what Grace Okafor and Marta Ruiz said about vaccine", {"Grace Okafor"}),
    ],
)
def test_people_who_are_compared_are_quoted_each_also_from_one_article(
    tmp_path: Path, encoder: Encoder, question: str, people: set[str]
) -> None:
    text = (
        "Health Minister Grace Okafor said on Monday that Tarsin had enough measles vaccine for every child. Tomas "
        "Voss, the head of the Doctors' Union, denied that, saying clinics in the north had run out of vaccine a week "
        "ago."
    )
    with Assistant.open(tmp_path / "library", encoder=encoder) as assistant:
        assistant.library.add([Article.create("a", text, title="Vaccine in Tarsin")])
        answer = assistant.ask(question)
    assert {citation.speaker.name for citation in answer.used if citation.speaker} == people


def test_what_a_person_named_in_full_said_is_listed_though_it_may_not_be_about_the_topic(samples: Assistant) -> None:
    on_topic = samples.ask("لخص ما قاله سمير قدوري عن السيول")
    assert {citation.speaker.name for citation in on_topic.used if citation.speaker} == {"Samir Qaddouri"}
    elsewhere = samples.ask("summarise what Samir Qaddouri said about the price of bread")
    assert elsewhere.notes == ("Whether these quotes are about “the price of bread” is not certain.",)
    assert samples.ask("summarise what Samir Haddad said about the price of bread").abstained
