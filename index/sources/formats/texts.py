"""Text of one article a file, web pages, JSON and `<DOC>` collections."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TextIO

from index.errors import LoadError
from index.sources.collections import parse_json, read_collection, read_json_lines
from index.sources.decoding import decode, encoding_of
from index.sources.documents import parse_markdown, parse_plain
from index.sources.metadata import Fields
from index.sources.pages.extraction import parse_page
from index.sources.records import Input, Record


def read_text(file: Input) -> Iterator[Record]:
    """Read plain text."""
    yield _whole(file, parse_plain)


def read_markdown(file: Input) -> Iterator[Record]:
    """Read Markdown."""
    yield _whole(file, parse_markdown)


def read_page(file: Input) -> Iterator[Record]:
    """Read a web page: its article, or each of several."""
    for article in parse_page(decode(file.source.read_whole())):
        yield Record(article.fields, part=article.name)


def read_json(file: Input) -> Iterator[Record]:
    """Read JSON."""
    records = parse_json(decode(file.source.read_whole()), file.mapping)
    for count, record in enumerate(records, start=1):
        yield replace(record, share=count / len(records))


def read_lines(file: Input) -> Iterator[Record]:
    """Read JSON Lines, of any length."""
    records = read_json_lines(_streamed(file), file.mapping)
    yield from _some(records, "line with a JSON object")


def read_doc_collection(file: Input) -> Iterator[Record]:
    """Read a `<DOC>` collection, of any length."""
    yield from _some(read_collection(_streamed(file)), "<DOC> in this XML")


def _whole(file: Input, parse: Callable[[str], Fields]) -> Record:
    return Record(parse(decode(file.source.read_whole())))


def _streamed(file: Input) -> TextIO:
    encoding = encoding_of(file.source.prefix, complete=False)
    # A byte that is not UTF-8 becomes a lone surrogate, by which its line is told from the good ones.
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(io.BufferedReader(file.source), encoding, errors)


def _some(records: Iterator[Record], what: str) -> Iterator[Record]:
    empty = True
    for record in records:
        empty = False
        yield record
    if empty:
        raise LoadError(f"There is no {what}. Convert it to JSON Lines, one article a line.")
