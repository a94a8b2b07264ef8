"""The one client that fetches and sends: what is fetched, how far redirects are followed, and when it stops."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version

import httpcore
import httpx

from index.errors import FetchError, UnreachableError
from index.sources.decoding import MEGABYTE
from index.web.addresses import parsed
from index.web.transport import Budget, GuardedTransport, Resolver, resolve

NAME = "Khabar"
_ACCEPTED = "text/html, application/xhtml+xml, application/xml;q=0.9, application/json;q=0.9, */*;q=0.5"
_REDIRECTS = (301, 302, 303, 307, 308)
# Redirects that a site means to keep.
_FOR_GOOD = (301, 308)
_BLOCK = 64 * 1024
# How a body may be packed: the window of `zlib` for each name.
_PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 47}
_LONGEST_WAIT = 86_400.0
# What the layers below raise for what comes in the way; httpx reads a Location that is no address itself.
_FAILURES = (
    httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caps:
    """What one fetch may take: bytes on the wire and unpacked, seconds for all of it, hops from address to address."""

    wire: int = 16 * MEGABYTE
    unpacked: int = 48 * MEGABYTE
    seconds: float = 30.0
    hops: int = 5


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server told of a state of a page (ETag, Last-Modified), to be asked only for a newer one."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came from an address: `url` is where redirects led, `body` is empty unless the status is 200.

    `moved` is the address that it has moved to for good (301, 308), as far as redirects say so from the first on.
    `retry_after` is the number of seconds that the server asks to be left alone for, at most a day.
    """

    url: str
    status: int
    content_type: str = ""
    body: bytes = b""
    validators: Validators = Validators()
    retry_after: float | None = None
    moved: str | None = None


class Client:
    """Asks public addresses, and with `private` an intranet's; each request stands alone: no cookies are kept.

    Nothing of the environment counts: no proxy, no .netrc. `resolver` finds a host's addresses, and `sockets` connects
    to the one that was checked.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        caps: Caps | None = None,
        resolver: Resolver = resolve,
        sockets: httpcore.NetworkBackend | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._private = private
        self._caps = caps or Caps()
        self._resolver = resolver
        self._sockets = sockets or httpcore.SyncBackend()
        self._now = now
        self._headers = {
            "User-Agent": f"{NAME}/{version('khabar')} (news reader for one library; robots.txt name: {NAME})",
            "Accept": _ACCEPTED,
            "Accept-Encoding": "gzip",
        }

    def fetch(self, address: str, validators: Validators | None = None) -> Fetched:
        """Fetch an address; with `validators`, status 304 tells that nothing has changed.

        Raises `FetchError` for an address that may not be fetched and for whatever comes in the way; it does not tell
        what stood at the other end.
        """
        url = parsed(address)
        headers: dict[str, str] = {}
        if validators and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        with self._opened(headers, "It cannot be fetched. Check the address, or try again later.") as client:
            return self._follow(client, url)

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a body to an address, and return the status that answers; redirects are not followed.

        Raises what `fetch` raises.
        """
        url = parsed(address)
        with self._opened(headers, "It cannot be reached. Check the address, or try again later.") as client:
            response = client.send(client.build_request("POST", url, content=body), stream=True)
            response.close()
            return response.status_code

    def send(self, address: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
        """Send a body to an address, and return what answers, which no redirect leads on from.

        Raises what `fetch` raises.
        """
        url = parsed(address)
        with self._opened(headers, "It cannot be reached. Check the address, or try again later.") as client:
            response = client.send(client.build_request("POST", url, content=body), stream=True)
            try:
                return self._read(url, response)
            finally:
                response.close()

    @contextmanager
    def _opened(self, headers: Mapping[str, str], problem: str) -> Iterator[httpx.Client]:
        """Open a client for one request and what it leads to; what comes in the way is a `FetchError`, or a problem."""
        budget = Budget(self._caps.seconds, self._caps.wire)
        transport = GuardedTransport(budget, self._resolver, self._sockets, private=self._private)
        with httpx.Client(transport=transport, trust_env=False, headers={**self._headers, **headers}) as client:
            try:
                yield client
            except _FAILURES as error:
                budget.seconds()
                # Refused, reset, no certificate, not HTTP: told apart, they would show what answers where.
                raise UnreachableError(problem) from error

    def _follow(self, client: httpx.Client, url: httpx.URL) -> Fetched:
        moved, is_for_good = None, True
        for _ in range(self._caps.hops + 1):
            response = client.send(client.build_request("GET", url), stream=True)
            try:
                target = response.headers.get("location")
                if response.status_code not in _REDIRECTS or not target:
                    return replace(self._read(url, response), moved=moved)
            finally:
                response.close()
            try:
                joined = str(url.join(target))
            except (httpx.InvalidURL, ValueError) as error:
                # What the header holds is no address.
                raise FetchError("It leads on to what is no web address.") from error
            url = parsed(joined)
            is_for_good = is_for_good and response.status_code in _FOR_GOOD
            moved = str(url) if is_for_good else moved
        raise FetchError(f"It leads on and on, more than {self._caps.hops} times. Give the address where it ends.")

    def _read(self, url: httpx.URL, response: httpx.Response) -> Fetched:
        headers = response.headers
        return Fetched(
            url=str(url),
            status=response.status_code,
            content_type=headers.get("content-type", "")[:200],
            body=self._body(response) if response.status_code == 200 else b"",
            validators=Validators(headers.get("etag"), headers.get("last-modified")),
            retry_after=self._retry_after(headers.get("retry-after", "")),
        )

    def _body(self, response: httpx.Response) -> bytes:
        """Read and unpack the body, block by block, so that what explodes does so within the cap."""
        packed = response.headers.get("content-encoding", "identity").strip().lower()
        if packed not in ("identity", *_PACKED):
            raise FetchError("It came packed in a way that was not asked for. Download it yourself.")
        unpacker = zlib.decompressobj(_PACKED[packed]) if packed in _PACKED else None
        body = bytearray()
        for block in response.iter_raw(_BLOCK):
            while block:
                try:
                    body += unpacker.decompress(block, MEGABYTE) if unpacker else block
                except zlib.error as error:
                    raise UnreachableError("It came damaged. Try again later.") from error
                if len(body) > self._caps.unpacked:
                    raise FetchError("It is too large to be fetched. Download it yourself, and index the file.")
                block = unpacker.unconsumed_tail if unpacker else b""
        if unpacker and not unpacker.eof:
            raise UnreachableError("It came damaged. Try again later.")
        return bytes(body)

    def _retry_after(self, header: str) -> float | None:
        """Read "120" or a day and time as seconds from now."""
        if header.strip().isdecimal():
            return min(float(header.strip()[:9]), _LONGEST_WAIT)
        try:
            seconds = (parsedate_to_datetime(header) - self._now()).total_seconds()
        except (ValueError, TypeError, IndexError, OverflowError):
            # No date, or one without a zone.
            return None
        return max(0.0, min(seconds, _LONGEST_WAIT))
