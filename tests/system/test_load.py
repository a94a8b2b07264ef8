"""Many people at once: everybody is answered in turn, too many are told so, and who has left costs nothing."""

import itertools
import json
import re
import shutil
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from index import Encoder, Library
from qa import Answer
from tests.support.live_server import ask, begin, serving
from tests.support.patience import PATIENCE, until
from ui.page.queueing.overload import busy

CONVOY = "How many trucks were in the first convoy?"
# What answers may add to a server's memory: the reader's buffers for those that are answered at one time.
ROOM_MIB = 600


@dataclass
class Server:
    """A server over the samples."""

    url: str
    process: psutil.Process

    def text(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=PATIENCE) as reply:
            return str(reply.read().decode())

    def searched(self) -> int:
        """Count the questions that a search was made for."""
        match = re.search(r'khabar_stage_seconds_count\{stage="retrieve"\} (\d+)', self.text("/metrics"))
        return int(match[1]) if match else 0

    def memory(self) -> int:
        return int(self.process.memory_info().rss) >> 20

    def listen(self, event: str) -> socket.socket:
        """Begin to wait for an answer, as a browser does that may leave."""
        parts = urlsplit(self.url)
        connection = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE)
        connection.sendall(f"GET /gradio_api/call/ask/{event} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        return connection


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, indexed: Path) -> Iterator[Server]:
    folder = shutil.copytree(indexed, tmp_path_factory.mktemp("load") / "library")
    with serving(folder) as (process, url):
        yield Server(url, psutil.Process(process.pid))


def ask_together(server: Server, people: int, each: int) -> list[Answer | None]:
    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(lambda _: ask(server.url, CONVOY, patience=540), range(people * each)))


def test_machines_are_told_how_the_server_is(server: Server) -> None:
    index = {"generation": 1, "newest": 1, "behind": 0}
    assert json.loads(server.text("/healthz")) == {"status": "ok", "generation": 1, "index": index}
    assert "khabar_library_articles" in server.text("/metrics")


def test_many_at_once_are_all_answered_alike_in_bounded_memory(server: Server) -> None:
    expected, before = ask(server.url, CONVOY), server.memory()
    assert expected is not None
    answers = ask_together(server, 12, 1)
    assert None not in answers
    assert {answer.text for answer in answers if answer} == {expected.text}
    assert server.searched() > len(answers)
    assert server.memory() < before + ROOM_MIB


def test_who_has_left_is_not_read_for_and_too_many_are_told_so(server: Server) -> None:
    before = server.searched()
    events = []
    # Faster than they are answered, since each is another question: the queue fills.
    for number in itertools.count():
        try:
            events.append(begin(server.url, f"How many trucks were in convoy {number}?"))
        except urllib.error.HTTPError as error:
            refused = error
            break
    assert refused.code == 503
    assert json.load(refused) == {"detail": busy("")}
    assert int(refused.headers["retry-after"]) > 0
    connections = [server.listen(event) for event in events]
    for connection in connections:
        connection.close()
    until(lambda: ask(server.url, CONVOY))
    assert server.searched() - before < len(events) / 2
    assert json.loads(server.text("/healthz"))["status"] == "ok"


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_fifty_people_ask_while_the_library_is_indexed_and_nothing_grows(
    server: Server, encoder: Encoder, tmp_path: Path
) -> None:
    stop, rounds = threading.Event(), 0
    folder = server.process.cmdline()[server.process.cmdline().index("--library") + 1]

    def index_on() -> None:
        nonlocal rounds
        with Library.open(folder, encoder=encoder) as library:
            while not stop.wait(1):
                rounds += 1
                (tmp_path / "news.txt").write_text(f"Round {rounds}\n\nThe bell rang {rounds} times in Zarqun.\n")
                library.sync(tmp_path / "news.txt")

    indexing = threading.Thread(target=index_on)
    indexing.start()
    try:
        assert None not in ask_together(server, 50, 1)
        before, handles = server.memory(), server.process.num_fds()
        assert None not in ask_together(server, 50, 4)
        assert server.memory() < before + ROOM_MIB
        assert server.process.num_fds() < handles + 60
    finally:
        stop.set()
        indexing.join()
    assert rounds > 3
