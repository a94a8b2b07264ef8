"""The sessions of those who have signed in, each for so long and no longer."""

import time
from collections.abc import Callable

# Given Khabar's own address, returns where somebody goes on to in order to sign out elsewhere as well; "" if nowhere.
Leaving = Callable[[str], str]


class SessionTokens(dict[str, str]):
    """Names by the secret of a cookie, in place of the plain `dict` that Gradio keeps: what is too old is not in it."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._seconds = seconds
        self._now = now
        self._ends: dict[str, float] = {}
        self._leaving: dict[str, Leaving] = {}

    def __setitem__(self, token: str, name: str) -> None:
        """Begin a session; those that are over are let go of."""
        now = self._now()
        for old in [old for old, end in self._ends.items() if end <= now or old not in self.keys()]:
            self._ends.pop(old, None)
            self._leaving.pop(old, None)
            self.pop(old, None)
        self._ends[token] = now + self._seconds
        super().__setitem__(token, name)

    def remember(self, token: str, leaving: Leaving) -> None:
        """Keep where else whoever has this session has signed in, until it is over."""
        self._leaving[token] = leaving

    def leaving(self, token: str) -> Leaving | None:
        """Return what `remember` was given, None where that was nothing or the session is over."""
        return self._leaving.get(token) if token in self else None

    def __contains__(self, token: object) -> bool:
        """Tell whether a session is not over."""
        return super().__contains__(token) and self._ends.get(str(token), 0.0) > self._now()

    def get(self, token: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return whose session it is, or `default` where it is over or none."""
        return super().get(token, default) if token in self else default
