"""Origins of other sites' pages, as browsers write them: who may embed what Khabar says."""

import re

from index.errors import SettingsError

# A host by its name in ASCII or by its IPv4 address; a port only where it is not 443.
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_ORIGIN = re.compile(rf"(?:https://{_LABEL}(?:\.{_LABEL})*|http://localhost)(?::(?P<port>[1-9][0-9]{{0,4}}))?")
_LONGEST = 300
_DEFAULT_PORTS = {"https": "443", "http": "80"}


def checked_origin(written: str) -> str:
    """Return the origin of a site, such as "https://site.example"; two are the same where their letters are.

    Raises `SettingsError` for what no browser sends, and for what would let in more than one site; http is for trying
    out at localhost alone.
    """
    if "*" in written:
        raise SettingsError(
            "* lets pages of sites that nobody chose ask here, each visitor of theirs with this server's work. "
            "Name every site that may by itself: https://site.example."
        )
    if written == "null":
        raise SettingsError(
            "null is what sandboxed frames and files call themselves, whoever made them. "
            "Name every site that may: https://site.example."
        )
    scheme, _, rest = written.partition("://")
    if scheme == "http" and re.split("[:/]", rest)[0] != "localhost":
        raise SettingsError(
            f"{written} is not https: whoever is in between could change the page that asks. "
            "Serve the site over https; http is for http://localhost alone."
        )
    found = _ORIGIN.fullmatch(written) if len(written) <= _LONGEST else None
    port = found["port"] if found else None
    if found is None or port == _DEFAULT_PORTS[scheme] or int(port or 1) > 65535:
        raise SettingsError(
            f"{written} is not an origin as browsers send it: https:// and a host, with a port where it is not the "
            "usual one, in small ASCII letters, with nothing after it, no / either. "
            "A browser's console says it of an open page: location.origin."
        )
    return written
