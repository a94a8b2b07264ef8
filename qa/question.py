"""A question on its way through the chain."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from index import Filters
from index.analysis import question_language
from index.analysis.requests import request_of
from index.errors import QueryError
from index.languages.grammar import Request
from index.languages.messages import DEFAULT, LANGUAGES, Messages, messages_for
from index.search import checked_query
from qa.answer import Answer, Timing, Tokens, Turn
from qa.errors import AbandonedError, WriterError
from qa.evidence import Evidence, Reading
from qa.retrieval.retriever import Found, Ranked
from qa.understanding.kinds import Kind
from qa.understanding.understanding import Understood

if TYPE_CHECKING:
    from qa.rewriting.follow_ups import Rewriter
    from qa.understanding.understanding import Understanding


def always() -> bool:
    """Tell that an answer is still wanted: what holds of a question whose asker cannot leave."""
    return True


class FilterArguments(TypedDict, total=False):
    """What `ask` and its kin take to select articles; see `Filters.of`. `language` is that of the articles."""

    language: str | Iterable[str] | None
    source: str | Iterable[str] | None
    category: str | Iterable[str] | None
    after: date | str | None
    before: date | str | None
    name: str | Iterable[str] | None
    collection: str | Iterable[str] | None
    story: str | Iterable[str] | None


def arguments_of(filters: Filters) -> FilterArguments:
    """Return what `ask` and its kin take to select the same articles."""
    return {
        "language": filters.language,
        "source": filters.source,
        "category": filters.category,
        "after": filters.after,
        "before": filters.before,
        "name": filters.name,
        "collection": filters.collection,
        "story": filters.story,
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked: the words, the turns before it, oldest first, and the filters given with it.

    A question that hangs on the last turn keeps that turn's filters where none are given. `interface` is the language
    that whoever asks reads Khabar's own words in, where Khabar does not speak the question's. `respelt` is the text as
    it is read, where its letters are not those of its language and somebody has read it already.
    """

    text: str
    history: tuple[Turn, ...] = ()
    filters: FilterArguments = field(default_factory=FilterArguments)
    is_wanted: Callable[[], bool] = field(default=always, compare=False, repr=False)
    interface: str = DEFAULT
    respelt: str | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """What a chat model writes: from which evidence, what so far, and how it ended."""

    offered: tuple[Evidence, ...]
    writer: str
    text: str = ""
    tokens: Tokens | None = None
    error: WriterError | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question on its way through the chain, with what each stage has made of it so far.

    `text` stands alone; `asked` is what was asked where that hangs on earlier turns, else None. `beyond` is what was
    read without the filters, `threshold` the confidence from which it is answered. `is_wanted` tells whether anybody
    still waits for the answer; each stage begins with `check_wanted`. `interface` is as in `Asked`. `meaning` is its
    kind, and the time and outlets it names; `kept` tells whether only articles of these were searched.
    """

    text: str
    language: str
    filters: Filters
    asked: str | None = None
    generation: int = 0
    found: Found = field(default_factory=Found)
    passages: tuple[Ranked, ...] = ()
    reading: Reading = field(default_factory=lambda: Reading((), 0.0))
    beyond: Reading | None = None
    picked: tuple[Evidence, ...] = ()
    answer: Answer | None = None
    threshold: float = 0.0
    writing: Writing | None = None
    timings: tuple[Timing, ...] = ()
    is_wanted: Callable[[], bool] = field(default=always, compare=False, repr=False)
    interface: str = DEFAULT
    meaning: Understood = field(default_factory=Understood)
    kept: bool = False

    @classmethod
    def of(
        cls,
        text: str,
        filters: Filters,
        standalone: str | None = None,
        is_wanted: Callable[[], bool] = always,
        interface: str = DEFAULT,
    ) -> "Question":
        """Take a question as it was asked and, where it hangs on earlier turns, made to stand alone.

        Raises `QueryError` when it is blank or too long, or `interface` is no language that Khabar speaks.
        """
        if interface not in LANGUAGES:
            raise QueryError(f"Khabar's own words are in one of {', '.join(LANGUAGES)}, not in {interface!r}.")
        trimmed = checked_query(text)
        language = question_language(trimmed)
        if standalone is None:
            return cls(trimmed, language, filters, is_wanted=is_wanted, interface=interface)
        alone = checked_query(standalone)
        return cls(alone, language, filters, asked=trimmed, is_wanted=is_wanted, interface=interface)

    @classmethod
    def understood(cls, asked: Asked, rewriter: "Rewriter", understanding: "Understanding") -> "Question":
        """Take what was asked, made to stand alone from the turns before it; raises what `of` raises.

        Small talk among the turns is nothing that a question hangs on.
        """
        history = [turn for turn in asked.history if not _is_chat(turn, understanding)]
        standalone = rewriter.rewrite(asked.text, history) if history and asked.text.strip() else None
        given = asked.filters
        if standalone is not None and (last := history[-1].answer) is not None:
            given = {**arguments_of(last.filters), **given}
        question = cls.of(asked.text, Filters.of(**given), standalone, asked.is_wanted, asked.interface)
        meaning = understanding.of(question.text)
        if meaning.kind is Kind.TRANSLATION and not meaning.topic(question.text):
            # "Translate this": there is nothing to look for.
            meaning = Understood(Kind.BEYOND)
        language = understanding.language(question.text) if meaning.kind.is_chat else question.language
        return replace(question, meaning=meaning, language=language)

    @property
    def matter(self) -> str:
        """What is searched for and read: the question without the outlet that is to tell, or what to translate."""
        if self.meaning.kind is Kind.TRANSLATION:
            return self.topic
        return self.meaning.matter(self.text) if self.kept else self.text

    @property
    def topic(self) -> str:
        """What it is about, in its own words, without those that ask for it; "" where it names nothing."""
        return self.meaning.topic(self.text)

    @property
    def asks_for_articles(self) -> bool:
        """Tell whether articles are to be counted or listed, and not what somebody says in them."""
        return self.meaning.kind.is_of_articles and not self.request.is_overview

    @property
    def is_chat(self) -> bool:
        """Tell whether it is small talk, which is answered without a search."""
        return self.meaning.kind.is_chat

    @property
    def words(self) -> Messages:
        """What Khabar says to whoever asks: in the question's language where it speaks that, else in `interface`."""
        return messages_for(self.language, self.interface)

    @property
    def request(self) -> Request:
        """What it asks for; parsed once."""
        return request_of(self.text)

    def check_wanted(self) -> None:
        """Raise `AbandonedError` when nobody waits for the answer any longer."""
        if not self.is_wanted():
            raise AbandonedError("Whoever asked has left before the answer. Ask again.")

    def unfiltered(self) -> "Question":
        """Return the same question to all articles, as yet unanswered."""
        return replace(self, filters=Filters(), found=Found(), passages=(), reading=Reading((), 0.0), beyond=None)

    def timed(self, stage: str, started: float) -> "Question":
        """Add how long a stage took."""
        spent = Timing(stage, round((time.perf_counter() - started) * 1000, 2))
        return replace(self, timings=(*self.timings, spent))


def _is_chat(turn: Turn, understanding: "Understanding") -> bool:
    """Tell whether an earlier turn was small talk; what was answered with a quote was none."""
    answered = turn.answer is not None and bool(turn.answer.citations)
    return not answered and understanding.kind(turn.question).is_chat
