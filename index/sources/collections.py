"""Many articles a file: JSON, JSON Lines, and the <DOC> collections of the TREC tradition."""

import html
import json
import re
from collections.abc import Iterator
from typing import TextIO

from index.errors import LoadError
from index.sources.decoding import MEGABYTE
from index.sources.documents import trim_blank_lines
from index.sources.markup import without_markup
from index.sources.metadata import FieldMapping, Fields, field_named
from index.sources.news_tools import article_of, lists_of
from index.sources.records import Record

# One line of JSON Lines, or one <DOC>, in characters.
MAX_RECORD = 16 * MEGABYTE
_BLOCK = 64 * 1024
# What a byte that is not UTF-8 was read as.
_STRAY = re.compile("[\udc80-\udcff]")


def parse_json(text: str, mapping: FieldMapping) -> list[Record]:
    """Read one object, a list of objects, or an object with one list of objects in it, such as "articles".

    Raises `LoadError` for text that is not JSON or holds no objects.
    """
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        # Python's parser gives up on deep nesting with an error that is no ValueError.
        raise _json_error(error, "Correct it; if it has one object a line, name it .jsonl.") from error
    if isinstance(value, dict):
        fields = article_of(value, mapping)
        lists = lists_of(value)
        if fields.text is not None or len(lists) != 1:
            return [Record(_with_text(fields, value, mapping))]
        value = lists[0]
    if not isinstance(value, list) or not value:
        raise LoadError("It holds no article: put an object with a text in it, or a list of such objects.")
    return [Record(_from_object(item, mapping), number) for number, item in enumerate(value, start=1)]


def read_json_lines(stream: TextIO, mapping: FieldMapping) -> Iterator[Record]:
    """Read one object a line; blank lines are passed over, and a bad line is one bad record."""
    number = 0
    while line := stream.readline(MAX_RECORD):
        number += 1
        if len(line) == MAX_RECORD and not line.endswith("\n"):
            yield Record(LoadError(_too_long("line")), number, number)
            while (rest := stream.readline(MEGABYTE)) and not rest.endswith("\n"):
                pass
        elif line.strip("\ufeff \t\r\n"):
            yield Record(_from_line(line, mapping), number, number)


def is_json_lines(beginning: str) -> bool:
    """Tell JSON Lines from JSON by its first lines: a whole object alone on the first, another under it."""
    lines = beginning.lstrip("\ufeff \t\r\n").split("\n", 2)
    if len(lines) < 2 or not lines[1].startswith("{"):
        return False
    try:
        return isinstance(json.loads(lines[0]), dict)
    except (ValueError, RecursionError):
        # Not an object alone on its line, so it is one that goes on: whoever reads it whole says what is wrong.
        return False


def _from_line(line: str, mapping: FieldMapping) -> Fields | LoadError:
    if _STRAY.search(line):
        return LoadError("It is not UTF-8. Fetch it again, or save it as UTF-8.")
    try:
        return _from_object(json.loads(line), mapping)
    except (ValueError, RecursionError) as error:
        # Returned and not raised: the lines after it are read all the same.
        return _json_error(error, "Correct the line, or leave it out.")


def _from_object(value: object, mapping: FieldMapping) -> Fields | LoadError:
    if not isinstance(value, dict):
        return LoadError("It is not a JSON object: write the article as {...} with a text in it.")
    return _with_text(article_of(value, mapping), value, mapping)


def _with_text(fields: Fields, value: dict[str, object], mapping: FieldMapping) -> Fields | LoadError:
    fields = without_markup(fields)
    if fields.text is not None:
        return fields
    if mapping.text in value:
        return LoadError(f"Its {mapping.text!r} is empty: add the text, or leave the article out.")
    keys = ", ".join(list(value)[:12]) or "none"
    return LoadError(
        f"It has no {mapping.text!r}; its keys: {keys}. Name the one with the text by the mapping text=KEY."
    )


def _json_error(error: ValueError | RecursionError, advice: str) -> LoadError:
    if isinstance(error, RecursionError):
        return LoadError("Its JSON is nested too deeply to be articles. Check how it was made.")
    if isinstance(error, json.JSONDecodeError):
        return LoadError(f"It is not JSON: {error}. {advice}")
    return LoadError("It holds a number too long to be read. Put quotes around it.")


