"""Articles of one event, grouped as they come: each joins the story it most likely belongs to, or begins one.

An article is compared, in the commit that brings it, with those that share its rarest names or numbers. Stories are
neither joined nor parted, so that no article moves but one that is replaced. A story's id is the number of the article
that began it; no other article ever has that number, and the id stays when that article leaves.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.store.engines.protocol import Database
from index.store.sql import chunks
from index.store.stories.likeness import Centre, Likeness, Weighing, features_of, likeness
from index.store.stories.traits import Keys, StoryTraits, Vector

# How many of its rarest keys an article is found by, and looks for others with; how many others it is held against,
# and how many of a story's count. Chosen, as the threshold, on the story libraries of benchmarks/training/stories.py.
_KEPT, _SOUGHT, _COMPARED, _COUNTED = 32, 32, 40, 3
# A key that more articles have tells nothing, and would cost a look at all of them.
_COMMON = 400
_PLACED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ComparedArticle:
    """An article that an arrival is held against, the story that it is in, and what they have in common."""

    article: int
    story: int
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that is to be placed, by its number, and the others that it is held against."""

    number: int
    traits: StoryTraits
    weighing: Weighing
    neighbours: tuple[ComparedArticle, ...]


class StoryPlacer:
    """Keeps one catalog's stories in step with its articles; everything but `missing` inside a commit only."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def place(self, article: int, before: int | None = None) -> None:
        """Give an article, with its passages and vectors, a story.

        `before` is the story of the revision that it replaces: where it joins no other, it goes on with that one's id
        unless others have it.
        """
        arrival = self.arrive(article)
        story = likeliest(arrival.neighbours, likeness(), likeness().least)
        if story is None:
            is_free = before is not None and not self._db.one("SELECT 1 FROM event_member WHERE event = ?", before)
            story = before if before is not None and is_free else article
        self.keep(arrival, story)

    def leave(self, article: int) -> None:
        """Take an article that goes out of its story; the others stay in it."""
        row = self._db.one("SELECT keys, vector, language FROM event_member WHERE article = ?", article)
        if row is None:
            return
        keys, vector, language = np.frombuffer(row[0], dtype=np.uint32), row[1], row[2]
        self._db.run_many("UPDATE event_count SET articles = articles - 1 WHERE key = ?", [(int(key),) for key in keys])
        self._db.run_many("DELETE FROM event_count WHERE key = ? AND articles < 1", [(int(key),) for key in keys])
        self._add_up(language, _vector(vector), -1)
        self._db.run("DELETE FROM event_key WHERE article = ?", article)
        self._db.run("DELETE FROM event_member WHERE article = ?", article)

    def story_of(self, article_id: str) -> int | None:
        """Return the story that an article is in."""
        row = self._db.one(
            "SELECT event FROM event_member JOIN article ON article.number = event_member.article WHERE article.id = ?",
            article_id,
        )
        return int(row[0]) if row else None

    def place_missing(self) -> None:
        """Give a story to the articles that have none, in the order they came, and forget those that are gone."""
        for (gone,) in self._db.all(
            "SELECT article FROM event_member WHERE article NOT IN (SELECT number FROM article)"
        ):
            self.leave(gone)
        missing = "SELECT number FROM article WHERE number NOT IN (SELECT article FROM event_member) ORDER BY number"
        while rows := self._db.all(f"{missing} LIMIT {_PLACED_AT_ONCE}"):
            for (number,) in rows:
                self.place(number)

    def renew(self) -> None:
        """Place every article anew, in the order they came; a story keeps the id that most of its articles had."""
        before = dict(self._db.all("SELECT article, event FROM event_member"))
        for table in ("event_member", "event_key", "event_count", "event_mean"):
            self._db.run(f"DELETE FROM {table}")
        self.place_missing()
        now: dict[int, list[int]] = {}
        for article, story in self._db.all("SELECT article, event FROM event_member ORDER BY article"):
            now.setdefault(story, []).append(article)
        renamed = [(new, article) for new, articles in named_as_before(now, before) for article in articles]
        self._db.run_many("UPDATE event_member SET event = ? WHERE article = ?", renamed)

    def missing(self) -> int:
        """Count the articles without a story: those that an earlier version of Khabar wrote."""
        if not self._db.has("event_member"):
            return 0
        row = self._db.one("SELECT count(*) FROM article WHERE number NOT IN (SELECT article FROM event_member)")
        return int(row[0]) if row else 0

    def arrive(self, article: int) -> Arrival:
        """Read an article that has no story yet, count it among the others, and hold it against them."""
        row = self._db.one("SELECT title, text, language, published FROM article WHERE number = ?", article)
        assert row is not None
        vectors = self._db.all(
            "SELECT value FROM passage JOIN vector ON vector.key = passage.key WHERE article = ? ORDER BY id", article
        )
        title, text, language, published = row
        traits = StoryTraits.of(title, text, language, published, [value for (value,) in vectors])
        self._db.run_many(
            "INSERT INTO event_count VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET articles = event_count.articles + 1",
            [(int(key),) for key in traits.keys],
        )
        self._add_up(traits.language, traits.vector, 1)
        having = self._having(traits.keys)
        # This article is counted already.
        ((total,),) = self._db.all("SELECT sum(articles) FROM event_mean")
        weighing = Weighing.of(traits.keys, having, int(total))
        known = set(traits.keys[(having > 1) & (having <= _COMMON)].tolist())
        sought = [key for key in weighing.rarest(len(weighing.keys)).tolist() if key in known][:_SOUGHT]
        centre = self._centre()
        away = centre.away(traits)
        near = []
        for number, story, day, language, vector, keys, norm in self._sharing(sought, weighing):
            other = StoryTraits(np.frombuffer(keys, dtype=np.uint32), _vector(vector), language, day)
            near.append(
                ComparedArticle(number, story, features_of(traits, weighing, away, other, norm, centre.away(other)))
            )
        return Arrival(article, traits, weighing, tuple(near))

    def keep(self, arrival: Arrival, story: int) -> None:
        """Put an article into a story."""
        traits = arrival.traits
        self._db.run(
            "INSERT INTO event_member (article, event, day, language, vector, keys, norm) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arrival.number, story, traits.day, traits.language, traits.vector.astype(np.float16).tobytes(),
            traits.keys.tobytes(), arrival.weighing.norm,
        )  # fmt: skip
        kept = [(key, arrival.number) for key in arrival.weighing.rarest(_KEPT).tolist()]
        self._db.run_many("INSERT INTO event_key VALUES (?, ?)", kept)

    def _sharing(
        self, sought: Sequence[int], own: Weighing
    ) -> list[tuple[int, int, int | None, str, bytes, bytes, float]]:
        """Return the articles that share most of what some keys say, in the order they came."""
        if not sought:
            return []
        weight = dict(zip(own.keys.tolist(), own.weights.tolist(), strict=True))
        shared: Counter[int] = Counter()
        marks = ",".join("?" * len(sought))
        for key, article in self._db.all(f"SELECT key, article FROM event_key WHERE key IN ({marks})", *sought):
            shared[article] += weight[key]
        best = sorted(shared, key=lambda article: (-shared[article], -article))[:_COMPARED]
        if not best:
            return []
        columns = "article, event, day, language, vector, keys, norm"
        marks = ",".join("?" * len(best))
        return self._db.all(f"SELECT {columns} FROM event_member WHERE article IN ({marks}) ORDER BY article", *best)

    def _having(self, keys: Keys) -> NDArray[np.int64]:
        """Return how many articles have each of some keys."""
        known: dict[int, int] = {}
        for part in chunks(keys.tolist()):
            marks = ",".join("?" * len(part))
            known |= dict(self._db.all(f"SELECT key, articles FROM event_count WHERE key IN ({marks})", *part))
        return np.array([known.get(key, 0) for key in keys.tolist()], dtype=np.int64)

    def _add_up(self, language: str, vector: Vector, sign: int) -> None:
        """Count an article, and its vector in the sum of its language's, or no longer."""
        # As it is stored: what is taken off again is what was added.
        own = vector.astype(np.float16).astype(np.float64) * sign
        row = self._db.one("SELECT articles, total FROM event_mean WHERE language = ?", language)
        articles, total = (row[0], np.frombuffer(row[1], dtype=np.float64)) if row else (0, np.zeros(len(own)))
        if not len(total):
            # Those before it had no vector.
            total = np.zeros(len(own))
        # Of another encoder, and on its way out.
        total = total + own if len(total) == len(own) else total
        self._db.run(
            "INSERT INTO event_mean VALUES (?, ?, ?) ON CONFLICT (language) DO UPDATE SET "
            "articles = excluded.articles, total = excluded.total",
            language, articles + sign, total.tobytes(),
        )  # fmt: skip

    def _centre(self) -> Centre:
        rows = self._db.all("SELECT language, articles, total FROM event_mean ORDER BY language")
        encoder = self._db.one("SELECT value FROM meta WHERE key = 'encoder'")
        totals = {language: (articles, np.frombuffer(total, dtype=np.float64)) for language, articles, total in rows}
        return Centre.of(totals, str(encoder[0]) if encoder else None)


