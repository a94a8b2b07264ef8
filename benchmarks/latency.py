"""How long a question takes, stage by stage in a warm process, and what a command takes from cold.

Times on other computers differ; the ratios to the encoder's own time for the same question carry over better. Beside
it is the plain LangChain recipe's question: one vector and a search, without reranking or reading.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.corpus import EXAM, indexed, part, whole
from benchmarks.harness import Data, Figure, Spread, Table, apart, parser, ratios, say, timed, work_offline, write
from index import Library
from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import default_cache
from index.store.backups import CATALOG
from index.store.catalog import Catalog
from qa import Answer, Assistant
from qa.evaluation.gold import GoldQuestion, read_exam, sample
from qa.evaluation.metrics import percentile

_NOTE = "Milliseconds are this machine's; the ratios to the encoder's own time carry over better."
_ENCODER_ALONE = "import sys; from index.encoding.encoder import open_encoder; open_encoder().encode_query(sys.argv[1])"
_RECIPE = """
import sys
from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings
embeddings = HuggingFaceEmbeddings(model_name=sys.argv[2], model_kwargs={"device": "cpu"})
print(Chroma("plain", embeddings, persist_directory=sys.argv[3]).similarity_search(sys.argv[1])[0].page_content)
"""
PYTHON, HELP, ASK = "Python alone", "`khabar --help`", "`khabar ask`"
ENCODER, RECIPE = "the encoder alone, one question", "LangChain recipe, one search"
_LANGCHAIN = "LangChain recipe"
_WARM_UP = "Which ferry leaves at six in the morning?"
_READING = "the reader's arithmetic: twelve layers over the tokens it reads, see results/runtimes.md for GFLOP/s"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a question in milliseconds, and its median as a multiple of the encoder's."""

    name: str
    p50_ms: float
    p95_ms: float
    ratio: float

    @classmethod
    def of(cls, name: str, milliseconds: Sequence[float], encoder_ms: float) -> "Stage":
        """Sum up one stage's times; `encoder_ms` is the encoder's median."""
        median = percentile(milliseconds, 50)
        return cls(name, median, percentile(milliseconds, 95), median / encoder_ms)

    def row(self) -> tuple[str, ...]:
        """Return the table's row."""
        return (self.name, f"{self.p50_ms:.0f}", f"{self.p95_ms:.0f}", f"{self.ratio:.1f}")


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--limit", type=int, default=100, help="questions of the exam (default: 100)")
    flags.add_argument("--articles", type=int, help="articles of the library (default: the whole corpus)")
    flags.add_argument("--repeats", type=int, default=5, help="cold runs of the command line (default: 5)")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    source = part(data, options.cache, options.articles) if options.articles else whole(data, options.cache)
    library = indexed(source, options.cache)
    questions = _questions(data.file(EXAM), options.limit)
    texts = [question.text for question in questions]
    warm, first = apart(_warm, library, texts)
    store = options.cache / "latency-chroma"
    recipe = apart(_recipe, library, store, texts)
    cold = _cold(library, store, texts[0], options.repeats)
    with Library.open(library) as opened:
        _write(len(questions), opened.stats().articles, warm, first, recipe, cold)


def _questions(exam: Path, limit: int) -> list[GoldQuestion]:
    """Take English and Arabic wordings in turn, never both of one question: the second finds its passages read."""
    wordings = [sample(read_exam(exam, language), limit) for language in ("en", "ar")]
    return [pair[number % 2] for number, pair in enumerate(zip(*wordings, strict=True))]


def _warm(library: Path, questions: Sequence[str]) -> tuple[list[Stage], list[float]]:
    say(f"{len(questions)} questions in one process")
    with Assistant.open(library) as assistant:
        # Loads what is loaded at the first use.
        assistant.ask(_WARM_UP)
        encoder = [1000 * timed(assistant.library.encoder.encode_query, question) for question in questions]
        median = percentile(encoder, 50)
        firsts, answers = _asked(assistant, questions)
        again, _ = _asked(assistant, questions)
    stages: dict[str, list[float]] = {}
    for answer in answers:
        for timing in answer.timings:
            stages.setdefault(timing.stage, []).append(timing.milliseconds)
    return [
        Stage.of("the encoder alone, one question", encoder, median),
        *(Stage.of(f"stage: {name}", times, median) for name, times in stages.items()),
        Stage.of("a question, asked the first time", firsts, median),
        Stage.of("a question, asked again", again, median),
    ], firsts


def _asked(assistant: Assistant, questions: Sequence[str]) -> tuple[list[float], list[Answer]]:
    times: list[float] = []
    answers: list[Answer] = []
    for question in questions:
        began = time.perf_counter()
        answers.append(assistant.ask(question))
        times.append((time.perf_counter() - began) * 1000)
    return times, answers


