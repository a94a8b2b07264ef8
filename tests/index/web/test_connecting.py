"""What is connected to: a name is resolved once and checked, and a redirect is checked as an address is."""

import ssl
import threading
from pathlib import Path

import pytest

from index.errors import FetchError
from index.web.addresses import NOT_PUBLIC
from index.web.client import Caps, Client
from tests.support.dialling import PUBLIC, SMALL, Dialer, Names, inside, outside, silent
from tests.support.web_server import Reply, Site

pytestmark = pytest.mark.system


# Names that are bound anew.


def test_a_name_is_resolved_once_and_what_was_checked_is_connected_to(site: Site) -> None:
    site.pages["/"] = Reply(b"hello")
    client, dialer, names = outside(site, [PUBLIC], ["127.0.0.1"])
    assert client.fetch("http://news.example/").body == b"hello"
    assert (names.asked, dialer.dialled) == (["news.example"], [PUBLIC])
    assert site.asked[0].headers["Host"] == "news.example"


def test_a_name_that_is_bound_to_a_private_address_at_the_next_fetch_is_refused(site: Site) -> None:
    site.pages["/"] = Reply(b"hello")
    client, dialer, _ = outside(site, [PUBLIC], ["127.0.0.1"])
    client.fetch("http://news.example/")
    with pytest.raises(FetchError):
        client.fetch("http://news.example/")
    assert dialer.dialled == [PUBLIC]


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::1", PUBLIC], ["fe80::1%lo"], ["::ffff:10.0.0.1"], ["64:ff9b::a00:1"], []],
)
def test_a_name_with_one_address_that_is_not_public_is_refused(site: Site, answers: list[str]) -> None:
    client, dialer, _ = outside(site, answers)
    with pytest.raises(FetchError, match="No host on the public internet"):
        client.fetch("http://news.example/")
    assert dialer.dialled == []


def test_a_name_that_is_not_there_is_told_as_one_that_is_private(site: Site) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(FetchError) as caught:
        Client(resolver=unknown).fetch("http://intern.corp/")
    assert str(caught.value) == NOT_PUBLIC


def test_a_resolver_that_never_answers_takes_no_more_than_the_time_there_is() -> None:
    over = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        over.wait()
        return [PUBLIC]

    with pytest.raises(FetchError, match="too long"):
        Client(resolver=slow, caps=Caps(seconds=0.2)).fetch("http://news.example/")
    over.set()


def test_the_name_goes_on_to_tls_though_an_address_is_connected_to(site: Site) -> None:
    """The first bytes of a TLS connection hold the name that a certificate is to be for."""
    with silent() as listening:
        said: list[bytes] = []

        def hear() -> None:
            connection, _ = listening.accept()
            said.append(connection.recv(4096))
            connection.close()

        hearing = threading.Thread(target=hear)
        hearing.start()
        dialer = Dialer(listening.getsockname()[1])
        with pytest.raises(FetchError):
            Client(resolver=Names([PUBLIC]), sockets=dialer, caps=SMALL).fetch("https://news.example/")
        hearing.join()
    assert b"news.example" in said[0] and dialer.dialled == [PUBLIC]
    assert ssl.HAS_SNI


# Redirects.


@pytest.mark.parametrize(
    "target",
    [
        *("http://127.0.0.1/", "http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "//127.0.0.1/"),
        *("http://2130706433/", "http://[::ffff:127.0.0.1]/", "file:///etc/passwd", "ftp://news.example/x"),
        *("http://user:word@news.example/", "gopher://news.example/", "http://\x00/", "data:text/html,x"),
    ],
)
def test_a_redirect_is_checked_as_an_address_is(site: Site, target: str) -> None:
    site.pages["/"] = Reply(status=302, headers={"Location": target})
    client, dialer, _ = outside(site)
    with pytest.raises(FetchError):
        client.fetch("http://news.example/")
    assert dialer.dialled == [PUBLIC]


def test_a_redirect_to_a_name_that_is_private_is_refused(site: Site) -> None:
    site.pages["/"] = Reply(status=301, headers={"Location": "http://intern.example/"})
    client, dialer, names = outside(site, [PUBLIC], ["192.168.0.1"])
    with pytest.raises(FetchError, match="No host on the public internet"):
        client.fetch("http://news.example/")
    assert (names.asked, dialer.dialled) == (["news.example", "intern.example"], [PUBLIC])


def test_a_redirect_to_metadata_is_refused_on_an_intranet_too(site: Site) -> None:
    site.pages["/"] = Reply(status=307, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    with pytest.raises(FetchError, match="No host on the public internet"):
        inside().fetch(site.url)


def test_redirects_are_followed_to_where_they_end_and_counted(site: Site) -> None:
    for place in range(6):
        site.pages[f"/{place}"] = Reply(status=302, headers={"Location": f"/{place + 1}"})
    site.pages["/6"] = Reply(b"there")
    assert inside().fetch(f"{site.url}/3").url == f"{site.url}/6"
    with pytest.raises(FetchError, match="more than 3 times"):
        inside().fetch(f"{site.url}/0")


def test_a_redirect_to_itself_ends(site: Site) -> None:
    site.pages["/"] = Reply(status=302, headers={"Location": "/"})
    with pytest.raises(FetchError, match="leads on and on"):
        inside().fetch(site.url)
    assert site.count("/") == SMALL.hops + 1


def test_nothing_secret_is_carried_along(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login layla password secret\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.pages["/"] = Reply(status=302, headers={"Location": "/next", "Set-Cookie": "id=1"})
    site.pages["/next"] = Reply(b"there")
    client = inside()
    client.fetch(site.url)
    client.fetch(f"{site.url}/next")
    assert [asked.headers.get("Authorization") for asked in site.asked] == [None] * 3
    assert site.asked[2].headers.get("Cookie") is None
    assert site.asked[0].headers["User-Agent"].startswith("Khabar/")
