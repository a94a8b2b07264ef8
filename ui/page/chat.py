"""The page's chat: its components, and what happens when they are used."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.article import Article, Filters
from index.errors import KhabarError
from index.languages.errors import error_in
from index.languages.messages import DEFAULT, messages_for
from index.store.feedback import Feedback, ReaderVerdict
from ui.page.conversation import saved_chats as history
from ui.page.conversation import sharing
from ui.page.conversation.answering import answer_turn
from ui.page.conversation.seen import may_see
from ui.page.conversation.session import ChatSession, ShownTurn
from ui.page.conversation.suggestions import Suggestions
from ui.page.evidence import EvidencePanel
from ui.page.filtering import FilterFields
from ui.page.queueing.queue import QUESTIONS
from ui.page.sessions import Permissions
from ui.page.widgets import Update, field_of, notice
from ui.state.filters import MANY, FilterForm
from ui.state.saved_chats import SavedChat
from ui.views import page as panels
from ui.views.chats import link_html, record_html
from ui.views.translations import target

if TYPE_CHECKING:
    from index.library import Library
    from index.store.rows import LibraryStats
    from qa.answer import Answer
    from qa.assistant import Assistant

_EXAMPLES_PER_LANGUAGE = 2
_LATEST = 8


class ChatPart:
    """The chat, its question box and its filters."""

    def __init__(self, assistant: "Assistant", evidence: EvidencePanel, permissions: Permissions) -> None:
        self._assistant = assistant
        self._permissions = permissions
        self._library = assistant.library
        self._evidence = evidence
        self._suggestions = Suggestions(assistant)
        self._offered = FilterFields(assistant.library)

    def lay_out(self) -> None:
        """Put the components where the caller is laying out."""
        words = messages_for(DEFAULT)
        question = words.say("chat.question")
        self.opened = gr.HTML(elem_id="khabar-shared")
        self.chat = gr.Chatbot(
            elem_id="khabar-chat", label="Khabar", show_label=False, buttons=[], latex_delimiters=[],
            allow_tags=False, autoscroll=False, layout="bubble", feedback_options=None,
        )  # fmt: skip
        self.over = gr.HTML(elem_id="khabar-over")
        self.box = gr.Textbox(
            elem_id="khabar-question", label=question, show_label=False, submit_btn=True,
            placeholder=question, lines=1, max_lines=6, autofocus=True, max_length=4000,
        )  # fmt: skip
        with gr.Accordion(words.say("filter.title"), open=False, elem_id="khabar-filters") as self.accordion:
            self.filters = self._offered.lay_out()
            self.periods = gr.HTML()

    def wire(self, session: Any, panel: Any, record: Any) -> None:
        """Connect the components; `panel` is where the page's own buttons come from, and where evidence is shown."""
        self._panel, self._record = panel, record
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asked = [session, *self.filters]
        answered = [self.chat, self.box, self.over, panel, record]
        # Gradio's own `cancels` waits for the step that is under way, and would end the next question with it: a
        # question that is stopped ends by itself, and the next one need not wait for it.
        anew: dict[str, Any] = {**own, "trigger_mode": "multiple", "concurrency_id": QUESTIONS}
        self.box.submit(self.respond, [self.box, *asked], answered, **anew)
        panel.ask(self.respond_to_example, asked, answered, **anew)
        panel.again(self.respond_again, asked, answered, **anew)
        self.box.stop(self.stop, asked, answered, **own)
        panel.edit(self.edit, asked, [self.box, self.over], **own)
        panel.keep(self.keep, asked, [self.box, self.over], **own)
        panel.fresh(self.start_over, asked, answered, **own)
        panel.judge(self.judge, [session], [self.chat, record], **own)
        record.linking(self._permissions.known(self.share), [session], [record], **own)
        panel.translate(self.translate, [session], [self.chat, record], **anew)
        panel.unfilter(self.unfilter, self.filters, self.filters, **own)
        panel.period(self.choose_period, self.filters, self.filters, **own)
        record.restore(self.restore, asked, answered, **own)
        gr.on([field.change for field in self.filters], self.show_over, asked, [self.over], **own)
        self._offered.wire(session)

    # What is asked and answered.

    def respond(self, question: str, session: ChatSession, *filters: Any) -> Iterator[Update]:
        """Answer a question step by step: each yield is what changes on the page."""
        question = (question or "").strip()
        if not question:
            yield {self.over: gr.skip()}
            return
        turn, choice = session.take(question), FilterForm.of(*filters)
        over = panels.over_html(choice, False, session.words)
        changed: Update = {self.box: gr.update(value="", submit_btn=False, stop_btn=True), self.over: over}
        try:
            for _ in answer_turn(self._assistant, session, turn, choice):
                if turn.is_open:
                    yield {**changed, self.chat: session.messages()}
                    changed = {}
        except Exception:
            # Nobody foresaw it: Gradio logs and shows it, and the next question can be asked.
            session.stop()
            yield {self.chat: session.messages(), self.box: _ready()}
            raise
        if turn not in session.turns:
            return
        if turn.stopped:
            # A step that was on its way when the reader stopped may have come after the page said so.
            if not any(other.is_open for other in session.turns):
                yield {self.chat: session.messages()}
            return
        # All at once: what came after the answer could undo what the reader does with it.
        session.show_evidence_of(turn)
        evidence = {self._panel: self._evidence.of(session)}
        done = {self.chat: session.messages(), self.box: _ready(), **evidence}
        yield {**changed, **done, **self._keep(session, turn)}

    def respond_to_example(self, event: gr.EventData, session: ChatSession, *filters: Any) -> Iterator[Update]:
        """Answer the example question whose button was pressed."""
        yield from self.respond(field_of(event, "question"), session, *filters)

    def respond_again(self, event: gr.EventData, session: ChatSession, *filters: Any) -> Iterator[Update]:
        """Answer a question of the conversation anew, in its place, with the filters as they are now."""
        turn = session.turn(field_of(event, "place"))
        if turn is not None:
            session.editing = session.turns.index(turn)
        yield from self.respond(turn.question if turn else "", session, *filters)

    def stop(self, session: ChatSession, *filters: Any) -> Update:
        """Leave the question that is being answered as it is; it can be asked again."""
        turn = session.stop()
        kept = self._keep(session, turn) if turn else {}
        return {self.chat: session.messages(), self.box: _ready(), **kept, **self.show_over(session, *filters)}

    def edit(self, event: gr.EventData, session: ChatSession, *filters: Any) -> Update:
        """Put a question back into the box, to be changed and asked in place of itself."""
        turn = session.turn(field_of(event, "place"))
        if turn is None:
            return {self.over: gr.skip()}
        session.editing = session.turns.index(turn)
        return {self.box: turn.question, **self.show_over(session, *filters)}

    def keep(self, session: ChatSession, *filters: Any) -> Update:
        """Leave the question that was to be changed as it is."""
        session.editing = None
        return {self.box: "", **self.show_over(session, *filters)}

    def start_over(self, session: ChatSession, *filters: Any) -> Update:
        """Begin another conversation."""
        session.start_over()
        shown = {self.chat: [], self.box: _ready(value=""), self._panel: self._evidence.of(session)}
        return {**shown, **self.show_over(session, *filters)}

    def restore(self, event: gr.EventData, session: ChatSession, *filters: Any) -> Update:
        """Show a conversation that the browser kept, as it was answered then."""
        try:
            data = event._data.get("chat") if isinstance(event._data, dict) else None
            chat = SavedChat.of(data)
        except KhabarError as error:
            # What a browser sends need not be what it was given.
            raise notice(error, session.words) from error
        # What was being written stays, and a question that was being changed goes with its conversation.
        emptied = {} if session.editing is None else {"value": ""}
        session.start_over()
        session.id = chat.id
        # Somebody else may have used this browser, or been let see more.
        seen = [turn for turn in chat.turns if may_see(self._library, turn.answer)]
        session.take_back(seen, lambda record: sharing.is_own(self._library, record))
        shown = {self.chat: session.messages(), self.box: _ready(**emptied)}
        return {**shown, self._panel: self._evidence.of(session), **self.show_over(session, *filters)}

    def judge(self, event: gr.EventData, session: ChatSession) -> Update:
        """Write down what the reader thinks of an answer."""
        place, _, said = field_of(event, "verdict").partition(":")
        turn = session.turn(place)
        if turn is None or turn.answer is None or said not in set(ReaderVerdict):
            return {self._record: gr.skip()}
        answer = turn.answer.to_dict()
        given = Feedback(turn.id, ReaderVerdict(said), turn.question, answer, versions(self._library, turn.answer))
        try:
            self._library.feedback.record(given)
        except KhabarError as error:
            # A library that cannot be written to: shown as a notice, and the verdict is not taken for given.
            raise notice(error, session.words) from error
        turn.verdict = given.verdict
        session.show(turn)
        return {self.chat: session.messages(), **self._keep(session, turn)}

    def share(self, event: gr.EventData, session: ChatSession) -> Update:
        """Keep the answer whose button was pressed, and hand its link to the browser."""
        place = field_of(event, "place")
        turn = session.turn(place)
        if turn is None:
            return {self._record: gr.skip()}
        try:
            id = sharing.share(self._library, session, turn)
        except KhabarError as error:
            raise notice(error, session.words) from error
        return {self._record: link_html(int(place), id, str(time.monotonic_ns()))}

    def translate(self, event: gr.EventData, session: ChatSession) -> Iterator[Update]:
        """Translate the quote whose button was pressed; why it cannot be is said in its place."""
        place, _, number = field_of(event, "key").partition(":")
        turn = session.turn(place)
        cited = turn.answer.citations if turn and turn.answer else ()
        citation = next((citation for citation in cited if str(citation.number) == number), None)
        language = target(turn.answer, citation, session.language) if turn and turn.answer and citation else None
        if not (turn and citation and language):
            yield {self._record: gr.skip()}
            return
        words = messages_for(turn.answer.language if turn.answer else session.language)
        waiting = words.say("translation.waiting")
        if turn.translating.get(citation.quote) == waiting:
            return
        turn.translating[citation.quote] = waiting
        session.show(turn)
        yield {self.chat: session.messages()}
        try:
            turn.translations += (self._assistant.translate(citation, language),)
            del turn.translating[citation.quote]
        except KhabarError as error:
            turn.translating[citation.quote] = words.say("translation.failed", error=error_in(words, str(error)))
        if turn not in session.turns:
            return
        session.show(turn)
        yield {self.chat: session.messages(), **self._keep(session, turn)}

    def _keep(self, session: ChatSession, turn: ShownTurn) -> Update:
        if session.is_read_only:
            return {}
        sealed = sharing.seal(self._library, turn) if turn.is_own else ""
        return {self._record: record_html(history.kept(session, turn, sealed))}

    # Filters.

    def unfilter(self, event: gr.EventData, *filters: Any) -> Update:
        """Take out the filter whose chip was pressed."""
        field, _, value = field_of(event, "filter").partition(":")
        return self._set(FilterForm.of(*filters).without(field, value))

    def choose_period(self, event: gr.EventData, *filters: Any) -> Update:
        """Set the dates to the last so many days."""
        said = field_of(event, "days")
        days = int(said) if said.isascii() and said.isdecimal() and len(said) < 5 else 1
        return self._set(FilterForm.of(*filters).of_last(max(days, 1), date.today()))

    def _set(self, choice: FilterForm) -> Update:
        return dict(zip(self.filters, choice.values(), strict=True))

    def show_over(self, session: ChatSession, *filters: Any) -> Update:
        """Show the filters that are set."""
        return {self.over: panels.over_html(FilterForm.of(*filters), session.editing is not None, session.words)}

    # What the page itself changes.

    def speak(self, session: ChatSession, filters: tuple[Any, ...]) -> Update:
        """Give the components' own words in the page's language."""
        words = session.words
        question = words.say("chat.question")
        days = zip(self.filters[len(MANY) :], (words.say("filter.after"), words.say("filter.before")), strict=True)
        return {
            **self.show_over(session, *filters),
            self.chat: gr.update(value=session.messages()),
            self.opened: panels.opened_html(session.opened, session.words),
            **{field: gr.update(label=label) for field, label in days},
            self.periods: panels.periods_html(session.words),
            self.box: gr.update(placeholder=question, label=question, visible=not session.is_read_only),
            self.accordion: gr.update(label=words.say("filter.title"), visible=not session.is_read_only),
        }

    def refresh(self, session: ChatSession, stats: "LibraryStats", filters: Sequence[Any]) -> Update:
        """Bring examples and filter choices up to date with the library."""
        # Not the conversation: an answer that came meanwhile would be undone.
        offered = self._offered.refresh(session, stats, filters)
        return {**self._welcome(session, self._suggestions.known), **offered}

    def suggest(self, session: ChatSession, filters: Sequence[Any]) -> Update:
        """Find questions to begin with about what is new, and join the names: that takes as long as it does."""
        found = self._welcome(session, self._suggestions.find)
        self._library.names.entries(limit=0)
        return {**found, **self._offered.refresh(session, self._library.stats(), filters)}

    def _welcome(self, session: ChatSession, suggest: Callable[[list[Article], str, int], tuple[str, ...]]) -> Update:
        """Show how to begin: questions in the page's language before those in another one that the library has."""
        languages = [count.name for count in self._library.stats().languages]
        languages.sort(key=lambda name: name != session.language)
        newest = [self._library.articles(Filters.of(language=language), limit=_LATEST) for language in languages[:2]]
        suggested = chain.from_iterable(suggest(found, session.language, _EXAMPLES_PER_LANGUAGE) for found in newest)
        is_empty = not any(newest)
        welcome = panels.welcome_html(tuple(suggested), session.words, is_empty=is_empty, may_edit=session.may_edit)
        return {self.chat: gr.update(placeholder=welcome)}


def _ready(**changes: Any) -> Any:
    """Return the question box as it is while nothing is being answered."""
    return gr.update(submit_btn=True, stop_btn=False, visible=True, **changes)


def versions(library: "Library", answer: "Answer") -> dict[str, str]:
    """Name Khabar's version, the encoder, the chunking, who wrote the answer, and the state of the library."""
    stats = library.stats()
    try:
        khabar = version("khabar")
    except PackageNotFoundError:
        # Run from its folder, without being installed.
        khabar = "not installed"
    return {
        "khabar": khabar,
        "encoder": stats.encoder,
        "chunking": stats.chunking,
        "writer": answer.writer,
        "generation": str(answer.generation),
    }
