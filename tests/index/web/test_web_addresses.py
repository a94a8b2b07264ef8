"""Which addresses may be fetched: what is public, what is not, and what only looks so."""

from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FetchError
from index.web.addresses import is_allowed, is_public, parsed
from index.web.client import Client
from tests.support.dialling import Dialer


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://localhost./", "http://[::1]/", "http://0.0.0.0/"),
        *("http://10.0.0.1/", "http://172.16.5.4/", "http://192.168.1.1/admin", "http://100.64.0.1/"),
        *("http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/", "http://168.63.129.16/"),
        *("http://192.0.0.192/opc/v2/", "http://224.0.0.1/", "http://239.255.255.250:1900/", "http://240.0.0.1/"),
        *("http://255.255.255.255/", "http://198.18.0.1/", "http://192.0.2.1/", "http://[::]/", "http://[fc00::1]/"),
        *("http://[fe80::1]/", "http://[ff02::1]/", "http://[fd00:ec2::254]/", "http://[::ffff:127.0.0.1]/"),
        *("http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::808:808]/"),
        *("http://[64:ff9b:1::1]/", "http://[2002:7f00:1::]/", "http://[2001:0:53aa:64c::]/", "http://[fec0::1]/"),
        *("http://2130706433/", "http://134744072/", "http://0x7f000001/", "http://0x7f.1/", "http://127.1/"),
        *("http://017700000001/", "http://0177.0.0.1/", "http://127.0.0.1.0x1/", "http://[fe80::1%25eth0]/"),
        *("http://127。0。0。1/", "http://①②⑦.0.0.1/", "http://%31%32%37.0.0.1/", "http://127.0.0.1%00.example/"),
        *("http://user@example.org/", "http://user:word@example.org/", "http://127.0.0.1\\@example.org/"),
        *("http://:word@example.org/", "http:///etc/passwd", "http://", "http://a b/", "http://exa\nmple.org/"),
        *("http://example.org:0/", "http://example.org:99999/", "http://[::1", "http://" + "a" * 300 + ".org/"),
        *("file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/html,x"),
        *("javascript:alert(1)", "//example.org/", "example.org", "", "http://example.org/" + "x" * 3000),
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_or_none_at_all_is_refused_before_anything_is_connected_to(address: str) -> None:
    dialer = Dialer()
    with pytest.raises(FetchError):
        Client(sockets=dialer).fetch(address)
    assert dialer.dialled == []


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "1.1.1.1"])
def test_an_address_of_the_public_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address)) and is_allowed(ip_address(address), private=False)


@given(st.ip_addresses())
def test_what_is_not_global_is_not_public(address: Any) -> None:
    assert not is_public(address) or (address.is_global and not address.is_multicast)


@given(st.ip_addresses(v=4))
def test_an_address_in_another_s_clothes_is_as_little_public(address: Any) -> None:
    number = int(address)
    for disguised in (f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}"):
        assert not is_public(ip_address(disguised))
    assert not is_public(ip_address((0x2002 << 112) | (number << 80)))


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "192.0.0.192", "168.63.129.16"),
        *("fd00:ec2::254", "64:ff9b::a9fe:a9fe", "::ffff:169.254.169.254", "2002:a9fe:a9fe::"),
    ],
)
def test_metadata_and_disguises_stay_shut_on_an_intranet_too(address: str) -> None:
    assert not is_allowed(ip_address(address), private=True)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "172.20.0.1", "100.64.1.1", "fc00::1"]
)
def test_an_intranet_s_addresses_are_open_where_that_is_wanted(address: str) -> None:
    assert is_allowed(ip_address(address), private=True) and not is_allowed(ip_address(address), private=False)


def test_an_address_is_written_in_one_way() -> None:
    assert str(parsed(" https://News.Example/خبر?a=1#top ")) == "https://news.example/%D8%AE%D8%A8%D8%B1?a=1"
