"""Where the articles of a run belong, and which of those that are here a run may change."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.errors import AccessError
from index.store.access.scopes import AccessScope
from index.store.collections.collections import CollectionTable

# The same of an article that may be seen and of one that may not: only that the id is taken is told.
_TAKEN = "Its id belongs to an article that is not yours to change. Give it another id."


@dataclass(frozen=True, slots=True)
class Placing:
    """The collections that articles go to: `named` ones, else their own, else `otherwise`, else those of their source.

    `scope` is where whoever brings them may change articles; None: everywhere.
    """

    named: tuple[str, ...] | None = None
    otherwise: tuple[str, ...] | None = None
    scope: AccessScope | None = None

    @classmethod
    def of(
        cls,
        table: CollectionTable,
        collections: Iterable[str] | None,
        scope: AccessScope | None,
        source: str | None = None,
    ) -> "Placing":
        """Check what is named for whoever brings articles, from a `source` where it has collections of its own.

        Raises `QueryError` for a name that is no collection's, `AccessError` for one that is not theirs, and where they
        have several and name none.
        """
        named = None if collections is None else table.checked(collections)
        if scope is None:
            own = tuple(sorted(table.of_source(source))) if source is not None else ()
            return cls(named, own or None)
        if named is not None:
            check_theirs(named, scope)
            return cls(named, scope=scope)
        own = table.checked(scope.editable)
        if len(own) != 1:
            raise AccessError(f"Say in which of your collections the article belongs: {', '.join(own) or '-'}.")
        return cls(otherwise=own, scope=scope)

    def refusal(self, own: frozenset[str], *, is_here: bool) -> str:
        """Say why an article of some collections may not be brought in; "" where it may, as what is new may."""
        is_taken = is_here or bool(own)
        may = self.scope is None or not is_taken or (bool(own) and own <= self.scope.editable)
        return "" if may else _TAKEN

    def collections(self, own: frozenset[str], *, is_here: bool) -> tuple[str, ...] | None:
        """Return where an article goes; None: where it is, or a new one where its source says."""
        return self.otherwise if self.named is None and not own and not is_here else self.named


def check_theirs(collections: tuple[str, ...], scope: AccessScope) -> None:
    """Raise `AccessError` where somebody may not put an article in some collections, or in none."""
    if not collections or not scope.editable.issuperset(collections):
        raise AccessError("You may only add to collections that you are an editor of. Ask whoever runs Khabar.")
