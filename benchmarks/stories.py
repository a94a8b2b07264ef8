"""How well articles are grouped by event, and what that costs as a library grows.

    python -m benchmarks.stories [grouping | cost]

The articles of the story libraries that nothing was fitted on are put into a library of each and one of both, by their
days and in no order, as the product does it: B-cubed precision, recall and F1 of the stories that it makes of them.
Beside it stands what one would try first: an article joins the story of the nearest one before it where the cosine of
their vectors reaches a threshold, which is the best for the libraries that may be fitted on. Then the news corpus is
placed anew, and each tenth of it timed.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.corpus import indexed, whole
from benchmarks.harness import Data, Spread, Table, parser, say, work_offline, write
from benchmarks.training.stories import StoryScore, b_cubed, events_of, forget, told, training_files, training_library
from index import Library, open_encoder
from index.store.backups import CATALOG
from index.store.catalog import Catalog

_EXAMS = ("A", "B")
_ORDERS = 5
_TENTHS = 10
_STEPS = [round(0.80 + 0.005 * step, 3) for step in range(40)]
_NOTE = (
    "Story libraries that nothing was fitted on, 48 articles each in Arabic, English and French, eight events in each. "
    "By their days, or in no order (five orders, median and range). The baseline is single-pass clustering by the "
    "cosine of the articles' mean vectors, with the threshold that is best for the libraries that may be fitted on."
)
_COST_NOTE = (
    "Each tenth of the news corpus, placed after those before it, in SQLite: processor time, reading the article and "
    "its vectors included."
)


@dataclass(frozen=True, slots=True)
class GroupingFigures:
    """How the stories of one library and one order fare, the product's and the baseline's."""

    library: str
    order: str
    articles: int
    events: int
    ours: StoryScore
    baseline: StoryScore


def main() -> None:
    """Measure and write the results."""
    arguments_of = parser(__doc__)
    arguments_of.add_argument("part", choices=("grouping", "cost"), nargs="?")
    arguments = arguments_of.parse_args()
    work_offline()
    data, cache = Data(arguments.data), arguments.cache
    if arguments.part in (None, "grouping"):
        with training_library(data, cache) as library:
            threshold = _best_threshold(library.parts.catalog, dict(events_of(training_files(data))))
        say(f"baseline: {threshold}")
        found = list(_grouped(data, cache, threshold))
        table = _quality(found)
        print(table.markdown())
        values = {"threshold": threshold, "groups": [asdict(item) for item in found]}
        write("stories", "Articles of one event", _NOTE, values, [table])
    if arguments.part in (None, "cost"):
        cost = _cost(indexed(whole(data, cache), cache))
        table = _time(cost)
        print(table.markdown())
        write("stories_cost", "What it costs to place an article in its story", _COST_NOTE, cost, [table])


def _grouped(data: Data, cache: Path, threshold: float) -> Iterator[GroupingFigures]:
    files = [data.file(f"eval/stories-{name}.articles.jsonl") for name in _EXAMS]
    events = dict(events_of(files))
    with Library.open(cache / "library-stories-exam", encoder=open_encoder()) as library:
        library.add(article for article, _ in told(files))
        catalog = library.parts.catalog
        known = catalog.database.all("SELECT number, id FROM article ORDER BY published, id")
        vectors = _vectors(catalog, [number for number, _ in known])
        vector_of = dict(zip((number for number, _ in known), vectors, strict=True))
        for name, own in (*((name, (name,)) for name in _EXAMS), (" and ".join(_EXAMS), _EXAMS)):
            gold = {number: events[id] for number, id in known if id.partition(":")[0] in own}
            numbers = list(gold)
            orders = [("by day", numbers)]
            orders += [("in no order", random.Random(seed).sample(numbers, len(numbers))) for seed in range(_ORDERS)]
            for order, placed in orders:
                wanted = [gold[number] for number in placed]
                ours = b_cubed(_placed(catalog, placed), wanted)
                nearest = b_cubed(_by_cosine(np.array([vector_of[number] for number in placed]), threshold), wanted)
                yield GroupingFigures(name, order, len(placed), len(set(wanted)), ours, nearest)


def _placed(catalog: Catalog, numbers: Sequence[int]) -> list[int]:
    """Place articles in an order, in a library that has no others, and return their stories."""
    with catalog.database.commit():
        forget(catalog)
        for number in numbers:
            catalog.placer.place(number)
    stories = dict(catalog.database.all("SELECT article, event FROM event_member"))
    return [stories[number] for number in numbers]


def _vectors(catalog: Catalog, numbers: Sequence[int]) -> np.ndarray:
    stored = dict(catalog.database.all("SELECT article, vector FROM event_member"))
    return np.array([np.frombuffer(stored[number], dtype=np.float16) for number in numbers], dtype=np.float32)


def _by_cosine(vectors: np.ndarray, threshold: float) -> list[int]:
    """Group by the cosine alone: each joins the story of the nearest before it, where it is near enough."""
    stories: list[int] = []
    for place, vector in enumerate(vectors):
        cosines = vectors[:place] @ vector
        nearest = int(np.argmax(cosines)) if place else -1
        stories.append(stories[nearest] if place and cosines[nearest] >= threshold else place)
    return stories


def _best_threshold(catalog: Catalog, events: Mapping[str, str]) -> float:
    """Return the threshold of the best mean F1 over the libraries, each alone, by their days."""
    libraries: dict[str, list[tuple[int, str]]] = {}
    for number, id in catalog.database.all("SELECT number, id FROM article ORDER BY published, id"):
        libraries.setdefault(events[id].partition(":")[0], []).append((number, events[id]))
    own = [
        (_vectors(catalog, [number for number, _ in items]), [event for _, event in items])
        for items in libraries.values()
    ]
    means = {step: np.mean([b_cubed(_by_cosine(v, step), gold).f1 for v, gold in own]) for step in _STEPS}
    return max(_STEPS, key=lambda step: means[step])


def _cost(library: Path) -> list[dict[str, float]]:
    """Place the corpus anew; return the milliseconds of processor time that an article takes in each tenth."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(library / CATALOG, folder)
        with closing(Catalog(Path(folder) / CATALOG)) as catalog:
            numbers = [number for (number,) in catalog.database.all("SELECT number FROM article ORDER BY number")]
            with catalog.database.commit():
                forget(catalog)
            found, size = [], -(-len(numbers) // _TENTHS)
            for begin in range(0, len(numbers), size):
                part = numbers[begin : begin + size]
                began = time.process_time()
                with catalog.database.commit():
                    for number in part:
                        catalog.placer.place(number)
                each = 1000 * (time.process_time() - began) / len(part)
                found.append({"articles": begin + len(part), "ms": round(each, 2)})
                say(f"{begin + len(part)} articles: {each:.1f} ms each")
    return found


def _quality(found: Sequence[GroupingFigures]) -> Table:
    rows = []
    for name, order in dict.fromkeys((item.library, item.order) for item in found):
        own = [item for item in found if (item.library, item.order) == (name, order)]
        cells = []
        for scores in ([item.ours for item in own], [item.baseline for item in own]):
            for field in ("precision", "recall", "f1"):
                values = Spread.of([getattr(score, field) for score in scores])
                shown = f"{values.median:.3f}"
                cells.append(f"{shown} ({values.least:.3f}–{values.most:.3f})" if values.runs > 1 else shown)
        rows.append((name, order, f"{own[0].articles}", f"{own[0].events}", *cells))
    baseline = tuple(f"cosine alone: {name}" for name in ("P", "R", "F1"))
    header = ("library", "order", "articles", "events", "precision", "recall", "F1", *baseline)
    return Table("Stories", "B-cubed.", header, tuple(rows))


def _time(cost: Sequence[Mapping[str, float]]) -> Table:
    rows = tuple((f"{item['articles']:.0f}", f"{item['ms']:.1f}") for item in cost)
    return Table("Cost", "", ("articles in the library", "ms an article"), rows)


if __name__ == "__main__":
    main()
