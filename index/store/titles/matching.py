"""Which titles have some words in them, however their letters are written: folded as the full text is."""

import threading

from index.errors import QueryError
from index.store.engines.protocol import Database
from index.text.normalisation import fold


class TitleIndex:
    """The folded titles of one catalog's articles, read when titles are first searched, and what has come since.

    An article that is replaced gets another number: a title never changes under its own. Which articles are still
    there, and may be seen, the catalog tells.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._folded: dict[int, str] = {}
        self._last = 0
        self._lock = threading.Lock()

    def having(self, text: str) -> set[int]:
        """Return the numbers of articles with a text in their title, among them some that have been withdrawn.

        Raises `QueryError` for what no title can hold, half of a surrogate pair.
        """
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise QueryError(f"No title can hold that: {error}. Write the words of the title again.") from error
        wanted = fold(text)
        with self._lock:
            self._read_on()
            return {number for number, title in self._folded.items() if wanted in title}

    def _read_on(self) -> None:
        ((newest,),) = self._db.all("SELECT coalesce(max(number), 0) FROM article")
        if newest < self._last:
            # The newest were withdrawn, or lost in a fail-over and their numbers given anew.
            self._folded, self._last = {}, 0
        for number, title in self._db.all("SELECT number, title FROM article WHERE number > ?", self._last):
            self._folded[number] = fold(title)
            self._last = max(self._last, number)
