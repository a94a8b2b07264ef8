"""What the endpoints take: their arguments with what is said of each, and the filters that several of them have."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

from pydantic import Field

from index.errors import QueryError

MOST = 100
# JSON's numbers are exact below this.
_BEYOND = 2**53

Values = list[str] | str | None
Day = str | None
Limit = Annotated[float, Field(description="At most this many.")]
Offset = Annotated[float, Field(description="How many to pass over.")]
ArticleId = Annotated[str, Field(description="The article's id.")]

# What selects articles, as `Filters.of` takes it: those that endpoints have always had, and those that came later.
_FIRST: dict[str, Any] = {
    "language": Annotated[Values, Field(description='Only articles in these languages, such as "ar".')],
    "source": Annotated[Values, Field(description="Only articles of these outlets.")],
    "category": Annotated[Values, Field(description="Only articles of these sections.")],
    "after": Annotated[Day, Field(description="Only articles from this day on, as 2025-09-28.")],
    "before": Annotated[Day, Field(description="Only articles up to this day.")],
}
_LATER: dict[str, Any] = {
    "name": Annotated[Values, Field(description="Only articles that name one of these, however it is spelt there.")],
    "collection": Annotated[Values, Field(description="Only articles in these collections.")],
    "story": Annotated[Values, Field(description="Only articles that tell one of these stories, by its id.")],
}


def filtered(after: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give an endpoint the filters as arguments of their own for its `**filters`, of which it gets those that are set.

    Those that there have always been stand behind the argument `after`, those that came later behind all: programs send
    values in the order of the arguments.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)
        own = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
        place = 1 + [one.name for one in own].index(after)
        offered = signature.replace(parameters=[*own[:place], *_optional(_FIRST), *own[place:], *_optional(_LATER)])

        @wraps(function)
        def call(*values: Any, **named: Any) -> Any:
            given = offered.bind(*values, **named).arguments
            unset = [name for name in (*_FIRST, *_LATER) if given.get(name) is None]
            return function(**{name: value for name, value in given.items() if name not in unset})

        types = {name: hint for name, hint in function.__annotations__.items() if name != "filters"}
        call.__annotations__ = {**types, **_FIRST, **_LATER}
        call.__signature__ = offered  # type: ignore[attr-defined]
        return call

    return decorate


def _optional(types: dict[str, Any]) -> list[inspect.Parameter]:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return [inspect.Parameter(name, kind, default=None, annotation=hint) for name, hint in types.items()]


def whole(number: float) -> int:
    """Return a number without what follows the point; raises `QueryError` for one beyond what JSON holds exactly."""
    if not abs(number) < _BEYOND:
        raise QueryError(f"{number} is no whole number below {_BEYOND:,}.")
    return int(number)


def page_of(limit: float, offset: float = 0) -> dict[str, int]:
    """Return which part of a list is meant, as what lists takes it: `limit` and `offset`."""
    return {"limit": max(1, min(whole(limit), MOST)), "offset": max(0, whole(offset))}
