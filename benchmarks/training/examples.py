"""Questions with windows to read: of each, whether it answers, where, who said so, and how."""

import gzip
import json
import random
import re
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from benchmarks.reader_data import Record
from index import Article
from index.analysis import Span, sentences
from index.ingest.chunking import chunk, context_of
from index.sources.files import FieldMapping, Loaded, load_file
from qa.reading.span_model import STANCES

LANGUAGES = ("en", "ar", "fr")
# One article in so many is held out: ranker, calibration and thresholds are fitted on its questions.
HELD = 12
UNKNOWN = -1
# A window's length in characters. One in so many is just what is read of a stored passage; shorter ones teach as much
# in less time.
_SHORTEST, _LONGEST = 140, 640
_WHOLE = 0.3
_HEADED = 0.65
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Place:
    """An answer in an article: `sentence` and `answer` are character ranges of its text."""

    article: str
    sentence: Span
    answer: Span


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in every wording there is of it, and where it is answered; `near` are articles that only seem to.

    `stance` is a place in `STANCES`, UNKNOWN where nobody wrote it down; `speaker` is an exact span of the article,
    empty where nobody is quoted; `shunned` are texts that a window may not hold to count as one that does not answer;
    `wrong` are answers that are none: an older figure, somebody else's. `history` is the question before it, by
    language.
    """

    id: str
    wordings: Mapping[str, str]
    places: tuple[Place, ...] = ()
    near: tuple[str, ...] = ()
    speaker: str = ""
    stance: int = UNKNOWN
    shunned: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    history: Mapping[str, str] = field(default_factory=dict)
    expect: str = "answer"
    kind: str = ""

    def question(self, language: str) -> str:
        """Return the wording in a language, after the question before it where there is one."""
        earlier = f"{self.history.get(language, '')} " if self.history else ""
        return f"{earlier}{self.wordings[language]}"

    def draw_place(self, chance: random.Random) -> Place:
        """Draw one of the places, the first one most often; there is at least one."""
        return self.places[0] if chance.random() < 0.7 else chance.choice(self.places)

    @property
    def is_held_out(self) -> bool:
        """Tell whether its article is one that the reader is not trained on."""
        name = self.places[0].article if self.places else (self.near[0] if self.near else self.id)
        return zlib.crc32(name.encode()) % HELD == 0


@dataclass(frozen=True, slots=True)
class Window:
    """What is read at once: `start` and `end` of the answer in `text`, -1 for none; so `speaker`, None for unknown."""

    heading: str
    text: str
    start: int = -1
    end: int = -1
    speaker: tuple[int, int] | None = None
    stance: int = UNKNOWN

    @property
    def answers(self) -> bool:
        """Tell whether the window answers."""
        return self.start >= 0


@dataclass(frozen=True, slots=True)
class Group:
    """One question with its windows: scores are made to compare among them."""

    question: str
    windows: tuple[Window, ...]


@dataclass
class Articles:
    """Articles by id, cut into passages once each is asked for."""

    by_id: dict[str, Article]
    _passages: dict[str, list[Span]] = field(default_factory=dict)
    _sentences: dict[str, list[Span]] = field(default_factory=dict)

    def sentences(self, article: str) -> list[Span]:
        """Return an article's sentences."""
        if article not in self._sentences:
            self._sentences[article] = list(sentences(self.by_id[article].text))
        return self._sentences[article]

    def windows(self, article: str) -> list[Span]:
        """Return what is read of an article: the sentences that begin in each stored passage."""
        if article not in self._passages:
            found = []
            for passage in chunk(self.by_id[article]):
                begun = [span for span in self.sentences(article) if passage.start <= span.start < passage.end]
                if begun:
                    found.append(Span(begun[0].start, min(begun[-1].end, begun[0].start + 2 * _LONGEST)))
            self._passages[article] = found
        return self._passages[article]