def likeliest(near: Sequence[ComparedArticle], model: Likeness, least: float) -> int | None:
    """Return the story with whose nearest articles one is likeliest of one event; None where none reaches `least`."""
    told: dict[int, list[float]] = {}
    for neighbour in near:
        told.setdefault(neighbour.story, []).append(model.log_odds(neighbour.features))
    means = {}
    for story, odds in told.items():
        best = sorted(odds, reverse=True)[:_COUNTED]
        means[story] = sum(best) / len(best)
    nearest = max(means, key=lambda story: (means[story], -story), default=None)
    return nearest if nearest is not None and means[nearest] >= least else None


def _vector(stored: bytes) -> Vector:
    return np.frombuffer(stored, dtype=np.float16).astype(np.float32)


def named_as_before(now: Mapping[int, Sequence[int]], before: Mapping[int, int]) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield each story's articles under the id that most of them had, which only one story gets.

    One that gets none goes under the number of the first of its articles that is no other story's id; where all are, it
    takes the first, and the story that had it goes under a number of its own.
    """
    wanted = [
        (-count, id, story)
        for story, articles in now.items()
        for id, count in Counter(before[article] for article in articles if article in before).items()
    ]
    named: dict[int, int] = {}
    has_name: set[int] = set()
    for _, id, story in sorted(wanted):
        if story not in has_name and id not in named:
            named[id] = story
            has_name.add(story)
    unnamed = [story for story in list(now)[::-1] if story not in has_name]
    while unnamed:
        story = unnamed.pop()
        own = next((article for article in now[story] if article not in named), now[story][0])
        if own in named:
            unnamed.append(named[own])
        named[own] = story
    for id, story in named.items():
        yield id, now[story]
