"""Lists of feeds (OPML), as feed readers export them: the addresses in them."""

from pathlib import Path

from index.errors import LoadError
from index.sources.decoding import Source

_SUFFIXES = (".opml", ".xml")
_MARK = b"<opml"


def is_opml(path: str | Path) -> bool:
    """Tell whether a path is that of a list of feeds, by its name and its first bytes."""
    file = Path(path).expanduser()
    if file.suffix.lower() not in _SUFFIXES or not file.is_file():
        return False
    try:
        with file.open("rb") as stream:
            return _MARK in stream.read(2048).lower()
    except OSError:
        # It may not be read: whoever reads it says so.
        return False


def feeds_of(path: str | Path) -> list[str]:
    """Return the addresses of the feeds in a list, in its order, each once; `LoadError` where there is none."""
    from lxml import etree

    file = Path(path).expanduser()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        with file.open("rb") as stream:
            root = etree.fromstring(Source(stream, file.stat().st_size).read_whole(), parser)
    except (OSError, etree.XMLSyntaxError) as error:
        raise LoadError(f"The list of feeds {file.name!r} cannot be read. Export it anew.") from error
    found = [] if root is None else [_address(outline.attrib) for outline in root.iter("{*}outline")]
    addresses = list(dict.fromkeys(filter(None, found)))
    if not addresses:
        raise LoadError(f"The list of feeds {file.name!r} names no feed: no outline in it has an xmlUrl.")
    return addresses


def _address(attributes: "dict[str, str]") -> str:
    """Return the address of a feed in an entry; readers write its key in capitals and small letters as they like."""
    named = {key.lower(): value.strip() for key, value in attributes.items()}
    return named.get("xmlurl", "")