def _too_long(what: str) -> str:
    return f"This {what} is longer than {MAX_RECORD // MEGABYTE} million characters. Split it, or leave it out."


# At most 200 characters of attributes: a tag may be cut in two by the end of a block, and the rest is then awaited.
_DOC_START = re.compile(r"<DOC(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_DOC_END = re.compile(r"</DOC\s*>", re.IGNORECASE)
_TAG = re.compile(r"<([A-Za-z]\w{0,40})(?:\s[^<>]{0,200})?>")
_BREAK = re.compile(r"\n?</?(?:p|br|div|li|tr|h[1-6])\b[^<>]{0,200}>\n?", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|img|ul|ol|table|td)\b[^<>]{0,500}>", re.IGNORECASE)
_REST_OF_LINE = re.compile(r"[<\n]")
_CDATA = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL)


def is_collection(beginning: str) -> bool:
    """Tell whether a text begins as a <DOC> collection does, with or without an XML declaration and a root."""
    return beginning.lstrip("\ufeff \t\r\n").startswith("<") and _DOC_START.search(beginning[:4096]) is not None


def read_collection(stream: TextIO) -> Iterator[Record]:
    """Read every <DOC>…</DOC>, or <DOC> up to the next; what stands between them is passed over.

    The documents are read as the flat tagged text they are: an XML parser refuses their bare ampersands, or recovers
    by leaving words out, which no quotation could bear.
    """
    for number, (line, document) in enumerate(_split_documents(stream), start=1):
        if len(document) > MAX_RECORD:
            yield Record(LoadError(_too_long("<DOC>")), number, line)
        else:
            yield Record(_from_document(document), number, line)


def _split_documents(stream: TextIO) -> Iterator[tuple[int, str]]:
    """Cut at each <DOC>; of a document that is too long no more than a beginning that shows it is kept."""
    buffer, line, inside, scanned, dropped_lines = "", 1, False, 0, 0
    while block := stream.read(_BLOCK):
        if len(buffer) > MAX_RECORD + _BLOCK:
            kept = MAX_RECORD + 1
            dropped_lines += buffer.count("\n", kept, -_BLOCK)
            buffer = buffer[:kept] + buffer[-_BLOCK:]
            scanned = kept
        buffer += block
        while match := _DOC_START.search(buffer, scanned):
            if inside:
                yield line, buffer[: match.start()]
            line += buffer.count("\n", 0, match.start()) + dropped_lines
            buffer, inside, scanned, dropped_lines = buffer[match.start() :], True, 1, 0
        scanned = max(1, len(buffer) - 256) if inside else max(0, len(buffer) - 256)
        if not inside:
            line += buffer.count("\n", 0, scanned)
            buffer, scanned = buffer[scanned:], 0
    if inside:
        yield line, buffer


def _from_document(document: str) -> Fields | LoadError:
    start = _DOC_START.match(document)
    end = _DOC_END.search(document)
    values = _tagged(document[start.end() if start else 0 : end.start() if end else len(document)])
    fields = Fields.of(values)
    if not fields.text:
        name = f" ({fields.id})" if fields.id else ""
        return LoadError(f"This <DOC>{name} has no text between <TEXT> and </TEXT>: add it, or leave the document out.")
    return fields


def _tagged(document: str) -> dict[str, str]:
    """Read the tags that name a field of an article; several texts are joined, of other fields the first counts."""
    values: dict[str, str] = {}
    unclosed: set[str] = set()
    at = 0
    while match := _TAG.search(document, at):
        at = match.end()
        name = match[1].lower()
        if field_named(name) is None or name in unclosed:
            continue
        close = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(document, at)
        if close:
            value, at = document[at : close.start()], close.end()
        else:
            unclosed.add(name)
            value = document[at:] if field_named(name) == "text" else _REST_OF_LINE.split(document[at : at + 500], 1)[0]
        value = _content(value)
        if field_named(name) == "text" and values.get(name):
            values[name] += "\n" + value
        else:
            values.setdefault(name, value)
    return values


def _content(tagged: str) -> str:
    if literal := _CDATA.fullmatch(tagged):
        return trim_blank_lines(literal[1])
    return trim_blank_lines(html.unescape(_MARKUP.sub("", _BREAK.sub("\n", tagged))))
