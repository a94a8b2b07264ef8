"""Bytes of unknown make -> text: decompression with a bound, and the encoding found out, never guessed lossily."""

import codecs
import gzip
import io
import re
import zlib
from typing import BinaryIO

from index.errors import LoadError

MEGABYTE = 1024 * 1024
# Files that must be held whole (all but JSON Lines and <DOC> collections).
MAX_FILE = 64 * MEGABYTE
# Bytes that decide what a stream is: its compression, its encoding, its format.
PREFIX = 64 * 1024
# News compresses 3 to 10 times, tables of repeated keys some 50 times, zeros 1,000 times.
_MAX_RATIO = 200

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_LEGACY = ["cp1256", "iso8859_6", "cp1252", "cp1251", "cp1253", "cp1254", "cp1255"]


class Source(io.RawIOBase):
    """A binary stream whose beginning has been looked at, decompressed when it is gzip.

    `prefix` holds the first `PREFIX` bytes of what reading will give. `position` is the share of the input that
    has been read, 0 to 1, and 0 where the input's length is not known. Reading raises `LoadError` for damaged
    gzip data and for data that unpacks out of all proportion.
    """

    def __init__(self, stream: BinaryIO, size: int | None = None) -> None:
        super().__init__()
        self._size = size
        self._input = _Counted(stream)
        self._plain: io.BufferedReader | gzip.GzipFile = io.BufferedReader(self._input, PREFIX)
        self._gzip = self._plain.peek(2)[:2] == b"\x1f\x8b"
        if self._gzip:
            self._plain = gzip.GzipFile(fileobj=self._plain, mode="rb")
        self._unpacked = 0
        self.prefix = b""
        while len(self.prefix) < PREFIX and (block := self._next(PREFIX - len(self.prefix))):
            self.prefix += block
        self._ahead = self.prefix

    @property
    def position(self) -> float:
        """Tell how much of the input has been read, 0 to 1."""
        return min(1.0, self._input.count / self._size) if self._size else 0.0

    def readable(self) -> bool:
        """Tell the buffers of `io` that this stream can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` as far as one read goes; 0 at the end. Raises `LoadError` as the class says."""
        block = self._ahead[: len(buffer)] or self._next(len(buffer))
        self._ahead = self._ahead[len(block) :]
        buffer[: len(block)] = block
        return len(block)

    def read_whole(self) -> bytes:
        """Read to the end. Raises `LoadError` above `MAX_FILE` bytes."""
        data = bytearray()
        while len(data) <= MAX_FILE:
            if not (block := self.read(MEGABYTE)):
                return bytes(data)
            data += block
        raise LoadError(
            f"It is larger than {MAX_FILE // MEGABYTE} MB. Split it, or turn it into JSON Lines, which may be any size."
        )

    def _next(self, size: int) -> bytes:
        try:
            block = self._plain.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            # Three layers find damage, each with an error of its own; an OSError of the disk is not among them.
            raise LoadError("Its gzip data is damaged or cut short. Fetch or compress the file again.") from error
        if self._gzip:
            self._unpacked += len(block)
            if self._unpacked > max(MAX_FILE, _MAX_RATIO * self._input.count):
                raise LoadError(
                    f"Its gzip data unpacks to more than {_MAX_RATIO} times its size, as news does not. "
                    "Unpack it yourself if you trust it."
                )
        return block


class _Counted(io.RawIOBase):
    """The raw input, with what was read of it counted."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        self.count += len(block)
        return len(block)


def decode(data: bytes) -> str:
    """Decode a whole file, without its byte order mark and with a line feed for every line end.

    Raises `LoadError` when it is empty or binary, or when its encoding cannot be detected.
    """
    encoding = encoding_of(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        # The encoding was told from a sample, or by the byte order mark: what comes later need not fit it.
        raise LoadError(f"Its byte {error.start} does not fit {encoding}. Save the file as UTF-8.") from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def encoding_of(data: bytes, *, complete: bool = True) -> str:
    """Name the Python codec of a file, from all of it or, with `complete` False, from its beginning.

    A byte order mark decides; then the pattern of UTF-16 without one; then UTF-8 if it fits; then what the data
    declares about itself (HTML, XML); then, among the single-byte encodings, the one that gives the most likely
    text. Raises `LoadError` when the data is empty or binary, fits no encoding well, or is UTF-8 with a broken place
    in it; a beginning with a broken place counts as UTF-8, for what follows may be read line by line.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise LoadError("It is empty. Put an article in it, or remove it.")
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    sample = data[: len(data) & ~1] if complete else data[: min(len(data), PREFIX) & ~1]
    if (utf_16 := _utf_16(sample[:PREFIX])) is not None:
        return utf_16
    if _fits_utf_8(data, complete):
        _refuse_binary(data[:PREFIX].decode("utf-8", "replace"))
        return "utf-8"
    _refuse_binary(data[:PREFIX].decode("latin-1"), c1=False)
    if (damage := _utf_8_damage(data)) is None:
        return _declared(data) or _legacy(data[:PREFIX])
    if complete:
        raise LoadError(damage)
    return "utf-8"


def _utf_16(sample: bytes) -> str | None:
    """Recognise UTF-16 without a byte order mark: spaces and ASCII leave zeros in every other byte.

    Only alphabets up to Arabic count: ASCII or Arabic read with its bytes swapped gives letters far beyond.
    """
    if b"\x00" not in sample:
        return None
    for name in ("utf-16-le", "utf-16-be"):
        text = sample.decode(name, "replace")
        likely = sum(_in_near_alphabet(character) for character in text)
        if likely >= 0.97 * len(text) and any("\t" <= character <= "~" for character in text):
            return name
    return None


def _in_near_alphabet(character: str) -> bool:
    code = ord(character)
    return (
        0x20 <= code < 0x700
        or character in "\t\r\n"
        or 0x2000 <= code < 0x2070
        or 0xFB50 <= code < 0xFE00
        or 0xFE70 <= code < 0xFF00
    )


def _fits_utf_8(data: bytes, complete: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=complete)
    except UnicodeDecodeError:
        # That it does not fit is the answer.
        return False
    return True


def _refuse_binary(text: str, *, c1: bool = True) -> None:
    """Raise `LoadError` for control characters that no text has; `c1` counts those from U+007F up as well."""
    controls = sum(c1 or match[0] < "\x7f" for match in _CONTROLS.finditer(text))
    if controls > 0.01 * len(text):
        raise LoadError("It is binary data, not text. Convert it to text, HTML or JSON first.")


def _utf_8_damage(data: bytes) -> str | None:
    """Describe what is wrong with data that is UTF-8 but for a few places; a single-byte encoding would hide it."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(character > "\x7f" for character in text) - broken
    if sound <= 10 * broken:
        return None
    return f"It is UTF-8 with broken characters in it ({broken}). Fetch it again, or save it as UTF-8."


def _declared(data: bytes) -> str | None:
    """Return the encoding that a page or an XML file states in its first lines, when it is known and fits."""
    match = _DECLARED.search(data[:2048]) if data.lstrip()[:1] == b"<" else None
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
        data.decode(name)
    except (LookupError, UnicodeDecodeError):
        # Pages state encodings that do not exist or are not theirs; the next way of telling it is tried.
        return None
    return name


def _legacy(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_LEGACY).best()
    if best is None:
        raise LoadError("Its encoding cannot be detected. Save it as UTF-8.")
    return best.encoding
