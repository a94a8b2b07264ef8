"""The chain from a question to a cited answer: find, read, decide, write. The entry object of `qa/`."""

import asyncio
import time
from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self, TypedDict, Unpack

from langchain_core.runnables import Runnable, RunnableLambda

from index import Candidate, Encoder, Filters, Library, WriterError
from index.search import checked_query
from qa.answer import Answer, ArticleRef, Delta, Draft, Event, Progress, Reason, Turn
from qa.citations import resolve
from qa.composing import abstention, best_of_each_passage, extractive, written
from qa.confidence import fitted
from qa.followup import Rewriter, RuleRewriter
from qa.late_interaction import LateInteraction
from qa.question import Question
from qa.reader import Reader, SentenceReader
from qa.retriever import LibraryRetriever, Retriever
from qa.spans import BundledSpanModel
from qa.wording import where, words_for
from qa.writer import ChatWriter, Writer

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
    ) -> None:
        self.library = library
        self._interaction = LateInteraction(library.encoder)
        self._retriever = retriever or LibraryRetriever(library, self._interaction)
        self._reader = reader or SentenceReader(self._interaction, BundledSpanModel())
        self._writer = writer
        self._rewriter = rewriter or RuleRewriter()
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
    ) -> Self:
        """Open the library in folder `path` and, if `llm` names one (PROVIDER:MODEL), a chat model to write with.

        Raises what `Library.open` and `ChatWriter.open` raise.
        """
        writer = ChatWriter.open(llm, base_url=llm_base_url) if llm else None
        return cls(Library.open(path, encoder=encoder, chroma_url=chroma_url), writer=writer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the library."""
        self.library.close()

    @property
    def chain(self) -> Runnable[Question, Answer]:
        """The whole path as a LangChain runnable: each stage can be called alone."""
        return RunnableLambda(self.find) | RunnableLambda(self.read) | RunnableLambda(self.conclude)

    def ask(self, question: str, *, history: Sequence[Turn] = (), **filters: Unpack[FilterArguments]) -> Answer:
        """Answer a question from the articles that pass the filters, or say that they don't say.

        `language` is that of the articles; dates are inclusive. `history` is what was asked and answered before,
        oldest first: a question that hangs on it is made to stand alone, and keeps the last turn's filters where
        none are given. Raises `QueryError` for a blank question or an impossible filter.
        """
        return self._answer(self._asked(question, history, filters))

    async def aask(self, question: str, *, history: Sequence[Turn] = (), **filters: Unpack[FilterArguments]) -> Answer:
        """Do what `ask` does without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, history=history, **filters)

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), **filters: Unpack[FilterArguments]
    ) -> Iterator[Event]:
        """Answer a question step by step: what begins, pieces of the text, and last the whole `Answer`.

        With a chat model the extractive answer comes first, as a `Draft`. The last event is the final word: what
        a chat model streamed may have been corrected in it.
        """
        return self._events(self._asked(question, history, filters))

    async def astream(
        self, question: str, *, history: Sequence[Turn] = (), **filters: Unpack[FilterArguments]
    ) -> AsyncIterator[Event]:
        """Do what `stream` does without blocking the event loop."""
        events = await asyncio.to_thread(self.stream, question, history=history, **filters)
        while (event := await asyncio.to_thread(next, events, None)) is not None:
            yield event

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

    # The stages.

    def find(self, question: Question) -> Question:
        """Find the passages that may answer, in one state of the library."""
        started = time.perf_counter()
        with self.library.snapshot() as generation:
            passages = tuple(self._retriever.retrieve(question.text, question.filters, _PASSAGES))
        return replace(question, passages=passages, generation=generation).timed("search", started)

    def read(self, question: Question) -> Question:
        """Find the sentences that answer, and how sure that is."""
        started = time.perf_counter()
        reading = self._reader.read(question.text, question.passages)
        return replace(question, reading=reading).timed("read", started)

    def conclude(self, question: Question) -> Answer:
        """Answer with the best quotes, or abstain with the reason."""
        if question.reading.confidence >= self._threshold and question.reading.evidence:
            return _as_asked(question, replace(extractive(question), notes=self._left_out(question)))
        matching = bool(self.library.matching(question.filters))
        return _as_asked(question, abstention(question, self._reason(question), matching=matching))

    def _reason(self, question: Question) -> Reason:
        if not self.library.matching(Filters()):
            return Reason.EMPTY_LIBRARY
        if question.filters:
            unfiltered = self._unfiltered(question)
            if not question.passages or unfiltered.reading.confidence >= self._threshold:
                return Reason.FILTERED_OUT
        return Reason.NOTHING_CLOSE

    def _left_out(self, question: Question) -> tuple[str, ...]:
        """Name, as a note, the article that the filters leave out although it has the best evidence."""
        best = self._unfiltered(question).reading.evidence[:1] if question.filters else ()
        if not best or question.filters.match(best[0].ranked.candidate.article):
            return ()
        article, words = ArticleRef.of(best[0].ranked.candidate.article), words_for(question.language)
        return (words.left_out.format(title=article.title or article.id, where=where(words, article)),)

    def _unfiltered(self, question: Question) -> Question:
        return self.read(self.find(replace(question, filters=Filters())))

    def _asked(self, question: str, history: Sequence[Turn], filters: FilterArguments) -> Question:
        standalone = self._rewriter.rewrite(question, history) if history and question.strip() else None
        given: FilterArguments = filters
        if standalone is not None and (last := history[-1].answer) is not None:
            kept = last.filters
            given = {
                "language": kept.language, "source": kept.source, "category": kept.category,
                "after": kept.after, "before": kept.before, **filters,
            }  # fmt: skip
        return Question.of(question, Filters.of(**given), standalone)

    def _answer(self, asked: Question) -> Answer:
        if self._writer is None:
            return self.chain.invoke(asked)
        *_, answer = self._events(asked)
        if not isinstance(answer, Answer):
            raise WriterError("The answer broke off. Ask again.")
        return answer

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
        offered = best_of_each_passage(question.reading)[:_OFFERED]
        pieces: list[str] = []
        started = time.perf_counter()
        try:
            for piece in writer.write(question.text, offered, question.language):
                pieces.append(piece)
                yield Delta(piece)
        except WriterError as error:
            return replace(quoted, notes=(*quoted.notes, words.model_failed.format(error=error)))
        resolved = resolve("".join(pieces), len(offered))
        if not resolved.used:
            return replace(quoted, notes=(*quoted.notes, words.model_uncited))
        answer = replace(written(question.timed("write", started), resolved, offered, writer.name), notes=quoted.notes)
        return _as_asked(question, answer)


def _as_asked(question: Question, answer: Answer) -> Answer:
    """Give an answer the question as it was asked beside the one that was searched for."""
    return answer if question.asked is None else replace(answer, question=question.asked, standalone=question.text)
