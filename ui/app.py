"""The browser chat: `create_app` builds the page, `web_app` puts it behind a web server. Nothing is launched."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from index.article import Article, Filters
from index.errors import ArticleNotFoundError, KhabarError
from index.text import question_language
from qa.answer import Answer, Delta, Progress
from ui import panels
from ui.busy import WAITING
from ui.render import answer_html, article_html
from ui.words import ENGLISH, Words, words_for

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.assistant import Assistant

ASSETS = Path(__file__).parent / "assets"

# What Gradio draws with its own inline scripts and styles may run; nothing may come from, or go to, elsewhere.
_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
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
    return _Chat(assistant).page()


def web_app(blocks: gr.Blocks) -> "FastAPI":
    """Return the page as an ASGI application that lets the browser load nothing from other hosts.

    Setting `app.state.ending`, an `asyncio.Event`, ends the streams of open pages, which would hold up a server
    that is to end.
    """
    from fastapi import FastAPI
    from starlette.routing import Mount

    app = FastAPI(openapi_url=None)
    app.add_middleware(_OwnHostOnly)
    gr.mount_gradio_app(app, blocks, path="/", ssr_mode=False, pwa=False, show_error=False, **_looks())
    mounted: Any = next(route.app for route in app.routes if isinstance(route, Mount))
    app.state.ending = mounted.stop_event
    return app


class _OwnHostOnly:
    """Middleware that sends the content security policy with every response."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def send_with_policy(message: "Message") -> None:
            if message["type"] == "http.response.start":
                extra = [
                    (b"content-security-policy", _POLICY.encode()),
                    (b"referrer-policy", b"no-referrer"),
                    (b"x-content-type-options", b"nosniff"),
                ]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        await self._app(scope, receive, send_with_policy)


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


@dataclass
class _Turn:
    """One question of a session, what is shown for it, and its answer once there is one."""

    question: str
    shown: str
    answer: Answer | None = None


@dataclass
class _Session:
    """What one open page has asked; `language` is that of its own words."""

    turns: list[_Turn] = field(default_factory=list)
    language: str = "en"

    def messages(self) -> list[dict[str, str]]:
        """Return the turns as Gradio's chatbot takes them."""
        return [
            message
            for turn in self.turns
            for message in (
                {"role": "user", "content": panels.question_html(turn.question)},
                {"role": "assistant", "content": turn.shown},
            )
        ]


