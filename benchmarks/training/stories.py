"""Fit which articles tell of one event, on story libraries that no exam is made of.

    python -m benchmarks.training.stories background
    python -m benchmarks.training.stories fit [--write]

`background` writes how often names occur in news, of the news corpora, and the mean vector of each language, of the
story libraries for training. `fit` lets the articles of these libraries come in, each library alone and all of them
together, by their days and in no order. It fits the model on the pairs that the product would compare, and on pairs of
news articles that are months apart, and chooses from which log odds on an article joins a story: that of the best mean
B-cubed F1 among those that few news articles reach. With `--write` it puts both where the product reads them.
"""

import gzip
import json
import math
import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.corpus import indexed, whole
from benchmarks.harness import Data, parser, say, work_offline
from index import Article, Library, open_encoder
from index.analysis import detect_language, name_keys
from index.store.backups import CATALOG
from index.store.catalog import Catalog
from index.store.stories import likeness as product
from index.store.stories.likeness import FEATURES, GAP, Likeness
from index.store.stories.placing import Arrival, ComparedArticle, likeliest

OWN = Path(__file__).resolve().parents[1] / "data" / "reading"
_INTO = Path(product.__file__).parent
_CORPORA = ("corpus/ant.jsonl.gz", "corpus/world.jsonl.gz")
_LEAST_SHARE = 0.01
_LEASTS = tuple(step / 2 for step in range(-2, 13))
# Of the news corpus every fifth article; those that are so many days apart tell of two events.
_EVERY = 5
_MONTHS = 45
_FALSELY = 0.1
_TABLES = ("event_member", "event_key", "event_count", "event_mean")


@dataclass(frozen=True, slots=True)
class StoryScore:
    """B-cubed precision, recall and F1 of a grouping (Bagga and Baldwin 1998), each 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class PlacingRun:
    """Articles that came in one order, as the product compares them, each with the event it is of."""

    name: str
    arrivals: tuple[Arrival, ...]
    events: Mapping[int, str]


def main() -> None:
    """Do what is asked for."""
    arguments_of = parser(__doc__)
    arguments_of.add_argument("task", choices=("background", "fit"))
    arguments_of.add_argument("--write", action="store_true", help="put the model where the product reads it")
    arguments = arguments_of.parse_args()
    work_offline()
    data = Data(arguments.data)
    with training_library(data, arguments.cache) as library:
        events = dict(events_of(training_files(data)))
        if arguments.task == "background":
            write_background(data, library)
            return
        found = list(runs(library.parts.catalog, events))
    news = Catalog(indexed(whole(data, arguments.cache), arguments.cache) / CATALOG)
    with closing(news):
        fit(found, list(apart(news)), write=arguments.write)


def training_files(data: Data) -> list[Path]:
    """Return the story libraries that may be fitted on."""
    return [
        *sorted(OWN.glob("stories-*.articles.jsonl")),
        *(data.file(f"train/stories-{n}.articles.jsonl") for n in "DEF"),
    ]


def told(files: Sequence[Path]) -> Iterator[tuple[Article, str]]:
    """Yield the articles of story libraries, each with the event that it tells of; ids and events are told apart."""
    for file in files:
        name = file.name.removeprefix("stories-").removesuffix(".articles.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            published = date.fromisoformat(item["published"]) if item.get("published") else None
            article = Article.create(
                f"{name}:{item['id']}", item["text"], title=item["title"], source=item.get("source"),
                published=published, language=item.get("language"),
            )  # fmt: skip
            yield article, f"{name}:{item['cluster']}"


def events_of(files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Yield the event of each article, by its id."""
    yield from ((article.id, event) for article, event in told(files))


def training_library(data: Data, cache: Path) -> Library:
    """Index the story libraries into one library of the cache; what is there already costs a hash."""
    library = Library.open(cache / "library-stories", encoder=open_encoder())
    library.add(article for article, _ in told(training_files(data)))
    return library