def load_articles(paths: Sequence[Path]) -> Articles:
    """Load corpus files (.jsonl or .jsonl.gz) as Khabar does."""
    found: dict[str, Article] = {}
    for path in paths:
        for item in load_file(path, path.parent, FieldMapping()):
            if isinstance(item, Loaded):
                found[item.article.id] = item.article
    return Articles(found)


def read_lines(path: Path) -> Iterator[dict[str, object]]:
    """Yield a JSON Lines file's objects, unpacked if it is packed."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    yield from (json.loads(line) for line in text.split("\n") if line.strip())


def story_libraries(data: Path, more: Sequence[Path] = ()) -> list[Path]:
    """Return the story libraries that are trained on, each as the path that its two files begin with."""
    return [data / "train" / "stories-D", data / "train" / "stories-E", *more]


def asked_in(path: Path, articles: Articles) -> list[Asked]:
    """Read questions written over news or stories; those whose answer is not where they say are left out."""
    found = [_asked(item, articles) for item in read_lines(path)]
    return [item for item in found if item is not None]


def _asked(item: Mapping[str, object], articles: Articles) -> Asked | None:
    wordings = {code: str(text) for code in LANGUAGES if (text := item.get(f"question_{code}"))}
    expect = str(item.get("expect") or ("answer" if item.get("article") else "abstain"))
    if expect in {"chat", "overview"} or not wordings:
        return None
    wrong = tuple(str(text) for text in _list(item, "wrong"))
    shunned = wrong if expect == "newest" else ()
    turns = _list(item, "history")
    history = {code: str(text) for code, text in turns[-1].items()} if turns and isinstance(turns[-1], dict) else {}
    common = {
        "id": str(item["id"]), "wordings": wordings, "history": history, "expect": expect, "kind": str(item["type"]),
        "wrong": wrong,
    }  # fmt: skip
    if expect == "abstain":
        near = str(item.get("near") or "")
        cluster = str(item.get("cluster") or "")
        close = (near,) if near else tuple(k for k in articles.by_id if cluster and f"-{cluster}-" in k)
        also = tuple(str(other["sentence"]) for other in _list(item, "also") if isinstance(other, dict))
        close = tuple(name for name in close if name in articles.by_id)
        return Asked(**common, near=close, shunned=also) if close else None  # type: ignore[arg-type]
    places = [place for other in (item, *_list(item, "also")) if (place := _place(other, articles)) is not None]
    if not places or places[0].article != item["article"]:
        return None
    said = str(item.get("stance") or "none")
    known = "stance" in item or ("cluster" not in item and not item.get("speaker"))
    stance = STANCES.index(said) if known and said in STANCES else UNKNOWN
    speaker = str(item.get("speaker") or "")
    return Asked(**common, places=tuple(places), speaker=speaker, stance=stance, shunned=shunned)  # type: ignore[arg-type]


def _list(item: Mapping[str, object], name: str) -> list[object]:
    value = item.get(name)
    return value if isinstance(value, list) else []


def _place(item: object, articles: Articles) -> Place | None:
    if not isinstance(item, dict) or item.get("article") not in articles.by_id:
        return None
    text = articles.by_id[item["article"]].text
    sentence, answer = str(item.get("sentence") or ""), str(item.get("answer") or "")
    at = text.find(sentence)
    inside = sentence.find(answer)
    if at < 0 or inside < 0 or not answer:
        return None
    return Place(item["article"], Span(at, at + len(sentence)), Span(at + inside, at + inside + len(answer)))


class Drawer:
    """Draws groups from questions; the same seed gives the same groups."""

    def __init__(self, articles: Articles, negatives: Mapping[str, Sequence[tuple[str, int, int]]], seed: int) -> None:
        self._articles = articles
        self._negatives = negatives
        self._random = random.Random(seed)

    def draw(self, asked: Asked, language: str) -> Group | None:
        """Make one group: a window that answers, if there is one, and one to three that do not."""
        windows: list[Window] = []
        chance = self._random.random()
        if asked.places:
            place = asked.draw_place(self._random)
            windows.append(self._answering(asked, place))
            if chance < 0.3:
                windows += self._cut_out(asked, place)
            elif chance < 0.55:
                windows += self._others(asked, [place.article for place in asked.places], 1)
            windows += self._mined(asked, 3 if chance > 0.55 else 2)
        else:
            windows += self._others(asked, asked.near, 1 if chance < 0.75 else 2)
            if chance < 0.3:
                windows += self._mined(asked, 1)
        return Group(asked.question(language), tuple(windows)) if windows else None

    def _answering(self, asked: Asked, place: Place) -> Window:
        article = self._articles.by_id[place.article]
        around = self._around(place)
        start, end = place.answer.start - around.start, place.answer.end - around.start
        text = article.text[around.start : around.end]
        speaker: tuple[int, int] | None = None
        if place is asked.places[0]:
            speaker = (-1, -1)
            if asked.speaker:
                at = _closest(text, asked.speaker, place.sentence.start - around.start)
                speaker = (at, at + len(asked.speaker)) if at >= 0 else None
        stance = asked.stance if place is asked.places[0] else UNKNOWN
        return Window(self._heading(article), text, start, end, speaker, stance)

    def _around(self, place: Place) -> Span:
        """Return the stored passage's window that holds an answer, or one of any length around it."""
        spans = self._articles.sentences(place.article)
        if self._random.random() < _WHOLE:
            for window in self._articles.windows(place.article):
                if window.start <= place.sentence.start < window.end:
                    held = [s for s in spans if window.start <= s.start < window.end] or [window]
                    return _fitted(held, place, _LONGEST)
        room = self._random.uniform(_SHORTEST, _LONGEST)
        first = max((n for n, s in enumerate(spans) if s.start <= place.sentence.start), default=0)
        back = self._random.randrange(4)
        held = spans[max(0, first - back) : first + 1 + self._random.randrange(5)]
        return _fitted(held, place, room)

    def _cut_out(self, asked: Asked, place: Place) -> list[Window]:
        """Leave out the sentences that hold the answer: the right subject, and the fact not given."""
        article = self._articles.by_id[place.article]
        around = self._around(place)
        left = [
            article.text[s.start : s.end]
            for s in self._articles.sentences(place.article)
            if around.start <= s.start < around.end and not (s.start < place.answer.end and place.answer.start < s.end)
        ]
        text = self._cut(" ".join(left))
        return [Window(self._heading(article), text)] if text and self._is_negative(asked, text) else []

    def _others(self, asked: Asked, names: Sequence[str], count: int) -> list[Window]:
        """Draw windows of the right article, or the near one, that do not answer; the likeliest by words first."""
        found: list[tuple[float, Window]] = []
        for name in dict.fromkeys(names):
            article = self._articles.by_id[name]
            for span in self._articles.windows(name):
                text = self._cut(article.text[span.start : span.end])
                if self._is_negative(asked, text):
                    found.append((self._random.random(), Window(self._heading(article), text)))
        found.sort(key=lambda pair: pair[0])
        return [window for _, window in found[:count]]

    def _mined(self, asked: Asked, count: int) -> list[Window]:
        """Draw windows of other articles that the search puts high."""
        known = list(self._negatives.get(asked.id, ()))[:14]
        self._random.shuffle(known)
        found: list[Window] = []
        for name, start, end in known:
            article = self._articles.by_id[name]
            text = self._cut(article.text[start:end])
            if text and self._is_negative(asked, text):
                found.append(Window(self._heading(article), text))
            if len(found) == count:
                break
        return found or self._others(asked, [place.article for place in asked.places] or asked.near, count)

    def _is_negative(self, asked: Asked, text: str) -> bool:
        return not holds_answer(asked, text, self._articles) and not any(part in text for part in asked.shunned)

    def _cut(self, text: str) -> str:
        """Leave whole sentences from some place on, as many as fit a length drawn by chance."""
        spans = list(sentences(text))
        if not spans:
            return text[:_LONGEST]
        room = _LONGEST if self._random.random() < _WHOLE else self._random.uniform(_SHORTEST, _LONGEST)
        first = self._random.choice([s for s in spans if len(text) - s.start >= room] or spans[:1])
        last = max((s for s in spans if s.end - first.start <= room), key=lambda s: s.end, default=first)
        return text[first.start : max(last.end, first.end)][: 2 * _LONGEST]

    def _heading(self, article: Article) -> str:
        return context_of(article) if self._random.random() < _HEADED else ""


