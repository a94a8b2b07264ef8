"""Serving the chat page until a signal ends it."""

import ipaddress
import logging
import signal
import socket
import threading
from types import FrameType
from typing import TYPE_CHECKING

from index.errors import SettingsError
from ui.settings import Settings

if TYPE_CHECKING:
    from qa import Assistant

_log = logging.getLogger(__name__)
# How long open pages may keep the server from ending, in seconds.
_GRACE = 2


def serve(settings: Settings) -> None:
    """Serve the chat at `settings.host` and `settings.port` until SIGINT or SIGTERM, then close the library.

    The page is up before the model is loaded: that goes on in the background. Raises `SettingsError` when the
    address cannot be listened on, and what `Assistant.open` raises.
    """
    listener = _listen(settings.host, settings.port)
    # The server's own handlers hand the signal on when it has ended; without this, SIGTERM would kill then.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run(settings, listener)
    except KeyboardInterrupt:
        print("khabar: stopped")
    finally:
        listener.close()


def _run(settings: Settings, listener: socket.socket) -> None:
    import uvicorn

    from ui.app import create_app, web_app
    from ui.opening import open_assistant

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            _announce(settings.host, listener.getsockname()[1])
            threading.Thread(target=_warm_up, args=(assistant,), daemon=True, name="warm-up").start()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.ending.set()
            await super().shutdown(sockets)

    with open_assistant(settings) as assistant:
        app = web_app(create_app(assistant))
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="on", timeout_graceful_shutdown=_GRACE
        )
        Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise SettingsError(
            f"The chat cannot be served at {host}:{port}: {error}. Choose another --port or --host."
        ) from error


def _announce(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    print(f"khabar: serving the chat at http://{shown}:{port}/ (Ctrl-C ends it)", flush=True)
    if not _is_loopback(host):
        print("khabar: whoever can reach this machine can read the library; there is no password.", flush=True)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _warm_up(assistant: "Assistant") -> None:
    """Load the models and open the index by asking; a failure shows again, to a person, at the first question."""
    try:
        assistant.ask("Khabar?")
    except Exception as error:
        _log.warning("the model could not be loaded ahead of the first question: %s", error)


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
