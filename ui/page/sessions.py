"""Who has signed in to the page with a browser: what else is served beside it asks here."""

from typing import Any

from starlette.requests import Request


class Sessions:
    """The sessions that Gradio keeps in its application, `pages`, by its cookies."""

    def __init__(self, pages: Any) -> None:
        self._pages = pages

    @property
    def are_needed(self) -> bool:
        """Whether somebody has to sign in."""
        return self._pages.auth is not None

    def name(self, request: Request) -> str | None:
        """Return the name that a browser has signed in with, or None."""
        for kind in ("", "unsecure-"):
            cookie = request.cookies.get(f"access-token-{kind}{self._pages.cookie_id}")
            if cookie in self._pages.tokens:
                return str(self._pages.tokens[cookie])
        return None

    def may_enter(self, request: Request) -> bool:
        """Tell whether a browser has signed in, or need not."""
        return not self.are_needed or self.name(request) is not None
