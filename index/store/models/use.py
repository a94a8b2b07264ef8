"""How many tokens a chat model has used, by day, counted over every process and machine of a catalog."""

from datetime import date

from index.store.engines.protocol import Database

_TABLE = "model_use"


class ModelUseTable:
    """The tokens of each day, cl100k: each call is one statement, which neither waits for commits nor is waited for."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, day: date) -> int:
        """Return how many tokens were used on a day."""
        if not self._db.has(_TABLE):
            return 0
        row = self._db.one("SELECT used FROM model_use WHERE day = ?", day.isoformat())
        return int(row[0]) if row else 0

    def add(self, day: date, used: int) -> None:
        """Count tokens as used on a day; raises `LibraryError` where the catalog cannot be written."""
        self._db.ensure(_TABLE)
        self._db.run(
            "INSERT INTO model_use VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET used = model_use.used + excluded.used",
            day.isoformat(),
            used,
        )
