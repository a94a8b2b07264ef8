"""Every row of one engine put into another, under the same numbers."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from index.store.engines.protocol import Database
from index.store.rows import FIELDS

# Each table with its columns, an article before its passages. `meta` is the library's own: see below.
_TABLES = {
    "article": f"number, revision, hash, added, {FIELDS}",
    "past": "article_id, revision, hash, added, content",
    "member": "origin, article_id, file",
    "passage": "id, article, start, stop, key, generation, own_language",
    "gone": "passage, generation",
    "vector": "key, value",
    "tokens": "key, value",
    "story": "article, story",
    "band": "key, article",
    "event_member": "article, event, day, language, vector, keys, norm",
    "event_key": "key, article",
    "event_count": "key, articles",
    "event_mean": "language, articles, total",
}
# Without the tokens: who may call one library may not call another that was made of it. Without the audit log: what was
# done to one was not done to the other.
_ON_DEMAND = {
    "collection": {
        "collection": "name, added",
        "collected": "article_id, collection",
        "source_collection": "origin, collection",
    },
    "named": {"mention": "article, start, stop, kind, name", "named": "article, version"},
    "feedback": {"feedback": "id, given, verdict, question, answer, versions"},
    "feed": {"feed": "address, period, paused, due, checked, failures, problem, etag, last_modified"},
    "shared": {"shared": "id, at, content"},
    "robots": {
        "visit": "address, article, etag, last_modified, first, checked, reason, gone",
        "listed": "listing, address, stamp",
        "robots": "site, rules, checked",
    },
    "standing": {
        "standing": "id, question, filters, interface, added, webhook, mail, secret, turn, generation, day, models, "
        "basis, answer",
        "standing_change": "id, question, at, generation, content",
        "telling": "change, channel, due, attempts, problem, told",
    },
    "dossier": {
        "dossier": "id, name, owner, made, changed",
        "pin": "id, dossier, place, article, hash, start, stop, quote, note, pinned, cited",
    },
}
_AT_ONCE = 1000
T = TypeVar("T")


def copy_rows(source: Database, target: Database) -> None:
    """Copy everything into an empty catalog; inside a snapshot of the one and a commit of the other.

    Which vector index holds what, the number of the schema and the history belong to where they were written, and stay
    behind.
    """
    tables = dict(_TABLES)
    for table, own in _ON_DEMAND.items():
        if source.has(table):
            target.ensure(table)
            tables |= own
    for table, columns in tables.items():
        marks = ", ".join("?" * len(columns.split(", ")))
        for rows in _parts(source.each(f"SELECT {columns} FROM {table}")):
            target.run_many(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    for passages in _parts(source.words.stored()):
        target.words.put(passages)
    properties = source.all(
        "SELECT key, value FROM meta "
        "WHERE key NOT IN ('schema', 'schema_since', 'history') AND key NOT LIKE 'vectors_%'"
    )
    target.run_many("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", properties)
    target.end_copy()


def _parts(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
