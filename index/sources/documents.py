"""One article a file: plain text, and Markdown with front matter."""

import re
from typing import Any

from index.errors import LoadError
from index.sources.credits import begins_byline, credit_of
from index.sources.labels import take_leading, with_labels
from index.sources.metadata import Fields, field_named

# A first line longer than this is a paragraph, not a title (characters).
_LONGEST_TITLE = 250
# YAML is read slowly, a megabyte in half a minute, and a header is a few lines (characters).
_LONGEST_FRONT_MATTER = 64 * 1024
_LONGEST_SECTION = 40
_MOST_SECTION_WORDS = 5
# The body under a section line is at least this many times as long as the line.
_BODY_OVER_SECTION = 4
_SENTENCE_MARKS = re.compile(r"[.!?:;,…،؛؟«»\"“”\d]")
# A section, and who wrote the article, for whom and when, on one line or two.
_MOST_LABELS = 3
_HEADER_LINE = re.compile(r"(?P<key>[^:：]{1,30})[:：](?P<value>.*)")
# What begins a value of YAML that is more than plain text.
_YAML_MARKS = tuple("\"'[]{}|>&*!%@`#,")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<key>[^:\n]{1,30}):")
_FIRST_HEADING = re.compile(r"\A#[ \t]+(?P<title>[^\n]{0,250}?)[ \t]*#*[ \t]*(?:\n|\Z)")


def parse_plain(text: str) -> Fields:
    """Read a title line, perhaps lines under it (section, byline, outlet, date), and the body; or a header first.

    A header is "Key: value" lines. The body is kept character for character, but for blank lines around it.
    """
    found: dict[str, str] = {}
    header, rest = _split_header(take_leading(trim_blank_lines(text), found))
    if "title" in header:
        return with_labels(Fields.of({**header, "text": trim_blank_lines(rest)}), found)
    rest = take_leading(rest, found)
    return with_labels(Fields.of({**_split_title(rest, found), **header}), found)


def parse_markdown(text: str) -> Fields:
    """Read YAML front matter, if there is any, and the body as it is, without a heading that repeats the title.

    Raises `LoadError` for front matter that is not closed or not YAML.
    """
    header: dict[str, object] = {}
    if text.startswith("---"):
        header, text = _split_front_matter(text)
    fields = Fields.of(header)
    labels: dict[str, str] = {}
    body = take_leading(trim_blank_lines(text), labels)
    title = fields.title
    if (heading := _FIRST_HEADING.match(body)) and (title is None or same_words(heading["title"], title)):
        title, body = title or heading["title"], trim_blank_lines(body[heading.end() :])
    return with_labels(Fields.of({**header, "title": title, "text": body}), labels)


def begins_front_matter(text: str) -> bool:
    """Tell whether a text begins with dashes and a field of an article under them, as Markdown's front matter does."""
    match = _FRONT_MATTER.match(text)
    return match is not None and field_named(match["key"]) is not None


def trim_blank_lines(text: str) -> str:
    """Drop the blank lines before and after a text, and nothing else."""
    if not text.strip():
        return ""
    start = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    end = text.find("\n", len(text.rstrip()))
    return text[start:] if end < 0 else text[start:end]


def _split_header(text: str) -> tuple[dict[str, str], str]:
    """Take off "Key: value" lines that end at a blank line, when every key is a known one and one is the title.

    Two known keys are a header as well; a single other one may be how a plain article begins.
    """
    block, _, rest = text.partition("\n\n")
    header: dict[str, str] = {}
    for line in block.split("\n"):
        match = _HEADER_LINE.fullmatch(line)
        field = field_named(match["key"]) if match else None
        if match is None or field is None or field == "text" or field in header:
            return {}, text
        header[field] = match["value"].strip()
    return (header, rest) if "title" in header or len(header) > 1 else ({}, text)


def _split_title(text: str, labels: dict[str, str]) -> dict[str, str]:
    """Tell title, section, byline, outlet, date and body apart; a lone line is the body. `labels` are put down."""
    lone = {"text": text}
    title, _, rest = text.partition("\n")
    body = trim_blank_lines(rest)
    if not body or len(title) > _LONGEST_TITLE:
        return lone
    found = {"title": title}
    for _ in range(_MOST_LABELS):
        body = take_leading(body, labels)
        line, _, after = body.partition("\n")
        after = trim_blank_lines(after)
        credit = credit_of(line) if after else None
        if credit and not credit.fields.keys() & found.keys():
            found.update(credit.fields)
            if not credit.is_whole:
                # What has no field, such as a place, is not to be lost: the line stays.
                break
        elif not credit and "category" not in found and _is_section(line, after):
            found["category"] = line.strip()
        else:
            break
        body = after
    return {**found, "text": body}


def _is_section(line: str, after: str) -> bool:
    """Tell whether a line under the title names a section rather than begins the body."""
    return (
        len(after) >= _BODY_OVER_SECTION * len(line)
        and not begins_byline(line)
        and len(line) <= _LONGEST_SECTION
        and len(line.split()) <= _MOST_SECTION_WORDS
        and _SENTENCE_MARKS.search(line.removesuffix(":")) is None
    )


def _split_front_matter(text: str) -> tuple[dict[str, object], str]:
    import yaml  # type: ignore[import-untyped]
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    try:
        front, body = handler.split(text)
    except ValueError as error:
        # The split finds fewer than three parts where the second line of dashes is missing.
        raise LoadError("Its front matter is not closed: end it with a line of three dashes.") from error
    if len(front) > _LONGEST_FRONT_MATTER:
        raise LoadError("Its front matter is longer than 64,000 characters. Put the article's text under the dashes.")
    try:
        values = _load_yaml(front)
    except (yaml.YAMLError, RecursionError) as error:
        # Deep nesting ends the parser with an error that is not YAML's own.
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}" if mark else ""
        raise LoadError(f"Its front matter is not YAML{place}: put quotes around a value with a colon.") from error
    if not isinstance(values or {}, dict):
        raise LoadError('Its front matter holds no "key: value" lines. Write it so, or take the dashes away.')
    return {str(key): value for key, value in (values or {}).items() if value not in ("", "~", "null")}, body


def _load_yaml(front: str) -> Any:
    """Read YAML, and "title: Floods: 3 dead" as the title it plainly is; raises what the parser does."""
    import yaml

    # Every scalar stays as it is written: `no` is a language, 007 an id, and a date is read by one reader.
    try:
        return yaml.load(front, yaml.BaseLoader)
    except yaml.YAMLError:
        quoted = "\n".join(map(_quoted, front.split("\n")))
        if quoted == front:
            raise
        return yaml.load(quoted, yaml.BaseLoader)


def _quoted(line: str) -> str:
    """Put quotes around a value that is plain text with a colon in it, which YAML would take for a key's."""
    key, _, value = line.partition(": ")
    value = value.strip()
    if not key[:1].isalnum() or value.startswith(_YAML_MARKS) or not (": " in value or value.endswith(":")):
        return line
    escaped = value.replace("'", "''")
    return f"{key}: '{escaped}'"


def same_words(one: str, other: str) -> bool:
    """Tell whether two lines say the same but for their blanks."""
    return one.split() == other.split()
