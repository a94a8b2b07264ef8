"""How long a browser waits for the page of `khabar serve`, and after Enter for the first visible evidence.

A real Chromium on this machine visits three servers in turn, each in a process of its own with its model loaded:
`khabar serve` over the news corpus, an empty Gradio page (a chat and a box, nothing behind them), and the plain
LangChain recipe over the same passages behind Gradio's own chat. Each visit is a new browser profile; each asks one
question of the news exam, in English and in Arabic by turns.
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.corpus import EXAM, indexed, whole
from benchmarks.harness import Data, Figure, Spread, Table, parser, ratios, say, work_offline, write
from index import Filters, Library
from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import default_cache
from index.store.backups import CATALOG
from index.store.catalog import Catalog
from qa.evaluation.gold import read_exam, sample
from qa.evaluation.metrics import percentile

_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
_PAINTED = "performance.getEntriesByName('first-contentful-paint').map((entry) => entry.startTime)[0] ?? null"
_PATIENCE_MS = 180_000
_BOX = "textarea:visible"
_WELCOME = ".khabar-welcome .khabar-ask"
_SHOWN = ".khabar-asking, .user-row"
_WORKING = ".bot-row .khabar-answer"
_EVIDENCE = ".bot-row .khabar-answer:not(.khabar-unfinished) blockquote"
_REPLY = "[...document.querySelectorAll('[data-testid=bot]')].some((bot) => bot.textContent.includes('\\u2060'))"

_KHABAR = "from ui.cli.main import main; main()"
_EMPTY = """
import sys
import gradio
with gradio.Blocks() as page:
    gradio.Chatbot()
    gradio.Textbox()
page.launch(server_port=int(sys.argv[1]), quiet=True)
"""
_RECIPE = "import sys; from benchmarks.page import serve_recipe; serve_recipe(sys.argv[1], int(sys.argv[2]))"
_NOTE = (
    "Milliseconds are this machine's, the browser's own work included: it shares the cores with the server. The "
    "evidence is there when a quote, or the recipe's first passage, can be seen."
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit waited for, in milliseconds from the request or from Enter, and what the page took to load.

    `again` and `again_ready` are the first paint and the box of a second visit by the same browser profile;
    `complete` is when the page shows what is in the library.
    """

    paint: float
    ready: float
    again: float
    again_ready: float
    kibibytes: float
    requests: int
    complete: float | None = None
    shown: float | None = None
    working: float | None = None
    evidence: float | None = None


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--repeats", type=int, default=20, help="visits to each page (default: 20)")
    flags.add_argument("--library", type=Path, help="a library's folder (default: the whole news corpus, indexed)")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    source = options.library or indexed(whole(data, options.cache), options.cache)
    asked = [sample(read_exam(data.file(EXAM), language), options.repeats) for language in ("en", "ar")]
    questions = [asked[number % 2][number].text for number in range(options.repeats)]
    with tempfile.TemporaryDirectory() as folder:
        # A page's visitors leave traces in a library, so it is a copy of the cached one.
        library = Path(folder) / "library"
        shutil.copytree(source, library)
        with Library.open(library) as opened:
            stats = opened.stats()
        khabar, empty, recipe = _measured(library, questions, options.repeats)
    _write(khabar, empty, recipe, f"{stats.articles:,} articles in {stats.passages:,} passages")


