"""The page's chat: its components, and what happens when they are used."""

import time
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.article import Article, Filters
from index.errors import KhabarError
from index.feedback import Feedback, Verdict
from ui import history, panels, sharing
from ui.answering import answer_turn
from ui.chats import link_html, record_html
from ui.choice import Choice
from ui.events import Update, filter_choices, filter_fields, told
from ui.evidence import Evidence
from ui.kept import KeptChat
from ui.page_words import page_words_for
from ui.session import Session, Turn
from ui.translated import target
from ui.versions import versions
from ui.waiting import QUESTIONS
from ui.words import ENGLISH, words_for

if TYPE_CHECKING:
    from index.reports import LibraryStats
    from qa.assistant import Assistant

_EXAMPLES_PER_LANGUAGE = 2
_LATEST = 8


class ChatPart:
    """The chat, its question box and its filters."""

    def __init__(self, assistant: "Assistant", evidence: Evidence) -> None:
        self._assistant = assistant
        self._library = assistant.library
        self._evidence = evidence

    def lay_out(self) -> None:
        """Put the components where the caller is laying out."""
        self.opened = gr.HTML(elem_id="khabar-shared")
        self.chat = gr.Chatbot(
            elem_id="khabar-chat", label="Khabar", show_label=False, buttons=[], latex_delimiters=[],
            allow_tags=False, autoscroll=False, layout="bubble", feedback_options=None,
        )  # fmt: skip
        self.over = gr.HTML(elem_id="khabar-over")
        self.box = gr.Textbox(
            elem_id="khabar-question", label=ENGLISH.question, show_label=False, submit_btn=True,
            placeholder=ENGLISH.question, lines=1, max_lines=6, autofocus=True, max_length=4000,
        )  # fmt: skip
        with gr.Accordion(ENGLISH.filters, open=False, elem_id="khabar-filters") as self.accordion:
            self.filters = filter_fields()
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
        record.linking(self.share, [session], [record], **own)
        panel.translate(self.translate, [session], [self.chat, record], **anew)
        panel.unfilter(self.unfilter, self.filters, self.filters, **own)
        panel.period(self.choose_period, self.filters, self.filters, **own)
        record.restore(self.restore, asked, answered, **own)
        gr.on([field.change for field in self.filters], self.show_over, asked, [self.over], **own)

    # What is asked and answered.

    def respond(self, question: str, session: Session, *filters: Any) -> Iterator[Update]:
        """Answer a question step by step: each yield is what changes on the page."""
        question = (question or "").strip()
        if not question:
            yield {self.over: gr.skip()}
            return
        turn, choice = session.take(question), Choice.of(*filters)
        over = panels.over_html(choice, False, session.words)
        changed: Update = {self.box: gr.update(value="", submit_btn=False, stop_btn=True), self.over: over}
        try:
            for _ in answer_turn(self._assistant, session, turn, choice):
                yield {**changed, self.chat: session.messages()}
                changed = {}
        except Exception:
            # Nobody foresaw it: Gradio logs and shows it, and the next question can be asked.
            session.stop()
            yield {self.chat: session.messages(), self.box: _ready()}
            raise
        if turn.stopped or turn not in session.turns:
            return
        yield {self.box: _ready(), **self._keep(session, turn)}
        if turn.answer and turn.answer.used:
            session.shown = f"{session.turns.index(turn)}:{turn.answer.used[0].number}"
            yield {self._panel: self._evidence.of(session)}

    def respond_to_example(self, event: gr.EventData, session: Session, *filters: Any) -> Iterator[Update]:
        """Answer the example question whose button was pressed."""
        yield from self.respond(told(event, "question"), session, *filters)

    def respond_again(self, event: gr.EventData, session: Session, *filters: Any) -> Iterator[Update]:
        """Answer a question of the conversation anew, in its place, with the filters as they are now."""
        turn = session.turn(told(event, "place"))
        if turn is not None:
            session.editing = session.turns.index(turn)
        yield from self.respond(turn.question if turn else "", session, *filters)

    def stop(self, session: Session, *filters: Any) -> Update:
        """Leave the question that is being answered as it is; it can be asked again."""
        turn = session.stop()
        kept = self._keep(session, turn) if turn else {}
        return {self.chat: session.messages(), self.box: _ready(), **kept, **self.show_over(session, *filters)}

    def edit(self, event: gr.EventData, session: Session, *filters: Any) -> Update:
        """Put a question back into the box, to be changed and asked in place of itself."""
        turn = session.turn(told(event, "place"))
        if turn is None:
            return {self.over: gr.skip()}
        session.editing = session.turns.index(turn)
        return {self.box: turn.question, **self.show_over(session, *filters)}

    def keep(self, session: Session, *filters: Any) -> Update:
        """Leave the question that was to be changed as it is."""
        session.editing = None
        return {self.box: "", **self.show_over(session, *filters)}

    def start_over(self, session: Session, *filters: Any) -> Update:
        """Begin another conversation."""
        session.start_over()
        shown = {self.chat: [], self.box: _ready(value=""), self._panel: self._evidence.of(session)}
        return {**shown, **self.show_over(session, *filters)}

    def restore(self, event: gr.EventData, session: Session, *filters: Any) -> Update:
        """Show a conversation that the browser kept, as it was answered then."""
        try:
            data = event._data.get("chat") if isinstance(event._data, dict) else None
            chat = KeptChat.of(data)
        except KhabarError as error:
            # What a browser sends need not be what it was given; Gradio shows its own kind of error as a notice.
            raise gr.Error(str(error), print_exception=False) from error
        session.start_over()
        session.id = chat.id
        session.take_back(chat.turns, lambda record: sharing.is_own(self._library, record))
        shown = {self.chat: session.messages(), self.box: _ready(value="")}
        return {**shown, self._panel: self._evidence.of(session), **self.show_over(session, *filters)}

    def judge(self, event: gr.EventData, session: Session) -> Update:
        """Write down what the reader thinks of an answer."""
        place, _, said = told(event, "verdict").partition(":")
        turn = session.turn(place)
        if turn is None or turn.answer is None or said not in set(Verdict):
            return {self._record: gr.skip()}
        answer = turn.answer.to_dict()
        given = Feedback(turn.id, Verdict(said), turn.question, answer, versions(self._library, turn.answer))
        try:
            self._library.feedback.record(given)
        except KhabarError as error:
            # A library that cannot be written to: shown as a notice, and the verdict is not taken for given.
            raise gr.Error(str(error), print_exception=False) from error
        turn.verdict = given.verdict
        session.show(turn)
        return {self.chat: session.messages(), **self._keep(session, turn)}

    def share(self, event: gr.EventData, session: Session) -> Update:
        """Keep the answer whose button was pressed, and hand its link to the browser."""
        place = told(event, "place")
        turn = session.turn(place)
        if turn is None:
            return {self._record: gr.skip()}
        try:
            id = sharing.share(self._library, session, turn)
        except KhabarError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return {self._record: link_html(int(place), id, str(time.monotonic_ns()))}

    def translate(self, event: gr.EventData, session: Session) -> Iterator[Update]:
        """Translate the quote whose button was pressed; why it cannot be is said in its place."""
        place, _, number = told(event, "key").partition(":")
        turn = session.turn(place)
        cited = turn.answer.citations if turn and turn.answer else ()
        citation = next((citation for citation in cited if str(citation.number) == number), None)
        language = target(turn.answer, citation, session.language) if turn and turn.answer and citation else None
        if not (turn and citation and language):
            yield {self._record: gr.skip()}
            return
        words = page_words_for(turn.answer.language if turn.answer else session.language)
        if turn.translating.get(citation.quote) == words.translating:
            return
        turn.translating[citation.quote] = words.translating
        session.show(turn)
        yield {self.chat: session.messages()}
        try:
            turn.translations += (self._assistant.translate(citation, language),)
            del turn.translating[citation.quote]
        except KhabarError as error:
            turn.translating[citation.quote] = words.not_translated.format(error)
        if turn not in session.turns:
            return
        session.show(turn)
        yield {self.chat: session.messages(), **self._keep(session, turn)}

    def _keep(self, session: Session, turn: Turn) -> Update:
        if session.is_read_only:
            return {}
        sealed = sharing.seal(self._library, turn) if turn.is_own else ""
        return {self._record: record_html(history.kept(session, turn, sealed))}

    # Filters.

    def unfilter(self, event: gr.EventData, *filters: Any) -> Update:
        """Take out the filter whose chip was pressed."""
        field, _, value = told(event, "filter").partition(":")
        return self._set(Choice.of(*filters).without(field, value))

    def choose_period(self, event: gr.EventData, *filters: Any) -> Update:
        """Set the dates to the last so many days."""
        said = told(event, "days")
        days = int(said) if said.isascii() and said.isdecimal() and len(said) < 5 else 1
        return self._set(Choice.of(*filters).of_last(max(days, 1), date.today()))

    def _set(self, choice: Choice) -> Update:
        return dict(zip(self.filters, choice.values(), strict=True))

    def show_over(self, session: Session, *filters: Any) -> Update:
        """Show the filters that are set."""
        return {self.over: panels.over_html(Choice.of(*filters), session.editing is not None, session.words)}

    # What the page itself changes.

    def speak(self, session: Session, filters: tuple[Any, ...]) -> Update:
        """Give the components' own words in the page's language."""
        words = words_for(session.language)
        days = zip(self.filters[3:], (words.after_filter, words.before_filter), strict=True)
        return {
            **self.show_over(session, *filters),
            self.opened: panels.opened_html(session.opened, session.words),
            **{field: gr.update(label=label) for field, label in days},
            self.periods: panels.periods_html(session.words),
            self.box: gr.update(placeholder=words.question, label=words.question, visible=not session.is_read_only),
            self.accordion: gr.update(label=words.filters, visible=not session.is_read_only),
        }

    def refresh(self, session: Session, stats: "LibraryStats") -> Update:
        """Bring examples and filter choices up to date with the library."""
        words = words_for(session.language)
        languages = sorted((count.name for count in stats.languages), key=lambda name: name != session.language)
        welcome = panels.welcome_html(self._examples(languages), words)
        chat = gr.update(placeholder=welcome, value=session.messages())
        return {self.chat: chat, **filter_choices(self.filters, stats, words)}

    def _examples(self, languages: list[str]) -> list[Article]:
        newest = [self._library.articles(Filters.of(language=language), limit=_LATEST) for language in languages[:2]]
        return [article for found in newest for article in [a for a in found if a.title][:_EXAMPLES_PER_LANGUAGE]]


def _ready(**changes: Any) -> Any:
    """Return the question box as it is while nothing is being answered."""
    return gr.update(submit_btn=True, stop_btn=False, visible=True, **changes)
