"""Standing questions whose answers a test decides, kept in a real library as a check keeps them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from index import Article, Filters, Library
from index.store.standing.questions import LookedAt, StandingQuestion
from qa.answer import Answer, Citation, Role, ShortAnswer, State
from qa.standing import compare
from tests.support.answers import answer_with, cite

AT = datetime(2025, 11, 4, 9, 30, tzinfo=UTC)


def said(text: str, short: str, speaker: str, *, url: str | None = None, language: str = "en") -> Answer:
    """Return an answer that quotes all of an article."""
    article = Article.create(
        f"flood-{short}", text, title="Flood in Qarfa", source="River Herald", published=date(2025, 11, 3), url=url
    )
    citation: Citation = cite(article, text, 1, Role.USED, speaker)
    answer = answer_with(text, (citation,), short=ShortAnswer(short, 1, 0, 0))
    return replace(answer, language=language)


THREE = said("Three people died in Qarfa, Huda Salim said.", "Three", "Huda Salim")
FOUR = said("Four people died in Qarfa, Omar Hadi said.", "Four", "Omar Hadi", url="https://herald.example/4?a=1&b=2")
NOTHING = replace(THREE, citations=(), short=None, abstained=True, state=State.NOT_FOUND)


def stand(
    library: Library, question: str, answer: Answer, *, webhook: str | None = None, mail: str | None = None
) -> StandingQuestion:
    """Let a question stand with an answer."""
    table = library.standing_questions
    return table.add(question, Filters(), "en", looked(library, answer), webhook=webhook, mail=mail)


def change(library: Library, question: StandingQuestion, answer: Answer, at: datetime = AT) -> str:
    """Record that the answer to a question is another one now; returns the id of the change."""
    known = library.standing_questions.find(question.id)
    found = compare(Answer.from_dict(known.looked.answer), answer)
    assert found is not None
    done, stored = library.standing_questions.record(known, looked(library, answer), found.to_dict(), at)
    assert done and stored is not None
    return stored.id


def looked(library: Library, answer: Answer) -> LookedAt:
    """Return a look that found an answer."""
    return LookedAt(library.generation, date(2025, 11, 4), "models", "basis", answer.to_dict())
