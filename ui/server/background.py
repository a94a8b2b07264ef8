"""Something that goes on in a thread of its own for as long as a server runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def beside(run: Callable[[threading.Event], None], name: str, *, ending: float | None = None) -> Iterator[None]:
    """Run something while something else goes on here; it is given what is set when that has ended.

    At most `ending` seconds are waited for it then (None: until it is done).
    """
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,), daemon=True, name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(ending)
