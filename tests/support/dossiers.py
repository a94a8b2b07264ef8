"""Dossiers that a test makes up, as they would come out of a library."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from index.store.dossiers.pins import Dossier, Pin, PinnedArticle

RETRIEVED = datetime(2025, 11, 25, 6, 30, 15, tzinfo=UTC)


def article(text: str, **fields: Any) -> PinnedArticle:
    """Return an article of a text, as it is pinned."""
    hashed = hashlib.sha256(text.encode()).hexdigest()
    made = PinnedArticle(
        "ferry-1", 1, "Ferry service resumes", "Harbour News", "Layla Haddad", "local", date(2025, 11, 24), "en",
        "https://harbour.example/ferry?a=1&b=2", hashed, RETRIEVED,
    )  # fmt: skip
    return replace(made, **fields)


def pin(quote: str, note: str = "", *, of: PinnedArticle | None = None, **fields: Any) -> Pin:
    """Return a pinned quote of an article that says nothing else."""
    made = Pin(
        hashlib.sha256(quote.encode()).hexdigest()[:32], of or article(quote), 0, len(quote), quote, note, RETRIEVED
    )
    return replace(made, **fields)


def dossier(*pins: Pin, name: str = "The port") -> Dossier:
    """Return a dossier of quotes."""
    return Dossier("ab" * 16, name, "layla", RETRIEVED, RETRIEVED, len(pins), pins)
