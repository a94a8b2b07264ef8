"""The entry object: a story to its account."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Unpack

from index import Filters
from qa.answer import ArticleRef
from qa.assistant import Assistant
from qa.errors import AbandonedError
from qa.question import FilterArguments, always
from qa.stories.account import StoryAccount
from qa.stories.disputes import DisputeFinder
from qa.stories.figures import series_of, told_figures
from qa.stories.reports import CitationBook, reports_of
from qa.stories.voices import voices_of

# Accounts that are kept until the library changes, those read last.
_KEPT = 64


class StoryReader:
    """Reads the stories of an assistant's library; safe to use from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._library = assistant.library
        self._disputes = DisputeFinder(assistant.reranker, assistant.reader)
        self._kept: OrderedDict[tuple[str, Filters, frozenset[str] | None], StoryAccount] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self, id: str, *, is_wanted: Callable[[], bool] = always, **filters: Unpack[FilterArguments]
    ) -> StoryAccount:
        """Tell a story by its id, from those of its articles that pass the filters, in quotes alone.

        One that was told before is not read again until the library has changed. Raises `StoryNotFoundError` where
        there is none, `QueryError` for impossible filters, `AbandonedError` once it is not wanted.
        """
        chosen = Filters.of(**filters)
        # Of one state: what somebody may see changes with it.
        with self._library.snapshot() as generation:
            key = id, chosen, self._library.visible
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.generation == generation:
                self._kept.move_to_end(key)
                return kept
        account = self._told(id, chosen, is_wanted)
        with self._lock:
            self._kept[key] = account
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return account

    def _told(self, id: str, filters: Filters, is_wanted: Callable[[], bool]) -> StoryAccount:
        def check() -> None:
            if not is_wanted():
                raise AbandonedError("Whoever asked has left before the answer. Ask again.")

        with self._library.snapshot() as generation:
            story = self._library.stories.find(id, filters)
            ids = [article.id for article in story.articles]
            places = [passage for article_id in ids for passage in self._library.passages(article_id)]
            # By the filters an article is chosen, of which all is then quoted: also a passage in another language.
            candidates = self._library.candidates(places)
            copies = self._library.same_story(ids, filters)
        reports = reports_of(story.articles, candidates, copies)
        book = CitationBook()
        first = book.cite(reports[0], 0)
        figures = told_figures(reports)
        series = series_of(figures, book)
        voices = voices_of(reports, book)
        disputes = self._disputes.find(reports, figures, book, check)
        articles = tuple(ArticleRef.of(article) for article in story.articles)
        return StoryAccount(story.entry, generation, articles, first, series, voices, disputes, book.citations)
