"""Earlier turns of a conversation."""

from index import Filters
from qa import Answer, ArticleRef, Citation, Role, Speaker, Turn


def turn(question: str, speaker: str | None = None, standalone: str | None = None, language: str = "ar") -> Turn:
    """Return a question that was answered with a quote of somebody, from an article in a language."""
    article = ArticleRef("a", "t", None, None, language, None, None, None)
    said_by = Speaker(speaker, 0, 1) if speaker else None
    citation = Citation(1, Role.USED, article, 1, "q", 0, 1, 0, 1, 1.0, said_by)
    answer = Answer(question, "en", "t", False, None, (citation,), None, 0.9, 1, Filters(), standalone=standalone)
    return Turn(question, answer)
