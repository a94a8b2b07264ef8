"""How FTS5 takes a term apart, asked of FTS5 itself: an index of words elsewhere must find and count what it does."""

import sqlite3
import threading
from collections.abc import Collection, Mapping, Sequence

from index.errors import LibraryError
from index.store.engines.fts5 import TOKENS

# Terms whose tokens are remembered: a language's everyday words, and those of the last commits.
_KEPT = 1 << 17


class Tokeniser:
    """Gives each term its tokens: nearly always one, in lower case; safe to use from several threads."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        # In memory, and for this alone.
        self._memory = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._memory.execute(f"CREATE VIRTUAL TABLE term USING fts5 (text, content = '', tokenize = \"{TOKENS}\")")
        self._memory.execute("CREATE VIRTUAL TABLE token USING fts5vocab (term, instance)")

    def tokens(self, terms: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the tokens of some terms, in order; a term of signs alone has none.

        Raises `LibraryError` when it is closed.
        """
        with self._lock:
            if len(self._known) > _KEPT:
                self._known.clear()
            new = [term for term in dict.fromkeys(terms) if term not in self._known]
            self._known.update(zip(new, self._taken_apart(new), strict=True))
            return {term: self._known[term] for term in terms}

    def close(self) -> None:
        """Let the memory go."""
        with self._lock:
            self._memory.close()

    def _taken_apart(self, terms: Sequence[str]) -> list[tuple[str, ...]]:
        found: list[list[str]] = [[] for _ in terms]
        try:
            try:
                self._memory.executemany("INSERT INTO term (rowid, text) VALUES (?, ?)", enumerate(terms))
                for number, token in self._memory.execute("SELECT doc, term FROM token ORDER BY doc, offset"):
                    found[number].append(token)
            finally:
                # Whatever happened: what is left would be taken for the tokens of the next.
                self._memory.execute("INSERT INTO term (term) VALUES ('delete-all')")
        except sqlite3.ProgrammingError as error:
            raise LibraryError("The library is closed. Open it again.") from error
        return [tuple(own) for own in found]
