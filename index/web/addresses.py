"""Which addresses may be fetched: http and https, no credentials in them, and hosts on the public internet alone."""

import ipaddress
import re

import httpx

from index.errors import FetchError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# One message for what does not exist and for what is not public: who asks learns nothing of a network's inside.
NOT_PUBLIC = (
    "No host on the public internet has this address. Check it; for a host of your own network use "
    "--allow-private-hosts, or set KHABAR_ALLOW_PRIVATE_HOSTS."
)
_LONGEST = 2048
# Ends of hosts that the system's resolver reads as numbers: decimal, octal, hexadecimal.
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?", re.IGNORECASE)
# What stands for another address (mapped, translated, tunnelled), or leads to a cloud's metadata, and that some
# versions of Python call global.
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "fd00:ec2::/32", "fd20:ce::/32"),
        *("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64"),
        *("2001::/32", "2001:20::/28", "2002::/16", "3fff::/20", "fec0::/10"),
    )
)
_CARRIER = ipaddress.ip_network("100.64.0.0/10")


def parsed(text: str) -> httpx.URL:
    """Read an address as it will be connected to, without its fragment.

    Raises `FetchError` for another scheme, a user or password in it, and a host that is written as a number or not
    as hosts are.
    """
    if len(text) > _LONGEST:
        raise FetchError(f"It is longer than {_LONGEST} characters. Check the address.")
    try:
        url = httpx.URL(text.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        # Spaces, line ends, hosts that IDNA does not know, broken brackets.
        raise FetchError("It is no web address. Write it as https://news.example.org/story.") from error
    if url.scheme not in ("http", "https"):
        raise FetchError("Only http:// and https:// addresses are fetched.")
    if url.userinfo:
        raise FetchError("It has a user or a password in it, and is not fetched. Leave them out.")
    if url.port == 0 or (url.port or 0) > 65535:
        raise FetchError("Its port is no port. Check the address.")
    _check_host(url.raw_host.decode("ascii"))
    return url


def is_public(address: IPAddress) -> bool:
    """Tell whether an address is one of the public internet, and stands for no other address."""
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local)
        and not _is_in(address, (*_NEVER, _CARRIER))
    )


def is_allowed(address: IPAddress, *, private: bool) -> bool:
    """Tell whether a host with this address may be connected to; `private` opens an intranet's own.

    Link-local addresses, and with them the metadata services of clouds, stay shut, as do multicast and whatever stands
    for another address.
    """
    if is_public(address):
        return True
    shut = address.is_link_local or address.is_multicast or address.is_unspecified
    own = address.is_private or address in _CARRIER if address.version == 4 else address.is_private
    return private and own and not shut and (address.is_loopback or not _is_in(address, _NEVER))


def _is_in(address: IPAddress, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _check_host(host: str) -> None:
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError as error:
            # A zone ("%eth0"), or no address at all.
            raise FetchError(NOT_PUBLIC) from error
        return
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise FetchError("It names no host. Write it as https://news.example.org/story.")
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        try:
            ipaddress.IPv4Address(host)
        except ValueError as error:
            # 2130706433, 0x7f.1, 0177.0.0.1, 127.1: read by resolvers as addresses that nobody would recognise.
            raise FetchError(NOT_PUBLIC) from error
