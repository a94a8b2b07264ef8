"""The browser chat: `create_app` builds the page, `web_app` puts it behind a web server. Nothing is launched."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import AccessError
from index.languages.messages import messages_accepted, messages_for
from index.store.access.actors import acting
from index.store.access.roles import AccessGrant
from qa.stories import StoryReader
from ui.page.api.endpoints import EndpointBlocks, offer
from ui.page.batch.part import BatchPart
from ui.page.batch.views import BATCH, BatchViews
from ui.page.chat import ChatPart
from ui.page.conversation.saved_chats import export_chat, list_chats
from ui.page.conversation.session import ChatSession
from ui.page.conversation.sharing import LINKED, open_shared
from ui.page.dossiers.part import DossierPart
from ui.page.entry.entry import PageEntry
from ui.page.entry.form import OtherWay
from ui.page.entry.limit import SignInLimit
from ui.page.entry.session_tokens import SessionTokens
from ui.page.evidence import EvidencePanel, PanelView
from ui.page.library import LibraryPart
from ui.page.originals import Originals
from ui.page.queueing.queue import FairQueue
from ui.page.security import OwnHostOnly, close_to_other_sites, guard_uploads
from ui.page.sessions import Permissions, Sessions
from ui.page.standing.feed import ChangeFeed
from ui.page.standing.part import StandingPart
from ui.page.standing.views import STANDING, StandingViews
from ui.page.stories.part import StoryPart
from ui.page.stories.views import STORIES, StoryViews
from ui.page.widgets import Update, field_of, notice
from ui.views import page as panels
from ui.views.chats import history_html
from ui.views.standing.panel import news_html

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Scope

    from index import Library
    from index.web import Web
    from qa.assistant import Assistant

ASSETS = Path(__file__).parent.parent / "assets"

# How long somebody who has signed in stays so: a working day.
SESSION_SECONDS = 12 * 3600.0
_REFRESH_SECONDS = 3.0
_UPLOAD = "50mb"
# Seconds that an uploaded file is kept: its articles are in the library long before.
_UPLOAD_KEPT = 3600
# Questions answered at a time; the others wait their turn.
_AT_A_TIME = 4
# Open pages that the server remembers, those used last: an open page looks in every few seconds.
_PAGES = 1_000


class Page(EndpointBlocks):
    """Gradio blocks that bring their own looks along, and are never shared or measured, however launched.

    `originals` are the files of the page's articles, `changes` the feeds of standing questions; `web_app` answers for
    both. `questions` is the queue that questions wait in, those of programs too; `permissions` is who may do what,
    `web` takes in what is at addresses, `library` and `stories` are what all of them read, and `session` is what an
    open page begins with.
    """

    originals: Originals
    changes: ChangeFeed
    questions: FairQueue
    permissions: Permissions
    web: "Web"
    library: "Library"
    stories: StoryReader
    session: gr.State

    def hold_to(self, role_of: Callable[[str], AccessGrant]) -> None:
        """Let people do what the roles allow that `role_of` gives their names; to be called before it is served.

        A page shows nothing that changes the library before it is known who has opened it, and nothing of a collection
        to whom it does not know.
        """
        self.permissions.hold_to(role_of)
        self.library.hold_to_rights()
        self.session.value = replace(self.session.value, may_edit=False, may_follow=False)

    async def call_function(
        self, block_fn: Any, processed_input: Any, iterator: Any = None, requests: Any = None, *rest: Any, **named: Any
    ) -> Any:
        """Run a function of the page, or a step of one, as whoever called it: Gradio has no other way to them all."""
        request = requests[0] if isinstance(requests, list) else requests
        name = request.username if request else None
        for given in processed_input:
            if isinstance(given, ChatSession) and given.owner not in (None, name or ""):
                # What was asked on a page is for who opened it, whoever has come to know the session's name.
                raise notice(AccessError("This page was opened by somebody else. Open it anew."), given.words)
        with acting(self.permissions.somebody(name)):
            return await super().call_function(block_fn, processed_input, iterator, requests, *rest, **named)

    def launch(self, *args: Any, **options: Any) -> Any:
        """Launch as `gr.Blocks` does, with Khabar's looks for defaults."""
        return super().launch(*args, **{**_looks(), "share": False, "ssr_mode": False, "pwa": False, **options})

    def handle_streaming_diffs(
        self, block_fn: Any, data: list[Any], session_hash: str | None, run: str | None, final: bool, *rest: Any,
        **named: Any,
    ) -> list[Any]:  # fmt: skip
        """Say each step of an answer as edits of the step before, as Gradio does, but changes of a component whole.

        Gradio's script makes the edits in the very message of the step before. Where that is not shown yet, since both
        came at once to a busy browser, it would lose what it changes: that the box is empty, and the button that stops.
        """
        whole = list(data)
        said = super().handle_streaming_diffs(block_fn, data, session_hash, run, final, *rest, **named)
        if final:
            return said
        return [
            [["replace", [], change]] if isinstance(change, dict) and isinstance(edits, list) and edits else edits
            for change, edits in zip(whole, said, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class LibraryState:
    """How the library is, as an open page last saw it; `change` is the last one of a standing question's answer."""

    generation: int = -1
    is_growing: bool = False
    is_ready: bool = True
    change: str = ""


def create_app(
    assistant: "Assistant", *, is_ready: Callable[[], bool] = lambda: True, web: "Web | None" = None,
    can_mail: bool = False,
) -> Page:  # fmt: skip
    """Build the page over an assistant: the chat or the library on one side, articles on the other.

    It also offers endpoints to programs (`ui.page.api`). `is_ready` tells whether the model is loaded; `web` takes in
    what is at web addresses (by default at public ones); `can_mail` tells whether mail can be sent.
    """
    from index.web import Web

    return _Page(assistant, is_ready, web or Web(assistant.library), can_mail).build()


def web_app(
    blocks: Page,
    *,
    auth: Callable[[str, str], bool] | None = None,
    roles: Callable[[str], AccessGrant] | None = None,
    hosts: Collection[str] | None = None,
    limit: SignInLimit | None = None,
    ways: Sequence[OtherWay] = (),
    session_seconds: float = SESSION_SECONDS,
    lets_in: "Callable[[Scope], bool] | None" = None,
) -> "FastAPI":
    """Return the page as an ASGI application that lets the browser load nothing from other hosts.

    `auth` tells whether a name and a password may enter (None: everybody may), `roles` what whoever has signed in
    under a name may do (None: everything); `hosts` are the names and addresses it may be asked for by (None: any).
    `limit` is how often a password may be tried, `ways` are other ways to sign in, whose answers `app.state.entry` lets
    in; a session lasts `session_seconds`. `lets_in` tells which requests pages of other sites may send (None: none).
    Setting `app.state.ending`, an `asyncio.Event`, ends the streams of open pages, which would hold up a server that is
    to end; `app.state.sessions` are the `Sessions` of those who have signed in.
    """
    from fastapi import FastAPI
    from starlette.routing import Mount

    app = FastAPI(openapi_url=None)
    app.add_middleware(OwnHostOnly, hosts=hosts, lets_in=lets_in)
    gr.mount_gradio_app(
        app, blocks, path="/", ssr_mode=False, pwa=False, show_error=False, max_file_size=_UPLOAD,
        auth=auth or (_nobody if ways else None), mcp_server=False, **_looks(),
    )  # fmt: skip
    mounted: Any = next(route.app for route in app.routes if isinstance(route, Mount))
    close_to_other_sites(mounted)
    app.state.ending = mounted.stop_event
    app.state.sessions = Sessions(mounted)
    mounted.tokens = SessionTokens(session_seconds)
    if app.state.sessions.are_needed:
        app.state.entry = PageEntry(mounted, app.state.sessions, auth, limit, ways)
        app.state.entry.serve(app)
    # Gradio does so at its first event, and what others put into the queue may come before that.
    blocks.questions.set_server_app(mounted)
    if roles is not None:
        blocks.hold_to(roles)
        guard_uploads(app, mounted, lambda request: blocks.permissions.may_edit(app.state.sessions.name(request)))
    blocks.originals.serve(app, app.state.sessions, blocks.permissions)
    blocks.changes.serve(app, app.state.sessions, blocks.permissions)
    return app


def _nobody(name: str, password: str) -> bool:
    """Let nobody in by a password, where there are none."""
    return False


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
        "css_paths": [ASSETS / "khabar.css", ASSETS / "panels.css"],
        "head": f'<link rel="icon" type="image/svg+xml" href="{icon}">',
        "footer_links": [],
        "run_history": False,
    }


class _Page:
    """The page: its header, the chat and the library on one side, and the articles they open on the other."""

    def __init__(self, assistant: "Assistant", is_ready: Callable[[], bool], web: "Web", can_mail: bool) -> None:
        self._assistant = assistant
        self._web = web
        self._library = assistant.library
        self._originals = Originals(assistant.library)
        self._is_ready = is_ready
        self._permissions, self._reader = Permissions(), StoryReader(assistant)
        library = assistant.library
        views: dict[str, PanelView] = {
            STORIES: StoryViews(library, self._reader),
            STANDING: StandingViews(library, can_mail),
            BATCH: BatchViews(library),
        }
        self._evidence = EvidencePanel(library, self._originals, self._permissions, views)
        self._stories = StoryPart(self._evidence)
        self._standing = StandingPart(assistant, self._evidence, self._permissions, can_mail)
        self._dossiers = DossierPart(library, self._evidence, self._permissions)
        self._batch = BatchPart(assistant, self._evidence, _script("batch.js"))
        self._chat = ChatPart(assistant, self._evidence, self._permissions)
        self._shelves = LibraryPart(library, self._evidence, web, self._permissions)

    def build(self) -> Page:
        """Lay the page out and wire it up."""
        page = Page(title="Khabar", analytics_enabled=False, fill_width=True, delete_cache=(_UPLOAD_KEPT, _UPLOAD_KEPT))
        page.originals, page.changes = self._originals, ChangeFeed(self._library)
        page.permissions, page.web, page.library = self._permissions, self._web, self._library
        with page:
            # Before the page's own events, so that the endpoints get the names they are to have.
            offer(self._assistant, self._reader, self._web, self._permissions)
            self._lay_out()
            self._wire(page)
        page.session, page.stories = self.session, self._reader
        # Without Gradio's routes around the queue, which know no turns and no bound.
        page.queue(api_open=False)
        page.questions = page._queue = self._batch.queue = FairQueue(page, _AT_A_TIME)
        page.state_session_capacity = _PAGES
        return page

    def _lay_out(self) -> None:
        self.session = gr.State(ChatSession(can_translate=self._assistant.can_translate))
        self.state = gr.State(LibraryState())
        self.header = gr.HTML(elem_id="khabar-header")
        with gr.Row(elem_id="khabar-columns"):
            with gr.Column(scale=6, min_width=320, elem_id="khabar-chatting"):
                self._chat.lay_out()
            with gr.Column(scale=6, min_width=320, elem_id="khabar-library"):
                self._shelves.lay_out()
            with gr.Column(scale=6, min_width=320, elem_id="khabar-batch"):
                self._batch.lay_out()
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
        self._batch.wire(self.session, self.panel)
        self._dossiers.wire(self.session, self.panel, self._chat.chat)
        self._stories.wire(self.session, self.panel)
        self._standing.wire(self.session, self.panel, self._chat.chat)
        self.panel.cite(self.show_citation, [self.session], [self.panel], **own)
        self.panel.open(self.show_article, [self.session], [self.panel], **own)
        self.panel.revision(self.show_revision, [self.session], [self.panel], **own)
        changing = [self.session, self.state, self._shelves.listed, self._shelves.find]
        changing += [*self._chat.filters, *self._shelves.filters, *self._batch.filters]
        chat = [
            self._chat.opened, self._chat.chat, self._chat.over, self._chat.periods, self._chat.box,
            self._chat.accordion,
        ]  # fmt: skip
        shelves = [
            self._shelves.find, self._shelves.filtering, self._shelves.adding, self._shelves.into, self._shelves.files,
            self._shelves.pasting, self._shelves.title, self._shelves.source, self._shelves.day, self._shelves.text,
            self._shelves.paste, self._shelves.listing, *self._shelves.addresses.components,
        ]  # fmt: skip
        around = [self.header, *chat, *self._chat.filters, *shelves, *self._shelves.filters, *self._batch.components]
        everything = [*around, self.panel, self.history, self.session]
        page.load(self.greet, changing, everything, **own)
        suggesting: list[Any] = [self.suggest, [self.session, self.state, *self._chat.filters]]
        suggesting += [[self._chat.chat, *self._chat.filters]]
        self.panel.language(self.change_language, changing, everything, **own).then(*suggesting, **own)
        gr.Timer(_REFRESH_SECONDS).tick(self.look, [self.state], [self.state], **own)
        self.state.change(self.refresh, changing, around, **own)
        self.state.change(*suggesting, **own)

    def look(self, state: LibraryState) -> LibraryState:
        """See how the library is; the page is brought up to date when that has changed."""
        generation = self._library.generation
        is_growing = state.generation not in (-1, generation)
        return LibraryState(generation, is_growing, self._is_ready(), self._standing.newest())

    def show_citation(self, session: ChatSession, event: gr.EventData) -> str:
        """Open the article of the [n] button that was pressed, at its quote."""
        session.shown = field_of(event, "key")
        return self._evidence.of(session)

    def show_article(self, session: ChatSession, event: gr.EventData) -> str:
        """Open an article that no answer cites."""
        session.shown = f"=:{field_of(event, 'id')}"
        return self._evidence.of(session)

    def show_revision(self, session: ChatSession, event: gr.EventData) -> str:
        """Open an earlier revision of an article, named as "2:id"."""
        session.shown = f"={field_of(event, 'revision')}"
        return self._evidence.of(session)

    def greet(self, request: gr.Request, session: ChatSession, *rest: Any) -> Update:
        """Fill the page for the browser's language when it is opened."""
        session.language = messages_accepted(request.headers.get("accept-language", "")).language
        session.owner = request.username or ""
        session.may_edit = self._permissions.may_edit(request.username)
        session.may_follow = self._permissions.may_follow(request.username)
        session.told = self._standing.newest()
        if linked := request.query_params.get(LINKED):
            open_shared(self._library, session, linked)
        return self._speak(session, *rest)

    def change_language(self, event: gr.EventData, session: ChatSession, *rest: Any) -> Update:
        """Give the page's own words in the language that was asked for."""
        session.language = messages_for(field_of(event, "language")).language
        return self._speak(session, *rest)

    def _speak(self, session: ChatSession, state: LibraryState, *rest: Any) -> Update:
        session.show_all()
        asked = rest[2 : 2 + len(self._chat.filters)]
        spoken = [self._chat.speak(session, asked), self._shelves.speak(session), self._batch.speak(session)]
        return {
            **_together(self.refresh(session, self.look(state), *rest), *spoken),
            self.panel: self._evidence.of(session),
            self.history: history_html(session.words),
            self.session: session,
        }

    def refresh(self, session: ChatSession, state: LibraryState, listed: int, find: str, *filters: Any) -> Update:
        """Bring counts, examples, the list and the filter choices up to date with the library."""
        stats, words = self._library.stats(), session.words
        notices = [
            words.say(key)
            for key, is_so in (("page.growing", state.is_growing), ("page.loading", not state.is_ready))
            if is_so
        ]
        notices += [news_html(words)] if self._standing.has_news(session) else []
        each = len(self._chat.filters)
        return {
            self.header: panels.header_html(stats, words, notices, is_signed_in=bool(session.owner)),
            **self._chat.refresh(session, stats, filters[:each]),
            **self._batch.refresh(session, stats, filters[2 * each :]),
            **self._shelves.refresh(session, stats, listed, find, filters[each : 2 * each]),
        }

    def suggest(self, session: ChatSession, state: LibraryState, *filters: Any) -> Update:
        """Suggest questions about what is new, once the model is loaded and the library grows no more."""
        if state.is_growing or not state.is_ready:
            return {self._chat.chat: gr.skip()}
        return self._chat.suggest(session, filters)


def _together(*updates: Update) -> Update:
    """Merge updates of several properties of the same component."""
    merged: Update = {}
    for component, value in (item for update in updates for item in update.items()):
        is_update = isinstance(value, dict) and isinstance(merged.get(component), dict)
        merged[component] = {**merged[component], **value} if is_update else value
    return merged


def _script(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
