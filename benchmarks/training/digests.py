"""Digests to read: sentences of several articles, by day, of which one answers or none.

The reader learns from them to tell a newer figure from an older one, and who is asked about from others. At question
time windows alone are read: the likeliest sentences of a question, read once more as a digest, came in no better order.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.training.examples import Articles, Asked, Group, Window, holds_answer
from index import Article
from index.analysis import Span
from index.ingest.chunking import context_of

# The most sentences of a digest, and characters of each.
_MOST = 6
_LONGEST = 300

_Sentence = tuple[str, Span]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of an article."""

    article: Article
    sentence: Span


@dataclass(frozen=True, slots=True)
class Digest:
    """The text, and where in it each line's sentence stands, in the order of the lines given; long ones are cut."""

    text: str
    places: tuple[Span, ...]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Digest":
        """Put lines together."""
        own: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            own.setdefault(line.article.id, []).append(number)
        articles = [lines[numbers[0]].article for numbers in own.values()]
        articles.sort(key=lambda article: (str(article.published or ""), article.id))
        text, places = "", {}
        for article in articles:
            text += f"{context_of(article)}\n"
            for number in sorted(own[article.id], key=lambda number: lines[number].sentence.start):
                told = lines[number].sentence.slice(article.text)[:_LONGEST]
                places[number] = Span(len(text), len(text) + len(told))
                text += f"{told}\n"
        return cls(text, tuple(places[number] for number in range(len(lines))))


class DigestDrawer:
    """Draws digests for questions; the same seed gives the same."""

    def __init__(self, articles: Articles, negatives: Mapping[str, Sequence[tuple[str, int, int]]], seed: int) -> None:
        self._articles = articles
        self._negatives = negatives
        self._random = random.Random(seed)

    def draw(self, asked: Asked, language: str) -> Group | None:
        """Make a group of one digest; in one of five the sentence that answers is left out."""
        question = asked.question(language)
        place = None
        if asked.places and self._random.random() < 0.8:
            place = asked.places[0] if self._random.random() < 0.7 else self._random.choice(asked.places)
        room = self._random.randint(3, _MOST) - (place is not None)
        others = self._others(asked, question, room, is_answered=place is not None)
        if not others:
            return None
        chosen = [*others, *([(place.article, place.sentence)] if place else [])]
        self._random.shuffle(chosen)
        lines = [Line(self._articles.by_id[name], span) for name, span in chosen]
        digest = Digest.of(lines)
        start = end = -1
        if place:
            stands = digest.places[chosen.index((place.article, place.sentence))]
            start = stands.start + place.answer.start - place.sentence.start
            end = start + place.answer.end - place.answer.start
            if end > stands.end:
                return None
        return Group(question, (Window("", digest.text, start, end),))

    def _others(self, asked: Asked, question: str, room: int, *, is_answered: bool) -> list[_Sentence]:
        """Draw sentences that do not answer: those with a wrong answer first, then the article's own and others'."""
        drawn: dict[_Sentence, None] = {}
        # Where the newest figure is left out, an older one is the newest there is.
        if asked.wrong and (is_answered or asked.expect != "newest"):
            wrong = [s for s in self._told(asked) if any(text in self._text(s) for text in asked.wrong)]
            self._random.shuffle(wrong)
            drawn |= dict.fromkeys(wrong[:3])
        own = [s for name in self._own(asked) for s in self._sentences(name)]
        mined = [
            s for name, start, end in self._negatives.get(asked.id, ())[:12] for s in self._within(name, start, end)
        ]
        words = set(question.lower().split())
        for pool, count in ((own, (room + 1) // 2), (mined, room)):
            left = [s for s in pool if s not in drawn and self._is_none(asked, s)]
            left.sort(key=lambda s: self._random.random() - 0.15 * len(words & set(self._text(s).lower().split())))
            drawn |= dict.fromkeys(left[:count])
        return list(drawn)[:room]

    def _told(self, asked: Asked) -> Iterator[_Sentence]:
        """Yield the sentences of all that tells of the same."""
        names = dict.fromkeys([*self._own(asked), *(name for name, _, _ in self._negatives.get(asked.id, ()))])
        for name in names:
            yield from (s for s in self._sentences(name) if not self._answers(asked, s))

    def _own(self, asked: Asked) -> list[str]:
        return list(dict.fromkeys([*(place.article for place in asked.places[:1]), *asked.near]))

    def _sentences(self, name: str) -> list[_Sentence]:
        return [(name, span) for span in self._articles.sentences(name) if span.end - span.start > 15]

    def _within(self, name: str, start: int, end: int) -> list[_Sentence]:
        return [(name, span) for name, span in self._sentences(name) if start <= span.start and span.end <= end]

    def _text(self, sentence: _Sentence) -> str:
        return sentence[1].slice(self._articles.by_id[sentence[0]].text)

    def _answers(self, asked: Asked, sentence: _Sentence) -> bool:
        """Tell whether a sentence is one of those that are known to answer."""
        name, span = sentence
        return any(
            place.article == name and span.start < place.sentence.end and place.sentence.start < span.end
            for place in asked.places
        )

    def _is_none(self, asked: Asked, sentence: _Sentence) -> bool:
        text = self._text(sentence)
        shunned = any(part in text for part in (*asked.shunned, *asked.wrong))
        return not shunned and not self._answers(asked, sentence) and not holds_answer(asked, text, self._articles)
