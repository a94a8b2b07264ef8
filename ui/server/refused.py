"""Sign-ins that failed, counted for the audit log: by names that there are, never with what else was typed."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import LibraryError
from index.store.access.actors import Actor, Way, acting
from index.store.access.audit import AuditAction
from index.store.access.roles import AccessRole
from index.store.access.tries import TryKind
from ui.server.background import beside

if TYPE_CHECKING:
    from index.store.access.audit import AuditLog
    from ui.server.signin import SignIn

_log = logging.getLogger(__name__)
# Seconds between two lines of one name: whoever tries a thousand passwords fills no disk.
_EVERY = 60.0
_NOBODY = Actor(Way.PAGE, "", AccessRole.READER)


class CountedSignIn:
    """Lets in whom a sign-in file names (None: nobody), and counts who was not let in; safe to call from threads.

    A name that is nobody's is counted, and not kept: it may be a password in the wrong field.
    """

    def __init__(self, sign_in: "SignIn | None", log: "AuditLog") -> None:
        self._sign_in = sign_in
        self._audit = log
        self._counted: Counter[tuple[AuditAction, str]] = Counter()
        self._lock = threading.Lock()

    def __call__(self, name: str, password: str) -> bool:
        """Tell whether this name and password may enter."""
        may_enter = self._sign_in is not None and self._sign_in(name, password)
        if not may_enter:
            self._count(AuditAction.SIGN_IN_FAILED, self._known(name))
        return may_enter

    def failed(self) -> None:
        """Count somebody who came another way, and was not let in."""
        self._count(AuditAction.SIGN_IN_FAILED, "")

    def locked(self, kind: TryKind, who: str) -> None:
        """Count that a name or an address has to wait from now on."""
        self._count(AuditAction.SIGN_IN_LOCKED, who if kind is TryKind.ADDRESS else self._known(who))

    def write(self) -> None:
        """Write down what was counted since the last time, a line for each name; what cannot be written is kept."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            with acting(_NOBODY):
                self._audit.count(counted)
        except LibraryError as error:
            _log.warning("sign-ins that failed could not be written to the audit log: %s", error)
            with self._lock:
                self._counted += counted

    @contextmanager
    def writing(self, also: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Write now and then for as long as something else goes on here, and at its end, in a thread of its own.

        Not as people sign in: the library may be busy, and nobody is to wait for it. `also` is done each time.
        """

        def write_again(stop: threading.Event) -> None:
            while not stop.wait(_EVERY):
                self.write()
                try:
                    also()
                except LibraryError as error:
                    _log.warning("tries to sign in that count no more could not be removed: %s", error)

        try:
            with beside(write_again, "refused sign-ins"):
                yield
        finally:
            self.write()

    def _known(self, name: str) -> str:
        return name if self._sign_in is not None and self._sign_in.knows(name) else ""

    def _count(self, action: AuditAction, who: str) -> None:
        with self._lock:
            self._counted[action, who] += 1
