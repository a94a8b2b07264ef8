"""Waiting for something to happen, and for nothing else: a test never fails because a machine is slow."""

import time
from collections.abc import Callable

# Seconds after which something that has not happened is taken to never happen. No test that passes waits so long.
PATIENCE = 300


def until(happened: Callable[[], object], say: Callable[[], object] = lambda: "it did not happen") -> None:
    """Return once `happened` is true; fails with what `say` returns where it never is."""
    limit = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < limit, say()
        time.sleep(0.01)
