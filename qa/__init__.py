"""Question to cited answer: `Assistant.open(folder).ask("…")`."""

from typing import TYPE_CHECKING

from qa.answer import (
    Answer,
    AnswerPart,
    ArticleRef,
    Checked,
    Citation,
    Delta,
    Event,
    Extractive,
    Progress,
    Reason,
    Role,
    ShortAnswer,
    Speaker,
    State,
    SupportVerdict,
    Timing,
    Tokens,
    Turn,
    WrittenSentence,
)
from qa.assistant import Assistant

if TYPE_CHECKING:
    from qa.langchain import PassageRetriever

__all__ = [
    "Answer",
    "AnswerPart",
    "ArticleRef",
    "Assistant",
    "Checked",
    "Citation",
    "Delta",
    "Event",
    "Extractive",
    "PassageRetriever",
    "Progress",
    "Reason",
    "Role",
    "ShortAnswer",
    "Speaker",
    "State",
    "SupportVerdict",
    "Timing",
    "Tokens",
    "Turn",
    "WrittenSentence",
]


def __getattr__(name: str) -> object:
    # LangChain takes half a second to import: only who builds a chain of it waits for it.
    if name == "PassageRetriever":
        from qa.langchain import PassageRetriever

        return PassageRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
