"""One story from several paths or outlets takes one place in the results, and nobody who tells it is lost."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index import Article, Encoder, Filters, Library
from index.languages.messages import messages_for
from qa import Answer, Assistant
from tests.support.small_encoder import SmallEncoder
from ui.views.html import answer_html
from ui.views.markdown import answer_markdown
from ui.views.terminal import answer_terminal

STRIKE = (
    "The port of Sfax reopened on Sunday after a strike of nine days, harbour master Jamil Trabelsi said. Forty ships "
    "had waited in the bay, among them two tankers with wheat from Odessa.\n\nDockers won a rise of six per cent and a "
    "new crane, and will vote on the agreement before the end of the month, their union announced in a statement. "
    "The last strike at the port was in 2012, when the cranes stood still for three weeks and prices rose in the city."
)
OTHER = (
    "The museum of Kairouan showed a carpet of the ninth century for the first time on Friday. It was found in a "
    "cellar by students who were looking for old maps, and took two years to clean."
)
QUESTION = "How many ships had waited in the bay of Sfax?"


def article(
    id_: str, source: str | None, text: str = STRIKE, title: str = "Sfax port reopens", day: int = 5
) -> Article:
    return Article.create(id_, text, title=title, source=source, published=date(2025, 10, day), language="en")


FIVE = [
    article("a", "Rafidain Wire"),
    article("b", "Sahel Times", title="Dockers win a crane", day=6),
    article("c", "Radio Gabes", text=f"(Rafidain Wire) - {STRIKE}", day=4),
    article("d", "Sahel Times", text=STRIKE[: STRIKE.index(" The last strike")], title="Strike over"),
    article("e", None),
]


@pytest.fixture
def library(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield opened


def stories(library: Library, *ids: str) -> dict[str, list[str]]:
    return {id_: [article.id for article in others] for id_, others in library.same_story(ids).items()}


def test_copies_changed_headlines_credits_and_cuts_are_one_story(library: Library) -> None:
    library.add([*FIVE, article("m", "Sahel Times", text=OTHER)])
    assert stories(library, "a", "m") == {"a": ["c", "e", "d", "b"]}
    assert stories(library, "d") == {"d": ["c", "e", "a", "b"]}


def test_the_others_pass_the_filters(library: Library) -> None:
    library.add(FIVE)
    found = library.same_story(["a"], Filters.of(source="Sahel Times"))
    assert [article.id for article in found["a"]] == ["d", "b"]
    assert library.same_story(["a"], Filters.of(before="2025-10-03")) == {}


def test_who_changes_or_leaves_leaves_the_story_and_nobody_else_does(library: Library) -> None:
    library.add(FIVE)
    library.remove(["a"])
    library.add([article("b", "Sahel Times", text=OTHER)])
    assert stories(library, "b", "c") == {"c": ["e", "d"]}
    library.add([article("a", "Rafidain Wire")])
    assert stories(library, "a") == {"a": ["c", "e", "d"]}


def test_a_library_of_an_earlier_version_gets_its_stories_when_it_is_opened(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add(FIVE)
    with sqlite3.connect(tmp_path / "catalog.sqlite3") as file:
        file.executescript("DROP TABLE story; DROP TABLE band")
    with Library.open(tmp_path, encoder=SmallEncoder()) as opened:
        assert stories(opened, "a") == {"a": ["c", "e", "d", "b"]}
        assert opened.generation == 2


@pytest.fixture
def assistant(tmp_path: Path, encoder: Encoder) -> Iterator[Assistant]:
    with Assistant(Library.open(tmp_path / "answers", encoder=encoder)) as opened:
        yield opened


def cited(answer: Answer) -> list[str]:
    return [citation.article.id for citation in answer.citations]


def test_five_who_tell_one_story_take_one_place_and_all_are_named(assistant: Assistant) -> None:
    assistant.library.add([*FIVE, article("m", "Sahel Times", text=OTHER)])
    answer = assistant.ask(QUESTION)
    first = answer.citations[0]
    assert "Forty ships" in first.quote
    assert {first.article.id, *(other.id for other in first.also_in)} == {"a", "b", "c", "d", "e"}
    assert not {"a", "b", "c", "d", "e"} & set(cited(answer)[1:])
    assert Answer.from_json(answer.to_json()) == answer
    hits = assistant.search(QUESTION)
    assert len({hit.article.id for hit in hits if hit.article.id != "m"}) == 1


def test_an_answer_says_how_many_outlets_carry_it(assistant: Assistant) -> None:
    assistant.library.add(FIVE)
    answer = assistant.ask(QUESTION)
    assert "Carried by 3 outlets: " in answer_terminal(answer)
    assert "Carried by 3 outlets: " in answer_markdown(answer)
    html = answer_html(answer)
    assert "Carried by 3 outlets: " in html
    assert html.count('class="khabar-open"') == 4
    assert "عدد الوسائل التي نشرته 3" in answer_terminal(replace(answer, language="ar"))


def test_the_same_outlet_twice_is_said_to_be_another_article(assistant: Assistant) -> None:
    assistant.library.add([article("a", "Sahel Times"), article("b", "Sahel Times", title="Strike over")])
    shown = answer_terminal(assistant.ask(QUESTION))
    assert messages_for("en").say("citation.copies", number=1) in shown
    assert messages_for("ar").say("citation.copies", number=1) not in shown


def test_a_story_with_another_number_keeps_its_own_place(assistant: Assistant) -> None:
    corrected = article("z", "Radio Gabes", text=STRIKE.replace("Forty ships", "43 ships"))
    assistant.library.add([*FIVE, corrected])
    answer = assistant.ask(QUESTION)
    assert len(cited(answer)) == 2
    assert "z" in cited(answer)
    assert any(quote.startswith("Forty") for quote in (citation.quote for citation in answer.citations))
    other = next(citation for citation in answer.citations if citation.article.id == "z")
    assert {article.id for article in other.also_in} == {"a", "b", "c", "d", "e"}


def test_only_one_of_two_tells_what_is_asked_and_is_the_one_that_is_quoted(assistant: Assistant) -> None:
    longer = article("z", "Radio Gabes", text=f"{STRIKE} Minister Leila Haddad will visit the port on Thursday.")
    assistant.library.add([*FIVE, longer])
    answer = assistant.ask("Which minister will visit the port?")
    assert answer.citations[0].article.id == "z"
    assert "Leila Haddad" in answer.citations[0].quote


def test_the_filters_hold_for_those_who_are_named_too(assistant: Assistant) -> None:
    assistant.library.add(FIVE)
    answer = assistant.ask(QUESTION, source="Sahel Times")
    assert {"b", "d"} == {answer.citations[0].article.id, *(other.id for other in answer.citations[0].also_in)}
