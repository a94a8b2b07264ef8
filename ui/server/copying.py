"""Having the newest vector index copied here while a server runs, whether or not anybody asks."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import KhabarError
from ui.server.background import beside

if TYPE_CHECKING:
    from index import Library

_log = logging.getLogger(__name__)
# Seconds between two looks at whether there is a newer one, and those that an ending server waits for one.
_EVERY, _ENDING = 10.0, 2.0


@contextmanager
def keeping_up(library: "Library", *, every: float = _EVERY) -> Iterator[None]:
    """Look again and again, in a thread of its own, for as long as something else goes on here; where there are copies.

    A server that nobody asks for a while would fall behind by more indexes than it can do with.
    """
    if not library.parts.dense.is_copied:
        yield
        return

    def run(stop: threading.Event) -> None:
        while not stop.wait(every):
            try:
                library.fetch_index()
            except KhabarError as error:
                # The database is out of reach, which questions say too.
                _log.info("the vector index is not looked after now: %s", error)

    # What is under way when a server ends is left, and begun anew by the next one.
    with beside(run, "index copies", ending=_ENDING):
        yield
