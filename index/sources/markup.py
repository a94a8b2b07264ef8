"""Text that a program kept as HTML: its tags and entities turned into what a reader sees."""

import html
import re
from dataclasses import replace
from typing import Any

from index.sources.metadata import Fields

_TAG = re.compile(
    r"</?(?:p|br|div|a|span|strong|em|b|i|u|h[1-6]|ul|ol|li|blockquote|figure|figcaption|img|script|style|iframe|table"
    r"|tr|td|section|article|aside|small|sup|sub|hr)\b[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "table",
        "tr",
        "section",
        "article",
        "aside",
        "hr",
        "pre",
        "figure",
        "header",
        "footer",
        "dd",
        "dt",
        "tbody",
        "body",
        "html",
    ]
)
# No words of the text: what acts, what is shown beside it, and what others wrote.
_DROPPED = frozenset(
    ["script", "style", "template", "noscript", "iframe", "figcaption", "svg", "button", "form", "object", "head"]
)


def without_markup(fields: Fields) -> Fields:
    """Return the fields with the markup of their values, if they have any, turned into plain text."""
    text = fields.text
    if text and _TAG.search(text):
        text = text_of_html(text)
    elif text and _ENTITY.search(text):
        text = html.unescape(text)
    return replace(fields, text=text or None, title=_line(fields.title), byline=_line(fields.byline))


def text_of_html(markup: str) -> str:
    """Return what a piece of HTML says, a line a block."""
    from lxml import html as parser
    from lxml.etree import ParserError

    try:
        tree = parser.fromstring(f"<div>{markup}</div>")
    except (ParserError, ValueError):
        # Nothing is left of it, or it has characters that no HTML has.
        return html.unescape(_TAG.sub(" ", markup)).strip()
    return block_text(tree)


def block_text(tree: Any) -> str:
    """Return the text of an element of lxml's, a line a block; no deeper than the parser lets it be."""
    parts: list[str] = []
    for event, element in _walked(tree):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            parts.append("\n" if name in _BLOCKS else "")
            parts.append(re.sub(r"\s+", " ", element.text or "") if name and name not in _DROPPED else "")
        else:
            parts.append("\n" if name in _BLOCKS else "")
            parts.append(re.sub(r"\s+", " ", element.tail or "") if element is not tree else "")
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _walked(tree: Any) -> Any:
    """Go through a tree, over what is dropped, without a call for each level of it."""
    stack: list[tuple[str, Any]] = [("start", tree)]
    while stack:
        event, element = stack.pop()
        yield event, element
        if event == "start":
            stack.append(("end", element))
            if isinstance(element.tag, str) and element.tag not in _DROPPED:
                stack.extend(("start", child) for child in reversed(element))


def _line(value: str | None) -> str | None:
    if not value:
        return value
    plain = text_of_html(value) if _TAG.search(value) else html.unescape(value) if _ENTITY.search(value) else value
    return " ".join(plain.split()) if plain is not value else value
