"""An origin is taken as browsers send it, and nothing that would let in more than one site."""

import pytest

from index.errors import SettingsError
from index.store.access.origins import checked_origin


@pytest.mark.parametrize(
    "origin",
    [
        "https://site.example",
        "https://news.site.example:8443",
        "https://xn--mgbaiik4bjp8av.example",
        "https://192.0.2.7",
        "https://intranet",
        "http://localhost",
        "http://localhost:8000",
        "https://localhost:1",
        "https://site.example:65535",
    ],
)
def test_what_a_browser_sends_is_taken_as_it_is(origin: str) -> None:
    assert checked_origin(origin) == origin


@pytest.mark.parametrize(
    "wide", ["*", "https://*", "https://*.site.example", "https://site.*", "https://site.example:*"]
)
def test_more_than_one_site_is_refused_with_the_reason(wide: str) -> None:
    with pytest.raises(SettingsError, match=r"^\* lets pages of sites that nobody chose ask here.*Name every site"):
        checked_origin(wide)


def test_null_is_nobody_s_name() -> None:
    with pytest.raises(SettingsError, match=r"^null is what sandboxed frames and files call themselves"):
        checked_origin("null")


@pytest.mark.parametrize("plain", ["http://site.example", "http://127.0.0.1:8000", "http://localhost.site.example"])
def test_a_site_without_tls_is_refused_but_at_localhost(plain: str) -> None:
    with pytest.raises(SettingsError, match=r"is not https.*http is for http://localhost alone\.$"):
        checked_origin(plain)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "site.example",
        "//site.example",
        "https:site.example",
        "https://",
        "https://Site.example",
        "HTTPS://site.example",
        "https://site.example/",
        "https://site.example/page",
        "https://site.example?a",
        "https://site.example#a",
        "https://site.example:443",
        "https://site.example:",
        "https://site.example:0",
        "https://site.example:08443",
        "https://site.example:65536",
        "https://site.example:٨٠",
        "http://localhost:80",
        "https://name@site.example",
        "https://site.example.",
        "https://.site.example",
        "https://-site.example",
        "https://site..example",
        "https://الأخبار.example",
        "https://straße.example",
        "https://site.example ",
        "https://site.example\n",
        "https://site.example,https://other.example",
        "https://[::1]:8443",
        "file://",
        "ftp://site.example",
        "chrome-extension://abc",
        "https://" + "a" * 64 + ".example",
        "https://" + "a." * 200 + "example",
    ],
)
def test_what_no_browser_sends_is_refused_with_what_one_does(other: str) -> None:
    with pytest.raises(SettingsError, match=r"is not an origin as browsers send it.*location\.origin\.$"):
        checked_origin(other)
