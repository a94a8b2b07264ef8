"""Question to cited answer: `Assistant.open(folder).ask("…")`."""

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from qa.langchain import PassageRetriever

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


def __getattr__(name: str) -> object:
    # LangChain takes half a second to import: only who builds a chain of it waits for it.
    if name == "PassageRetriever":
        from qa.langchain import PassageRetriever

        return PassageRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