def holds_answer(asked: Asked, text: str, articles: Articles) -> bool:
    """Tell whether a text may hold the answer in some words: half of an answer's words, or all of its numbers."""
    words = _words(text)
    for place in asked.places:
        answer = place.answer.slice(articles.by_id[place.article].text)
        wanted = _words(answer)
        if answer in text or not wanted:
            return True
        numbers = {word for word in wanted if word.isdigit()}
        if numbers and numbers <= words:
            return True
        if len(wanted & words) / len(wanted) >= 0.5:
            return True
    return False


@cache
def _words(text: str) -> frozenset[str]:
    found = {word.lower() for word in _WORD.findall(text)}
    return frozenset(_bare(word) for word in found if len(word) > 2 or word.isdigit())


def _bare(word: str) -> str:
    for prefix in ("وال", "بال", "لل", "ال"):
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            return word[len(prefix) :]
    return word


def _closest(text: str, wanted: str, place: int) -> int:
    places = [match.start() for match in re.finditer(re.escape(wanted), text)]
    return min(places, key=lambda at: abs(at - place), default=-1)


def _fitted(held: Sequence[Span], place: Place, room: float) -> Span:
    """Return as many of the sentences around the answer's as there is room for."""
    start, end = place.sentence.start, max(place.sentence.end, place.answer.end)
    before = [span for span in held if span.end <= start]
    after = [span for span in held if span.start >= end]
    while before or after:
        side = before if before and (not after or start - before[-1].start < after[0].end - end) else after
        span = side.pop() if side is before else side.pop(0)
        if max(end, span.end) - min(start, span.start) > room:
            break
        start, end = min(start, span.start), max(end, span.end)
    return Span(start, end)


