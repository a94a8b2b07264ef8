"""Something that goes on in a thread of its own for as long as a server runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from index.store.access.actors import Actor, Way, acting


@contextmanager
def beside(run: Callable[[threading.Event], None], name: str, *, ending: float | None = None) -> Iterator[None]:
    """Run something, as the server itself, while something else goes on here; it is given what is set at its end.

    At most `ending` seconds are waited for it then (None: until it is done).
    """
    stop = threading.Event()

    def work() -> None:
        with acting(Actor(Way.SERVER)):
            run(stop)

    thread = threading.Thread(target=work, daemon=True, name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(ending)
