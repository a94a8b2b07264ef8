"""The browser chat: `create_app` builds the page, `web_app` puts it behind a web server. Nothing is launched."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import KhabarError, MissingExtraError, SettingsError
from ui import panels
from ui.chat_part import ChatPart
from ui.chats import chats_html, history_html
from ui.endpoints import offer
from ui.events import Update, told
from ui.evidence import Evidence
from ui.history import exported
from ui.kept import MARKDOWN, KeptChat
from ui.library_part import LibraryPart
from ui.page_words import page_words_for
from ui.policy import OwnHostOnly
from ui.session import Session
from ui.sharing import LINKED, open_shared
from ui.waiting import FairQueue
from ui.words import words_for

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.assistant import Assistant

ASSETS = Path(__file__).parent / "assets"

_REFRESH_SECONDS = 3.0
_UPLOAD = "50mb"
# Seconds that an uploaded file is kept: its articles are in the library long before.
_UPLOAD_KEPT = 3600
# Questions answered at a time; the others wait their turn.
_AT_A_TIME = 4
# Open pages that the server remembers, those used last: an open page looks in every few seconds.
_PAGES = 1_000


class Page(gr.Blocks):
    """Gradio blocks that bring their own looks along, and are never shared or measured, however launched."""

    def launch(self, *args: Any, **options: Any) -> Any:
        """Launch as `gr.Blocks` does, with Khabar's looks for defaults."""
        return super().launch(*args, **{**_looks(), "share": False, "ssr_mode": False, "pwa": False, **options})


@dataclass(frozen=True, slots=True)
class State:
    """How the library is, as an open page last saw it."""

    generation: int = -1
    is_growing: bool = False
    is_ready: bool = True


def create_app(assistant: "Assistant", *, is_ready: Callable[[], bool] = lambda: True) -> gr.Blocks:
    """Build the page over an assistant: the chat or the library on one side, articles on the other.

    It also offers endpoints to programs (`ui.endpoints`). `is_ready` tells whether the model is loaded.
    """
    return _Page(assistant, is_ready).build()


def web_app(
    blocks: gr.Blocks,
    *,
    auth: Callable[[str, str], bool] | None = None,
    mcp_server: bool = False,
    hosts: Collection[str] | None = None,
) -> "FastAPI":
    """Return the page as an ASGI application that lets the browser load nothing from other hosts.

    `auth` tells whether a name and a password may enter (None: everybody may); `mcp_server` offers the endpoints
    as tools to language models as well, at `/gradio_api/mcp/`; `hosts` are the names and addresses it may be asked for
    by (None: any). Setting `app.state.ending`, an `asyncio.Event`, ends
    the streams of open pages, which would hold up a server that is to end. Raises `MissingExtraError` where the
    package that an MCP server needs is not installed, and `SettingsError` for one with a sign-in, which it knows not.
    """
    from fastapi import FastAPI
    from starlette.routing import Mount

    if mcp_server and find_spec("mcp") is None:
        raise MissingExtraError("An MCP server needs another package: pip install 'khabar[mcp]'.")
    if mcp_server and auth is not None:
        raise SettingsError("Language models' tools cannot sign in: leave out --mcp, or serve them apart on 127.0.0.1.")
    app = FastAPI(openapi_url=None)
    app.add_middleware(OwnHostOnly, hosts=hosts)
    gr.mount_gradio_app(
        app, blocks, path="/", ssr_mode=False, pwa=False, show_error=False, max_file_size=_UPLOAD, auth=auth,
        mcp_server=mcp_server, **_looks(),
    )  # fmt: skip
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


