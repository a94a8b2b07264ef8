"""What a library says of itself: its counts, and what its doctor found."""

from dataclasses import dataclass
from datetime import date

from index.records import Count


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """What a library holds, and what it was made with."""

    articles: int
    passages: int
    generation: int
    encoder: str
    chunking: str
    languages: tuple[Count, ...]
    sources: tuple[Count, ...]
    categories: tuple[Count, ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the doctor looked at."""

    name: str
    ok: bool
    detail: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What the doctor found; `ok` counts what was repaired as well."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """True when every check passed or was repaired."""
        return all(check.ok or check.repaired for check in self.checks)
