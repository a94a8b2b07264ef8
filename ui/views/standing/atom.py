"""Changes of the answers to standing questions as an Atom feed (RFC 4287); pure functions."""

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

from index.languages.messages import Messages
from index.store.standing.questions import StandingQuestion
from qa.standing import KeptChange
from ui.views.html import safe_url
from ui.views.standing.text import change_subject, change_text, messages_of

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
# What the ids of the feeds of libraries are made in.
_LIBRARIES = uuid.UUID("5a0f3b5e-2d7c-4c0e-9a7e-6b1d8f4c2e90")
# What XML 1.0 can hold in no way at all.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def atom_feed(
    changes: Sequence[KeptChange],
    words: Messages,
    *,
    library: str,
    address: str,
    questions: Sequence[StandingQuestion],
    question: StandingQuestion | None = None,
) -> bytes:
    """Write changes, newest first, as a feed: of one `question`, or of all the `questions` of a library.

    `library` is the library's own name, `address` where the feed is read. The ids of feed and entries stay the same
    wherever and whenever that is.
    """
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": words.language})
    id = uuid.UUID(question.id) if question else uuid.uuid5(_LIBRARIES, library)
    added = [one.added for one in ([question] if question else questions)]
    _text(feed, "id", id.urn)
    _text(feed, "title", question.question if question else words.say("standing.title"))
    _text(feed, "updated", _time(max([*(kept.at for kept in changes), *added], default=_EPOCH)))
    _text(ElementTree.SubElement(feed, "author"), "name", "Khabar")
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": _legal(address)})
    for kept in changes:
        _entry(feed, kept)
    ElementTree.indent(feed)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ElementTree.Element, kept: KeptChange) -> None:
    entry = ElementTree.SubElement(feed, "entry", {"xml:lang": messages_of(kept).language})
    _text(entry, "id", uuid.UUID(kept.id).urn)
    _text(entry, "title", change_subject(kept))
    _text(entry, "updated", _time(kept.at))
    _text(entry, "published", _time(kept.at))
    for url in dict.fromkeys(safe_url(citation.article.url) for citation in kept.change.after.used):
        if url:
            ElementTree.SubElement(entry, "link", {"rel": "related", "href": _legal(url)})
    _text(entry, "content", change_text(kept)).set("type", "text")


def _text(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, name)
    made.text = _legal(text)
    return made


def _legal(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
