"""Ten thousand files of every kind in one folder: what is read, what is refused and why, and the memory it takes.

    python -m benchmarks.mixed_files [--files 1000 10000]

Needs '.[test]'. Each file holds an article of the news corpus, in Word, Excel, PDF, mail, a web page, an archive of web
pages or plainly; one in a hundred is meant to do harm. Each folder is indexed by a process of its own.
"""

import csv
import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.corpus import articles, whole
from benchmarks.harness import Data, Table, disk_mib, parser, say, write
from index import Article
from tests.support import made_files as made

_NOTE = (
    "A folder of files in turn of eleven kinds, each with the beginning of an article of the news corpus, one in a "
    "hundred made to do harm: an archive that unpacks to a gigabyte, a text of 300 MB in one line, XML whose entities "
    "grow without end, elements nested ten thousand deep, a file cut off in the middle. `khabar index` runs as a "
    "process of its own; its memory is the most that was resident, of it or of a process that it starts."
)
_CHARACTERS = 900
_EVIL_EVERY = 100
# What khabar writes of a file it does not read: "khabar: NAME: why".
_REFUSED = re.compile(r"^khabar: (\S+?): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """One folder's indexing: files of it and of these to do harm, articles read, files refused with their reasons."""

    files: int
    harmful: int
    articles: int
    refused: int
    reasons: dict[str, int]
    seconds: float
    peak_mib: float
    library_mib: float


def main() -> None:
    """Make the folders, index them, and write what it took."""
    flags = parser(__doc__)
    flags.add_argument("--files", type=int, nargs="*", default=[1_000, 10_000])
    arguments = flags.parse_args()
    corpus = articles(whole(Data(arguments.data), arguments.cache))
    runs = [measure(corpus, count) for count in arguments.files]
    rows = tuple(
        (
            f"{run.files:,}", str(run.harmful), f"{run.articles:,}", str(run.refused), f"{run.seconds:.0f}",
            f"{run.peak_mib:.0f}", f"{run.library_mib:.0f}",
        )
        for run in runs
    )  # fmt: skip
    header = ("files", "of these harmful", "articles", "refused", "seconds", "peak MiB", "library MiB")
    reasons = tuple(
        (reason, str(count)) for reason, count in sorted(runs[-1].reasons.items(), key=lambda pair: -pair[1])
    )
    tables = [
        Table("Indexing a mixed folder", "", header, rows),
        Table(
            "What was refused, and why",
            "Of the largest folder; numbers and names in a reason are left out.",
            ("reason", "files"),
            reasons,
        ),
    ]
    write("mixed_files", "Ten thousand files of every kind", _NOTE, [asdict(run) for run in runs], tables)


def measure(corpus: Sequence[Article], count: int) -> Run:
    """Make a folder of so many files, and index it."""
    with tempfile.TemporaryDirectory() as folder:
        files, library = Path(folder) / "files", Path(folder) / "library"
        files.mkdir()
        say(f"making {count} files")
        harmful = 0
        for number in range(count):
            if number % _EVIL_EVERY == _EVIL_EVERY - 1:
                name, content = _EVIL[harmful % len(_EVIL)]
                harmful += 1
                (files / f"{number:05}-{name}").write_bytes(content())
            else:
                article = corpus[number % len(corpus)]
                suffix, write_as = _KINDS[number % len(_KINDS)]
                (files / f"{number:05}.{suffix}").write_bytes(write_as(number, article))
        say("indexing")
        started = time.perf_counter()
        with (Path(folder) / "told").open("w+", encoding="utf-8") as told:
            command = [str(Path(sys.executable).with_name("khabar")), "index", str(files), "--library", str(library)]
            process = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)
            _, _, used = os.wait4(process.pid, 0)
            told.seek(0)
            output = told.read()
        seconds = time.perf_counter() - started
        say(output.splitlines()[-1] if output else "nothing was said")
        added = re.search(r"([\d,]+) added", output)
        refused = _REFUSED.findall(output)
        reasons = Counter(re.sub(r"\d[\d,.]*", "N", why.partition(":")[0])[:90] for _, why in refused)
        return Run(
            count, harmful, int(added[1].replace(",", "")) if added else 0, len(refused), dict(reasons),
            round(seconds, 1), round(used.ru_maxrss / 1024, 1), round(disk_mib(library), 1),
        )  # fmt: skip


def _text(number: int, article: Article) -> str:
    """Return an article's beginning, told apart from others that are alike."""
    return f"{article.title}\n\n{article.text[:_CHARACTERS]} ({number})"


def _lines(number: int, article: Article) -> list[str]:
    """Return lines as they fit a page; Arabic ones in the fonts that PDFs have by themselves would be lost."""
    return [f"Report {number} of the port of Basra came to {number * 7} tonnes of wheat.", f"Ship {article.id} waits."]


def _mail(number: int, article: Article) -> bytes:
    content = made.mail(article.title or str(number), _text(number, article))
    return content.replace(b"<release-7@", f"<release-{number}@".encode())


def _table(number: int, article: Article) -> str:
    rows = io.StringIO()
    csv.writer(rows).writerows([("title", "text"), (article.title or number, _text(number, article))])
    return rows.getvalue()


def _page(number: int, article: Article) -> str:
    return made.page(article.title or str(number), [article.text[:_CHARACTERS], f"({number})"])


_KINDS: tuple[tuple[str, Callable[[int, Article], bytes]], ...] = (
    ("txt", lambda number, article: _text(number, article).encode()),
    ("md", lambda number, article: f"# {_text(number, article)}".encode()),
    ("html", lambda number, article: _page(number, article).encode()),
    ("docx", lambda number, article: made.docx(_text(number, article).split("\n\n"))),
    ("xlsx", lambda number, article: made.xlsx({"News": (("title", "text"), (article.title, _text(number, article)))})),
    ("pdf", lambda number, article: made.pdf([_lines(number, article)])),
    ("eml", lambda number, article: _mail(number, article)),
    ("csv", lambda number, article: _table(number, article).encode()),
    ("warc.gz", lambda number, article: made.warc({f"https://news.example/{number}": _page(number, article)})),
    ("odt", lambda number, article: made.odt(f"<text:p>Report {number}: {_lines(number, article)[0]}</text:p>")),
    ("epub", lambda number, article: made.epub({"1.xhtml": _page(number, article)})),
)  # fmt: skip


def _bomb() -> bytes:
    return made.zipped({"word/document.xml": b" " * 2**30})


def _line() -> bytes:
    return b"word " * 60_000_000


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    return f'<?xml version="1.0"?><!DOCTYPE nitf [{entities}]><nitf><body>&l11;</body></nitf>'.encode()


def _nested() -> bytes:
    return b"<html><body>" + b"<div>" * 10_000 + b"deep" + b"</div>" * 10_000


def _cut() -> bytes:
    whole_file = made.docx(["This file was cut off."])
    return whole_file[: len(whole_file) // 2]


_EVIL: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("bomb.docx", _bomb), ("line.txt", _line), ("laughs.xml", _laughs), ("nested.html", _nested), ("cut.docx", _cut),
)  # fmt: skip


if __name__ == "__main__":
    main()
