"""A dossier's articles as references: BibTeX, RIS and CSL-JSON, each with the quotes that are pinned of it."""

import hashlib
import json
import re
from datetime import date
from urllib.parse import quote

from anyascii import anyascii

from index.languages.messages import Messages
from index.store.dossiers.pins import Dossier, Pin, PinnedArticle
from ui.views.dossiers.sayings import references, title
from ui.views.html import safe_url

# What TeX takes for something else. No brace stands alone, also where it is escaped: BibTeX counts those as well.
_TEX = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}", **{sign: f"\\{sign}" for sign in "$&#%_"},
}  # fmt: skip
# Signs of which TeX joins two to another one, and those that it joins to the one before.
_JOINED = re.compile(r"(?<=[-'`,<>!?])(?=[-'`,<>])")
# What an address has in a field that is taken as it is.
_AS_IS = "!#$%&'()*+,/:;=?@[]~-._"


def bibtex(dossier: Dossier, words: Messages) -> str:
    """Write an `@article` for each article; whoever wrote it stands as they are named, and is not taken apart."""
    return "\n".join(_bibtex(article, pins, words) for article, pins in references(dossier))


def ris(dossier: Dossier, words: Messages) -> str:
    """Write a record of type NEWS for each article."""
    return "\n".join(_ris(article, pins, words) for article, pins in references(dossier))


def csl_json(dossier: Dossier, words: Messages) -> str:
    """Write a list of items of type "article-newspaper"; what CSL has no field for stands under `custom`."""
    items = [_csl(article, pins, words) for article, pins in references(dossier)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def cite_key(article: PinnedArticle) -> str:
    """Name a reference in ASCII: the outlet, the year, and what tells it from every other one."""
    outlet = re.sub("[^a-z0-9]", "", anyascii(article.source or "").lower())[:20] or "article"
    told_apart = hashlib.sha256(f"{article.id}\n{article.text_hash}".encode()).hexdigest()[:10]
    return f"{outlet}{article.published.year if article.published else ''}-{told_apart}"


def tex(text: str) -> str:
    """Write text so that TeX shows it as it is, on one line."""
    parted = _JOINED.split(_line(text))
    return "{}".join("".join(_TEX.get(character, character) for character in part) for part in parted)


def _bibtex(article: PinnedArticle, pins: list[Pin], words: Messages) -> str:
    plain: dict[str, str | None] = {
        "title": title(article, words), "author": article.byline, "journal": article.source,
        "language": article.language if article.language != "und" else None,
        "retrieved": article.retrieved.isoformat(), "sha256": article.text_hash,
        "annote": _quoted(pins),
    }  # fmt: skip
    fields = {name: tex(value) for name, value in plain.items() if value and _line(value)}
    # As it stands: no letter of a title is made small, and no name taken apart.
    fields |= {name: f"{{{fields[name]}}}" for name in ("title", "author", "journal") if name in fields}
    if article.published:
        fields["date"] = article.published.isoformat()
        fields["year"] = f"{article.published.year:04}"
    fields["urldate"] = article.retrieved.date().isoformat()
    if address := _address(article):
        fields["url"] = address
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@article{{{cite_key(article)},\n{lines}}}\n"


def _ris(article: PinnedArticle, pins: list[Pin], words: Messages) -> str:
    fields = [
        ("TY", "NEWS"), ("ID", cite_key(article)), ("TI", title(article, words)), ("AU", article.byline),
        ("T2", article.source), ("PY", f"{article.published.year:04}" if article.published else None),
        ("DA", _slashed(article.published) if article.published else None), ("UR", _address(article)),
        ("Y2", _slashed(article.retrieved)), ("LA", article.language if article.language != "und" else None),
        *(("N1", _quoted([pin])) for pin in pins),
        ("N1", f"Retrieved: {article.retrieved.isoformat()}"), ("N1", f"SHA-256: {article.text_hash}"),
    ]  # fmt: skip
    lines = [f"{tag}  - {_line(value)}" for tag, value in fields if value and _line(value)]
    return "\n".join([*lines, "ER  - ", ""])


def _csl(article: PinnedArticle, pins: list[Pin], words: Messages) -> dict[str, object]:
    item: dict[str, object] = {"id": cite_key(article), "type": "article-newspaper", "title": title(article, words)}
    if article.byline:
        item["author"] = [{"literal": article.byline}]
    if article.source:
        item["container-title"] = article.source
    if article.published:
        item["issued"] = _parts(article.published)
    item["accessed"] = _parts(article.retrieved)
    if address := _address(article):
        item["URL"] = address
    if article.language != "und":
        item["language"] = article.language
    item["custom"] = {
        "sha256": article.text_hash,
        "retrieved": article.retrieved.isoformat(),
        "article": article.id,
        "revision": article.revision,
        "quotes": [{"quote": pin.quote, "start": pin.start, "end": pin.end, "note": pin.note} for pin in pins],
    }
    return item


def _slashed(day: date) -> str:
    return f"{day.year:04}/{day.month:02}/{day.day:02}"


def _parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _quoted(pins: list[Pin]) -> str:
    return " ".join(f"“{pin.quote}”{f' — {pin.note}' if pin.note else ''}" for pin in pins)


def _address(article: PinnedArticle) -> str | None:
    """Return the address in ASCII, with nothing in it that ends a field."""
    address = safe_url(article.url)
    return quote(address, safe=_AS_IS) if address else None


def _line(text: str) -> str:
    """Write text on one line: white space of any kind, and what only steers, is a space."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())
