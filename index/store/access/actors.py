"""Who is acting, and by which way in: set where a call comes in, read where the library is changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum

from index.store.access.roles import AccessGrant, AccessRole


class Way(Enum):
    """How somebody came in; `FEED` is what a library does by itself at followed addresses, `PYTHON` anything else.

    `SERVER` is a server that looks after itself.
    """

    PAGE = "page"
    REST = "rest"
    MCP = "mcp"
    COMMAND = "command"
    FEED = "feed"
    SERVER = "server"
    PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a `name`, empty where nobody has to say one, and what they may do, a role or several."""

    way: Way
    name: str = ""
    role: AccessGrant = AccessRole.ADMIN


_SOMEBODY = Actor(Way.PYTHON)
_actor: ContextVar[Actor] = ContextVar("actor")


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Have everything that this thread or task does inside done by somebody; a thread begun inside has to be told."""
    before = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(before)


def become(actor: Actor) -> None:
    """Have everything from here on done by somebody, to the end of the context that this is called in."""
    _actor.set(actor)


def current_actor() -> Actor:
    """Return who acts now."""
    return _actor.get(_SOMEBODY)


def is_known() -> bool:
    """Tell whether it was said who acts now."""
    return _actor.get(None) is not None
