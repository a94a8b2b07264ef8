"""Fetching as a guest: what robots.txt allows, one request a host at a time, with a pause between two."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from index.errors import FetchError, UnreachableError
from index.store.fetched_addresses import SiteRules, VisitTable
from index.web.client import NAME, Client, Fetched, Validators

# Seconds between two requests to a host, and the longest pause that robots.txt may ask for.
PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_RULES_LAST = timedelta(days=1)
# RFC 9309 lets a reader stop here.
_LONGEST_RULES = 500 * 1024
_LATER = "Try again later."


class Stopped(Exception):
    """The fetching is to end, and this request is not made."""


class Visitor:
    """Fetches politely; safe to use from several threads. What robots.txt says is kept in the library for a day."""

    def __init__(
        self,
        client: Client,
        visits: VisitTable,
        *,
        pause: float = PAUSE,
        stop: threading.Event | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._visits = visits
        self._pause = pause
        self._now = now
        self.stop = stop or threading.Event()
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def fetch(self, address: str, validators: Validators | None = None) -> Fetched:
        """Fetch an address whose site allows it, when it is its turn; the status is 200, 304, 404 or 410.

        Raises `UnreachableError` for what may go well later, with the seconds to wait where the server named them,
        `FetchError` for what will not, and `Stopped` when `stop` is set.
        """
        host = self._host(address)
        with host.lock:
            pause = max(self._pause, self._allowed_pause(address))
            self._wait(host)
            try:
                fetched = self._client.fetch(address, validators)
            finally:
                host.free = time.monotonic() + pause
            return _good(fetched, host)

    def _host(self, address: str) -> "_Host":
        with self._lock:
            return self._hosts.setdefault(urlsplit(address).netloc.lower(), _Host())

    def _wait(self, host: "_Host") -> None:
        # A server that asked for more than a pause is not waited for: there are others to ask meanwhile.
        left = host.free - time.monotonic()
        if left > _LONGEST_PAUSE:
            raise UnreachableError(f"The site asks to be left alone. {_LATER}", left)
        if self.stop.wait(max(0.0, left)):
            raise Stopped

    def _allowed_pause(self, address: str) -> float:
        """Return the pause that a site's robots.txt asks for; raises `FetchError` where it forbids the address."""
        from protego import Protego

        parts = urlsplit(address)
        site = f"{parts.scheme}://{parts.netloc}".lower()
        rules = Protego.parse(self._rules(site))
        if not rules.can_fetch(address, NAME):
            raise FetchError(
                "The site's robots.txt asks programs not to fetch it. Save the page in your browser, and add the file."
            )
        return min(float(rules.crawl_delay(NAME) or 0.0), _LONGEST_PAUSE)

    def _rules(self, site: str) -> str:
        known = self._visits.rules(site)
        if known and self._now() - known.checked < _RULES_LAST:
            return known.rules
        if self.stop.is_set():
            raise Stopped
        fetched = self._client.fetch(f"{site}/robots.txt")
        if fetched.status == 429 or fetched.status >= 500:
            raise UnreachableError(f"The site's robots.txt cannot be read now. {_LATER}", fetched.retry_after)
        rules = fetched.body[:_LONGEST_RULES].decode("utf-8", "replace")
        self._visits.keep_rules(site, SiteRules(rules, self._now()))
        return rules


class _Host:
    """One host: whose turn it is, and from when on, by the monotonic clock, it may be asked again."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free = 0.0


def _good(fetched: Fetched, host: _Host) -> Fetched:
    if fetched.status in (200, 304, 404, 410):
        return fetched
    if fetched.status == 429 or fetched.status >= 500:
        if fetched.retry_after:
            host.free = max(host.free, time.monotonic() + fetched.retry_after)
        raise UnreachableError(f"The site cannot serve it now ({fetched.status}). {_LATER}", fetched.retry_after)
    raise FetchError(
        f"The site does not give it out ({fetched.status}). Save the page in your browser, and add the file."
    )