def write_background(data: Data, library: Library) -> None:
    """Write what is known of news before a library has any."""
    shares: dict[str, float] = {}
    for name in _CORPORA:
        having: Counter[str] = Counter()
        with gzip.open(data.file(name), "rt", encoding="utf-8") as lines:
            articles = [json.loads(line) for line in lines]
        for item in articles:
            text = f"{item['title']}\n{item['text']}"
            having.update(set(name_keys(text, item.get("language") or detect_language(text))))
        common = {key: count / len(articles) for key, count in having.items() if count / len(articles) >= _LEAST_SHARE}
        shares |= {key: max(share, shares.get(key, 0.0)) for key, share in common.items()}
    hashed = sorted((zlib.crc32(key.encode()), share) for key, share in shares.items())
    rows = library.parts.catalog.database.all("SELECT language, articles, total FROM event_mean ORDER BY language")
    means = {
        f"mean_{language}": (np.frombuffer(total) / articles).astype(np.float16) for language, articles, total in rows
    }
    keys = np.array([key for key, _ in hashed], dtype=np.uint32)
    values = np.array([share for _, share in hashed], dtype=np.float16)
    file = _INTO / "background.npz"
    np.savez_compressed(file, keys=keys, shares=values, encoder=library.encoder.name, **means)
    say(f"{len(keys)} keys and the means of {len(means)} languages: {file.stat().st_size} bytes")


def runs(catalog: Catalog, events: Mapping[str, str]) -> Iterator[PlacingRun]:
    """Let the articles come in, each library's alone and all, by their days and in no order."""
    rows = catalog.database.all("SELECT number, id, published FROM article ORDER BY published, id")
    libraries: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, id, _ in rows:
        libraries[events[id].partition(":")[0]].append((number, events[id]))
    for name, articles in (("all", [item for own in libraries.values() for item in own]), *libraries.items()):
        place = {number: order for order, (number, _, _) in enumerate(rows)}
        by_day = sorted(articles, key=lambda item: place[item[0]])
        shuffled = random.Random(name).sample(by_day, len(by_day))
        for order, own in (("by day", by_day), ("in no order", shuffled)):
            yield PlacingRun(f"{name}, {order}", tuple(_arrivals(catalog, [number for number, _ in own])), dict(own))


def _arrivals(catalog: Catalog, numbers: Sequence[int]) -> Iterator[Arrival]:
    """Yield how each article is held against those that came before it, in a library that has no others."""
    database, placer = catalog.database, catalog.placer
    with database.commit():
        forget(catalog)
        for number in numbers:
            arrival = placer.arrive(number)
            placer.keep(arrival, number)
            yield arrival


def forget(catalog: Catalog) -> None:
    """Take every article out of its story, as if none had come; inside a commit."""
    for table in _TABLES:
        catalog.database.run(f"DELETE FROM {table}")


def apart(catalog: Catalog) -> Iterator[tuple[int, int, tuple[float, ...]]]:
    """Yield pairs of news articles that are of two events, as if they had come within days of each other.

    They are months apart: the same people and places in the same kind of news, but another event. Each is its article's
    number, the other's, and the features with a gap of up to ten days.
    """
    chance = random.Random(0)
    rows = catalog.database.all(
        "SELECT number, published FROM article WHERE published IS NOT NULL AND number % ? = 0", _EVERY
    )
    days = {number: date.fromisoformat(published).toordinal() for number, published in rows}
    for arrival in _arrivals(catalog, chance.sample(sorted(days), len(days))):
        for near in arrival.neighbours:
            if abs(days[near.article] - days[arrival.number]) > _MONTHS:
                features = list(near.features)
                features[GAP] = math.log1p(chance.randint(0, 10))
                yield arrival.number, near.article, tuple(features)


