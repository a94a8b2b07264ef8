"""A real `khabar serve` process on loopback, and asking it over HTTP as a program does."""

import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa import Answer

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-c", "import sys; from ui.cli import main; main()"]


@contextmanager
def serving(library: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Serve a library's chat; yields the process, which is killed afterwards, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*COMMAND, "serve", "--library", str(library), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            yield server, f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def ask(url: str, question: str, *, patience: float = 60) -> Answer | None:
    """Ask one question, waiting `patience` seconds for each sign of life; None when the server says that it failed.

    Raises `OSError` when it does not answer at all.
    """
    body = json.dumps({"data": [question, None, None, None, None, None]}).encode()
    request = urllib.request.Request(f"{url}/gradio_api/call/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{url}/gradio_api/call/ask/{event}", timeout=patience) as stream:
        lines = stream.read().decode().splitlines()
    if "event: complete" not in lines:
        return None
    data = lines[lines.index("event: complete") + 1].removeprefix("data: ")
    return Answer.from_dict(json.loads(data)[0])
