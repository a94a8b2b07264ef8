"""A served site, a library, and the web that brings one into the other."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index import Library
from index.web.web import Web
from tests.support.small_encoder import SmallEncoder
from tests.support.web_server import Reply, Site, serving


@dataclass(slots=True)
class Clock:
    """The time, which a test moves."""

    time: datetime = field(default_factory=lambda: datetime(2025, 11, 1, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def move(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        served.pages["/robots.txt"] = Reply(status=404)
        yield served


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web(shelf: Library, clock: Clock) -> Web:
    return Web(shelf, private_hosts=True, pause=0.0, now=clock, stop=threading.Event())