def _recipe(library: Path, store: Path, questions: Sequence[str]) -> list[float]:
    """Time the recipe's questions, in milliseconds, over a Chroma that holds the library's own vectors."""
    import chromadb
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    say(f"{len(questions)} questions of the plain LangChain recipe")
    shutil.rmtree(store, ignore_errors=True)
    client = chromadb.PersistentClient(str(store))
    collection, catalog = client.create_collection("plain", embedding_function=None), Catalog(library / CATALOG)
    for vectors in catalog.vectors():
        ids = [str(number) for number in vectors.numbers]
        collection.add(ids=ids, embeddings=vectors.matrix, documents=[f"passage {number}" for number in ids])
    catalog.close()
    embeddings = HuggingFaceEmbeddings(model_name=str(bundled_model(default_cache())), model_kwargs={"device": "cpu"})
    recipe = Chroma("plain", embeddings, client=client)
    recipe.similarity_search(_WARM_UP)
    return [1000 * timed(recipe.similarity_search, question) for question in questions]


def _cold(library: Path, store: Path, question: str, repeats: int) -> dict[str, list[float]]:
    """Time whole processes, in seconds, the programs in turn."""
    command = shutil.which("khabar", path=str(Path(sys.executable).parent)) or shutil.which("khabar")
    if command is None:
        sys.exit("There is no command `khabar` beside this Python. Install the project first: pip install -e .")
    environment = {**os.environ, "KHABAR_LIBRARY": str(library)}
    runs = {
        HELP: [command, "--help"],
        PYTHON: [sys.executable, "-c", "pass"],
        ASK: [command, "ask", question],
        ENCODER: [sys.executable, "-c", _ENCODER_ALONE, question],
        RECIPE: [sys.executable, "-c", _RECIPE, question, str(bundled_model(default_cache())), str(store)],
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(repeats + 1):
        say(f"from cold, round {number} of {repeats}")
        for name, arguments in runs.items():
            seconds = timed(_run, arguments, environment)
            # The first round brings the files into the disk cache.
            if number:
                times[name].append(seconds)
    return times


def _run(arguments: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(arguments, env=environment, capture_output=True, encoding="utf-8", check=False)
    # 3 is the exit status of an abstention, which takes as long as an answer.
    if done.returncode not in (0, 3):
        sys.exit(f"{Path(arguments[0]).name} failed:\n{done.stderr}")


def _write(
    questions: int,
    articles: int,
    warm: Sequence[Stage],
    first: Sequence[float],
    recipe: Sequence[float],
    cold: dict[str, list[float]],
) -> None:
    tables = [
        Table(
            "In a warm process",
            f"{questions} questions of the news exam over {articles} articles, English and Arabic in turn, each asked "
            "twice; the stages are of the first time. The ratio is to the encoder's median for one question.",
            ("", "Median ms", "95th percentile ms", "× encoder"),
            tuple(stage.row() for stage in warm),
        ),
        Table(
            "From cold",
            "Wall time of whole processes, the disk cache warm.",
            ("", "Seconds"),
            tuple((name, str(Spread.of(times))) for name, times in cold.items()),
        ),
    ]
    name = f"{_LANGCHAIN}: vector and search alone"
    figures = [
        Figure(
            "A question, warm, median", "ms", Spread.of([percentile(first, 50)]), 200, "less", name,
            Spread.of([percentile(recipe, 50)]), ratios([percentile(first, 50)], [percentile(recipe, 50)], "less"),
            _READING,
        ),
        Figure(
            "A question, warm, 95th percentile", "ms", Spread.of([percentile(first, 95)]), 500, "less", name,
            Spread.of([percentile(recipe, 95)]), ratios([percentile(first, 95)], [percentile(recipe, 95)], "less"),
            _READING,
        ),
        Figure(
            "`khabar ask` from cold", "s", Spread.of(cold[ASK]), 3, "less", RECIPE, Spread.of(cold[RECIPE]),
            ratios(cold[ASK], cold[RECIPE], "less"), "imports, of Chroma above all",
        ),
        Figure("`khabar --help`", "s", Spread.of(cold[HELP]), 0.4, "less", PYTHON, Spread.of(cold[PYTHON])),
    ]  # fmt: skip
    values = {
        "questions": questions,
        "articles": articles,
        "warm": [asdict(stage) for stage in warm],
        "recipe_ms": list(recipe),
        "cold_seconds": cold,
    }
    write("latency", "Latency", _NOTE, values, tables, figures)


if __name__ == "__main__":
    main()
