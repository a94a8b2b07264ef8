"""The entry object of `qa/`: an open library and the chain from a question to a cited answer."""

import asyncio
import hashlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack, cast

from index import Candidate, ChromaServer, Encoder, Filters, KhabarError, Library, open_encoder
from index.languages.messages import DEFAULT
from index.search import checked_query
from qa.answer import Answer, Citation, Event, Turn
from qa.answering.decision import Decision
from qa.errors import WriterError
from qa.evidence import best_of_each_passage
from qa.generation.budget import Limits
from qa.generation.translation import Translation, Translations
from qa.generation.writer import ChatModel, ChatWriter, Translator, Writer
from qa.models import ModelChoice, Models
from qa.question import Asked, FilterArguments, Question, always
from qa.reading.fitted_weights import FittedWeights
from qa.reading.reader import Reader, SentenceReader
from qa.retrieval.late_interaction import LateInteraction
from qa.retrieval.retriever import Reranker
from qa.rewriting.arabizi.reader import ArabiziReader
from qa.rewriting.follow_ups import Rewriter, RuleRewriter
from qa.understanding.understanding import Understanding
from qa.verification.support import SupportChecker

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from qa.chain import Stages


class Assistant:
    """Answers questions from a library with verbatim, cited quotes; safe to use from several threads.

    Every part can be given: any LangChain retriever, a reranker, a reader, a writer, a rewriter of follow-ups, a
    translator, what tells kinds of questions; a `chat_model` writes, rewrites and translates where these are not given
    apart. `models` are chosen by name where no reader or reranker is given. `is_fitted` tells whether the order of
    sentences and the confidence, `weights`, were fitted for these models: as they ship, or by `khabar tune`.
    `callbacks` are LangChain's and see every stage of the chain; `stages` are its parts.
    """

    def __init__(
        self,
        library: Library,
        *,
        retriever: "BaseRetriever | None" = None,
        reranker: Reranker | None = None,
        reader: Reader | None = None,
        chat_model: ChatModel | None = None,
        writer: Writer | None = None,
        rewriter: Rewriter | None = None,
        translator: Translator | None = None,
        understanding: Understanding | None = None,
        threshold: float | None = None,
        strike: bool = True,
        models: ModelChoice | None = None,
        callbacks: "Sequence[BaseCallbackHandler]" = (),
    ) -> None:
        self.library = library
        self.models = Models.open(library.encoder, models)
        fitted = self.models.weights(library.path)
        self.is_fitted = fitted is not None
        self.weights = fitted or FittedWeights.shipped()
        self._retriever = retriever
        self.reranker = reranker or self.models.reranker
        self.reader = reader or SentenceReader(
            LateInteraction(library.encoder), self.models.spans, weights=self.weights
        )
        self._writer = writer or chat_model
        self._rewriter = rewriter or chat_model or RuleRewriter()
        translator = translator or chat_model
        self._translations = Translations(translator) if translator else None
        # Whether sentences of the chat model's that the passages do not support are kept, marked, or left out.
        self._strike = strike
        # Below this confidence the answer is that the articles don't say.
        self._decision = Decision(library, threshold, self.weights.confidence, translates=translator is not None)
        self._understanding = understanding or Understanding(library)
        self._arabizi = ArabiziReader(library)
        self._callbacks = list(callbacks)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        encoder: Encoder | None = None,
        chroma: ChromaServer | None = None,
        copies: Path | None = None,
        catalog: str | None = None,
        llm: str | None = None,
        llm_base_url: str | None = None,
        limits: Limits | None = None,
        strike: bool = True,
        models: ModelChoice | None = None,
        create: bool = True,
        callbacks: "Sequence[BaseCallbackHandler]" = (),
    ) -> Self:
        """Open the library in folder `path` and, if `llm` names one (PROVIDER:MODEL), a chat model to write with.

        `catalog`, `chroma` and `copies` are as for `Library.open`.
        `limits` are the chat model's; with `strike`, what it wrote without support stays in `Answer.sentences`.
        `models` are the reader and the reranker; `create` lets an empty library be made where there is none.
        Raises what `Library.open`, `Models.open` and `ChatWriter.open` raise.
        """
        encoder = encoder or open_encoder(precision=(models or ModelChoice()).precision)
        library = Library.open(path, encoder=encoder, chroma=chroma, copies=copies, catalog=catalog, create=create)
        try:
            chat_model = None
            if llm:
                chat_model = ChatWriter.open(llm, base_url=llm_base_url, limits=limits, counted=library.model_use)
            return cls(library, chat_model=chat_model, strike=strike, models=models, callbacks=callbacks)
        except KhabarError:
            library.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the library."""
        self.library.close()

    @property
    def generation(self) -> int:
        """The state of the library: it moves whenever an answer might."""
        return self.library.generation

    @property
    def signature(self) -> str:
        """What answers hang on beside the library and the question, as SHA-256 (hex).

        That is the models by name, their weights, the threshold and the chat model; parts of one's own only by their
        types.
        """
        parts = (self.reranker, self.reader, self._retriever, self._rewriter, self._understanding)
        writer = (self._writer.name, self._strike) if self._writer else None
        hangs_on = (
            asdict(self.models.names), self.weights.to_dict(), self._decision.threshold, writer,
            [type(part).__qualname__ for part in parts],
        )  # fmt: skip
        return hashlib.sha256(json.dumps(hangs_on, sort_keys=True).encode()).hexdigest()

    @cached_property
    def retriever(self) -> "BaseRetriever":
        """The LangChain retriever that finds candidates: the library's hybrid search, or the one that was given."""
        from qa.langchain import CandidateRetriever

        return self._retriever or CandidateRetriever(library=self.library)

    @cached_property
    def stages(self) -> "Stages":
        """The chain's stages by name; each is a LangChain runnable that can be called alone."""
        from qa import chain

        retrieve, rerank = chain.retrieving(self.library, self.retriever), chain.reranking(self.reranker)
        read = chain.reading(self.reader)
        return chain.Stages(
            understand=chain.Understand(self._rewriter, self._understanding, self._arabizi),
            retrieve=chain.Stage("retrieve", retrieve, progress="searching"),
            rerank=chain.Stage("rerank", rerank),
            read=chain.Stage("read", read, progress="reading"),
            recheck=chain.Stage("recheck", chain.rechecking(retrieve, rerank, read)),
            decide=chain.Stage("decide", self._decision.decide),
            write=chain.Write(self._writer),
            verify=chain.Verify(SupportChecker(self.library.encoder), strike=self._strike),
        )

    @cached_property
    def chain(self) -> "Runnable[Asked | Question | str, Answer]":
        """The whole path as one LangChain runnable, from what was asked to the answer; every way in runs it."""
        from qa.chain import EachQuestion

        return EachQuestion(self.stages.compose(), self._arabizi)

    def with_stages(self, stages: "Stages") -> Self:
        """Return an assistant on the same library whose chain is made of other stages."""
        changed = type(self).__new__(type(self))
        changed.__dict__ = {**self.__dict__, "stages": stages}
        changed.__dict__.pop("chain", None)
        return changed

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        is_wanted: Callable[[], bool] = always,
        interface: str = DEFAULT,
        **filters: Unpack[FilterArguments],
    ) -> Answer:
        """Answer a question from the articles that pass the filters, or say that they don't say.

        `language` is that of the articles; dates are inclusive. `history` is what was asked and answered before,
        oldest first: a question that hangs on it is made to stand alone, and keeps the last turn's filters where
        none are given. `is_wanted` is asked before each stage: when it is false the rest is not done. A question is
        answered in its own language where Khabar speaks it, else in `interface`, one of `languages.messages.LANGUAGES`.
        Raises `QueryError` for a blank question, an impossible filter or another `interface`, `AbandonedError` when
        the answer is not wanted.
        """
        asked = Asked(question, tuple(history), filters, is_wanted, interface)
        return self.chain.invoke(asked, {"callbacks": self._callbacks})

    async def aask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        interface: str = DEFAULT,
        **filters: Unpack[FilterArguments],
    ) -> Answer:
        """Do what `ask` does without blocking the event loop; cancelled, it stops before the next stage."""
        left = threading.Event()
        try:
            return await asyncio.to_thread(
                self.ask,
                question,
                history=history,
                is_wanted=lambda: not left.is_set(),
                interface=interface,
                **filters,
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
        interface: str = DEFAULT,
        **filters: Unpack[FilterArguments],
    ) -> Iterator[Event]:
        """Answer a question step by step: what begins, pieces of the text, and last the whole `Answer`.

        With a chat model the extractive answer comes first, as a `Extractive`. The last event is the final word: what
        a chat model streamed may have been corrected in it.
        """
        asked = Asked(question, tuple(history), filters, is_wanted, interface)
        # The chain passes on the events of its stages; the last one is the answer.
        return cast(Iterator[Event], self.chain.stream(asked, {"callbacks": self._callbacks}))

    async def astream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        interface: str = DEFAULT,
        **filters: Unpack[FilterArguments],
    ) -> AsyncIterator[Event]:
        """Do what `stream` does without blocking the event loop."""
        left, under_way = threading.Event(), threading.Lock()
        events = self.stream(
            question, history=history, is_wanted=lambda: not left.is_set(), interface=interface, **filters
        )

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
        from qa.chain import PASSAGES, retrieving

        asked = Question.of(checked_query(question), filters or Filters())
        question_ = retrieving(self.library, self.retriever)(asked)
        found = self.reranker.rerank(asked.text, question_.found)[: max(limit, PASSAGES)]
        best = best_of_each_passage(self.reader.read(asked.text, found))
        passages = [replace(item.ranked.candidate, score=item.score) for item in best]
        read, lowest = {item.passage for item in passages}, min((item.score for item in passages), default=0.0)
        # A reranker's score is at most 1: what was not read comes after, in its own order.
        passages += [
            replace(item.candidate, score=lowest - 1 + item.shown_score)
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
