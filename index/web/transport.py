"""Connections to checked addresses: a host is resolved once, and what was checked is what is connected to."""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import httpcore
import httpx

from index.errors import FetchError, UnreachableError
from index.web.addresses import NOT_PUBLIC, IPAddress, is_allowed

# A host's addresses, as text.
Resolver = Callable[[str, int], Iterable[str]]
_MOST_ADDRESSES = 4


def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver for a host's addresses; raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Budget:
    """What one fetch may take, over all its hops: seconds, and bytes from the network, headers included."""

    def __init__(self, seconds: float, size: int) -> None:
        self._end = time.monotonic() + seconds
        self._left = size

    def seconds(self) -> float:
        """Return the seconds left; raises `FetchError` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise UnreachableError("It took too long. Try again later.")
        return left

    def spend(self, size: int) -> None:
        """Count bytes that came; raises `FetchError` when they are too many."""
        self._left -= size
        if self._left < 0:
            raise FetchError("It is too large to be fetched. Download it yourself, and index the file.")


class GuardedTransport(httpx.BaseTransport):
    """What httpx sends requests by: HTTP/1.1, no proxies, hosts checked as they are resolved, within a budget."""

    def __init__(
        self, budget: Budget, resolver: Resolver, sockets: httpcore.NetworkBackend, *, private: bool = False
    ) -> None:
        backend = _Backend(budget, resolver, sockets, private)
        self._pool = httpcore.ConnectionPool(ssl_context=_certificates(), network_backend=backend, max_connections=1)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of the response comes as it is read."""
        url = request.url
        assert isinstance(request.stream, httpx.SyncByteStream)
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        response = self._pool.handle_request(
            httpcore.Request(
                request.method, target, headers=request.headers.raw, content=request.stream,
                extensions=request.extensions,
            )
        )  # fmt: skip
        assert isinstance(response.stream, Iterable)
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response.stream))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()


class _Backend(httpcore.NetworkBackend):
    """Resolves, checks and connects; the name goes on to TLS and to the Host header as it is."""

    def __init__(self, budget: Budget, resolver: Resolver, sockets: httpcore.NetworkBackend, private: bool) -> None:
        self._budget = budget
        self._resolver = resolver
        self._private = private
        self._sockets = sockets

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers, where every one of the host's may be connected to."""
        addresses = self._checked(host, port)
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                seconds = self._budget.seconds() / (1 if address == addresses[-1] else 2)
                stream = self._sockets.connect_tcp(str(address), port, seconds, None, socket_options)
                return _Stream(stream, self._budget)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                # The host's next address is tried.
                failed = error
        raise failed

    def _checked(self, host: str, port: int) -> list[IPAddress]:
        """Return a host's addresses; raises `FetchError` where there are none, or one of them is not to be reached."""
        try:
            addresses = [ipaddress.ip_address(host)]
        except ValueError:
            # A name. One bad address among good ones is how a name is bound anew between check and use.
            addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in self._resolved(host, port)]
        if not addresses or not all(is_allowed(address, private=self._private) for address in addresses):
            raise FetchError(NOT_PUBLIC)
        return addresses

    def _resolved(self, host: str, port: int) -> list[str]:
        """Resolve within the budget: the system's resolver knows no time limit, so it works in a thread of its own."""
        found: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

        def work() -> None:
            try:
                found.put(list(self._resolver(host, port)))
            except (OSError, UnicodeError):
                # There is no such host, which is told as a host is that may not be reached.
                found.put([])

        threading.Thread(target=work, name="resolver", daemon=True).start()
        try:
            return found.get(timeout=self._budget.seconds())
        except queue.Empty as error:
            # It goes on in its thread, and nobody hears of it.
            raise UnreachableError("It took too long. Try again later.") from error


class _Stream(httpcore.NetworkStream):
    """A connection whose reads and writes count against the budget."""

    def __init__(self, stream: httpcore.NetworkStream, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._budget.seconds())
        self._budget.spend(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._budget.seconds())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._budget.seconds())
        return _Stream(stream, self._budget)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@cache
def _certificates() -> ssl.SSLContext:
    """Trust the public authorities, and those that the machine's owner trusts."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    context.set_alpn_protocols(["http/1.1"])
    return context
