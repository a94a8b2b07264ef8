"""Mail: messages, mailboxes, pages saved as MHTML; the quoted thread and the signature are no part of a message."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from index.errors import LoadError
from index.sources.decoding import MAX_FILE
from index.sources.documents import trim_blank_lines
from index.sources.metadata import Fields
from index.sources.pages.extraction import parse_letter
from index.sources.records import Enclosed, Input, Record

_HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}")
_OF_MAIL = re.compile(rb"^(?:from|date|subject|message-id|mime-version):", re.IGNORECASE | re.MULTILINE)
_MAILBOX = re.compile(rb"From \S+ .{10,40}\d{4}\r?\n")
_MOST_PARTS = 200
# A plain part shorter than this, beside a longer page, is no letter (bytes).
_SHORTEST = 200
# A line that says who wrote what is quoted under it; a line of dashes around words, as Outlook draws.
_RULE = re.compile(r"\s*(?:-{3,}[^-\n]+-{3,}|_{10,})\s*")
_KEY = re.compile(r"\s*\*?[^\W\d][^:\n]{0,24}\*?:\s*\S.*")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


def begins_mail(prefix: bytes) -> bool:
    """Tell mail by its header: three fields or more, two of them of mail."""
    header = _HEADER.match(prefix.lstrip(b"\r\n \t\xef\xbb\xbf").replace(b"\r\n", b"\n"))
    return header is not None and len(set(map(bytes.lower, _OF_MAIL.findall(header[0])))) >= 2


def begins_mailbox(prefix: bytes) -> bool:
    """Tell a mailbox by the line before its first message."""
    return _MAILBOX.match(prefix) is not None


def read_mail(file: Input) -> Iterator[Record]:
    """Read one message, and the files attached to it that are of a kind that is read."""
    yield from _of_message(file.source.read_whole(), file)


def read_mailbox(file: Input) -> Iterator[Record]:
    """Read every message of a mailbox, of any length, one at a time."""
    number = 0
    for data in _messages(file.source):
        for record in _of_message(data, file) if data is not None else [Record(_TOO_LONG)]:
            number += 1
            yield replace(record, number=number)


_TOO_LONG = LoadError(
    f"This message is longer than {MAX_FILE // 1024**2} MB. Save it by itself, without its attachments."
)


def _messages(lines: Iterable[bytes]) -> Iterator[bytes | None]:
    """Cut a mailbox at each "From " line behind an empty one; None for a message that is too long."""
    kept: list[bytes] = []
    size, empty_before, begun = 0, True, False
    for line in lines:
        if empty_before and _MAILBOX.match(line):
            if begun:
                yield b"".join(kept) if size <= MAX_FILE else None
            kept, size, begun = [], 0, True
        elif begun:
            size += len(line)
            if size <= MAX_FILE:
                # What mailboxes put before a line that begins as their own do.
                kept.append(line[1:] if re.match(rb">+From ", line) else line)
        empty_before = not line.strip()
    if begun:
        yield b"".join(kept) if size <= MAX_FILE else None


def _of_message(data: bytes, file: Input) -> Iterator[Record]:
    try:
        message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=policy.default)
        parts = list(_parts(message))
        yield Record(_fields(message, parts, file))
        attached = [part for part in parts if part.is_attachment() and not _is_mhtml(message)]
        for number, part in enumerate(attached, start=2):
            for record in file.enclosed(Enclosed(part.get_filename() or "", _payload(part))):
                yield replace(record, number=number)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        # The standard library's parser meets headers that its own rules do not foresee.
        yield Record(LoadError(f"Its mail data cannot be read: {type(error).__name__}. Save the message anew."))


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for count, part in enumerate(message.walk()):
        if count >= _MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _fields(message: EmailMessage, parts: list[EmailMessage], file: Input) -> Fields | LoadError:
    bodies = [part for part in parts if not part.is_attachment()]
    page = next((part for part in bodies if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    plain = next((part for part in bodies if part.get_content_type() == "text/plain"), None)
    if page is not None and _is_mhtml(message):
        found = _of_page(page, message, file)
    elif page is not None and (plain is None or len(_payload(plain)) < _SHORTEST < len(_payload(page))):
        # The plain part of a newsletter often says no more than that there is another.
        found = parse_letter(_text(page))
    elif plain is not None:
        found = Fields(text=own_words(_text(plain)))
    else:
        return LoadError("This message holds no text. Save what is attached to it by itself.")
    if isinstance(found, LoadError):
        return found
    if not (found.text or "").strip():
        return LoadError("This message has no words of its own: it quotes others, or is empty.")
    return found if _is_mhtml(message) else _with_header(found, message)


def _with_header(found: Fields, message: EmailMessage) -> Fields:
    name, address = parseaddr(str(message.get("From", "")))
    sent = None
    try:
        sent = parsedate_to_datetime(str(message["Date"])).date().isoformat() if message["Date"] else None
    except (ValueError, TypeError):
        # A date that is none: the message has none.
        sent = None
    identity = str(message.get("Message-ID", "")).strip().strip("<>")
    return replace(
        found, id=identity or None, title=" ".join(str(message.get("Subject", "")).split()) or found.title,
        source=name or address or None, published=sent, url=None,
    )  # fmt: skip


def _of_page(page: EmailMessage, message: EmailMessage, file: Input) -> Fields | LoadError:
    """Read a saved page by the reader of web pages."""
    charset = page.get_content_charset()
    data = _payload(page)
    if charset and b"charset" not in data[:2048].lower():
        data = f'<meta charset="{charset}">'.encode("ascii", "ignore") + data
    record = next(iter(file.enclosed(Enclosed("page.html", data))), None)
    if record is None or isinstance(record.fields, LoadError):
        return record.fields if record and isinstance(record.fields, LoadError) else LoadError("It holds no page.")
    address = str(message.get("Snapshot-Content-Location") or page.get("Content-Location") or "")
    found = record.fields
    return replace(found, url=found.url or (address if address.startswith("http") else None))


def _is_mhtml(message: EmailMessage) -> bool:
    return message.get_content_type() == "multipart/related" and (
        "Snapshot-Content-Location" in message or "saved by" in str(message.get("From", "")).lower()
    )


def _payload(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _text(part: EmailMessage) -> str:
    data = _payload(part)
    try:
        text = data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        # The header names an encoding that does not exist, or is not that of the text.
        from index.sources.decoding import decode

        text = decode(data)
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def own_words(text: str) -> str:
    """Return what a message says itself: without the thread that it quotes and the signature under it."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if _RULE.fullmatch(line) and sum(bool(_KEY.fullmatch(after)) for after in lines[place + 1 : place + 7]) >= 3:
            lines = lines[:place]
            break
    kept: list[str] = []
    for line in lines:
        if line.startswith(">"):
            # "On Sunday … wrote:", on one line or two.
            while kept and not kept[-1].strip():
                kept.pop()
            while kept and len(kept[-1]) < 200 and (kept[-1].rstrip().endswith(":") or kept[-1].rstrip().endswith(">")):
                kept.pop()
        else:
            kept.append(line)
    own = "\n".join(kept)
    if (signature := _SIGNATURE.search(own)) and signature.start():
        own = own[: signature.start()]
    return trim_blank_lines(own)
