"""One address for one story: without trackers, and as the page itself names it where it may."""

import re
from urllib.parse import urlsplit

from tld import get_fld

# What a page may have at the end of its path that the story's own address has not.
_VARIANT = re.compile(r"/(?:amp|print|mobile|m|index\.\w{3,5}|\d{1,2})/?")


def canonical(address: str) -> str:
    """Return an address without fragment, trackers and other ways of writing the same; as it is where that fails."""
    # Here, since it loads Babel, which a question needs not.
    from courlan import clean_url

    bare = address.partition("#")[0]
    return str(clean_url(bare) or bare)


def identity(address: str, stated: str | None) -> str:
    """Return what a page is known by: the address that it states itself, if that is one of its own site, else its own.

    `stated` is its `rel=canonical`. One that names the front page or a section of the site, as careless sites do for
    all of their pages, does not count.
    """
    own = canonical(address)
    if not stated or not stated.lower().startswith(("http://", "https://")):
        return own
    named = canonical(stated)
    path, other = urlsplit(own).path.rstrip("/"), urlsplit(named).path.rstrip("/")
    is_section = path.startswith(f"{other}/") and not _VARIANT.fullmatch(path[len(other) :])
    same = site_of(own) == site_of(named)
    return own if not same or is_section or (not other and path) else named


def site_of(address: str) -> str:
    """Return the domain that somebody registered, such as "example.co.uk", or the host with its port where none is."""
    found = get_fld(address, fail_silently=True)
    return str(found or urlsplit(address).netloc)
