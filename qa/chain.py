"""The retrieval chain: named LangChain stages from what was asked to a cited answer, one path for every way in.

`ask` invokes the chain and `stream` streams it. Between stages travel `Question`s; events for who waits are passed on
as they are, so that a stage of one's own is any `Stage`, or any runnable that takes and returns a `Question`.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, cast

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import ensure_config, get_callback_manager_for_config

from index import Candidate, Filters, Library, Passage
from qa.answer import Answer, Delta, Event, Extractive, Progress, Turn
from qa.answering.chat import small_talk
from qa.answering.overviews import overview_of
from qa.answering.several import AnsweredQuestion, answer_to_all
from qa.errors import WriterError
from qa.evidence import best_of_each_passage
from qa.generation.prompts import OVERVIEW, SHORT
from qa.generation.writer import Writer
from qa.langchain import PassageDocument
from qa.question import Asked, Question, Writing
from qa.reading.reader import Reader
from qa.retrieval.retriever import Found, Reranker
from qa.rewriting.arabizi.reader import ArabiziReader
from qa.rewriting.follow_ups import Rewriter
from qa.rewriting.separation import TwoQuestions, separated
from qa.understanding.understanding import Understanding
from qa.verification.cited_draft import CitedDraft, answer_of
from qa.verification.support import SupportChecker

# Passages that are read at most, best first, and those that a chat model is given at most.
PASSAGES = 16
_OFFERED = 5

Work = Callable[[Question], Question]
Step = Runnable[Any, Any]


class Stage(Runnable[Any, Any]):
    """One named step of the chain: takes a `Question`, returns it with what the step has made of it.

    `progress`, where given, is told to whoever streams before the step begins. The time it takes is kept in
    `Question.timings` under its name; LangChain's callbacks see it under the same name.
    """

    def __init__(self, name: str, work: Work, *, progress: str | None = None) -> None:
        self.name: str = name
        self._work = work
        self._progress = progress

    def invoke(self, input: Question, config: RunnableConfig | None = None, **_: Any) -> Question:
        """Do the step; raises `AbandonedError` when nobody waits for the answer any longer.

        Small talk, which is answered already, is passed on as it is.
        """
        if input.is_chat:
            return input
        return cast(Question, self._call_with_config(self._timed, input, config))

    def stream(self, input: Question, config: RunnableConfig | None = None, **_: Any) -> Iterator[Any]:
        """Tell of the step, then yield what it returns."""
        yield from self.transform(iter([input]), config)

    def transform(self, input: Iterator[Any], config: RunnableConfig | None = None, **_: Any) -> Iterator[Any]:
        """Pass events on as they are, and do the step for the question that comes after them."""
        for item in input:
            if isinstance(item, Question) and not item.is_chat:
                if self._progress:
                    yield Progress(self._progress)
                yield self.invoke(item, config)
            else:
                yield item

    def _timed(self, question: Question) -> Question:
        question.check_wanted()
        started = time.perf_counter()
        return self._work(question).timed(self.name, started)


class Understand(Runnable[Any, Any]):
    """Takes what was asked, with the turns before it, as a question that stands alone, and tells what kind it is.

    Small talk is answered here.
    """

    name = "understand"

    def __init__(self, rewriter: Rewriter, understanding: Understanding, arabizi: ArabiziReader | None = None) -> None:
        self._rewriter = rewriter
        self._understanding = understanding
        self._arabizi = arabizi

    def invoke(self, input: Asked | Question | str, config: RunnableConfig | None = None, **_: Any) -> Question:
        """Return the question; raises `QueryError` when it is blank or too long."""
        return cast(Question, self._call_with_config(self._understood, input, config))

    def _understood(self, asked: Asked | Question | str) -> Question:
        if isinstance(asked, Question):
            return asked
        given = Asked(asked) if isinstance(asked, str) else asked
        started = time.perf_counter()
        read = given.respelt or (self._arabizi.read(given.text) if self._arabizi else None)
        meant = replace(given, text=read) if read else given
        question = Question.understood(meant, self._rewriter, self._understanding)
        question = replace(question, asked=given.text.strip()) if read else question
        answer = small_talk(question) if question.is_chat else None
        return replace(question, answer=answer).timed(self.name, started)


class Write(Stage):
    """Lets a chat model write from the passages that were read; without one, or to abstain, it passes the answer on."""

    def __init__(self, writer: Writer | None) -> None:
        super().__init__("write", lambda question: question)
        self._writer = writer

    def invoke(self, input: Question, config: RunnableConfig | None = None, **_: Any) -> Question:
        """Return the question with all that the model wrote."""
        return cast(Question, _last(self.transform(iter([input]), config)))

    def transform(self, input: Iterator[Any], config: RunnableConfig | None = None, **_: Any) -> Iterator[Any]:
        """Pass events on, and yield the extractive answer, then what the model writes, for the question."""
        for item in input:
            answer = item.answer if isinstance(item, Question) else None
            if answer is None or answer.abstained or self._writer is None or item.is_chat or item.asks_for_articles:
                yield item
            else:
                yield Extractive(answer)
                yield Progress("writing")
                yield from _told(self.name, self._write(self._writer, item), config)

    def _write(self, writer: Writer, question: Question) -> Iterator[Delta | Question]:
        started = time.perf_counter()
        length = OVERVIEW if question.picked else SHORT
        offered = question.picked or tuple(best_of_each_passage(question.reading)[:_OFFERED])
        text, error = "", None
        try:
            offered = tuple(writer.fit(question.text, offered, question.language, length=length))
            # Begun: whoever verifies needs to know what the markers stand for.
            yield replace(question, writing=Writing(offered, writer.name))
            for piece in writer.write(question.text, offered, question.language, length=length):
                question.check_wanted()
                text += piece
                yield Delta(piece)
        except WriterError as failure:
            error = failure
        used = writer.usage(question.text, offered, question.language, text)
        writing = Writing(offered, writer.name, text, used, error, ended=True)
        yield replace(question, writing=writing).timed(self.name, started)


class Verify(Runnable[Any, Any]):
    """Checks every written sentence against the passages it cites, as it comes, and gives the whole answer last."""

    def __init__(self, checker: SupportChecker, *, strike: bool) -> None:
        self.name: str = "verify"
        self._checker = checker
        self._strike = strike

    def invoke(self, input: Question, config: RunnableConfig | None = None, **_: Any) -> Answer:
        """Return the answer."""
        return cast(Answer, _last(self.transform(iter([input]), config)))

    def stream(self, input: Question, config: RunnableConfig | None = None, **_: Any) -> Iterator[Any]:
        """Yield the verdicts, then the answer."""
        yield from self.transform(iter([input]), config)

    def transform(self, input: Iterator[Any], config: RunnableConfig | None = None, **_: Any) -> Iterator[Any]:
        """Pass events on, with a verdict after each finished sentence; the answer comes last."""
        draft: CitedDraft | None = None
        heard = False
        for item in input:
            if not isinstance(item, Question):
                yield item
                if isinstance(item, Delta) and draft is not None:
                    heard = True
                    yield from draft.shown(draft.take(item.text))
            elif item.writing is None:
                answer = self._call_with_config(_answered, item, config)
                yield Delta(answer.text)
                yield answer
            else:
                draft = draft or CitedDraft.of(self._checker, item)
                if item.writing.ended:
                    yield from draft.shown(draft.take("" if heard else item.writing.text))
                    yield from draft.shown(draft.end())
                    conclude = partial(answer_of, draft, quoted=_answered(item), strike=self._strike)
                    yield self._call_with_config(conclude, item, config)


@dataclass(frozen=True, slots=True)
class Stages:
    """The chain's stages, in their order. Put one of your own in with `dataclasses.replace`, then `compose`.

    `understand` takes an `Asked`, a `Question` or a plain string; `verify` gives the `Answer`; all between take a
    `Question` and return one.
    """

    understand: Step
    retrieve: Step
    rerank: Step
    read: Step
    recheck: Step
    decide: Step
    write: Step
    verify: Step

    def compose(self) -> Step:
        """Return the chain: one LangChain runnable from what was asked to the answer."""
        chain, *rest = [cast(Step, getattr(self, field.name)) for field in fields(self)]
        for step in rest:
            chain = chain | step
        return chain.with_config(run_name="khabar")


class EachQuestion(Runnable[Any, Any]):
    """Answers a message by the chain; of one that asks two questions, each by itself, the one hanging on the other."""

    name = "questions"

    def __init__(self, chain: Step, arabizi: ArabiziReader | None = None) -> None:
        self._chain = chain
        self._arabizi = arabizi

    def invoke(self, input: Asked | Question | str, config: RunnableConfig | None = None, **_: Any) -> Answer:
        """Return the answer; raises what the chain's stages raise."""
        given = self._read(input)
        both = separated(_message(given))
        if both is None:
            return cast(Answer, self._chain.invoke(given, config))
        return cast(Answer, _last(self._each(given, both, config)))

    def stream(self, input: Asked | Question | str, config: RunnableConfig | None = None, **_: Any) -> Iterator[Any]:
        """Yield what the chain yields; of two questions the steps, then the text that answers both, and the answer."""
        given = self._read(input)
        both = separated(_message(given))
        yield from self._chain.stream(given, config) if both is None else self._each(given, both, config)

    def _read(self, input: Asked | Question | str) -> Asked | Question | str:
        read = self._arabizi.read(_message(input)) if self._arabizi else None
        if read is None or isinstance(input, Question):
            return input
        return replace(input if isinstance(input, Asked) else Asked(input), respelt=read)

    def _each(self, given: Any, both: TwoQuestions, config: RunnableConfig | None) -> Iterator[Event]:
        whole = given if isinstance(given, Asked) else Asked(str(given))
        asked = replace(whole, respelt=None)
        alone, hanging = (both.second, both.first) if both.is_first_short else (both.first, both.second)
        first = yield from self._steps(replace(asked, text=alone), config)
        # What is no question to the articles is answered as a whole.
        if first.citations or first.abstained:
            turn = Turn(alone, first)
            second = yield from self._steps(replace(asked, text=both.asking_on, history=(*asked.history, turn)), config)
            # An answer is of one state of the library.
            if second.generation == first.generation:
                answered = [AnsweredQuestion(alone, first), AnsweredQuestion(hanging, second)]
                answer = answer_to_all(asked.text.strip(), answered[::-1] if both.is_first_short else answered)
                answer = replace(answer, standalone=whole.respelt) if whole.respelt else answer
                yield Delta(answer.text)
                yield answer
                return
        yield from self._chain.stream(given, config)

    def _steps(self, asked: Asked, config: RunnableConfig | None) -> Generator[Event, None, Answer]:
        """Yield the steps of one question, and return its answer."""
        for event in self._chain.stream(asked, config):
            if isinstance(event, Answer):
                return event
            if isinstance(event, Progress):
                yield event
        raise AssertionError("a stage of one's own has lost the answer")


