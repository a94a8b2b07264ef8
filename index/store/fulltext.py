"""The lexical leg: words and name keys, ranked by BM25 at a cost that does not grow with the library."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.analysis import name_keys, terms
from index.article import Filters
from index.store.engines.protocol import Database, PassageWords
from index.store.sql import LANGUAGE, where_clause

# BM25 looks at every passage that has one of the words. One that stands in more passages than this tells next to
# nothing beside rarer ones, and is left out.
COMMON = 15_000
# Reading the article of every match takes far longer than ranking it: first this many times what is asked for are
# ranked without the filters, and all of them only where few of these pass.
_OVERSHOT = 10


# Passages whose words an earlier version stored as it does now.
_UNCHANGED = ("ar", "en")
# Passages read at once when their words are made anew.
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Words:
    """What a passage is found by: its terms and its name keys, each with white space between them."""

    terms: str
    names: str


def words_of(text: str, title: str, language: str) -> Words:
    """Return what a passage is found by, its article's title included."""
    found = terms(text, language) + terms(title, language)
    return Words(" ".join(found), " ".join(name_keys(text, language) + name_keys(title, language)))


class LexicalIndex:
    """Finds passages by their words; safe to use from several threads."""

    def __init__(self, database: Database, *, common: int = COMMON) -> None:
        self._db = database
        self._common = common
        # Words once found common: they hardly become rare, and counting up to the limit is what costs.
        self._known_common: set[tuple[str, str]] = set()

    def search(self, terms: Sequence[str], names: Sequence[str], filters: Filters, limit: int) -> dict[int, float]:
        """Return passage numbers with their BM25 score (higher is better), best first."""
        sought = {
            field: telling
            for field, words in (("terms", terms), ("names", names))
            if (telling := [word for word in words if not self._is_common(field, word)])
        }
        if not sought:
            return {}
        most = _OVERSHOT * limit
        found = self._db.words.ranked(sought, most if filters else limit, Filters())
        if not filters:
            return found
        passing = self._passing(found, filters)
        if len(passing) >= limit or len(found) < most:
            return dict(list(passing.items())[:limit])
        return self._db.words.ranked(sought, limit, filters)

    def outdated(self) -> int:
        """Count the passages whose words an earlier version of Khabar stored otherwise."""
        if self._db.has_current_terms:
            return 0
        row = self._db.one(
            "SELECT count(*) FROM passage WHERE article IN "
            f"(SELECT number FROM article WHERE language NOT IN ({','.join('?' * len(_UNCHANGED))}))",
            *_UNCHANGED,
        )
        return int(row[0]) if row else 0

    def bring_up_to_date(self) -> None:
        """Store the words of the passages in other languages anew, from the articles' texts; inside a commit."""
        last = 0
        while rows := self._db.all(
            f"SELECT passage.id, text, start, stop, title, {LANGUAGE} FROM passage "
            "JOIN article ON article.number = passage.article "
            f"WHERE passage.id > ? AND language NOT IN ({','.join('?' * len(_UNCHANGED))}) "
            "ORDER BY passage.id LIMIT ?",
            last,
            *_UNCHANGED,
            _AT_ONCE,
        ):
            last = rows[-1][0]
            made = [(row[0], words_of(row[1][row[2] : row[3]], row[4], row[5])) for row in rows]
            self._db.words.remove([number for number, _ in made])
            self._db.words.put([PassageWords(number, words.terms, words.names) for number, words in made])
        self._known_common.clear()
        self._db.set_current()

    def _passing(self, found: dict[int, float], filters: Filters) -> dict[int, float]:
        """Keep the passages whose articles pass the filters."""
        where, values = where_clause(filters, of_passages=True)
        rows = self._db.all(
            "SELECT passage.id FROM passage JOIN article ON article.number = passage.article "
            f"WHERE passage.id IN ({','.join('?' * len(found))}) AND {where}",
            *found,
            *values,
        )
        passing = {row[0] for row in rows}
        return {number: score for number, score in found.items() if number in passing}

    def _is_common(self, field: str, word: str) -> bool:
        if (field, word) in self._known_common:
            return True
        most = self._db.one("SELECT max(id) FROM passage")
        if most is None or (most[0] or 0) <= self._common:
            return False
        if found := self._db.words.occurs_beyond(field, word, self._common):
            self._known_common.add((field, word))
        return found
