"""Where somebody's rights hold: which collections they may see, and which they may change."""

import unicodedata
from dataclasses import dataclass

from index.errors import AccessError, QueryError

_LONGEST = 60
# What a name may have beside letters, their marks and digits: nothing that a sign-in file or a list is parted by.
_SIGNS = "-_."


@dataclass(frozen=True, slots=True)
class AccessScope:
    """The collections that somebody may see (None: all), and those whose articles they may change.

    An article that is in no collection is seen by everybody, and changed by nobody whose rights end somewhere.
    """

    visible: frozenset[str] | None
    editable: frozenset[str] = frozenset()

    def check_may_change(self, collections: frozenset[str]) -> None:
        """Raise `AccessError` where an article of these collections may not be changed."""
        if not collections or not collections <= self.editable:
            raise AccessError("This article is not in your collections alone. Ask whoever runs Khabar to change it.")


def collection_name(text: str) -> str:
    """Return a collection's name as it is kept, in small letters; raises `QueryError` for what is none."""
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())
    allowed = all(unicodedata.category(sign)[0] in "LMN" or sign in _SIGNS for sign in name)
    if not 0 < len(name) <= _LONGEST or not allowed or unicodedata.category(name[0])[0] not in "LN":
        raise QueryError(
            f"{text!r} is no name of a collection: it has 1 to {_LONGEST} letters, digits, hyphens, underscores and "
            "points, the first a letter or a digit. Choose another."
        )
    return name