class _Chat:
    """The page's components and what happens when they are used."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant
        self._library = assistant.library
        self._views = itertools.count(1)

    def page(self) -> gr.Blocks:
        """Lay the page out and wire it up."""
        page: gr.Blocks = Page(title="Khabar", analytics_enabled=False, fill_width=True)
        with page:
            self._lay_out()
            self._wire(page)
        page.queue(default_concurrency_limit=_AT_A_TIME, max_size=WAITING)
        return page

    def _lay_out(self) -> None:
        self.session = gr.State(_Session())
        self.generation = gr.State(-1)
        self.header = gr.HTML(elem_id="khabar-header")
        with gr.Row(elem_id="khabar-columns"):
            with gr.Column(scale=6, min_width=320):
                self.chat = gr.Chatbot(
                    elem_id="khabar-chat", label="Khabar", show_label=False, buttons=[], latex_delimiters=[],
                    allow_tags=False, autoscroll=False, layout="bubble", feedback_options=None,
                )  # fmt: skip
                self.box = gr.Textbox(
                    elem_id="khabar-question", label=ENGLISH.question, show_label=False, submit_btn=True,
                    placeholder=ENGLISH.question, lines=1, max_lines=6, autofocus=True, max_length=4000,
                )  # fmt: skip
                with gr.Accordion(ENGLISH.filters, open=False, elem_id="khabar-filters") as self.accordion:
                    self.filters = _filter_fields()
            with gr.Column(scale=5, min_width=320, elem_id="khabar-side"):
                script = (ASSETS / "khabar.js").read_text(encoding="utf-8")
                self.evidence = gr.HTML(elem_id="khabar-evidence", js_on_load=script)

    def _wire(self, page: gr.Blocks) -> None:
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        answered = [self.chat, self.session, self.box, self.evidence]
        asked = [self.box, self.session, *self.filters]
        self.box.submit(self.respond, asked, answered, **own)
        self.evidence.ask(self.respond_to_example, [self.session, *self.filters], answered, **own)
        self.evidence.cite(self.show_citation, [self.session], [self.evidence], **own)
        self.evidence.open(self.show_article, [self.session], [self.evidence], **own)
        around = [self.header, self.chat, *self.filters[:3]]
        page.load(self.greet, [self.session], [self.session, *around, self.evidence, self.box, self.accordion], **own)
        gr.Timer(_REFRESH_SECONDS).tick(lambda: self._library.generation, None, [self.generation], **own)
        self.generation.change(self.refresh, [self.session], around, **own)
        self.chat.clear(self.forget, [self.session], [self.session], **own)
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

    def respond(self, question: str, session: _Session, *filters: Any) -> Iterator[tuple[Any, ...]]:
        """Answer a question step by step: each yield is the page as it stands."""
        question = (question or "").strip()
        if not question:
            yield gr.skip(), session, gr.skip(), gr.skip()
            return
        words = words_for(question_language(question))
        turn = _Turn(question, panels.writing_html("searching", "", words))
        session.turns.append(turn)
        yield session.messages(), session, "", gr.skip()
        try:
            yield from self._events(turn, session, words, filters)
        except KhabarError as error:
            turn.shown = panels.message_html(str(error), words)
            yield session.messages(), session, gr.skip(), gr.skip()
        except Exception:
            turn.shown = panels.message_html(words.failed, words)
            yield session.messages(), session, gr.skip(), gr.skip()
            raise

    def respond_to_example(self, event: gr.EventData, session: _Session, *filters: Any) -> Iterator[tuple[Any, ...]]:
        """Answer the example question whose button was pressed."""
        yield from self.respond(_told(event, "question"), session, *filters)

    def _events(
        self, turn: _Turn, session: _Session, words: Words, filters: tuple[Any, ...]
    ) -> Iterator[tuple[Any, ...]]:
        languages, sources, categories, after, before = filters
        events = self._assistant.stream(
            turn.question,
            language=languages or None,
            source=sources or None,
            category=categories or None,
            after=_day(after),
            before=_day(before),
        )
        stage, text = "searching", ""
        for event in events:
            evidence = gr.skip()
            match event:
                case Progress():
                    stage = event.stage
                    turn.shown = panels.writing_html(stage, text, words)
                case Delta():
                    text += event.text
                    turn.shown = panels.writing_html(stage, text, words)
                case Answer():
                    number = session.turns.index(turn)
                    turn.answer, turn.shown = event, answer_html(event, key=str(number))
                    evidence = self._evidence(event, event.used[0].number) if event.used else evidence
            yield session.messages(), session, gr.skip(), evidence

    def show_citation(self, session: _Session, event: gr.EventData) -> str:
        """Open the article of the [n] button that was pressed, at its quote."""
        match = re.fullmatch(r"(\d{1,6}):(\d{1,3})", _told(event, "key"))
        turn = session.turns[int(match[1])] if match and int(match[1]) < len(session.turns) else None
        answer = turn.answer if turn else None
        if match is None or answer is None:
            words = words_for(session.language)
            return self._view(panels.message_html(words.forgotten, words), words)
        return self._evidence(answer, int(match[2]))

    def show_article(self, session: _Session, event: gr.EventData) -> str:
        """Open an article that no answer cites."""
        words = words_for(session.language)
        try:
            article = self._library.article(_told(event, "id"))
        except ArticleNotFoundError:
            return self._view(panels.message_html(words.withdrawn, words), words)
        return self._view(article_html(article, (), None, language=words.language), words)

    def greet(self, session: _Session, request: gr.Request) -> tuple[Any, ...]:
        """Fill the page for the browser's language when it is opened."""
        accepted = request.headers.get("accept-language", "") if request else ""
        session.language = "ar" if accepted.lower().startswith("ar") else "en"
        words = words_for(session.language)
        around = self.refresh(session)
        idle = panels.idle_html(self._library.articles(limit=_LATEST), words)
        box = gr.update(placeholder=words.question, label=words.question)
        return session, *around, self._view(idle, words), box, gr.update(label=words.filters)

    def forget(self, session: _Session) -> _Session:
        """Start the conversation over."""
        session.turns.clear()
        return session

    def refresh(self, session: _Session) -> tuple[Any, ...]:
        """Bring counts, examples and filter choices up to date with the library."""
        words = words_for(session.language)
        stats = self._library.stats()
        welcome = panels.welcome_html(self._examples([count.name for count in stats.languages]), words)
        fields = zip(
            (words.language_filter, words.source_filter, words.category_filter),
            (stats.languages, stats.sources, stats.categories),
            strict=True,
        )
        choices = [
            gr.update(label=label, choices=[(f"{count.name} ({count.articles:,})", count.name) for count in counts])
            for label, counts in fields
        ]
        return panels.header_html(stats, words), gr.update(placeholder=welcome), *choices

    def _examples(self, languages: list[str]) -> list[Article]:
        newest = [self._library.articles(Filters.of(language=language), limit=_LATEST) for language in languages[:2]]
        return [article for found in newest for article in [a for a in found if a.title][:_EXAMPLES_PER_LANGUAGE]]

    def _evidence(self, answer: Answer, number: int) -> str:
        words = words_for(answer.language)
        current = next((citation for citation in answer.citations if citation.number == number), None)
        if current is None:
            return self._view(panels.message_html(words.forgotten, words), words)
        try:
            article = self._library.article(current.article.id, current.revision)
            newest = self._library.revisions(current.article.id)[0]
        except ArticleNotFoundError:
            return self._view(panels.message_html(words.withdrawn, words), words)
        notice = "" if newest.number == current.revision else words.newer_revision
        same = [citation for citation in answer.citations if citation.revision == current.revision]
        return self._view(article_html(article, same, current, language=words.language, notice=notice), words)

    def _view(self, content: str, words: Words) -> str:
        return panels.evidence_html(content, words, next(self._views))


def _filter_fields() -> list[gr.components.Component]:
    many: Callable[..., gr.Dropdown] = gr.Dropdown
    with gr.Row():
        chosen = [
            many(choices=[], value=[], multiselect=True, label=label, min_width=140)
            for label in (ENGLISH.language_filter, ENGLISH.source_filter, ENGLISH.category_filter)
        ]
    with gr.Row():
        days = [
            gr.DateTime(include_time=False, type="string", label=label, min_width=140)
            for label in (ENGLISH.after_filter, ENGLISH.before_filter)
        ]
    return [*chosen, *days]


def _told(event: gr.EventData, name: str) -> str:
    """Return what the page said with an event, as text; a page may say anything."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    return value if isinstance(value, str) else ""


def _day(value: str | date | None) -> str | date | None:
    return value[:10] if isinstance(value, str) and value else value or None
