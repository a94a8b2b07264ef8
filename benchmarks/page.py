"""How long a browser waits on loopback: for the page's first paint, and after Enter for the first visible evidence.

`python -m benchmarks.page --library FOLDER --question TEXT` measures over a library that is there. `khabar serve` runs
in a process of its own, a real Chromium in front of it; the model is loaded before the first question is timed.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

from benchmarks.harness import Table, parser, say, work_offline, write
from index import Library
from qa.metrics import percentile

_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
_PAINTED = "performance.getEntriesByName('first-contentful-paint').map((entry) => entry.startTime)[0] ?? null"
_PATIENCE_MS = 180_000
_DONE = ".bot-row .khabar-answer:not(.khabar-unfinished)"


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that a browser waits for, in milliseconds."""

    name: str
    p50_ms: float
    p95_ms: float

    @classmethod
    def of(cls, name: str, milliseconds: Sequence[float]) -> "Wait":
        """Sum up the times of one wait."""
        return cls(name, percentile(milliseconds, 50), percentile(milliseconds, 95))


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--library", type=Path, required=True, help="the library's folder")
    flags.add_argument("--question", action="append", required=True, help="a question it answers; repeatable")
    flags.add_argument("--repeats", type=int, default=10, help="visits to the page (default: 10)")
    flags.add_argument("--name", default="page", help="name of the results (default: page)")
    options = flags.parse_args()
    work_offline()
    with Library.open(options.library) as library:
        stats = library.stats()
    waits = _measured(options.library, options.question, options.repeats)
    table = Table(
        "Waiting for the page",
        f"{options.repeats} visits over {stats.articles:,} articles in {stats.passages:,} passages; times begin at the "
        "request and at Enter.",
        ("", "Median ms", "95th percentile ms"),
        tuple((wait.name, f"{wait.p50_ms:.0f}", f"{wait.p95_ms:.0f}") for wait in waits),
    )
    values = {"articles": stats.articles, "passages": stats.passages, "waits": [asdict(wait) for wait in waits]}
    write(options.name, "The page", "Milliseconds are this machine's.", values, [table])


def _measured(library: Path, questions: Sequence[str], repeats: int) -> list[Wait]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = "from ui.cli import main; main()"
    server = subprocess.Popen(
        [sys.executable, "-c", script, "serve", "--port", str(port), "--library", str(library)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        if not server.stdout or "serving" not in server.stdout.readline():
            sys.exit("khabar serve did not begin; what it said is above.")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
            say("loading the model")
            _visit(browser, f"http://127.0.0.1:{port}/", questions[0])
            times = [
                _visit(browser, f"http://127.0.0.1:{port}/", questions[turn % len(questions)])
                for turn in range(repeats)
            ]
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=30)
    names = ("first paint", "page ready", "Enter to first sign of work", "Enter to first visible evidence")
    return [Wait.of(name, [visit[place] for visit in times]) for place, name in enumerate(names)]


def _visit(browser: Browser, url: str, question: str) -> tuple[float, float, float, float]:
    """Open the page anew and ask; returns the four waits in milliseconds."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    try:
        began = time.perf_counter()
        page.goto(url)
        page.wait_for_selector(".khabar-welcome")
        ready = (time.perf_counter() - began) * 1000
        painted = page.evaluate(_PAINTED)
        page.fill("#khabar-question textarea", question)
        asked = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_selector(".bot-row .khabar-answer")
        working = (time.perf_counter() - asked) * 1000
        page.wait_for_selector(f"{_DONE} blockquote, #khabar-quote")
        return float(painted), ready, working, (time.perf_counter() - asked) * 1000
    except Error as error:
        sys.exit(f"{question!r} shows no evidence over this library: {error}")
    finally:
        context.close()


if __name__ == "__main__":
    main()
