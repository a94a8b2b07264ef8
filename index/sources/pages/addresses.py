"""The address that a page calls its own, or that whoever saved it wrote into it."""

import re
from typing import Any

# What browsers and mirroring programs write at the beginning of what they save.
_SAVED = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)(?P<browser>\S+)|Mirrored from (?P<httrack>\S+) by HTTrack|"
    r"Page saved with SingleFile\s+url:\s*(?P<single>\S+))",
    re.IGNORECASE,
)
_BEGINNING = 4096


def address_of(tree: Any, html: str) -> str | None:
    """Return the address that a page states by `rel=canonical` or `og:url`, or that it was saved from.

    A link that leads to a file beside it, as mirroring programs leave it, is no address (`file_of`).
    """
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and is_address(link.get("href")):
            return str(link.get("href"))
    for meta in tree.iter("meta"):
        if meta.get("property") == "og:url" and is_address(meta.get("content")):
            return str(meta.get("content"))
    if saved := _SAVED.search(html[:_BEGINNING]):
        address = saved["browser"] or saved["single"] or f"http://{saved['httrack']}"
        return address if is_address(address) else None
    return None


def file_of(tree: Any) -> str | None:
    """Return the file beside a saved page that it names as its own, by a `rel=canonical` without a host."""
    for link in tree.iter("link"):
        href = (link.get("href") or "").strip()
        if (
            (link.get("rel") or "").lower() == "canonical"
            and href
            and not href.startswith(("/", "#"))
            and ":" not in href
        ):
            return href
    return None


def is_address(text: str | None) -> bool:
    """Tell whether a text is an address of the web."""
    return bool(text) and str(text).lower().startswith(("http://", "https://"))
