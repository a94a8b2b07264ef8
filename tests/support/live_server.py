"""A real `khabar serve` process on loopback, and asking it over HTTP as a program does."""

import json
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa import Answer
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

COMMAND = [sys.executable, "-c", "import sys; from ui.cli.main import main; main()"]


def khabar(library: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a library in a process of its own."""
    command = [*COMMAND, *arguments, "--library", str(library), "--interface", "en"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


@contextmanager
def serving(library: Path, *options: str | Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Serve a library's chat with further options; yields the process, which is killed afterwards, and its address."""
    command = [*COMMAND, "serve", "--library", str(library), "--port", "0", *map(str, options)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout
            # The line that it prints once it can be asked.
            told = server.stdout.readline().decode()
            address = re.search(r"http://127\.0\.0\.1:\d+", told)
            assert address, told
            threading.Thread(target=server.stdout.read, daemon=True).start()
            yield server, address[0]
        finally:
            server.kill()


def begin(url: str, question: str) -> str:
    """Put one question into the queue; returns what to fetch the answer by. Raises `HTTPError` when it is full."""
    body = json.dumps({"data": [question, None, None, None, None, None, "en"]}).encode()
    request = urllib.request.Request(f"{url}/gradio_api/call/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
        return str(json.load(reply)["event_id"])


def ask(url: str, question: str, *, patience: float = PATIENCE) -> Answer | None:
    """Ask one question, waiting `patience` seconds for each sign of life; None when the server says that it failed.

    Raises `OSError` when it does not answer at all.
    """
    event = begin(url, question)
    with urllib.request.urlopen(f"{url}/gradio_api/call/ask/{event}", timeout=patience) as stream:
        lines = stream.read().decode().splitlines()
    if "event: complete" not in lines:
        return None
    data = lines[lines.index("event: complete") + 1].removeprefix("data: ")
    return Answer.from_dict(json.loads(data)[0])
