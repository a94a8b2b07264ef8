"""Question to cited answer: `Assistant.open(folder).ask("…")`."""

from qa.answer import Answer, ArticleRef, Citation, Delta, Event, Progress, Reason, Role, ShortAnswer, Speaker, Timing
from qa.assistant import Assistant
from qa.retriever import PassageRetriever

__all__ = [
    "Answer",
    "ArticleRef",
    "Assistant",
    "Citation",
    "Delta",
    "Event",
    "PassageRetriever",
    "Progress",
    "Reason",
    "Role",
    "ShortAnswer",
    "Speaker",
    "Timing",
]
