"""Killed anywhere, a library loses no committed article, shows no ghost and answers. `make soak` runs the long form."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from index import Encoder, Library
from tests.support.fault_worker import Change, encoder_named, text_of
from tests.support.live_server import ask, begin, serving
from tests.support.paths import ROOT
from tests.support.patience import until

CONVOY = "How many trucks were in the first convoy?"
# A word that is in one version of one article only: "worda3v1007".
_WORD = re.compile(r"reports(\d+) that")


# The long form, in pieces of a few minutes: each seed is a library of its own.
INDEXER_KILLS, INDEXER_PIECES = 10, [*((seed, "small") for seed in range(1, 10)), (10, "bundled")]
SERVER_KILLS, SERVER_PIECES = 5, range(1, 5)


@dataclass
class Tally:
    """What was found after each kill: changes committed before, articles held to them, seconds to open and answer."""

    kills: int = 0
    changes: int = 0
    articles: int = 0
    answers: int = 0
    seconds_to_open: list[float] = field(default_factory=list)


class Victim:
    """A library that is changed by a process which is killed, and what it must hold then."""

    def __init__(self, at: Path) -> None:
        self.at = at
        self.tally = Tally()
        self.present: dict[str, int] = {}
        (at / "articles").mkdir(parents=True)

    def change_and_kill(self, seed: int, lines: int, delay: float, encoder: str) -> int:
        """Let a process change the library, and kill it `delay` seconds after it wrote so many lines to its journal.

        Returns how many changes it had done.
        """
        self.tally.kills += 1
        (self.at / "present.json").write_text(json.dumps(self.present))
        journal = self.at / "journal"
        journal.write_bytes(b"")
        command = [sys.executable, "-m", "tests.support.fault_worker", str(self.at), str(seed), encoder]
        path = str(ROOT)
        with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}) as worker:
            until(lambda: journal.read_bytes().count(b"\n") >= lines or worker.poll() is not None)
            # The moment of the kill, which is any.
            time.sleep(delay)
            assert worker.poll() is None, "the process ended by itself"
            worker.kill()
        return self._read(journal)

    def _read(self, journal: Path) -> int:
        pending: Change = {}
        done = 0
        for line in journal.read_text().splitlines():
            entry = json.loads(line)
            if "begin" in entry:
                pending = entry["begin"]
            else:
                self.present = {id_: v for id_, v in {**self.present, **pending}.items() if v is not None}
                pending, done = {}, done + 1
        self.pending = pending
        return done

    def check(self, encoder: str) -> None:
        """Open the library and hold it to what was committed; what was under way may be there or not."""
        loaded, began = encoder_named(encoder), time.monotonic()
        with Library.open(self.at / "library", encoder=loaded) as library:
            library.search("Was anything seen?", limit=1)
            self.tally.seconds_to_open.append(round(time.monotonic() - began, 3))
            found = {article.id.removesuffix(".txt"): article for article in library.articles()}
            versions = {id_: int(_WORD.findall(article.text)[0]) for id_, article in found.items()}
            for id_ in self.present.keys() | self.pending.keys() | versions.keys():
                allowed = {self.present.get(id_), self.pending.get(id_, self.present.get(id_))}
                assert versions.get(id_) in allowed, id_
            assert library.stats().articles == len(found)
            for id_, version in versions.items():
                assert found[id_].text.strip() == text_of(id_, version).strip()
                passages = library.passages(found[id_].id)
                assert "".join(passage.slice(found[id_].text) for passage in passages) == found[id_].text
            self._search(library, versions)
            report = library.doctor(repair=False)
            assert report.ok, report
        self.present = versions
        self.tally.articles += len(versions)

    def _search(self, library: Library, versions: dict[str, int]) -> None:
        for id_, version in random.Random(len(versions)).sample(sorted(versions.items()), min(12, len(versions))):
            hits = library.search(f"word{id_}v{version}", limit=60)
            ids = [hit.article.id.removesuffix(".txt") for hit in hits]
            assert ids[0] == id_
            assert len({(hit.article.id, hit.passage.start) for hit in hits}) == len(hits)
            assert all(f"v{versions[name]} was seen" in hit.article.text for name, hit in zip(ids, hits, strict=True))


def kill_the_indexer(at: Path, rounds: int, *, seed: int = 0, encoder: str = "small") -> Tally:
    victim, rng = Victim(at), random.Random(seed)
    for number in range(1, rounds + 1):
        lines = rng.randint(1, 6)
        # A change writes a line before and one after it.
        done = victim.change_and_kill(1_000 * seed + number, lines, rng.expovariate(4.0), encoder)
        assert done >= lines // 2
        victim.tally.changes += done
        victim.check(encoder)
    return victim.tally


def test_an_indexer_killed_anywhere_loses_nothing(tmp_path: Path) -> None:
    kill_the_indexer(tmp_path, 2)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("seed", "encoder"), INDEXER_PIECES)
def test_an_indexer_killed_a_hundred_times_loses_nothing(
    tmp_path: Path, seed: int, encoder: str, note: Callable[[object], None]
) -> None:
    note(asdict(kill_the_indexer(tmp_path, INDEXER_KILLS, seed=seed, encoder=encoder)))


def ask_for(url: str, seconds: float) -> int:
    """Ask once, and go on for so long; return how many answers came. Another one is under way then."""
    answers, ends = 0, time.monotonic() + seconds
    while not answers or time.monotonic() < ends:
        answers += bool(ask(url, CONVOY))
    begin(url, CONVOY)
    return answers


def kill_the_server(at: Path, encoder: Encoder, rounds: int, *, longest: float = 0, seed: int = 0) -> Tally:
    """Kill a server over and over, each time after at most `longest` seconds of answers."""
    with Library.open(at, encoder=encoder) as library:
        expected = library.articles()
    rng, tally = random.Random(seed), Tally()
    for _ in range(rounds):
        with serving(at) as (server, url):
            tally.answers += ask_for(url, rng.uniform(0, longest))
            server.send_signal(signal.SIGKILL)
        tally.kills += 1
        began = time.monotonic()
        with Library.open(at, encoder=encoder) as library:
            assert "convoy" in library.search(CONVOY)[0].text
            tally.seconds_to_open.append(round(time.monotonic() - began, 3))
            assert library.articles() == expected
            assert library.doctor(repair=False).ok
        tally.articles += len(expected)
    return tally


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", SERVER_PIECES)
def test_a_server_killed_twenty_times_leaves_the_library_whole(
    tmp_path: Path, encoder: Encoder, indexed: Path, seed: int, note: Callable[[object], None]
) -> None:
    library = shutil.copytree(indexed, tmp_path / "library")
    note(asdict(kill_the_server(library, encoder, SERVER_KILLS, longest=20, seed=seed)))