def fit(found: Sequence[PlacingRun], others: Sequence[tuple[int, int, tuple[float, ...]]], *, write: bool) -> None:
    """Fit the model and its threshold, and say how they fare.

    `others` are pairs of two events. The threshold is the one with the best B-cubed F1 among those from which at most
    one news article in ten would join another's event.
    """
    pairs = [
        (near.features, run.events[arrival.number] == run.events[near.article])
        for run in found for arrival in run.arrivals for near in arrival.neighbours
    ]  # fmt: skip
    pairs += [(features, False) for _, _, features in others]
    weights, bias = _fitted(np.array([features for features, _ in pairs]), np.array([same for _, same in pairs]))
    say(f"{len(pairs)} pairs, {sum(same for _, same in pairs)} of one event")
    say(f"{dict(zip(FEATURES, weights, strict=True))}")
    model = Likeness(weights, bias, 0.0)
    scores: dict[float, float] = {}
    false: dict[float, float] = {}
    for least in _LEASTS:
        kinds: dict[str, list[StoryScore]] = defaultdict(list)
        for run in found:
            name, _, order = run.name.partition(", ")
            kinds[f"{'all' if name == 'all' else 'one'}, {order}"].append(score(run, replace(model, least=least)))
        means = {kind: _mean([item.f1 for item in own]) for kind, own in kinds.items()}
        scores[least] = _mean(list(means.values()))
        joined = {number for number, _, features in others if model.log_odds(features) >= least}
        false[least] = len(joined) / max(1, len({number for number, _, _ in others}))
        shown = {kind: round(mean, 3) for kind, mean in means.items()}
        say(f"from {least:+.2f}: {scores[least]:.4f}, falsely {false[least]:.3f}, {shown}")
    allowed = [least for least in _LEASTS if false[least] <= _FALSELY] or [_LEASTS[-1]]
    best = max(allowed, key=lambda least: scores[least])
    if write:
        values = {name: round(weight, 4) for name, weight in zip(FEATURES, weights, strict=True)}
        content = {"weights": values, "bias": round(bias, 4), "least": best}
        (_INTO / "likeness.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def grouped(run: PlacingRun, model: Likeness) -> dict[int, int]:
    """Return the story that each article of a run comes into."""
    stories: dict[int, int] = {}
    for arrival in run.arrivals:
        near = [ComparedArticle(item.article, stories[item.article], item.features) for item in arrival.neighbours]
        story = likeliest(near, model, model.least)
        stories[arrival.number] = arrival.number if story is None else story
    return stories


def score(run: PlacingRun, model: Likeness) -> StoryScore:
    """Return how a run's stories fare."""
    stories = grouped(run, model)
    return b_cubed([stories[arrival.number] for arrival in run.arrivals], [run.events[a.number] for a in run.arrivals])


def b_cubed(groups: Sequence[object], gold: Sequence[object]) -> StoryScore:
    """Return the means, over the items, of the share of an item's group that is of its event, and the reverse."""
    both, ours, theirs = Counter(zip(groups, gold, strict=True)), Counter(groups), Counter(gold)
    pairs = list(zip(groups, gold, strict=True))
    precision = _mean([both[pair] / ours[pair[0]] for pair in pairs])
    recall = _mean([both[pair] / theirs[pair[1]] for pair in pairs])
    return StoryScore(precision, recall, 2 * precision * recall / (precision + recall))


def _fitted(rows: np.ndarray, same: np.ndarray) -> tuple[tuple[float, ...], float]:
    """Fit a logistic regression, and return the weights of the features as they are, and the bias."""
    from sklearn.linear_model import LogisticRegression

    spread, mean = rows.std(axis=0), rows.mean(axis=0)
    model = LogisticRegression(C=1.0, max_iter=1000).fit((rows - mean) / spread, same)
    weights = model.coef_[0] / spread
    return tuple(map(float, weights)), float(model.intercept_[0] - math.fsum(weights * mean))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


if __name__ == "__main__":
    main()
