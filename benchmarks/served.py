"""A `khabar serve` of its own, for the benchmarks that measure one from outside."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_ROOT = Path(__file__).resolve().parents[1]
_STARTS_WITHIN = 600.0
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server's address and process number, and the questions a program asks it."""

    url: str
    pid: int

    def ask(self, question: str, *, address: str = "127.0.0.1") -> dict[str, Any] | None:
        """Ask one question; the answer's JSON, or None when the server says that it failed or is busy.

        `address` is that of the person who asks: any of 127.0.0.0/8.
        """
        event = self._post(question, address)
        if event is None:
            return None
        with closing(self._connection(address)) as connection:
            connection.request("GET", f"/gradio_api/call/ask/{event}")
            lines = connection.getresponse().read().decode().splitlines()
        if "event: complete" not in lines:
            return None
        answer: dict[str, Any] = json.loads(lines[lines.index("event: complete") + 1].removeprefix("data: "))[0]
        return answer

    def leave(self, question: str) -> None:
        """Ask one question, and leave before the answer has come."""
        event = self._post(question, "127.0.0.1")
        with closing(self._connection("127.0.0.1")) as connection:
            connection.request("GET", f"/gradio_api/call/ask/{event}")

    def _post(self, question: str, address: str) -> str | None:
        body = json.dumps({"data": [question, None, None, None, None, None, "en"]})
        with closing(self._connection(address)) as connection:
            connection.request("POST", "/gradio_api/call/ask", body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            return str(json.load(reply)["event_id"]) if reply.status == 200 else None

    def _connection(self, address: str) -> HTTPConnection:
        parts = urlsplit(self.url)
        return HTTPConnection(parts.hostname or "", parts.port, timeout=_PATIENCE, source_address=(address, 0))

    def quotes(self, question: str) -> str:
        """Ask one question and return everything that is quoted."""
        answer = self.ask(question)
        return "\n".join(citation["quote"] for citation in answer["citations"]) if answer else ""

    def text(self, path: str) -> str:
        """Fetch a page such as /metrics."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=60) as reply:
            return str(reply.read().decode())

    def metric(self, name: str) -> float:
        """Return one of the server's metrics, 0 where it is not there yet."""
        match = re.search(rf"^{re.escape(name)} (\S+)$", self.text("/metrics"), re.MULTILINE)
        return float(match[1]) if match else 0.0


@contextmanager
def serving(library: Path) -> Iterator[Server]:
    """Serve a library until the block ends; it has answered a question when the block begins."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from ui.cli.main import main; main()", "serve", "--library", str(library)]
    with subprocess.Popen(
        [*command, "--port", str(port)], cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            server = Server(f"http://127.0.0.1:{port}", process.pid)
            _wait_for(server)
            yield server
        finally:
            process.terminate()


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline:
        with suppress(OSError):
            if server.ask("Is anybody there?"):
                return
        time.sleep(0.5)
    sys.exit("The server did not start.")
