"""A client for which loopback servers stand on the public internet, by names and addresses that a test decides."""

import itertools
import socket
from collections.abc import Iterable
from typing import Any

import httpcore

from index.web.client import Caps, Client
from tests.support.web_server import Site

PUBLIC = "93.184.216.34"
SMALL = Caps(wire=200_000, unpacked=400_000, seconds=2.0, hops=3)


class Dialer(httpcore.SyncBackend):
    """Connects to a loopback server in place of the public address that was checked, and notes which that was."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.dialled: list[str] = []

    def connect_tcp(self, host: str, port: int, *arguments: Any, **options: Any) -> httpcore.NetworkStream:
        """Connect to the loopback instead."""
        self.dialled.append(host)
        return super().connect_tcp("127.0.0.1", self.port or port, *arguments, **options)


class Names:
    """A resolver whose answers a test decides, the next one at each asking."""

    def __init__(self, *answers: Iterable[str]) -> None:
        self.answers = itertools.chain(answers, itertools.repeat(answers[-1]))
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Iterable[str]:
        self.asked.append(host)
        return next(self.answers)


def outside(site: Site, *answers: Iterable[str], caps: Caps = SMALL) -> tuple[Client, Dialer, Names]:
    """Return a client for which the site stands on the public internet."""
    dialer, names = Dialer(int(site.url.rpartition(":")[2])), Names(*(answers or ([PUBLIC],)))
    return Client(caps=caps, resolver=names, sockets=dialer), dialer, names


def inside(caps: Caps = SMALL) -> Client:
    """Return a client that may connect to the loopback."""
    return Client(private=True, caps=caps)


def silent() -> socket.socket:
    """Return a server's socket that takes connections and never answers one."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    return listening
