"""The browser chat: `create_app` builds the page, `web_app` puts it behind a web server. Nothing is launched."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from index.article import Article, Filters
from index.errors import KhabarError
from ui import panels
from ui.answering import answer_turn
from ui.choice import Choice
from ui.evidence import Evidence
from ui.policy import OwnHostOnly
from ui.session import Session
from ui.words import ENGLISH, words_for

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.assistant import Assistant

ASSETS = Path(__file__).parent / "assets"

_REFRESH_SECONDS = 3.0
_EXAMPLES_PER_LANGUAGE = 2
_LATEST = 8
# Questions answered at a time; the others wait their turn.
_AT_A_TIME = 4


class Page(gr.Blocks):
    """Gradio blocks that bring their own looks along, and are never shared or measured, however launched."""

    def launch(self, *args: Any, **options: Any) -> Any:
        """Launch as `gr.Blocks` does, with Khabar's looks for defaults."""
        return super().launch(*args, **{**_looks(), "share": False, "ssr_mode": False, "pwa": False, **options})


def create_app(assistant: "Assistant") -> gr.Blocks:
    """Build the chat page over an assistant: answers on the left, their evidence on the right.

    It also offers the endpoint `/ask` to programs: a question and filters in, the answer's JSON out.
    """
    return _Page(assistant).build()


def web_app(blocks: gr.Blocks) -> "FastAPI":
    """Return the page as an ASGI application that lets the browser load nothing from other hosts.

    Setting `app.state.ending`, an `asyncio.Event`, ends the streams of open pages, which would hold up a server
    that is to end.
    """
    from fastapi import FastAPI
    from starlette.routing import Mount

    app = FastAPI(openapi_url=None)
    app.add_middleware(OwnHostOnly)
    gr.mount_gradio_app(app, blocks, path="/", ssr_mode=False, pwa=False, show_error=False, **_looks())
    mounted: Any = next(route.app for route in app.routes if isinstance(route, Mount))
    app.state.ending = mounted.stop_event
    return app


def _looks() -> dict[str, Any]:
    fonts = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "Noto Sans Arabic", "sans-serif"]
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        font=fonts,
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )
    icon = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' "
        "height='32' rx='7' fill='%230d9488'/%3E%3Cpath d='M8 10h16M8 16h16M14 22h10' stroke='white' "
        "stroke-width='3' stroke-linecap='round'/%3E%3C/svg%3E"
    )
    return {
        "theme": theme,
        "css_paths": [ASSETS / "khabar.css"],
        "head": f'<link rel="icon" type="image/svg+xml" href="{icon}">',
        "footer_links": [],
        "run_history": False,
    }


# What an event changes: components with their new values; the others stay.
_Update = dict[Any, Any]


