"""Full disks, read-only folders, many starts at once and damaged bytes end in an error that says so, or in answers."""

import gzip
import json
import os
import subprocess
import sys
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from index import Article, Library
from index.store.backups import backups
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.small_encoder import SmallEncoder

PREPARE = """
import os, random, resource, shutil, sys
from pathlib import Path
from tests.support.small_encoder import SmallEncoder
from index import Article, Library, LibraryError

def opened(name):
    return Library.open(Path(sys.argv[1]) / name, encoder=SmallEncoder())

def articles(start, stop, times=1):
    return [Article.create(f"a{n}", f"Here word{n} stands. " * times, language="en") for n in range(start, stop)]

def first(library, n):
    return library.search(f"word{n}")[0].article.id

# Whatever is loaded at the first use is loaded.
with opened("warm") as library:
    library.add(articles(0, 30))
    assert first(library, 3) == "a3"
"""


def run(code: str, folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PREPARE + code, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=PATIENCE)
    assert done.returncode == 0, done.stderr


def test_many_starts_at_once_make_one_library(tmp_path: Path) -> None:
    code = "from tests.support.small_encoder import SmallEncoder; from index import Article, Library; import sys\n"
    code += "with Library.open(sys.argv[1], encoder=SmallEncoder()) as library:\n"
    code += "    library.add([Article.create(sys.argv[2], f'Here word{sys.argv[2]} stands.')])\n"
    code += "    assert library.search(f'word{sys.argv[2]}')[0].article.id == sys.argv[2]"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    starts = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "library"), f"a{n}"], env=environment)
        for n in range(3)
    ]
    assert [start.wait(timeout=PATIENCE) for start in starts] == [0] * 3
    run("with opened('library') as library: assert library.stats().articles == 3 and library.doctor().ok", tmp_path)


def test_a_full_disk_is_a_clear_error_and_loses_nothing(tmp_path: Path) -> None:
    run(
        """
with opened("library") as library:
    library.add(articles(0, 3))
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    try:
        library.add(articles(0, 300, times=200))
    except LibraryError as error:
        assert "room" in str(error), error
    else:
        raise AssertionError("the disk was not full")
    assert library.article("a1").text == "Here word1 stands. "
    assert first(library, 1) == "a1"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert library.add(articles(3, 300, times=20)).added == 297
    assert first(library, 299) == "a299"
    assert library.doctor(repair=False).ok
""",
        tmp_path,
    )


def test_a_vector_index_or_a_backup_that_cannot_be_written_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("chroma-1", "backups"):
        (tmp_path / name).write_text("in the way")
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        assert library.add(Article.create(f"a{n}", f"Here word{n} stands.") for n in range(30)).added == 30
        assert library.search("word7")[0].article.id == "a7"
        assert not library.doctor(repair=False).ok
        (tmp_path / "chroma-1").unlink()
        assert library.doctor().ok
        assert library.search("word8")[0].article.id == "a8"
    assert "no vector index could be made" in caplog.text
    assert "no backup of the catalog was made" in caplog.text


def test_a_library_that_may_not_be_written_to_answers_and_says_so_to_writers() -> None:
    # In a folder that another user may enter, for the case that the test runs as one who may write anywhere.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        run(
            """
with opened("library") as library:
    library.add(articles(0, 30))
for path in [Path(sys.argv[1], "library"), *Path(sys.argv[1], "library").rglob("*")]:
    path.chmod(0o555 if path.is_dir() else 0o444)
if not os.geteuid():
    os.seteuid(65534)
with opened("library") as library:
    assert first(library, 3) == "a3"
    try:
        library.add(articles(30, 31))
    except LibraryError as error:
        assert "permissions" in str(error), error
    else:
        raise AssertionError("it was written to")
if not os.getuid():
    os.seteuid(0)
for path in [Path(sys.argv[1], "library"), *Path(sys.argv[1], "library").rglob("*")]:
    path.chmod(0o755)
""",
            Path(folder),
        )


def test_no_damaged_byte_of_the_vector_index_takes_the_process_down(tmp_path: Path) -> None:
    run(
        """
rng = random.Random(7)
with opened("library") as library:
    library.add(articles(0, 200))
whole = Path(sys.argv[1], "library")
for round in range(12):
    hurt = Path(sys.argv[1], f"hurt{round}")
    shutil.copytree(whole, hurt)
    files = sorted(file for file in (hurt / "chroma-1").rglob("*") if file.is_file() and file.stat().st_size)
    # Every second time Chroma's own database, which is not under the seal.
    file = hurt / "chroma-1" / "chroma.sqlite3" if round % 2 else rng.choice(files)
    data = bytearray(file.read_bytes())
    for _ in range(rng.choice([1, 20, 400])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    file.write_bytes(data[: rng.randrange(len(data))] if round % 5 == 4 else data)
    with opened(hurt.name) as library:
        assert first(library, 7) == "a7"
        assert library.doctor().ok
        assert first(library, 8) == "a8"
""",
        tmp_path,
    )


def test_a_clock_that_is_set_back_changes_no_order_and_stops_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2001, 1, 1, tzinfo=tz)

    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add([Article.create("a", "Here word1 stands.")])
        monkeypatch.setattr("index.store.catalog.datetime", Earlier)
        monkeypatch.setattr("index.store.backups.time.time", lambda: 978_307_200.0)
        library.add([Article.create("a", "Here word2 stands.")])
        assert [revision.number for revision in library.revisions("a")] == [2, 1]
        assert library.article("a").text == "Here word2 stands."
        assert library.search("word2")[0].revision == 2
        assert len(backups(tmp_path)) == 2
        assert library.doctor(repair=False).ok


@pytest.mark.parametrize("packed", [False, True])
def test_a_half_written_file_withdraws_nothing_and_is_taken_up_when_it_is_whole(tmp_path: Path, packed: bool) -> None:
    def write(text: str, share: float) -> None:
        data = gzip.compress(text.encode()) if packed else text.encode()
        file.write_bytes(data[: int(len(data) * share)])

    file = tmp_path / "news" / ("news.jsonl.gz" if packed else "news.jsonl")
    file.parent.mkdir()
    lines = [json.dumps({"id": f"a{n}", "text": f"Here word{n} stands."}) for n in range(40)]
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        write("\n".join(lines), 1)
        assert library.sync(file.parent).added == 40
        write("\n".join(line.replace("stands", "stood") for line in lines), 0.6)
        report = library.sync(file.parent)
        assert report.failures
        assert report.removed == 0
        assert library.stats().articles == 40
        write("\n".join(line.replace("stands", "stood") for line in lines[:30]), 1)
        report = library.sync(file.parent)
        assert report.ok
        assert library.stats().articles == 30
        assert library.article("a29").text == "Here word29 stood."