def retrieving(library: Library, retriever: BaseRetriever) -> Work:
    """Find candidates with any LangChain retriever, in one state of the library.

    A document stands for the passage that its metadata names (`id`, `start`, `end`); one that the library does not
    hold, or that the question's filters leave out, is dropped. What is of the time and the outlets that the question
    names comes first, and alone where the question means that.
    """

    def found(question: Question, filters: Filters) -> list[Candidate]:
        return _joined(library, retriever.invoke(_sought(question), filters=filters), filters)

    def retrieve(question: Question) -> Question:
        meaning, filters = question.meaning, question.filters
        with library.snapshot() as generation:
            scope = meaning.within(filters) if meaning.is_scoped else None
            first = found(replace(question, kept=meaning.is_filter), scope) if scope else []
            kept = bool(first) and meaning.is_filter
            filters = scope if scope and kept else filters
            rest = [] if kept else found(question, filters)
            places = {candidate.passage for candidate in first}
            candidates = (*first, *(candidate for candidate in rest if candidate.passage not in places))
            copies = library.same_story({candidate.article.id for candidate in candidates}, filters)
        return replace(question, found=Found(candidates, copies), generation=generation, kept=kept)

    return retrieve


def reranking(reranker: Reranker) -> Work:
    """Order the candidates by late interaction, one of each story."""

    def rerank(question: Question) -> Question:
        return replace(question, passages=tuple(reranker.rerank(_sought(question), question.found)[:PASSAGES]))

    return rerank


