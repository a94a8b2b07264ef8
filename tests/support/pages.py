"""The page served from this process, and a visit to it by a real browser."""

import socket
import threading
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import uvicorn
from gradio_client import Client  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Locator, Page, expect

from index.store.access.roles import AccessGrant
from index.web import Web
from qa import Answer, Assistant
from tests.support.patience import PATIENCE, until
from ui.mcp.app import add_mcp
from ui.page.app import create_app, web_app
from ui.page.entry.limit import SignInLimit
from ui.rest.app import add_rest
from ui.rest.origins import WidgetOrigins
from ui.server.oidc.entry import OidcEntry

QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}

# How many turns of the conversation that is shown the browser has kept: at least so many?
_KEPT = """(count) => {
  const kept = localStorage.getItem(`khabar.chat.${sessionStorage.getItem('khabar.current')}`);
  return JSON.parse(kept)?.turns.length >= count;
}"""
_SETTLED = """() => document.getAnimations().every((animation) => (
  animation.playState !== 'running' || animation.effect.getComputedTiming().endTime === Infinity
))"""

# A machine that does other work as well is slow, and not wrong.
expect.set_options(timeout=PATIENCE * 1000)


class _Server(uvicorn.Server):
    """A server that ends the streams of open pages first, as `khabar serve` does, and waits for none of them."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.loaded_app.app.state.ending.set()
        await super().shutdown(sockets)


class Served:
    """A page served in a thread of this process."""

    def __init__(
        self, assistant: Assistant, *, auth: Callable[[str, str], bool] | None = None, mcp_server: bool = False,
        roles: Callable[[str], AccessGrant] | None = None, client: bool = True,
        is_ready: Callable[[], bool] = lambda: True, web: Web | None = None, limit: SignInLimit | None = None,
        oidc: OidcEntry | None = None, origins: Collection[str] = (), hosts: Collection[str] | None = None,
        can_mail: bool = False,
    ) -> None:  # fmt: skip
        self.assistant = assistant
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.blocks = create_app(assistant, is_ready=is_ready, web=web, can_mail=can_mail)
        widget = WidgetOrigins(origins)
        ways = [oidc.way] if oidc else []
        app = web_app(
            self.blocks, auth=auth, roles=roles, hosts=hosts, limit=limit, ways=ways, lets_in=widget.lets_in
        )  # fmt: skip
        if oidc:
            oidc.serve(app, app.state.entry)
        add_rest(app, assistant, self.blocks, widget)
        if mcp_server:
            add_mcp(app, assistant, self.blocks)
        config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1)
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        if client:
            self.client = Client(self.url, verbose=False)

    def ask(self, *arguments: object, **filters: object) -> Answer:
        return Answer.from_dict(self.client.predict(*arguments, **filters, api_name="/ask"))

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        self._socket.close()


class Visit:
    """One open page, and what it asked the network for."""

    def __init__(
        self, chromium: Browser, url: str, size: dict[str, int], locale: str = "en", *, is_dark: bool = False,
        until: str = ".khabar-welcome",
    ) -> None:  # fmt: skip
        self.context = chromium.new_context(
            viewport={"width": size["width"], "height": size["height"]}, locale=locale, has_touch=size is PHONE,
            color_scheme="dark" if is_dark else "light",
        )  # fmt: skip
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("domcontentloaded", self._on_left)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.goto(url)
        self.page.wait_for_selector(until)

    def ask(self, question: str, *, is_kept: bool = True) -> Locator:
        """Ask and wait until the browser has kept the answer as well, where there is one; returns the whole answer."""
        asked = self.page.locator(".user-row").count()
        self.page.fill("#khabar-question textarea", question)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".user-row")).to_have_count(asked + 1)
        answer = self.page.locator(".bot-row").nth(asked).locator(".khabar-answer:not(.khabar-unfinished)")
        expect(answer).to_be_visible()
        if is_kept:
            self.page.wait_for_function(_KEPT, arg=asked + 1)
        return answer

    def until(self, happened: Callable[[], object]) -> None:
        """Wait until something that this process is told has happened; the page goes on meanwhile."""
        until(
            lambda: (
                happened()
                or self.page.evaluate("() => new Promise((next) => requestAnimationFrame(() => next(false)))")
            )
        )

    def until_kept(self, text: str) -> None:
        """Wait until a conversation that the browser keeps has a text in it."""
        self.page.wait_for_function(
            "(text) => Object.values(localStorage).some((kept) => kept.includes(text))", arg=text
        )

    def settle(self) -> None:
        """Wait until nothing on the page fades or moves."""
        self.page.wait_for_function(_SETTLED)

    def reload(self) -> None:
        """Open the page anew."""
        self.page.reload()
        self.page.wait_for_selector(".khabar-header")

    def go(self, url: str) -> None:
        """Leave the page for another address."""
        self.page.goto(url)
        self.page.wait_for_selector(".khabar-header")

    def _on_left(self, _: Page) -> None:
        """Forget what Gradio reports when a page is left for another: the streams that it ends."""
        left = ("AbortError: signal is aborted", "Connection errored out")
        self.errors[:] = [error for error in self.errors if not any(said in error for said in left)]

    def close(self) -> None:
        """Nothing was fetched from another host, and no script failed."""
        self.context.close()
        hosts = {urlsplit(url).hostname for url in self.requests if not url.startswith(("data:", "blob:"))}
        assert hosts == {"127.0.0.1"}, hosts
        assert self.errors == [], self.errors
