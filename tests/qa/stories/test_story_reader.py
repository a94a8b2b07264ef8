"""A story is told in quotes: its first report, what changed, who said what, and what is disputed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index import Article, Library, StoryNotFoundError
from index.text.normalisation import Span
from qa import Assistant
from qa.errors import AbandonedError
from qa.evidence import Evidence, Reading, SentenceFeatures
from qa.reading.windows import sentences_in
from qa.retrieval.retriever import Ranked
from qa.stories import StoryAccount, StoryReader
from tests.support.gates import NothingRead
from tests.support.small_encoder import SmallEncoder

FIRST = (
    "PORT LEMSA, March 9 - At least 17 people were killed when the ferry Star of Sarvan capsized off Port Lemsa. "
    "Rescue boats found seventeen bodies, Commander Yassine Brahmel said. "
    "Transport Minister Salma Deyrab said Delmar Ferries had ignored a warning."
)
SAME_DAY = (
    "PORT LEMSA, March 9 - The ferry Star of Sarvan went down off Port Lemsa, and 21 people were killed, the fishers' "
    "union said. Delmar Ferries director Karim Sabbouni denied that Delmar Ferries had ignored a warning. Transport "
    "Minister Salma Deyrab flew to Sarvan."
)
LATER = (
    "PORT LEMSA, March 11 - The Star of Sarvan killed 31 people, Commander Yassine Brahmel said. Fourteen more bodies "
    "were in the hull off Port Lemsa. Transport Minister Salma Deyrab suspended Delmar Ferries."
)
ARABIC = (
    "قال القائد ياسين براهمل إن عدد قتلى العبارة نجمة سرفان بلغ 31 قتيلاً قبالة ميناء لمسا. "
    "وقالت الوزيرة سلمى ديراب إن شركة دلمار فيريز خالفت القانون قرب سرفان."
)


def article(id_: str, text: str, day: int, title: str, language: str = "en", source: str = "Wire") -> Article:
    return Article.create(id_, text, title=title, source=source, published=date(2026, 3, day), language=language)


FERRY = [
    article("first", FIRST, 9, "Ferry capsizes off Port Lemsa"),
    article("union", SAME_DAY, 9, "Union counts 21 dead of Star of Sarvan", source="Sahel Times"),
    article("later", LATER, 11, "Ferry toll rises to 31", source="Sahel Times"),
    article("ar", ARABIC, 12, "31 قتيلا في غرق العبارة قبالة ميناء لمسا", "ar", "Radio Lemsa"),
]


class AllRead:
    """A reader that takes every sentence to answer with its first figure, each as surely as the other."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        self.asked.append(question)
        signs = SentenceFeatures(
            span=8.0, relevance=6.0, below=0.0, sentence=0.6, passage=0.6, foreign=0.0, names=1.0, words=1.0,
            names_here=1.0, words_here=1.0, span_alone=8.0, relevance_alone=6.0,
        )  # fmt: skip
        evidence = []
        for ranked in passages:
            article, passage = ranked.candidate.article, ranked.candidate.passage
            for sentence in sentences_in(article, passage):
                digits = [place for place in range(sentence.start, sentence.end) if article.text[place].isdigit()]
                figure = digits[-2:] if sentence.start else digits[1:3]
                answer = Span(figure[0], figure[-1] + 1) if figure else None
                evidence.append(Evidence(ranked, sentence, 1.0, answer, signs))
        return Reading(tuple(evidence), 0.9)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as opened:
        opened.add(FERRY)
        yield opened


def read(library: Library, reader: StoryReader | None = None) -> StoryAccount:
    story = library.stories.of("first")
    assert story is not None
    assert [each.id for each in story.articles] == ["first", "union", "later", "ar"]
    return (reader or StoryReader(Assistant(library, reader=NothingRead()))).read(story.id)


def test_every_line_is_a_slice_of_a_stored_revision(library: Library) -> None:
    account = read(library)
    assert account.generation == library.generation
    assert [citation.number for citation in account.citations] == list(range(1, len(account.citations) + 1))
    for citation in account.citations:
        text = library.article(citation.article.id, citation.revision).text
        assert text[citation.start : citation.end] == citation.quote
    for series in account.figures:
        for figure in series.figures:
            citation = account.citation(figure.citation)
            assert library.article(citation.article.id).text[figure.start : figure.end] == figure.text
            assert citation.start <= figure.start < figure.end <= citation.end


def test_the_first_report_is_the_earliest_one_s_first_sentence(library: Library) -> None:
    account = read(library)
    first = account.citation(account.first)
    assert (first.article.id, first.quote) == ("first", FIRST[: FIRST.index(" Rescue")])
    assert [each.id for each in account.articles] == ["first", "union", "later", "ar"]


