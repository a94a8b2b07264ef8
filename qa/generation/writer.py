"""Optional: a LangChain chat model writes the answer from numbered passages. It only ever sees their text."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from index.ingest.chunking import count_tokens
from qa.answer import Tokens, Turn
from qa.errors import WriterBudgetError, WriterError
from qa.evidence import Evidence
from qa.generation.budget import CountedTokens, Limits, TokenBudget
from qa.generation.chat_models import open_chat_model
from qa.generation.prompts import SHORT, UNKNOWN, answering, rewriting, translating
from qa.generation.streaming import stream_with_limits
from qa.rewriting.follow_ups import Rewriter, RuleRewriter, stood_alone

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

# What a message's role and frame cost beside its words, about.
_MESSAGE_TOKENS = 8
_TURNS = 3
_ENDS = re.compile(rf"(?:[.!?؟。…:;؛\"”»)\]]|{UNKNOWN})\s*$")
# The search waits for it.
_REWRITING_SECONDS = 10.0


class Writer(Protocol):
    """Writes an answer from evidence, piece by piece, with [n] markers."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def write(
        self, question: str, evidence: Sequence[Evidence], language: str, *, length: str = SHORT
    ) -> Iterator[str]:
        """Yield pieces of the answer; raises `WriterError` when the model fails."""
        ...

    def fit(
        self, question: str, evidence: Sequence[Evidence], language: str, *, length: str = SHORT
    ) -> Sequence[Evidence]:
        """Return the first pieces of evidence that fit what the writer can read at once."""
        ...

    def usage(self, question: str, evidence: Sequence[Evidence], language: str, text: str) -> Tokens | None:
        """Count what an answer took, None where that is not counted."""
        ...


class Translator(Protocol):
    """Translates a quote."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def translate(self, quote: str, language: str) -> str:
        """Return the translation; raises `WriterError` when the model fails."""
        ...


class ChatModel(Writer, Translator, Rewriter, Protocol):
    """What a chat model does for an assistant: it writes, translates and makes follow-ups stand alone."""


class ChatWriter:
    """Writes with any LangChain chat model, within limits of tokens and time; safe to use from several threads."""

    def __init__(
        self, model: "BaseChatModel", name: str, *, limits: Limits | None = None, budget: TokenBudget | None = None
    ) -> None:
        self._model = model
        self.name = name
        self.limits = limits or Limits()
        self._budget = budget or TokenBudget(self.limits.day)

    @classmethod
    def open(
        cls,
        model: str,
        *,
        base_url: str | None = None,
        limits: Limits | None = None,
        counted: CountedTokens | None = None,
    ) -> "ChatWriter":
        """Open a chat model named PROVIDER:MODEL; the day's tokens are counted by `counted`.

        Raises what `open_chat_model` raises.
        """
        limits = limits or Limits()
        opened = open_chat_model(model, base_url=base_url, seconds=limits.seconds, answer_tokens=limits.answer)
        return cls(opened, model, limits=limits, budget=TokenBudget(limits.day, counted))

    def fit(
        self, question: str, evidence: Sequence[Evidence], language: str, *, length: str = SHORT
    ) -> Sequence[Evidence]:
        """Return the first pieces of evidence whose passages fit a question's budget together."""
        room = self.limits.question - self.limits.answer
        for count in range(len(evidence), 0, -1):
            if _cost(answering(question, evidence[:count], language, length=length)) <= room:
                return evidence[:count]
        return ()

    def write(
        self, question: str, evidence: Sequence[Evidence], language: str, *, length: str = SHORT
    ) -> Iterator[str]:
        """Yield pieces of the answer; closing the iterator ends the request.

        Raises `WriterBudgetError` when it would be too many tokens, `WriterTimeoutError` when it takes too long,
        `WriterBusyError` when the provider asks to wait, and `WriterError` when the model fails otherwise.
        """
        yield from self._said(answering(question, evidence, language, length=length), sentences=True)

    def translate(self, quote: str, language: str) -> str:
        """Return the translation of a quote; raises what `write` raises, and `WriterError` for an empty one."""
        said = " ".join("".join(self._said(translating(quote, language))).split())
        if not said:
            raise WriterError("the model wrote nothing")
        return said

    def rewrite(self, question: str, history: Sequence[Turn]) -> str | None:
        """Return the stand-alone question, None where it stands alone already.

        The rules tell whether it does, at no cost; the model words it, and what the rules made of it stands where
        the model fails, is slow, or brings in what nobody said.
        """
        by_rule = RuleRewriter().rewrite(question, history)
        if by_rule is None:
            return None
        earlier = [(stood_alone(turn), turn.answer.text if turn.answer else "") for turn in history[-_TURNS:]]
        try:
            said = "".join(self._said(rewriting(question, earlier), seconds=_REWRITING_SECONDS)).strip()
        except WriterError:
            return by_rule
        first = said.splitlines()[0].strip().strip('"“”') if said else ""
        return first if first != question.strip() and _may_be_question(first, question, earlier) else by_rule

    def usage(self, question: str, evidence: Sequence[Evidence], language: str, text: str) -> Tokens:
        """Count what an answer took."""
        return Tokens(_cost(answering(question, evidence, language)), count_tokens(text))

    def _said(
        self, messages: "list[BaseMessage]", *, seconds: float | None = None, sentences: bool = False
    ) -> Iterator[str]:
        cost = _cost(messages)
        if cost + self.limits.answer > self.limits.question:
            raise WriterBudgetError(
                f"{cost} tokens of prompt leave no room in the {self.limits.question} of a question"
            )
        self._budget.check(cost + self.limits.answer)
        allowed = min(seconds or self.limits.seconds, self.limits.seconds)
        written, ended = "", False
        pieces = stream_with_limits(self._model, messages, seconds=allowed, silence=self.limits.silence)
        try:
            for chunk in pieces:
                if chunk.text:
                    written += str(chunk.text)
                    yield str(chunk.text)
                ended = ended or _has_ended(chunk.response_metadata)
                if count_tokens(written) > self.limits.answer:
                    break
            # A connection that is lost looks like an end; what was going to be said is not known.
            if sentences and written.strip() and not ended and not _ENDS.search(written):
                raise WriterError("it stopped in mid-sentence")
        finally:
            # Ends the request where the reader has gone, or has heard enough.
            pieces.close()
            self._budget.add(cost + count_tokens(written))


def _has_ended(metadata: dict[str, Any]) -> bool:
    """Tell whether a provider says, in a chunk's metadata, that the model came to an end by itself."""
    return any(metadata.get(key) in ("stop", "end_turn") for key in ("finish_reason", "stop_reason", "done_reason"))


def _cost(messages: "Sequence[BaseMessage]") -> int:
    return sum(_MESSAGE_TOKENS + count_tokens(str(message.content)) for message in messages)


def _may_be_question(said: str, question: str, earlier: Sequence[tuple[str, str]]) -> bool:
    """Tell whether what a model wrote may be the question made to stand alone: short, and of words that were said."""
    from index.analysis import question_language, terms

    if not said or len(said) > 400 or "://" in said:
        return False
    language = question_language(said)
    known = set(terms(" ".join([question, *(part for turn in earlier for part in turn)]), language))
    words = terms(said, language)
    return bool(words) and sum(word in known for word in words) >= 0.7 * len(words)
