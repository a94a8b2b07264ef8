"""Sign-ins that failed, counted for the audit log: by names that there are, never with what was typed."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import LibraryError
from index.store.access.actors import Actor, Way, acting
from index.store.access.audit import AuditAction
from index.store.access.roles import AccessRole

if TYPE_CHECKING:
    from index.store.access.audit import AuditLog
    from ui.server.signin import SignIn

_log = logging.getLogger(__name__)
# Seconds between two lines of one name: whoever tries a thousand passwords fills no disk.
_EVERY = 60.0
_NOBODY = Actor(Way.PAGE, "", AccessRole.READER)


class CountedSignIn:
    """Lets in whom a sign-in file names, and counts who was not let in; safe to call from several threads.

    A name that is nobody's is counted, and not kept: it may be a password in the wrong field.
    """

    def __init__(self, sign_in: "SignIn", log: "AuditLog") -> None:
        self._sign_in = sign_in
        self._audit = log
        self._refused: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, name: str, password: str) -> bool:
        """Tell whether this name and password may enter."""
        may_enter = self._sign_in(name, password)
        if not may_enter:
            with self._lock:
                self._refused[name if self._sign_in.knows(name) else ""] += 1
        return may_enter

    def write(self) -> None:
        """Write down what was counted since the last time, a line for each name; what cannot be written is kept."""
        with self._lock:
            refused, self._refused = self._refused, Counter()
        if not refused:
            return
        try:
            with acting(_NOBODY):
                self._audit.count(AuditAction.SIGN_IN_FAILED, refused)
        except LibraryError as error:
            _log.warning("sign-ins that failed could not be written to the audit log: %s", error)
            with self._lock:
                self._refused += refused

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write now and then for as long as something else goes on here, and at its end, in a thread of its own.

        Not as people sign in: the library may be busy, and nobody is to wait for it.
        """
        stop = threading.Event()

        def write_again() -> None:
            while not stop.wait(_EVERY):
                self.write()

        thread = threading.Thread(target=write_again, daemon=True, name="refused sign-ins")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            self.write()
