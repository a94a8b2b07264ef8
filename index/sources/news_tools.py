"""What crawlers, news services and databases export as JSON: their nesting and their habits."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from index.sources.metadata import FieldMapping, Fields

# How deep the list of articles may lie: {"response": {"results": [...]}}.
_DEEPEST = 3
# What news services put for the rest of a text that they do not give away.
_CUT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+\d+ chars\]\s*$")
_ADDRESS = re.compile(r"https?://\S+")


def lists_of(value: Mapping[str, object], depth: int = 1) -> list[list[object]]:
    """Return the lists of objects in an object, those that lie least deep."""
    lists = [item for item in value.values() if isinstance(item, list) and any(isinstance(x, dict) for x in item)]
    if lists or depth == _DEEPEST:
        return lists
    nested = (lists_of(item, depth + 1) for item in value.values() if isinstance(item, dict))
    return [found for lists in nested for found in lists]


def article_of(value: Mapping[str, object], mapping: FieldMapping) -> Fields:
    """Pick the fields of an article out of one exported object."""
    inner = value.get("fields")
    # The Guardian's service keeps the text and the byline apart from what it says of every article.
    flat = {**inner, **value} if isinstance(inner, Mapping) else dict(value)
    fields = Fields.of({key: _plain(item) for key, item in flat.items()}, mapping)
    if fields.text:
        fields = replace(fields, text=_CUT.sub("", fields.text) or None)
    if fields.source and _ADDRESS.fullmatch(fields.source.strip()):
        # Trafilatura calls the address the source, and the outlet by its host.
        outlet = next(
            (flat[key] for key in ("sitename", "source-hostname", "hostname") if isinstance(flat.get(key), str)), None
        )
        fields = replace(fields, url=fields.url or fields.source.strip(), source=str(outlet) if outlet else None)
    return fields


def _plain(value: object) -> object:
    """Unpack what databases wrap: {"$date": …}, {"$oid": …}."""
    if not isinstance(value, Mapping):
        return value
    if "$oid" in value:
        return value["$oid"]
    if "$date" not in value:
        return value
    day = value["$date"]
    if isinstance(day, Mapping):
        day = day.get("$numberLong")
    try:
        return datetime.fromtimestamp(int(str(day)) / 1000, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        # Not milliseconds since 1970, so it is a day as it is written.
        return day