def reading(reader: Reader) -> Work:
    """Find the sentences that answer, and how sure that is; articles that are counted or listed need none."""

    def read(question: Question) -> Question:
        if question.asks_for_articles:
            return question
        return replace(question, reading=reader.read(question.matter, question.passages))

    return read


def rechecking(*works: Work) -> Work:
    """Find and read once more without the filters, for a question that has some: what they leave out is told."""

    def recheck(question: Question) -> Question:
        if not question.filters:
            return question
        beyond = question.unfiltered()
        for work in works:
            beyond.check_wanted()
            beyond = work(beyond)
        # An answer is of one state of the library.
        return replace(question, beyond=beyond.reading) if beyond.generation == question.generation else question

    return recheck


def _message(given: Asked | Question | str) -> str:
    """Return what was asked in words, as they are read; a question that has been understood is one."""
    return (given.respelt or given.text) if isinstance(given, Asked) else given if isinstance(given, str) else ""


def _sought(question: Question) -> str:
    """Return what is searched for: the matter alone where several articles are asked for."""
    survey = overview_of(question)
    return survey.about if survey else question.matter


def _joined(library: Library, documents: Sequence[Document], filters: Filters) -> list[Candidate]:
    """Return the candidates that documents stand for, best first as they came."""
    own = {id(document): document.candidate for document in documents if isinstance(document, PassageDocument)}
    foreign = [document for document in documents if id(document) not in own]
    places = [place for document in foreign if (place := _place(document))]
    known = {candidate.passage: candidate for candidate in library.candidates(places, filters)} if places else {}
    found = [own.get(id(document)) or known.get(cast(Passage, _place(document))) for document in documents]
    return [candidate for candidate in found if candidate is not None]


def _place(document: Document) -> Passage | None:
    values = [document.metadata.get(key) for key in ("id", "start", "end")]
    match values:
        case [str() as article, int() as start, int() as end]:
            return Passage(article, start, end)
    return None


def _answered(question: Question) -> Answer:
    assert question.answer is not None, "a stage of one's own after `decide` has lost the answer"
    return replace(question.answer, timings=question.timings)


def _told(name: str, items: Iterator[Any], config: RunnableConfig | None) -> Iterator[Any]:
    """Let LangChain's callbacks know of a step that streams.

    LangChain's own helper reads its input to the end when a stream is closed: every stage would go on for nobody.
    """
    run = get_callback_manager_for_config(ensure_config(config)).on_chain_start(None, {"input": ""}, name=name)
    last = None
    try:
        for last in items:
            yield last
    except GeneratorExit:
        run.on_chain_end(last)
        raise
    except BaseException as error:
        run.on_chain_error(error)
        raise
    run.on_chain_end(last)


def _last(items: Iterator[Any]) -> Any:
    *_, last = items
    return last
