"""What a server sends: hostile bodies end in a reason, what is right comes through with its state."""

import gzip
import itertools
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from index.errors import FetchError
from index.web.client import Caps, Client, Validators
from tests.support.dialling import inside, silent
from tests.support.web_server import Asked, Reply, Site

pytestmark = pytest.mark.system


def endless(piece: bytes, beginning: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Reply:
    return Reply(raw=itertools.chain([beginning], itertools.repeat(piece)))


def drip(beginning: bytes, piece: bytes, over: threading.Event) -> Reply:
    def pieces() -> Iterator[bytes]:
        yield beginning
        while not over.wait(0.05):
            yield piece

    return Reply(raw=pieces())


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "reply",
    [
        endless(b"x" * 4096),
        endless(b"1000\r\n" + b"x" * 4096 + b"\r\n", OK + b"Transfer-Encoding: chunked\r\n\r\n"),
        endless(b"X-Filler: " + b"x" * 1000 + b"\r\n", OK),
        endless(b"x" * 4096, OK + b"X-Long: "),
        endless(b"HTTP/1.1 100 Continue\r\n\r\n", b""),
        endless(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", b""),
        endless(b"\r\n", b""),
        endless(b"x" * 4096, OK + b"Transfer-Encoding: chunked\r\n\r\n1;"),
        Reply(b"x" * 300_000),
        Reply(gzip.compress(b"x" * 500_000), headers={"Content-Encoding": "gzip"}),
        Reply(gzip.compress(bytes(100_000_000)), headers={"Content-Encoding": "gzip"}),
        Reply(zlib.compress(bytes(50_000_000)), headers={"Content-Encoding": "deflate"}),
        Reply(gzip.compress(gzip.compress(bytes(9_000_000))), headers={"Content-Encoding": "gzip, gzip"}),
        Reply(b"\x1b" * 100, headers={"Content-Encoding": "br"}),
        Reply(b"x", headers={"Content-Encoding": "zstd"}),
        Reply(gzip.compress(b"x" * 1000)[:-20], headers={"Content-Encoding": "gzip"}),
        Reply(b"no gzip at all", headers={"Content-Encoding": "gzip"}),
        Reply(raw=iter([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"])),
        Reply(raw=iter([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nabcdefghi"])),
        Reply(raw=iter([b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc"])),
        Reply(raw=iter([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"])),
        Reply(raw=iter([b"HTTP/0.9 what\r\n\r\n"])),
        Reply(raw=iter([b"SSH-2.0-OpenSSH_9.6\r\n"])),
        Reply(raw=iter([b"220 mail.intern ESMTP\r\n"])),
        Reply(raw=iter([b"\x00" * 1000])),
        Reply(raw=iter([])),
        Reply(raw=iter([b"HTTP/1.1 200 OK\r\nBad Header\x01: x\r\n\r\n"])),
    ],
)
def test_what_is_endless_explodes_or_is_no_http_ends_in_a_reason(site: Site, reply: Reply) -> None:
    site.pages["/"] = reply
    with pytest.raises(FetchError) as caught:
        inside().fetch(site.url)
    assert "SSH" not in str(caught.value) and "mail" not in str(caught.value) and "127" not in str(caught.value)


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [(b"", b"H"), (OK, b"X-A: b\r\n"), (OK + b"\r\n", b"x"), (OK + b"Content-Length: 999\r\n\r\n", b"x"),
     (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), (OK, b"")],
)  # fmt: skip
def test_what_comes_drop_by_drop_takes_no_more_than_the_time_there_is(
    site: Site, beginning: bytes, piece: bytes
) -> None:
    over = threading.Event()
    site.pages["/"] = drip(beginning, piece, over)
    with pytest.raises(FetchError, match=r"too long|cannot be fetched"):
        inside(Caps(seconds=0.4)).fetch(site.url)
    over.set()


def test_hops_that_are_slow_share_the_time(site: Site) -> None:
    over = threading.Event()

    def slowly(asked: Asked) -> Reply:
        over.wait(0.25)
        return Reply(status=302, headers={"Location": f"/{len(site.asked)}"})

    site.pages.update({path: slowly for path in ("/", "/1", "/2", "/3")})
    with pytest.raises(FetchError, match="too long"):
        inside(Caps(seconds=0.4, hops=9)).fetch(site.url)


def test_what_answers_cannot_be_told_from_what_does_not(site: Site) -> None:
    """A port that is shut, one that says nothing of HTTP and one without the right certificate read the same."""
    site.pages["/"] = Reply(raw=iter([b"-ERR unknown command\r\n"]))
    shut = silent()
    port = shut.getsockname()[1]
    shut.close()
    told = set()
    for address in (f"http://127.0.0.1:{port}/", site.url, site.url.replace("http:", "https:")):
        with pytest.raises(FetchError) as caught:
            inside().fetch(address)
        told.add(str(caught.value))
    assert told == {"It cannot be fetched. Check the address, or try again later."}


def test_a_server_that_takes_the_connection_and_says_nothing_is_given_up() -> None:
    with silent() as listening, pytest.raises(FetchError, match="too long"):
        inside(Caps(seconds=0.3)).fetch(f"http://127.0.0.1:{listening.getsockname()[1]}/")


# What is right comes through.


def test_what_is_asked_for_comes_with_what_tells_its_state(site: Site) -> None:
    state = {"ETag": '"7"', "Last-Modified": "Sat, 01 Nov 2025 10:00:00 GMT", "Content-Type": "text/html"}
    packed = {**state, "Content-Encoding": "gzip"}
    site.pages["/"] = Reply(gzip.compress("خبر".encode() * 10_000), headers=packed)
    fetched = inside().fetch(site.url)
    assert fetched.body.decode() == "خبر" * 10_000
    assert (fetched.status, fetched.content_type) == (200, "text/html")
    assert fetched.validators == Validators('"7"', "Sat, 01 Nov 2025 10:00:00 GMT")
    inside().fetch(site.url, fetched.validators)
    assert site.asked[1].headers["If-None-Match"] == '"7"'
    assert site.asked[1].headers["If-Modified-Since"] == "Sat, 01 Nov 2025 10:00:00 GMT"


@pytest.mark.parametrize("status", [304, 404, 410, 403, 429, 500, 503])
def test_another_status_is_told_without_its_body(site: Site, status: int) -> None:
    site.pages["/"] = Reply(b"" if status == 304 else b"secret", status)
    fetched = inside().fetch(site.url)
    assert (fetched.status, fetched.body) == (status, b"")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("Sat, 01 Nov 2025 10:05:00 GMT", 300.0),
        ("Sat, 01 Nov 2025 09:00:00 GMT", 0.0),
        ("999999999999", 86_400.0),
        ("soon", None),
        ("-5", None),
    ],
)
def test_how_long_to_wait_is_read(site: Site, header: str, seconds: float | None) -> None:
    site.pages["/"] = Reply(status=503, headers={"Retry-After": header})
    client = Client(private=True, now=lambda: datetime(2025, 11, 1, 10, tzinfo=UTC))
    assert client.fetch(site.url).retry_after == seconds


# What is sent.


def test_a_body_is_sent_with_its_headers_and_the_status_comes_back(site: Site) -> None:
    site.pages["/hook"] = Reply(b"x" * 1000, status=202)
    assert inside().post(f"{site.url}/hook", "خبر".encode(), {"X-Own": "1"}) == 202
    (asked,) = site.asked
    assert (asked.method, asked.body.decode(), asked.headers["X-Own"]) == ("POST", "خبر", "1")
    assert asked.headers["User-Agent"].startswith("Khabar/") and asked.headers["Cookie"] is None


def test_where_a_body_is_not_taken_it_is_sent_nowhere_else(site: Site) -> None:
    site.pages["/hook"] = Reply(status=307, headers={"Location": f"{site.url}/other"})
    assert inside().post(f"{site.url}/hook", b"{}", {}) == 307
    assert site.paths() == ["/hook"]


def test_what_answers_is_read_within_the_caps_and_followed_nowhere(site: Site) -> None:
    site.pages["/token"] = Reply(b'{"a": 1}', headers={"Content-Type": "application/json"})
    answer = inside().send(f"{site.url}/token", b"a=1", {"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status, answer.body, answer.content_type) == (200, b'{"a": 1}', "application/json")
    assert (site.asked[0].method, site.asked[0].body) == ("POST", b"a=1")
    site.pages["/token"] = Reply(b"x", status=303, headers={"Location": f"{site.url}/other"})
    assert inside().send(f"{site.url}/token", b"", {}).status == 303
    site.pages["/token"] = Reply(b"x" * 5000)
    with pytest.raises(FetchError, match="too large"):
        inside(Caps(unpacked=1000)).send(f"{site.url}/token", b"", {})
    with pytest.raises(FetchError):
        Client().send(f"{site.url}/token", b"", {})
    assert site.paths() == ["/token"] * 3


def test_nothing_is_sent_to_where_nothing_is_fetched_from(site: Site) -> None:
    for address in (
        site.url,
        "ftp://h.example/",
        "http://user:key@h.example/",
        "http://0x7f.1/",
        "http://169.254.169.254/",
    ):
        with pytest.raises(FetchError):
            Client().post(address, b"{}", {})
    with silent() as listening, pytest.raises(FetchError, match="too long"):
        inside(Caps(seconds=0.3)).post(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {})
    assert site.asked == []
