"""Sentences to read one by one, each below its article's title: one that answers among some that do not.

At question time the likeliest sentences are read once more in this way (`qa/reading/reader.py`).
"""

import random
from collections.abc import Mapping, Sequence

from benchmarks.training.examples import Articles, Asked, Group, Window
from benchmarks.training.rivals import Rivals
from index.analysis import Span
from index.ingest.chunking import context_of

# The most sentences of a group.
_MOST = 7


class SentenceDrawer:
    """Draws groups of single sentences for questions; the same seed gives the same."""

    def __init__(self, articles: Articles, negatives: Mapping[str, Sequence[tuple[str, int, int]]], seed: int) -> None:
        self._articles = articles
        self._random = random.Random(seed)
        self._rivals = Rivals(articles, negatives, self._random)

    def draw(self, asked: Asked, language: str) -> Group | None:
        """Make one group: the sentence that answers, if there is one, and up to six others."""
        question = asked.question(language)
        place = None
        if asked.places:
            place = asked.draw_place(self._random)
        room = _MOST - (place is not None)
        others = self._rivals.draw(asked, question, room, is_answered=place is not None)
        if not others:
            return None
        windows = [self._window(name, span) for name, span in others]
        if place:
            found = self._window(place.article, place.sentence)
            start = place.answer.start - place.sentence.start
            windows.insert(0, Window(found.heading, found.text, start, start + place.answer.end - place.answer.start))
        return Group(question, tuple(windows))

    def _window(self, name: str, span: Span) -> Window:
        article = self._articles.by_id[name]
        return Window(context_of(article), span.slice(article.text))
