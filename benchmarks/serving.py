"""`khabar serve` over the news corpus: when the page is there, its memory when warm, and with 50 questions at once.

Beside it, in processes of their own: an empty Gradio page, and the plain LangChain recipe with its model loaded and
one question asked.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpus import EXAM, indexed, part, whole
from benchmarks.harness import (
    Data,
    Figure,
    Spread,
    Table,
    apart,
    forget_peak,
    parser,
    peak_resident_mib,
    ratios,
    resident_mib,
    say,
    work_offline,
    write,
)
from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import default_cache
from index.store.backups import CATALOG
from index.store.catalog import Catalog
from qa.evaluation.gold import read_exam, sample

if TYPE_CHECKING:
    from gradio_client.client import Job

_WARM_UP = "Which ferry leaves at six in the morning?"
_PATIENCE = 300.0
_EMPTY_PAGE = """
import sys
import gradio
with gradio.Blocks() as page:
    gradio.Chatbot()
page.launch(server_port=int(sys.argv[1]), quiet=True)
"""
_NOTE = (
    "Resident memory as the system counts it, the pages of mapped files (vocabulary vectors, the catalog) included. "
    "The page is ready when its address answers; the models load behind it."
)


@dataclass(frozen=True, slots=True)
class Served:
    """One server's life: seconds to its page and to the first answer, memory (MiB) then, and under load."""

    page_s: float
    answer_s: float
    warm_mib: float
    rise_mib: float
    load_s: float
    failures: int


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--questions", type=int, default=50, help="questions asked at once (default: 50)")
    flags.add_argument("--articles", type=int, help="articles of the library (default: the whole corpus)")
    flags.add_argument("--repeats", type=int, default=3, help="times the server is started (default: 3)")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    source = part(data, options.cache, options.articles) if options.articles else whole(data, options.cache)
    library = indexed(source, options.cache)
    questions = [question.text for question in sample(read_exam(data.file(EXAM), "en"), options.questions)]
    served, empty = [], []
    for number in range(options.repeats):
        say(f"serve, round {number + 1} of {options.repeats}")
        served.append(_served(library, questions))
        empty.append(_page_alone())
    recipe = [apart(_recipe, library) for _ in range(options.repeats)]
    _write(served, empty, recipe, len(questions))


def _served(library: Path, questions: Sequence[str]) -> Served:
    from gradio_client import Client

    command = shutil.which("khabar", path=str(Path(sys.executable).parent)) or shutil.which("khabar")
    if command is None:
        sys.exit("There is no command `khabar` beside this Python. Install the project first: pip install -e .")
    port = _free_port()
    environment = {**os.environ, "KHABAR_LIBRARY": str(library)}
    began = time.perf_counter()
    with _running([command, "serve", "--port", str(port)], environment) as process:
        url = f"http://127.0.0.1:{port}/"
        page = _until_answered(url, process, began)
        client = Client(url, max_workers=len(questions), verbose=False)
        # Never `predict`, which waits for ever when the server dies.
        client.submit(_WARM_UP, api_name="/ask").result(_PATIENCE)
        answer = time.perf_counter() - began
        for question in questions[:5]:
            client.submit(question, api_name="/ask").result(_PATIENCE)
        warm = resident_mib(process.pid)
        forget_peak(process.pid)
        began = time.perf_counter()
        jobs = [client.submit(question, api_name="/ask") for question in questions]
        failures = sum(not _answered(job) for job in jobs)
        load = time.perf_counter() - began
        return Served(page, answer, warm, peak_resident_mib(process.pid) - warm, load, failures)


@contextmanager
def _running(arguments: Sequence[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _page_alone() -> float:
    port, began = _free_port(), time.perf_counter()
    with _running([sys.executable, "-c", _EMPTY_PAGE, str(port)], dict(os.environ)) as process:
        return _until_answered(f"http://127.0.0.1:{port}/", process, began)


def _until_answered(url: str, process: "subprocess.Popen[bytes]", began: float) -> float:
    while time.perf_counter() - began < _PATIENCE:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=_PATIENCE) as response:
                response.read()
                return time.perf_counter() - began
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError("the page did not come up")


def _answered(job: "Job") -> bool:
    try:
        return bool(job.result(_PATIENCE))
    except Exception as error:
        say(f"a question failed: {error}")
        return False


def _recipe(library: Path) -> float:
    import chromadb
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    client = chromadb.EphemeralClient()
    collection, catalog = client.create_collection("plain", embedding_function=None), Catalog(library / CATALOG)
    for vectors in catalog.vectors():
        ids = [str(number) for number in vectors.numbers]
        collection.add(ids=ids, embeddings=vectors.matrix, documents=[f"passage {number}" for number in ids])
    catalog.close()
    embeddings = HuggingFaceEmbeddings(model_name=str(bundled_model(default_cache())), model_kwargs={"device": "cpu"})
    Chroma("plain", embeddings, client=client).similarity_search(_WARM_UP)
    return resident_mib()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _write(served: list[Served], empty: list[float], recipe: list[float], questions: int) -> None:
    def of(name: str) -> list[float]:
        return [float(getattr(item, name)) for item in served]

    figures = [
        Figure(
            "The page of `khabar serve` is there", "s", Spread.of(of("page_s")), 6, "less", "an empty Gradio page",
            Spread.of(empty), ratios(of("page_s"), empty, "less"), "Gradio's own import and start",
        ),
        Figure(
            "Memory of `khabar serve`, warm", "MiB", Spread.of(of("warm_mib")), 1200, "less",
            "LangChain recipe, no page", Spread.of(recipe), ratios(of("warm_mib"), recipe, "less"),
        ),
        Figure(
            f"Rise of memory with {questions} questions at once", "MiB", Spread.of(of("rise_mib")), 300, "less", "",
        ),
    ]  # fmt: skip
    rows = tuple(
        (str(number), f"{s.page_s:.1f}", f"{s.answer_s:.1f}", f"{s.warm_mib:.0f}", f"{s.rise_mib:.0f}",
         f"{s.load_s:.1f}", str(s.failures))
        for number, s in enumerate(served, 1)
    )  # fmt: skip
    header = ("Start", "Page, s", "First answer, s", "Warm, MiB", "Rise, MiB", f"{questions} answers, s", "Failed")
    values = {"served": [asdict(item) for item in served], "empty_page_s": empty, "recipe_mib": recipe}
    write("serving", "Serving", _NOTE, values, [Table("Each start", "", header, rows)], figures)


if __name__ == "__main__":
    main()
