"""Serving the chat page until a signal ends it."""

import asyncio
import ipaddress
import logging
import signal
import socket
import threading
from types import FrameType
from typing import TYPE_CHECKING

from index.errors import SettingsError
from index.languages.messages import messages_for
from index.store.access.actors import Actor, Way, acting
from ui.settings import Settings

if TYPE_CHECKING:
    from index.web.web import Look
    from qa import Assistant

_log = logging.getLogger(__name__)
# How long open pages may keep the server from ending, in seconds.
_GRACE = 2
# Seconds that an ending server waits for a model that is still being loaded.
_LOADED = 60
# What this machine calls itself.
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def serve(settings: Settings) -> None:
    """Serve the chat at `settings.host` and `settings.port` until SIGINT or SIGTERM, then close the library.

    The page is up before the models are loaded, in the background; its address is printed when they are. Raises
    `SettingsError` when the address cannot be listened on, the sign-in file not be read or a provider is half named,
    and what `Assistant.open` raises.
    """
    listener = _listen(settings.host, settings.port)
    # The server's own handlers hand the signal on when it has ended; without this, SIGTERM would kill then.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run(settings, listener)
    except KeyboardInterrupt:
        # Raised once more by the server when it has ended in good order.
        print(f"khabar: {messages_for(settings.interface).say('terminal.stopped')}")
    finally:
        listener.close()


def _run(settings: Settings, listener: socket.socket) -> None:
    import uvicorn

    from ui.mcp.app import add_mcp
    from ui.page.app import create_app
    from ui.page.queueing.overload import SaysBusy
    from ui.rest.app import add_rest
    from ui.rest.origins import WidgetOrigins
    from ui.server.asking import asking_again
    from ui.server.copying import keeping_up
    from ui.server.entrance import Entrance
    from ui.server.health import add_health
    from ui.server.logs import all_of, log_questions
    from ui.server.metrics import Metrics
    from ui.server.spans import spans_to
    from ui.wiring import open_assistant, open_web

    entrance, origins = Entrance(settings), WidgetOrigins(settings.widget_origins)
    warm = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            warming.start()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.ending.set()
            await super().shutdown(sockets)

    def warm_up() -> None:
        _warm_up(assistant)
        warm.set()
        if not app.state.ending.is_set():
            _announce(settings, listener.getsockname()[1])

    metrics = Metrics()
    spans = spans_to(settings.otlp_url) if settings.otlp_url else None
    observe = all_of(metrics.observe, log_questions(), spans)
    with open_assistant(settings, observe, metrics.failed, create=True) as assistant:
        warming = threading.Thread(target=warm_up, daemon=True, name="warm-up")
        web = open_web(settings, assistant.library)
        page = create_app(assistant, is_ready=warm.is_set, web=web, can_mail=settings.can_mail)
        opened = entrance.open(page, assistant.library, _hosts(settings), origins)
        app = opened.app
        app.add_middleware(SaysBusy)
        add_rest(app, assistant, page, origins)
        if settings.mcp:
            add_mcp(app, assistant, page)
        metrics.watch(assistant.library)
        add_health(app, assistant.library, metrics)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="on", timeout_graceful_shutdown=_GRACE
        )
        # After the configuration, which sets logging up.
        logging.getLogger("uvicorn.error").addFilter(_is_worth_saying)
        following = threading.Thread(target=web.run, args=(_tell,), daemon=True, name="web")
        try:
            following.start()
            with (
                asking_again(settings, assistant, is_ready=warm.is_set),
                keeping_up(assistant.library),
                opened.writing,
            ):
                Server(config).run(sockets=[listener])
        finally:
            web.stop()
            following.join(_LOADED)
            # A process that ends while a model is being loaded is aborted by the runtime.
            if warming.is_alive():
                warming.join(_LOADED)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        # The port is taken or may not be used (OSError), or is no port (OverflowError).
        raise SettingsError(
            f"The chat cannot be served at {host}:{port}: {error}. Choose another --port or --host."
        ) from error


def _announce(settings: Settings, port: int) -> None:
    host = settings.host
    shown = f"[{host}]" if ":" in host else host
    words = messages_for(settings.interface)
    if not _is_loopback(host) and not (settings.auth_file or settings.oidc_issuer):
        print(f"khabar: {words.say('terminal.no_password')}", flush=True)
    # The last line: what somebody looks for.
    print(f"khabar: {words.say('terminal.serving', address=f'http://{shown}:{port}/')}", flush=True)


def _hosts(settings: Settings) -> tuple[str, ...] | None:
    """Return the names that the page may be asked for by; None where nobody can know them."""
    if settings.hosts:
        return (*settings.hosts, *_LOOPBACK)
    return (settings.host, *_LOOPBACK) if _is_loopback(settings.host) else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # A name, not an address.
        return host == "localhost"


def _warm_up(assistant: "Assistant") -> None:
    """Load the models and open the index by searching; a failure shows again, to a person, at the first question."""
    try:
        # Counting loads the whole vocabulary, which the first question does without.
        assistant.library.encoder.count_tokens(["Khabar?"])
        with acting(Actor(Way.SERVER)):
            assistant.search("Khabar?")
    except Exception as error:
        # In a thread of its own nobody would see it, and the page serves the library all the same.
        _log.warning("the model could not be loaded ahead of the first question: %s", error)


def _is_worth_saying(record: logging.LogRecord) -> bool:
    """Tell whether a log record is more than that pages were still open when the server was told to end."""
    raised = record.exc_info[1] if record.exc_info else None
    return not isinstance(raised, asyncio.CancelledError) and "graceful shutdown exceeded" not in record.getMessage()


def _tell(look: "Look") -> None:
    """Log what a followed address brought, or why it brought nothing."""
    if look.report is None:
        _log.warning("%s: %s", look.source, look.problem)
    else:
        _log.info("%s: %d added, %d replaced", look.source, look.report.added, look.report.replaced)


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
