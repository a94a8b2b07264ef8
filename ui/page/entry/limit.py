"""How often somebody may try to sign in: each name, and each address that tries come from."""

from collections.abc import Callable

from index.errors import TooManyTriesError
from index.store.access.tries import TryKind, TryLimit, TryTable, counted_address

# The rest of a longer name is not looked at.
_LONGEST = 200


class SignInLimit:
    """Lets names and addresses be tried as often as they may; `locked` is told which of them have to wait from now on.

    To be used from one thread at a time: with several tries under way, somebody with the right password could be told
    to wait.
    """

    def __init__(
        self, tries: TryTable, limit: TryLimit, locked: Callable[[TryKind, str], None] = lambda kind, who: None
    ) -> None:
        self._tries = tries
        self._limit = limit
        self._locked = locked

    def check(self, name: str, address: str, is_right: Callable[[], bool]) -> bool:
        """Tell whether a name's password is right, where it may be tried.

        Raises `TooManyTriesError` where name or address have to wait, without asking whether it is right, and where
        they have to from now on; `LibraryError` where tries cannot be counted, since then nothing would keep them few.
        """
        name, address = name[:_LONGEST], counted_address(address)
        by_address = self._tries.begin(TryKind.ADDRESS, address, self._limit)
        if not by_address.is_allowed:
            raise TooManyTriesError(by_address.wait)
        by_name = self._tries.begin(TryKind.NAME, name, self._limit)
        if not by_name.is_allowed:
            # Nothing was guessed at.
            self._tries.take_back(TryKind.ADDRESS, address, by_address)
            raise TooManyTriesError(by_name.wait)
        if is_right():
            self._tries.clear(TryKind.NAME, name)
            self._tries.take_back(TryKind.ADDRESS, address, by_address)
            return True
        for kind, who, counted in ((TryKind.NAME, name, by_name), (TryKind.ADDRESS, address, by_address)):
            if counted.wait:
                self._locked(kind, who)
        if wait := max(by_name.wait, by_address.wait):
            raise TooManyTriesError(wait)
        return False

    def forget(self) -> None:
        """Let go of what counts no more; to be called now and then."""
        self._tries.forget(self._limit)
