"""What `khabar doctor` looks at in a library, and what it repairs."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from index.errors import LibraryError
from index.store.catalog import Catalog
from index.store.queue import JobCounts, JobTable
from index.store.rows import Check, DoctorReport
from index.vectors.dense import DenseIndex

_RESTORE = "bring the last automatic backup back: khabar doctor --restore"


def examine(
    catalog: Catalog, dense: DenseIndex, writing: Callable[[], AbstractContextManager[None]], *, repair: bool
) -> DoctorReport:
    """Check the catalog and the vector index; with `repair`, and inside `writing`, put right what can be."""
    wrong = _catalog_problems(catalog)
    checks = [
        Check("engine", True, f"{catalog.database.describe()}, generation {catalog.generation}"),
        Check("catalog", not wrong, "; ".join(wrong) or "sound: every passage has its article and vector"),
    ]
    if repair and catalog.outdated():
        with writing():
            catalog.bring_up_to_date()
    wrong = dense.problems()
    if repair and not wrong and catalog.database.is_served:
        # What other machines wrote, this one's index has not been told of.
        with writing():
            dense.catch_up()
    detail, repaired = "; ".join(wrong) or "in step with the catalog, and answers", False
    if repair:
        # Of an index that machines have copies of, one that is not here yet, or is not as it came.
        dense.fetch()
    if wrong and repair:
        if repaired := not dense.problems():
            detail += "; fetched anew"
        else:
            with writing():
                failed = _rebuild(dense)
            repaired = failed is None
            detail += f"; {failed or 'rebuilt from the stored vectors'}"
    detail = "; ".join(filter(None, (detail, dense.describe())))
    checks.append(Check("vector index", not wrong, detail, repaired))
    if (server := catalog.database.server()) is not None:
        age = dense.age()
        index = f"the vector index here is of {age.describe()}" if age else "no vector index is here"
        checks.append(Check("server", True, f"{server.describe()}; {index}"))
    if catalog.database.is_served:
        checks.append(_jobs(JobTable(catalog.database).counts()))
    return DoctorReport(tuple(checks))


def _jobs(counts: JobCounts) -> Check:
    """Tell what the workers have to do, and what they leave: what failed is for somebody to look at."""
    told = {
        "waiting": counts.waiting,
        "in hand": counts.running,
        "stalled, whose worker died, and which the next `khabar worker` takes up": counts.stalled,
        "tried in vain, which `khabar jobs` lists": counts.failed,
    }
    detail = "; ".join(f"{number} {what}" for what, number in told.items() if number)
    return Check("jobs", not (counts.stalled or counts.failed), detail or "none is left to do")


def _rebuild(dense: DenseIndex) -> str | None:
    """Make the index anew; return what came of it where it is still not sound."""
    try:
        dense.rebuild()
    except LibraryError as error:
        # A server is out of reach, or another machine is at it: the rest is to be told all the same.
        return f"no rebuild: {error}"
    return "a rebuild did not help" if dense.problems() else None


def _catalog_problems(catalog: Catalog) -> list[str]:
    try:
        found = catalog.problems()
    except LibraryError as error:
        return [str(error)]
    way_back = "the server's own backups bring it back" if catalog.database.is_served else _RESTORE
    return [*found, way_back] if found else []
