"""What the page's filters are set to, between the widgets and the assistant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from qa.question import FilterArguments

MANY = ("language", "source", "category", "name", "collection", "story")
DAYS = ("after", "before")


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The values of the widgets: six lists, two days written as YYYY-MM-DD."""

    language: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    collection: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None

    @classmethod
    def of(
        cls,
        language: Sequence[str] | None,
        source: Sequence[str] | None,
        category: Sequence[str] | None,
        name: Sequence[str] | None,
        collection: Sequence[str] | None,
        story: Sequence[str] | None,
        after: str | None,
        before: str | None,
    ) -> Self:
        """Take what the widgets hold; a time of day is dropped."""
        after, before = (day[:10] if day else None for day in (after, before))
        return cls(
            tuple(language or ()), tuple(source or ()), tuple(category or ()), tuple(name or ()),
            tuple(collection or ()), tuple(story or ()), after, before,
        )  # fmt: skip

    def __bool__(self) -> bool:
        """Tell whether anything is filtered at all."""
        return self != FilterForm()

    def arguments(self) -> FilterArguments:
        """Return what `Assistant.ask` and its kin take."""
        return {
            "language": self.language or None,
            "source": self.source or None,
            "category": self.category or None,
            "name": self.name or None,
            "after": self.after,
            "before": self.before,
            "collection": self.collection or None,
            "story": self.story or None,
        }

    def without(self, field: str, value: str) -> "FilterForm":
        """Take one value out; what is not set stays out."""

        def kept(name: str) -> tuple[str, ...]:
            return tuple(item for item in getattr(self, name) if (name, item) != (field, value))

        after, before = (None if name == field else getattr(self, name) for name in DAYS)
        return replace(self, after=after, before=before, **{field: kept(field) for field in MANY})

    def of_last(self, days: int, today: date) -> "FilterForm":
        """Keep to the last so many days, today included."""
        return replace(self, after=(today - timedelta(days=days - 1)).isoformat(), before=None)

    def items(self) -> tuple[tuple[str, str], ...]:
        """Return what is set: each a field and a value of it."""
        many = [(field, value) for field in MANY for value in getattr(self, field)]
        days = [(field, value) for field in DAYS if (value := getattr(self, field))]
        return (*many, *days)

    def values(self) -> tuple[list[str] | str | None, ...]:
        """Return what the widgets are to hold, in their order."""
        return (*(list(getattr(self, field)) for field in MANY), self.after, self.before)
