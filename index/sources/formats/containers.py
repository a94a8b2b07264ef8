"""ZIP archives and XML of unknown make, opened within bounds: no bombs, no entities, no deep nesting."""

import io
import zipfile
import zlib
from typing import Any

from index.errors import LoadError
from index.sources.decoding import MAX_FILE

_MOST_ENTRIES = 10_000
_MAX_UNPACKED = 4 * MAX_FILE
# Text compresses 10 times, sheets of repeated cells some 50 times, zeros 1,000 times.
_MAX_RATIO = 200
_SMALL = 1024 * 1024


class Package:
    """A ZIP archive that unpacks within bounds, such as a Word file or a book."""

    def __init__(self, data: bytes) -> None:
        """Look at the archive's own list of its files, before any is unpacked. Raises `LoadError`."""
        self.data = data
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            # Three ways of zipfile to say that the list at the end is not whole.
            raise LoadError("Its ZIP data is damaged or cut short. Fetch the file again, or save it anew.") from error
        entries = self._archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > _MAX_UNPACKED or unpacked > max(_SMALL, _MAX_RATIO * len(data)) or len(entries) > _MOST_ENTRIES:
            raise LoadError(
                f"It unpacks to {unpacked:,} bytes in {len(entries):,} files, out of all proportion to its size. "
                "Save it anew without what is not text, if you trust it."
            )
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, name: str) -> bytes:
        """Unpack one file of it; no more than the list says it has. Raises `LoadError`."""
        try:
            return self._archive.read(name)
        except KeyError as error:
            raise LoadError(f"It has no {name!r} in it, as such a file must. Save it anew.") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            # Damage is found by several layers; what needs a password is a RuntimeError.
            raise LoadError(f"Its part {name!r} cannot be unpacked: {error}. Save the file anew.") from error


def parse_xml(data: bytes) -> Any:
    """Parse XML into lxml's tree, its entities left as they are. Raises `LoadError`."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        # Of lxml's making, for which there is no other base; nesting deeper than 256 is among them.
        raise LoadError(f"It is not sound XML: {error.msg}. Save the file anew.") from error


def local(tag: object) -> str:
    """Return an element's name without its namespace; "" for what is no element, such as an entity."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