class _Page:
    """The page: its header, the chat and the library on one side, and the articles they open on the other."""

    def __init__(self, assistant: "Assistant", is_ready: Callable[[], bool]) -> None:
        self._assistant = assistant
        self._library = assistant.library
        self._evidence = Evidence(assistant.library)
        self._is_ready = is_ready
        self._chat = ChatPart(assistant, self._evidence)
        self._shelves = LibraryPart(assistant.library, self._evidence)

    def build(self) -> gr.Blocks:
        """Lay the page out and wire it up."""
        page: gr.Blocks = Page(
            title="Khabar", analytics_enabled=False, fill_width=True, delete_cache=(_UPLOAD_KEPT, _UPLOAD_KEPT)
        )
        with page:
            # Before the page's own events, so that the endpoints get the names they are to have.
            offer(self._assistant)
            self._lay_out()
            self._wire(page)
        # Without Gradio's routes around the queue, which know no turns and no bound.
        page.queue(api_open=False)
        page._queue = FairQueue(page, _AT_A_TIME)
        page.state_session_capacity = _PAGES
        return page

    def _lay_out(self) -> None:
        self.session = gr.State(Session(can_translate=self._assistant.can_translate))
        self.state = gr.State(State())
        self.header = gr.HTML(elem_id="khabar-header")
        with gr.Row(elem_id="khabar-columns"):
            with gr.Column(scale=6, min_width=320, elem_id="khabar-chatting"):
                self._chat.lay_out()
            with gr.Column(scale=6, min_width=320, elem_id="khabar-library"):
                self._shelves.lay_out()
            with gr.Column(scale=5, min_width=320, elem_id="khabar-side"):
                self.panel = gr.HTML(elem_id="khabar-evidence", js_on_load=_script("khabar.js"))
        self.record = gr.HTML(
            elem_id="khabar-record", js_on_load=_script("history.js"), server_functions=[list_chats, export_chat]
        )
        self.history = gr.HTML(elem_id="khabar-kept-chats")

    def _wire(self, page: gr.Blocks) -> None:
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        self._chat.wire(self.session, self.panel, self.record)
        self._shelves.wire(self.session, self.panel)
        self.panel.cite(self.show_citation, [self.session], [self.panel], **own)
        self.panel.open(self.show_article, [self.session], [self.panel], **own)
        self.panel.revision(self.show_revision, [self.session], [self.panel], **own)
        changing = [self.session, self.state, self._shelves.listed, self._shelves.find]
        changing += [*self._chat.filters, *self._shelves.filters]
        chat = [
            self._chat.opened,
            self._chat.chat,
            self._chat.over,
            self._chat.periods,
            self._chat.box,
            self._chat.accordion,
        ]
        shelves = [
            self._shelves.find, self._shelves.filtering, self._shelves.adding, self._shelves.files,
            self._shelves.pasting, self._shelves.title, self._shelves.source, self._shelves.day, self._shelves.text,
            self._shelves.paste, self._shelves.listing,
        ]  # fmt: skip
        around = [self.header, *chat, *self._chat.filters, *shelves, *self._shelves.filters]
        everything = [*around, self.panel, self.history, self.session]
        page.load(self.greet, changing, everything, **own)
        self.panel.language(self.change_language, changing, everything, **own)
        gr.Timer(_REFRESH_SECONDS).tick(self.look, [self.state], [self.state], **own)
        self.state.change(self.refresh, changing, around, **own)

    def look(self, state: State) -> State:
        """See how the library is; the page is brought up to date when that has changed."""
        generation = self._library.generation
        return State(generation, state.generation not in (-1, generation), self._is_ready())

    def show_citation(self, session: Session, event: gr.EventData) -> str:
        """Open the article of the [n] button that was pressed, at its quote."""
        session.shown = told(event, "key")
        return self._evidence.of(session)

    def show_article(self, session: Session, event: gr.EventData) -> str:
        """Open an article that no answer cites."""
        session.shown = f"=:{told(event, 'id')}"
        return self._evidence.of(session)

    def show_revision(self, session: Session, event: gr.EventData) -> str:
        """Open an earlier revision of an article, named as "2:id"."""
        session.shown = f"={told(event, 'revision')}"
        return self._evidence.of(session)

    def greet(self, request: gr.Request, session: Session, *rest: Any) -> Update:
        """Fill the page for the browser's language when it is opened."""
        accepted = request.headers.get("accept-language", "")
        session.language = "ar" if accepted.lower().startswith("ar") else "en"
        if linked := request.query_params.get(LINKED):
            open_shared(self._library, session, linked)
        return self._speak(session, *rest)

    def change_language(self, event: gr.EventData, session: Session, *rest: Any) -> Update:
        """Give the page's own words in the language that was asked for."""
        session.language = "ar" if told(event, "language") == "ar" else "en"
        return self._speak(session, *rest)

    def _speak(self, session: Session, state: State, *rest: Any) -> Update:
        session.show_all()
        spoken = [self._chat.speak(session, rest[2:7]), self._shelves.speak(session)]
        return {
            **_together(self.refresh(session, self.look(state), *rest), *spoken),
            self.panel: self._evidence.of(session),
            self.history: history_html(session.words),
            self.session: session,
        }

    def refresh(self, session: Session, state: State, listed: int, find: str, *filters: Any) -> Update:
        """Bring counts, examples, the list and the filter choices up to date with the library."""
        stats, words = self._library.stats(), session.words
        notices = [
            said for said, is_so in ((words.growing, state.is_growing), (words.loading, not state.is_ready)) if is_so
        ]
        return {
            self.header: panels.header_html(stats, words_for(session.language), notices),
            **self._chat.refresh(session, stats),
            **self._shelves.refresh(session, stats, listed, find, filters[5:]),
        }


def list_chats(sent: dict[str, Any]) -> str:
    """Show the `chats` that a browser keeps, in a `language`; what it sends that is none is passed over."""
    found = []
    for data in sent.get("chats", ()):
        # A browser may send anything: the other conversations are shown all the same.
        with suppress(KhabarError):
            found.append(KeptChat.of(data))
    return chats_html(sorted(found, key=lambda chat: -chat.at), page_words_for(sent.get("language", "en")))


def export_chat(sent: dict[str, Any]) -> dict[str, str]:
    """Make a `chat` that a browser keeps a file of a `form`, to be saved there."""
    try:
        file = exported(KeptChat.of(sent.get("chat")), sent.get("form", MARKDOWN))
    except KhabarError as error:
        # Gradio shows its own kind of error as a notice on the page.
        raise gr.Error(str(error), print_exception=False) from error
    return {"name": file.name, "text": file.text}


def _together(*updates: Update) -> Update:
    """Merge updates of several properties of the same component."""
    merged: Update = {}
    for component, value in (item for update in updates for item in update.items()):
        is_update = isinstance(value, dict) and isinstance(merged.get(component), dict)
        merged[component] = {**merged[component], **value} if is_update else value
    return merged


def _script(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
