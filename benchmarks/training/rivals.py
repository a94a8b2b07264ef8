"""Sentences that do not answer a question, and look as if they might: what the right one is told from."""

import random
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.training.examples import Articles, Asked, holds_answer
from index.analysis import Span

# An article's name and a sentence of it.
Rival = tuple[str, Span]


class Rivals:
    """Draws such sentences from a question's own article and from what the search puts high."""

    def __init__(
        self, articles: Articles, negatives: Mapping[str, Sequence[tuple[str, int, int]]], chance: random.Random
    ) -> None:  # fmt: skip
        self._articles = articles
        self._negatives = negatives
        self._random = chance

    def draw(self, asked: Asked, question: str, room: int, *, is_answered: bool) -> list[Rival]:
        """Draw up to `room` sentences: those with a wrong answer first, then the article's own and others'.

        `is_answered` tells whether the one that answers is read beside them.
        """
        drawn: dict[Rival, None] = {}
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

    def _told(self, asked: Asked) -> Iterator[Rival]:
        """Yield the sentences of all that tells of the same."""
        names = dict.fromkeys([*self._own(asked), *(name for name, _, _ in self._negatives.get(asked.id, ()))])
        for name in names:
            yield from (s for s in self._sentences(name) if not self._answers(asked, s))

    def _own(self, asked: Asked) -> list[str]:
        return list(dict.fromkeys([*(place.article for place in asked.places[:1]), *asked.near]))

    def _sentences(self, name: str) -> list[Rival]:
        return [(name, span) for span in self._articles.sentences(name) if span.end - span.start > 15]

    def _within(self, name: str, start: int, end: int) -> list[Rival]:
        return [(name, span) for name, span in self._sentences(name) if start <= span.start and span.end <= end]

    def _text(self, sentence: Rival) -> str:
        return sentence[1].slice(self._articles.by_id[sentence[0]].text)

    def _answers(self, asked: Asked, sentence: Rival) -> bool:
        """Tell whether a sentence is one of those that are known to answer."""
        name, span = sentence
        return any(
            place.article == name and span.start < place.sentence.end and place.sentence.start < span.end
            for place in asked.places
        )

    def _is_none(self, asked: Asked, sentence: Rival) -> bool:
        text = self._text(sentence)
        shunned = any(part in text for part in (*asked.shunned, *asked.wrong))
        return not shunned and not self._answers(asked, sentence) and not holds_answer(asked, text, self._articles)