class _Page:
    """The page's components and what happens when they are used."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant
        self._library = assistant.library
        self._evidence = Evidence(assistant.library)

    def build(self) -> gr.Blocks:
        """Lay the page out and wire it up."""
        page: gr.Blocks = Page(title="Khabar", analytics_enabled=False, fill_width=True)
        with page:
            self._lay_out()
            self._wire(page)
        page.queue(default_concurrency_limit=_AT_A_TIME)
        return page

    def _lay_out(self) -> None:
        self.session = gr.State(Session())
        self.generation = gr.State(-1)
        self.header = gr.HTML(elem_id="khabar-header")
        with gr.Row(elem_id="khabar-columns"):
            with gr.Column(scale=6, min_width=320):
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
                    self.filters = _filter_fields()
                    self.periods = gr.HTML()
            with gr.Column(scale=5, min_width=320, elem_id="khabar-side"):
                script = (ASSETS / "khabar.js").read_text(encoding="utf-8")
                self.evidence = gr.HTML(elem_id="khabar-evidence", js_on_load=script)

    def _wire(self, page: gr.Blocks) -> None:
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asked = [self.session, *self.filters]
        answered = [self.chat, self.box, self.over, self.evidence]
        # Gradio's own `cancels` waits for the step that is under way, and would end the next question with it: a
        # question that is stopped ends by itself, and the next one need not wait for it.
        anew: dict[str, Any] = {**own, "trigger_mode": "multiple"}
        self.box.submit(self.respond, [self.box, *asked], answered, **anew)
        self.evidence.ask(self.respond_to_example, asked, answered, **anew)
        self.evidence.again(self.respond_again, asked, answered, **anew)
        self.box.stop(self.stop, asked, answered, **own)
        self.evidence.cite(self.show_citation, [self.session], [self.evidence], **own)
        self.evidence.open(self.show_article, [self.session], [self.evidence], **own)
        self.evidence.edit(self.edit, asked, [self.box, self.over], **own)
        self.evidence.keep(self.keep, asked, [self.box, self.over], **own)
        self.evidence.fresh(self.start_over, asked, answered, **own)
        self.evidence.unfilter(self.unfilter, self.filters, self.filters, **own)
        self.evidence.period(self.choose_period, self.filters, self.filters, **own)
        changes = [field.change for field in self.filters]
        gr.on(changes, self.show_over, asked, [self.over], **own)
        self.chat.clear(self.start_over, asked, answered, **own)
        around = [self.header, self.chat, self.over, self.periods, self.box, self.accordion, *self.filters]
        everything = [*around, self.evidence, self.session]
        page.load(self.greet, asked, everything, **own)
        self.evidence.language(self.change_language, asked, everything, **own)
        gr.Timer(_REFRESH_SECONDS).tick(lambda: self._library.generation, None, [self.generation], **own)
        self.generation.change(self.refresh, [self.session], around, **own)
        api(self.ask, api_name="ask", concurrency_limit=_AT_A_TIME)

    # What programs call.

    def ask(
        self,
        question: str,
        language: list[str] | str | None = None,
        source: list[str] | str | None = None,
        category: list[str] | str | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the articles that pass the filters; dates are ISO 8601, inclusive."""
        try:
            answer = self._assistant.ask(
                question, language=language, source=source, category=category, after=after, before=before
            )
        except KhabarError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return answer.to_dict()

    # What the page calls.

    def respond(self, question: str, session: Session, *filters: Any) -> Iterator[_Update]:
        """Answer a question step by step: each yield is what changes on the page."""
        question = (question or "").strip()
        if not question:
            yield {self.over: gr.skip()}
            return
        turn, choice = session.take(question), Choice.of(*filters)
        over = panels.over_html(choice, False, session.words)
        yield {self.box: gr.update(value="", submit_btn=False, stop_btn=True), self.over: over}
        key = str(session.turns.index(turn))
        for _ in answer_turn(self._assistant, turn, key, choice):
            yield {self.chat: session.messages()}
        if turn.stopped:
            return
        yield {self.box: _ready()}
        if turn.answer and turn.answer.used:
            session.shown = f"{key}:{turn.answer.used[0].number}"
            yield {self.evidence: self._evidence.of(session)}

    def respond_to_example(self, event: gr.EventData, session: Session, *filters: Any) -> Iterator[_Update]:
        """Answer the example question whose button was pressed."""
        yield from self.respond(_told(event, "question"), session, *filters)

    def respond_again(self, event: gr.EventData, session: Session, *filters: Any) -> Iterator[_Update]:
        """Answer a question of the conversation anew, in its place, with the filters as they are now."""
        turn = session.turn(_told(event, "place"))
        if turn is not None:
            session.editing = session.turns.index(turn)
        yield from self.respond(turn.question if turn else "", session, *filters)

    def stop(self, session: Session, *filters: Any) -> _Update:
        """Leave the question that is being answered as it is; it can be asked again."""
        session.stop()
        return {self.chat: session.messages(), self.box: _ready(), **self.show_over(session, *filters)}

    def edit(self, event: gr.EventData, session: Session, *filters: Any) -> _Update:
        """Put a question back into the box, to be changed and asked in place of itself."""
        turn = session.turn(_told(event, "place"))
        if turn is None:
            return {self.over: gr.skip()}
        session.editing = session.turns.index(turn)
        return {self.box: turn.question, **self.show_over(session, *filters)}

    def keep(self, session: Session, *filters: Any) -> _Update:
        """Leave the question that was to be changed as it is."""
        session.editing = None
        return {self.box: "", **self.show_over(session, *filters)}

    def start_over(self, session: Session, *filters: Any) -> _Update:
        """Begin another conversation."""
        session.start_over()
        shown = {self.chat: [], self.box: _ready(value=""), self.evidence: self._evidence.of(session)}
        return {**shown, **self.show_over(session, *filters)}

    def unfilter(self, event: gr.EventData, *filters: Any) -> _Update:
        """Take out the filter whose chip was pressed."""
        field, _, value = _told(event, "filter").partition(":")
        return self._set(Choice.of(*filters).without(field, value))

    def choose_period(self, event: gr.EventData, *filters: Any) -> _Update:
        """Set the dates to the last so many days."""
        told = _told(event, "days")
        days = int(told) if told.isascii() and told.isdecimal() and len(told) < 5 else 1
        return self._set(Choice.of(*filters).of_last(max(days, 1), date.today()))

    def _set(self, choice: Choice) -> _Update:
        return dict(zip(self.filters, choice.values(), strict=True))

    def show_over(self, session: Session, *filters: Any) -> _Update:
        """Show the filters that are set."""
        return {self.over: panels.over_html(Choice.of(*filters), session.editing is not None, session.words)}

    def show_citation(self, session: Session, event: gr.EventData) -> str:
        """Open the article of the [n] button that was pressed, at its quote."""
        session.shown = _told(event, "key")
        return self._evidence.of(session)

    def show_article(self, session: Session, event: gr.EventData) -> str:
        """Open an article that no answer cites."""
        session.shown = f"={_told(event, 'id')}"
        return self._evidence.of(session)

    def greet(self, request: gr.Request, session: Session, *filters: Any) -> _Update:
        """Fill the page for the browser's language when it is opened."""
        accepted = request.headers.get("accept-language", "")
        session.language = "ar" if accepted.lower().startswith("ar") else "en"
        return {self.session: session, **self._speak(session, filters)}

    def change_language(self, event: gr.EventData, session: Session, *filters: Any) -> _Update:
        """Give the page's own words in the language that was asked for."""
        session.language = "ar" if _told(event, "language") == "ar" else "en"
        return {self.session: session, **self._speak(session, filters)}

    def _speak(self, session: Session, filters: tuple[Any, ...]) -> _Update:
        words = words_for(session.language)
        days = zip(self.filters[3:], (words.after_filter, words.before_filter), strict=True)
        return {
            **self.refresh(session),
            **self.show_over(session, *filters),
            **{field: gr.update(label=label) for field, label in days},
            self.periods: panels.periods_html(session.words),
            self.box: gr.update(placeholder=words.question, label=words.question),
            self.accordion: gr.update(label=words.filters),
            self.evidence: self._evidence.of(session),
        }

    def refresh(self, session: Session) -> _Update:
        """Bring counts, examples and filter choices up to date with the library."""
        words = words_for(session.language)
        stats = self._library.stats()
        welcome = panels.welcome_html(self._examples([count.name for count in stats.languages]), words)
        counted = (
            (words.language_filter, [(words.language_name(count.name), count) for count in stats.languages]),
            (words.source_filter, [(count.name, count) for count in stats.sources]),
            (words.category_filter, [(count.name, count) for count in stats.categories]),
        )
        choices = {
            field: gr.update(
                label=label, choices=[(f"{name} ({count.articles:,})", count.name) for name, count in found if name]
            )
            for field, (label, found) in zip(self.filters[:3], counted, strict=True)
        }
        chat = gr.update(placeholder=welcome, value=session.messages())
        return {self.header: panels.header_html(stats, words), self.chat: chat, **choices}

    def _examples(self, languages: list[str]) -> list[Article]:
        newest = [self._library.articles(Filters.of(language=language), limit=_LATEST) for language in languages[:2]]
        return [article for found in newest for article in [a for a in found if a.title][:_EXAMPLES_PER_LANGUAGE]]


def _ready(**changes: Any) -> Any:
    """Return the question box as it is while nothing is being answered."""
    return gr.update(submit_btn=True, stop_btn=False, **changes)


def _filter_fields() -> list[Any]:
    many: Callable[..., gr.Dropdown] = gr.Dropdown
    with gr.Row():
        chosen = [
            many(choices=[], value=[], multiselect=True, label=label, min_width=110)
            for label in (ENGLISH.language_filter, ENGLISH.source_filter, ENGLISH.category_filter)
        ]
        days = [
            gr.DateTime(include_time=False, type="string", label=label, min_width=150)
            for label in (ENGLISH.after_filter, ENGLISH.before_filter)
        ]
    return [*chosen, *days]


def _told(event: gr.EventData, name: str) -> str:
    """Return what the page said with an event, as text; a page may say anything."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    return value if isinstance(value, str) else ""
