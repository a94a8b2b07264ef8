"""The chain from a question to a cited answer: find, read, decide, write. The entry object of `qa/`."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

from index import Candidate, Encoder, Filters, Library, WriterError, open_encoder
from index.search import checked_query
from qa.answer import Answer, ArticleRef, Checked, Citation, Delta, Draft, Event, Progress, Reason, Turn
from qa.budget import Limits
from qa.checking import Checker
from qa.composing import abstention, best_of_each_passage, extractive
from qa.confidence import fitted
from qa.followup import Rewriter, RuleRewriter
from qa.late_interaction import LateInteraction
from qa.prompts import OVERVIEW, SHORT
from qa.question import Question, always
from qa.reader import Evidence, Reader, SentenceReader
from qa.retriever import LibraryRetriever, Retriever
from qa.spans import BundledSpanModel
from qa.surveying import survey_of, surveyed
from qa.translating import Translation, Translations
from qa.wording import where, words_for
from qa.writer import ChatWriter, Writer
from qa.writing import Draftsman, finished, note_on

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from index.runtime import Precision

_PASSAGES = 16
_OFFERED = 5


class FilterArguments(TypedDict, total=False):
    """What `ask` and its kin take to select articles; see `Filters.of`. `language` is that of the articles."""

    language: str | Iterable[str] | None
    source: str | Iterable[str] | None
    category: str | Iterable[str] | None
    after: date | str | None
    before: date | str | None


class Assistant:
    """Answers questions from a library with verbatim, cited quotes; safe to use from several threads."""

    def __init__(
        self,
        library: Library,
        *,
        retriever: Retriever | None = None,
        reader: Reader | None = None,
        writer: Writer | None = None,
        rewriter: Rewriter | None = None,
        threshold: float | None = None,
        strike: bool = True,
        precision: "Precision" = "auto",
    ) -> None:
        self.library = library
        self._interaction = LateInteraction(library.encoder)
        self._retriever = retriever or LibraryRetriever(library, self._interaction)
        self._reader = reader or SentenceReader(self._interaction, BundledSpanModel(precision=precision))
        self._writer = writer
        self._rewriter = rewriter or (writer if isinstance(writer, ChatWriter) else RuleRewriter())
        self._checker = Checker(library.encoder)
        self._translations = Translations(writer) if isinstance(writer, ChatWriter) else None
        # Whether sentences of the chat model's that the passages do not support are kept, marked, or left out.
        self._strike = strike
        # Below this confidence the answer is that the articles don't say.
        self._threshold = fitted().threshold if threshold is None else threshold

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        encoder: Encoder | None = None,
        chroma_url: str | None = None,
        llm: str | None = None,
        llm_base_url: str | None = None,
        limits: Limits | None = None,
        strike: bool = True,
        precision: "Precision" = "auto",
        create: bool = True,
    ) -> Self:
        """Open the library in folder `path` and, if `llm` names one (PROVIDER:MODEL), a chat model to write with.

        `limits` are the chat model's; with `strike`, what it wrote without support stays in `Answer.sentences`.
        `precision` is what the bundled models compute in; `create` lets an empty library be made where there is none.
        Raises what `Library.open` and `ChatWriter.open` raise.
        """
        writer = ChatWriter.open(llm, base_url=llm_base_url, limits=limits, folder=Path(path)) if llm else None
        encoder = encoder or open_encoder(precision=precision)
        library = Library.open(path, encoder=encoder, chroma_url=chroma_url, create=create)
        return cls(library, writer=writer, strike=strike, precision=precision)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the library."""
        self.library.close()

    @property
    def chain(self) -> "Runnable[Question, Answer]":
        """The whole path as a LangChain runnable: each stage can be called alone."""
        from langchain_core.runnables import RunnableLambda

        return RunnableLambda(self.find) | RunnableLambda(self.read) | RunnableLambda(self.conclude)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        is_wanted: Callable[[], bool] = always,
        **filters: Unpack[FilterArguments],
    ) -> Answer:
        """Answer a question from the articles that pass the filters, or say that they don't say.

        `language` is that of the articles; dates are inclusive. `history` is what was asked and answered before,
        oldest first: a question that hangs on it is made to stand alone, and keeps the last turn's filters where
        none are given. `is_wanted` is asked before each stage: when it is false the rest is not done. Raises
        `QueryError` for a blank question or an impossible filter, `AbandonedError` when the answer is not wanted.
        """
        return self._answer(self._asked(question, history, filters, is_wanted))

    async def aask(self, question: str, *, history: Sequence[Turn] = (), **filters: Unpack[FilterArguments]) -> Answer:
        """Do what `ask` does without blocking the event loop; cancelled, it stops before the next stage."""
        left = threading.Event()
        try:
            return await asyncio.to_thread(
                self.ask, question, history=history, is_wanted=lambda: not left.is_set(), **filters
            )
        finally:
            # The thread itself cannot be cancelled.
            left.set()

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        is_wanted: Callable[[], bool] = always,
        **filters: Unpack[FilterArguments],
    ) -> Iterator[Event]:
        """Answer a question step by step: what begins, pieces of the text, and last the whole `Answer`.

        With a chat model the extractive answer comes first, as a `Draft`. The last event is the final word: what
        a chat model streamed may have been corrected in it.
        """
        return self._events(self._asked(question, history, filters, is_wanted))

    async def astream(
        self, question: str, *, history: Sequence[Turn] = (), **filters: Unpack[FilterArguments]
    ) -> AsyncIterator[Event]:
        """Do what `stream` does without blocking the event loop."""
        left, under_way = threading.Event(), threading.Lock()
        events = self.stream(question, history=history, is_wanted=lambda: not left.is_set(), **filters)

        def step() -> Event | None:
            with under_way:
                return next(events, None)

        def end() -> None:
            with under_way:
                if isinstance(events, Generator):
                    events.close()

        try:
            while (event := await asyncio.to_thread(step)) is not None:
                yield event
        finally:
            # A reader who goes away ends the chat model's request too, once the step under way is done.
            left.set()
            asyncio.get_running_loop().run_in_executor(None, end)

    def search(self, question: str, *, filters: Filters | None = None, limit: int = 10) -> list[Candidate]:
        """Return the passages for a question, best first: those that were read in the order of their best sentence."""
        query = checked_query(question)
        found = self._retriever.retrieve(query, filters or Filters(), max(limit, _PASSAGES))
        best = best_of_each_passage(self._reader.read(query, found))
        passages = [replace(item.ranked.candidate, score=item.score) for item in best]
        read, lowest = {item.passage for item in passages}, min((item.score for item in passages), default=0.0)
        # A late-interaction score is below 1: what was not read comes after, in its own order.
        passages += [
            replace(item.candidate, score=lowest - 1 + item.score)
            for item in found
            if item.candidate.passage not in read
        ]
        return passages[:limit]

    @property
    def can_translate(self) -> bool:
        """Tell whether there is a chat model that translates."""
        return self._translations is not None

    def translate(self, citation: Citation, language: str = "en") -> Translation:
        """Translate a citation's quote with the chat model, once: the same quote is not asked for again.

        It is marked as a translation by its type and writer, and is no quote. Raises `WriterError` when the assistant
        has no chat model that translates, or it fails.
        """
        if self._translations is None:
            raise WriterError("A translation needs a chat model: give one with --llm PROVIDER:MODEL.")
        return self._translations.of(citation, language)

    # The stages.

    def find(self, question: Question) -> Question:
        """Find the passages that may answer, in one state of the library."""
        question.check_wanted()
        started = time.perf_counter()
        survey = survey_of(question.text)
        sought = survey.about if survey else question.text
        with self.library.snapshot() as generation:
            passages = tuple(self._retriever.retrieve(sought, question.filters, _PASSAGES))
        return replace(question, passages=passages, generation=generation).timed("search", started)

    def read(self, question: Question) -> Question:
        """Find the sentences that answer, and how sure that is."""
        question.check_wanted()
        started = time.perf_counter()
        reading = self._reader.read(question.text, question.passages)
        return replace(question, reading=reading).timed("read", started)

    def conclude(self, question: Question) -> Answer:
        """Answer with the best quotes, or abstain with the reason."""
        question.check_wanted()
        survey, reading = survey_of(question.text), question.reading
        picked = survey.pick(reading.evidence) if survey else []
        sure = reading.confidence >= self._threshold and bool(reading.evidence)
        if sure or (survey and survey.is_surely_of_whom_it_names(picked)):
            answer = surveyed(question, picked) if picked else extractive(question)
            unsure = words_for(question.language).unsure_about
            doubts = (unsure.format(about=survey.topic),) if survey and survey.topic and not sure else ()
            return _as_asked(question, replace(answer, notes=(*answer.notes, *doubts, *self._left_out(question))))
        matching = bool(self.library.matching(question.filters))
        return _as_asked(question, abstention(question, self._reason(question), matching=matching))

    def _picked(self, question: Question) -> list[Evidence]:
        """Return the quotes of a question that asks for several articles; none for any other question."""
        survey = survey_of(question.text)
        return survey.pick(question.reading.evidence) if survey else []

    def _reason(self, question: Question) -> Reason:
        if not self.library.matching(Filters()):
            return Reason.EMPTY_LIBRARY
        if question.filters:
            unfiltered = self._unfiltered(question)
            if not question.passages or (unfiltered and unfiltered.reading.confidence >= self._threshold):
                return Reason.FILTERED_OUT
        return Reason.NOTHING_CLOSE

    def _left_out(self, question: Question) -> tuple[str, ...]:
        """Name, as a note, the article that the filters leave out although it has the best evidence."""
        unfiltered = self._unfiltered(question) if question.filters else None
        best = unfiltered.reading.evidence[:1] if unfiltered else ()
        if not best or question.filters.match(best[0].ranked.candidate.article):
            return ()
        article, words = ArticleRef.of(best[0].ranked.candidate.article), words_for(question.language)
        return (words.left_out.format(title=article.title or article.id, where=where(words, article)),)

    def _unfiltered(self, question: Question) -> Question | None:
        """Read without the filters; None where the library has changed meanwhile: an answer is of one state of it."""
        found = self.read(self.find(replace(question, filters=Filters())))
        return found if found.generation == question.generation else None

    def _asked(
        self, question: str, history: Sequence[Turn], filters: FilterArguments, is_wanted: Callable[[], bool]
    ) -> Question:
        standalone = self._rewriter.rewrite(question, history) if history and question.strip() else None
        given: FilterArguments = filters
        if standalone is not None and (last := history[-1].answer) is not None:
            kept = last.filters
            given = {
                "language": kept.language, "source": kept.source, "category": kept.category,
                "after": kept.after, "before": kept.before, **filters,
            }  # fmt: skip
        return Question.of(question, Filters.of(**given), standalone, is_wanted)

    def _answer(self, asked: Question) -> Answer:
        if self._writer is None:
            return self.chain.invoke(asked)
        last: Event | None = None
        for event in self._events(asked):
            # Between the pieces that a chat model writes too: leaving the loop ends its request.
            asked.check_wanted()
            last = event
        if not isinstance(last, Answer):
            raise WriterError("The answer broke off. Ask again.")
        return last

    def _events(self, question: Question) -> Iterator[Event]:
        yield Progress("searching")
        question = self.find(question)
        yield Progress("reading")
        question = self.read(question)
        answer = self.conclude(question)
        if self._writer is not None and not answer.abstained:
            yield Draft(answer)
            yield Progress("writing")
            answer = yield from self._written(self._writer, question, answer)
        else:
            yield Delta(answer.text)
        yield answer

    def _written(self, writer: Writer, question: Question, quoted: Answer) -> Generator[Event, None, Answer]:
        words = words_for(question.language)
        picked = self._picked(question)
        offered = picked or best_of_each_passage(question.reading)[:_OFFERED]
        length = OVERVIEW if picked else SHORT
        started = time.perf_counter()
        draft = Draftsman(self._checker, offered, words)
        try:
            if isinstance(writer, ChatWriter):
                draft.offered = offered = list(writer.fitting(question.text, offered, question.language, length=length))
            for piece in writer.write(question.text, offered, question.language, length=length):
                yield Delta(piece)
                for item in draft.take(piece):
                    yield Checked(item.shown(draft.numbers()))
            for item in draft.end():
                yield Checked(item.shown(draft.numbers()))
        except WriterError as error:
            return replace(quoted, notes=(*quoted.notes, note_on(error, words)))
        return finished(draft, question.timed("write", started), quoted, writer, strike=self._strike)


def _as_asked(question: Question, answer: Answer) -> Answer:
    """Give an answer the question as it was asked beside the one that was searched for."""
    return answer if question.asked is None else replace(answer, question=question.asked, standalone=question.text)
