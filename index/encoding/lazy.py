"""Parts of an object that are loaded when they are first needed, once."""

import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

T = TypeVar("T")


class loaded_once(cached_property[T]):
    """A `cached_property` that threads which ask at once wait for, instead of loading it each.

    Python's own has had no lock since 3.12 (https://docs.python.org/3/library/functools.html#functools.cached_property).
    """

    def __init__(self, load: Callable[[Any], T]) -> None:
        super().__init__(load)
        self._loading = threading.RLock()

    def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:
        """Return what is loaded; whoever waited finds it there."""
        with self._loading:
            return super().__get__(instance, owner)