def test_a_toll_is_told_each_time_that_it_has_changed_in_every_language(library: Library) -> None:
    (dead,) = [series for series in read(library).figures if series.kind == "dead"]
    assert [(figure.value, figure.text) for figure in dead.figures] == [(17, "17"), (21, "21"), (31, "31")]


def test_one_person_is_one_voice_in_every_script(library: Library) -> None:
    account = read(library)
    voices = {
        voice.name: [account.citation(number).article.id for number in voice.citations] for voice in account.voices
    }
    assert voices["Yassine Brahmel"] == ["first", "later", "ar"]
    assert voices["Salma Deyrab"] == ["first", "ar"]
    assert voices["Karim Sabbouni"] == ["union"]


def test_figures_of_one_time_and_denials_are_held_against_each_other(library: Library) -> None:
    reader = AllRead()
    account = read(library, StoryReader(Assistant(library, reader=reader)))
    assert reader.asked
    disputed = {
        tuple(" ".join(account.citation(number).quote.split()[-4:]) for number in sides.citations)
        for sides in account.disputes
    }
    assert disputed == {
        ("capsized off Port Lemsa.", "the fishers' union said."),
        ("had ignored a warning.", "had ignored a warning."),
    }


def test_a_copy_is_a_report_and_is_quoted_once(library: Library) -> None:
    library.add([article("copy", FIRST, 10, "Ferry capsizes off Port Lemsa", source="Radio Lemsa")])
    story = library.stories.of("first")
    assert story is not None
    account = StoryReader(Assistant(library, reader=NothingRead())).read(story.id)
    assert "copy" in {each.id for each in account.articles}
    assert "copy" not in {citation.article.id for citation in account.citations}
    assert [each.id for each in account.citation(account.first).also_in] == ["copy"]


def test_a_story_is_read_once_until_the_library_changes(library: Library) -> None:
    reader = StoryReader(Assistant(library, reader=NothingRead()))
    account = read(library, reader)
    assert read(library, reader) is account
    library.remove(["union"])
    story = library.stories.of("first")
    assert story is not None
    again = reader.read(story.id)
    assert (again.story.id, [each.id for each in again.articles]) == (account.story.id, ["first", "later", "ar"])


def test_filters_leave_only_some_of_the_reports(library: Library) -> None:
    story = library.stories.of("first")
    assert story is not None
    reader = StoryReader(Assistant(library, reader=NothingRead()))
    assert [each.id for each in reader.read(story.id, language="ar").articles] == ["ar"]
    with pytest.raises(StoryNotFoundError, match="There is no such story here"):
        reader.read(story.id, language="fr")
    with pytest.raises(StoryNotFoundError):
        reader.read("no story")


def test_an_article_in_two_languages_is_told_whole_by_either(library: Library) -> None:
    text = f"{ARABIC}\n\nThe Star of Sarvan sank off Port Lemsa, Commander Yassine Brahmel said."
    mixed = article("mixed", text, 13, "غرق العبارة Star of Sarvan", "ar")
    mixed = replace(mixed, blocks=((0, "ar"), (text.index("The Star"), "en")))
    library.add([mixed])
    story = library.stories.of("mixed")
    assert story is not None
    for language in ("ar", "en"):
        account = StoryReader(Assistant(library, reader=NothingRead())).read(story.id, language=language)
        assert "mixed" in [each.id for each in account.articles]


def test_of_very_many_denials_the_first_are_looked_at(library: Library) -> None:
    lines = [f"Director Karim Sabbouni denied that ferry {n} of Port Lemsa had sunk. " for n in range(300)]
    library.add([article("denials", "".join(lines), 9, "Star of Sarvan off Port Lemsa: Salma Deyrab is denied")])
    story = library.stories.of("denials")
    assert story is not None
    asked = []

    def is_wanted() -> bool:
        asked.append(True)
        return len(asked) < 30

    with pytest.raises(AbandonedError):
        StoryReader(Assistant(library, reader=NothingRead())).read(story.id, is_wanted=is_wanted)


def test_what_nobody_waits_for_is_not_read(library: Library) -> None:
    story = library.stories.of("first")
    assert story is not None
    with pytest.raises(AbandonedError):
        StoryReader(Assistant(library, reader=AllRead())).read(story.id, is_wanted=lambda: False)


def test_json_has_all_of_it(library: Library) -> None:
    found = read(library).to_dict()
    assert set(found) == {
        "story", "generation", "articles", "first", "figures", "voices", "disputes", "citations",
    }  # fmt: skip
    assert found["first"] == 1