def group_of(record: Record, chance: random.Random, others: Sequence[str]) -> Group:
    """Make a group of a question over an encyclopaedia: its paragraph, and another or the same without the answer."""
    spans = sentences(record.context)
    answer = record.context[record.start : record.end]
    held = Place("", _sentence_at(spans, record.start, record.end), Span(record.start, record.end))
    around = _fitted(list(spans), held, chance.uniform(200, _LONGEST))
    heading = record.title if chance.random() < 0.5 else ""
    text = record.context[around.start : around.end]
    windows = [Window(heading, text, record.start - around.start, record.end - around.start)]
    usable = [other for other in others if answer not in other]
    if usable and chance.random() < 0.5:
        windows.append(Window(heading, chance.choice(usable)[:_LONGEST]))
    else:
        left = " ".join(record.context[s.start : s.end] for s in spans if answer not in record.context[s.start : s.end])
        if left and answer not in left:
            windows.append(Window(heading, left[:_LONGEST]))
    return Group(record.question, tuple(windows))


def _sentence_at(spans: Sequence[Span], start: int, end: int) -> Span:
    held = [span for span in spans if span.start < end and start < span.end]
    return Span(min(held[0].start, start), max(held[-1].end, end)) if held else Span(start, end)


def near_articles(asked: Collection[Asked]) -> set[str]:
    """Return the articles that some questions are about."""
    return {place.article for item in asked for place in item.places} | {name for item in asked for name in item.near}
