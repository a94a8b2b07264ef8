"""Question to cited answer: `Assistant.open(folder).ask("…")`."""

from qa.answer import (
    Answer,
    ArticleRef,
    Checked,
    Citation,
    Delta,
    Draft,
    Event,
    Progress,
    Reason,
    Role,
    ShortAnswer,
    Speaker,
    Timing,
    Tokens,
    Turn,
    Verdict,
    WrittenSentence,
)
from qa.assistant import Assistant
from qa.retriever import PassageRetriever

__all__ = [
    "Answer",
    "ArticleRef",
    "Assistant",
    "Checked",
    "Citation",
    "Delta",
    "Draft",
    "Event",
    "PassageRetriever",
    "Progress",
    "Reason",
    "Role",
    "ShortAnswer",
    "Speaker",
    "Timing",
    "Tokens",
    "Turn",
    "Verdict",
    "WrittenSentence",
]