def _measured(library: Path, questions: Sequence[str], repeats: int) -> tuple[list[Visit], list[Visit], list[Visit]]:
    with (
        _serving(_KHABAR, "serve", "--library", str(library), "--port") as khabar,
        _serving(_EMPTY) as empty,
        _serving(_RECIPE, str(library)) as recipe,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        say("loading the models")
        for url, ready in ((khabar, _EVIDENCE), (recipe, None)):
            _visit(browser, url, questions[-1], ready)
        _visit(browser, empty)
        found: tuple[list[Visit], list[Visit], list[Visit]] = ([], [], [])
        for number in range(repeats):
            question = questions[number % len(questions)]
            found[0].append(_visit(browser, khabar, question, _EVIDENCE))
            found[1].append(_visit(browser, empty))
            found[2].append(_visit(browser, recipe, question))
            say(f"visit {number + 1} of {repeats}: {found[0][-1]}")
        browser.close()
        return found


@contextmanager
def _serving(script: str, *arguments: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", script, *arguments, str(port)], stdout=subprocess.DEVNULL)
    try:
        began = time.monotonic()
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() - began > _PATIENCE_MS / 1000:
                    sys.exit("A server did not begin; what it said is above.")
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(timeout=60)


def serve_recipe(library: str, port: int) -> None:
    """Serve the plain LangChain recipe over a library's passages, with its stored vectors, in Gradio's own chat."""
    import chromadb
    import gradio
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    collection = chromadb.EphemeralClient().create_collection("plain", embedding_function=None)
    catalog = Catalog(Path(library) / CATALOG)
    for vectors in catalog.vectors():
        stored = catalog.passages([int(number) for number in vectors.numbers], Filters())
        texts = [stored[int(number)] for number in vectors.numbers]
        collection.add(
            ids=[str(number) for number in vectors.numbers], embeddings=vectors.matrix,
            documents=[item.article.text[item.passage.start : item.passage.end] for item in texts],
        )  # fmt: skip
    catalog.close()
    embeddings = HuggingFaceEmbeddings(model_name=str(bundled_model(default_cache())), model_kwargs={"device": "cpu"})
    store = Chroma("plain", embeddings, client=chromadb.EphemeralClient())

    def answer(question: str, _: object) -> str:
        # A mark that is not seen tells the reply from what Gradio shows before it.
        return store.similarity_search(question)[0].page_content + "\u2060"

    gradio.ChatInterface(answer).launch(server_port=port, quiet=True)


def _visit(browser: Browser, url: str, question: str | None = None, evidence: str | None = None) -> Visit:
    """Open the page in a new profile, open it again, and ask; `evidence` is what shows the answer of Khabar's page."""
    context = browser.new_context()
    context.set_default_timeout(_PATIENCE_MS)
    try:
        sizes: list[float] = []
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.wait_for_selector(_BOX)
        ready = (time.perf_counter() - began) * 1000
        paint = float(page.evaluate(_PAINTED))
        complete = None
        if evidence:
            page.wait_for_selector(_WELCOME)
            complete = (time.perf_counter() - began) * 1000
        # What is fetched after the box is there belongs to the page too.
        page.wait_for_timeout(1000)
        size = (sum(sizes) / 1024, len(sizes))
        again = _again(context, url)
        if question is None:
            return Visit(paint, ready, *again, *size, complete)
        page.locator(_BOX).first.fill(question)
        asked = time.perf_counter()
        page.keyboard.press("Enter")
        if evidence is None:
            page.wait_for_function(_REPLY)
            return Visit(paint, ready, *again, *size, complete, evidence=(time.perf_counter() - asked) * 1000)
        waited = []
        for selector in (_SHOWN, _WORKING, evidence):
            page.wait_for_selector(selector)
            waited.append((time.perf_counter() - asked) * 1000)
        return Visit(paint, ready, *again, *size, complete, *waited)
    finally:
        context.close()


def _again(context: BrowserContext, url: str) -> tuple[float, float]:
    """Open the page a second time in the same profile; returns its first paint and when the box is there."""
    page = context.new_page()
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(_BOX)
    ready = (time.perf_counter() - began) * 1000
    paint = float(page.evaluate(_PAINTED))
    page.close()
    return paint, ready


def _write(khabar: list[Visit], empty: list[Visit], recipe: list[Visit], library: str) -> None:
    def figure(name: str, unit: str, field: str, goal: float, beside: str, theirs: list[Visit] | None) -> Figure:
        ours = [float(getattr(visit, field)) for visit in khabar]
        if theirs is None:
            return Figure(name, unit, Spread.of(ours), goal, "less")
        other = [float(getattr(visit, field)) for visit in theirs]
        return Figure(name, unit, Spread.of(ours), goal, "less", beside, Spread.of(other), ratios(ours, other, "less"))

    plain, chat = "an empty Gradio page", "LangChain recipe in Gradio's chat"
    figures = [
        figure("First paint", "ms", "paint", 1000, plain, empty),
        figure("The question box is there", "ms", "ready", 2000, plain, empty),
        figure("What is in the library is shown", "ms", "complete", 2500, "", None),
        figure("First paint, a second visit", "ms", "again", 700, plain, empty),
        figure("The box, a second visit", "ms", "again_ready", 1500, plain, empty),
        figure("What the browser loads", "KiB", "kibibytes", 2000, plain, empty),
        figure("Enter to the first sign of work: the question, as asked", "ms", "shown", 200, "", None),
        figure("Enter to the first visible evidence", "ms", "evidence", 700, chat, recipe),
    ]
    named = (("Khabar", khabar), ("An empty Gradio page", empty), ("LangChain recipe in Gradio's chat", recipe))
    rows = tuple(
        (
            name,
            *(
                _percentiles([getattr(visit, field) for visit in visits])
                for field in ("paint", "ready", "working", "evidence")
            ),
        )
        for name, visits in named
    )
    header = ("", "First paint, ms", "Box, ms", "The server's first step, ms", "Evidence, ms")
    note = f"{len(khabar)} visits to each, over {library}; median and 95th percentile."
    values = {name: [asdict(visit) for visit in visits] for name, visits in named}
    write("page", "The page", _NOTE, values, [Table("Waiting", note, header, rows)], figures)


def _percentiles(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{percentile(known, 50):.0f}, {percentile(known, 95):.0f}" if known else "–"


if __name__ == "__main__":
    main()
