"""HTML that escapes by itself: elements of markupsafe's Markup. Pure functions.

Nothing out of an article is ever markup: text is escaped, on one line, and control and direction-override characters
are boxed in so that they act on nothing; what a reader copies stays the text.
"""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from index.analysis import direction
from index.languages.messages import Messages

# Characters that would reorder the text around them, or that no text needs.
HARMFUL = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
NOTHING = Markup("")
_WITHOUT_END = ("img", "input")
_LINES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}

Attribute = str | int | bool | None


def text(written: str) -> Markup:
    """Escape text; markup stays as it is. A control character stands alone in its own isolate, named in the title."""
    if isinstance(written, Markup):
        return written
    return Markup(HARMFUL.sub(_boxed, _one_line(written)))


def element(tag: str, *content: str, **attributes: Attribute) -> Markup:
    """Make an element of content, which is escaped where it is no markup, and attributes.

    `class_` is "class", `data_ask` is "data-ask"; an attribute that is None or False is left out, True has no value.
    """
    inner = join(content)
    named = "".join(_attribute(name, value) for name, value in attributes.items())
    return Markup(f"<{tag}{named}>" if tag in _WITHOUT_END else f"<{tag}{named}>{inner}</{tag}>")


def join(parts: Iterable[str], between: str = "") -> Markup:
    """Put parts one after another, each escaped where it is no markup."""
    return text(between).join(text(part) for part in parts)


def button(kind: str, *content: str, **attributes: Attribute) -> Markup:
    """Make a button of a class."""
    return element("button", *content, type="button", class_=kind, **attributes)


def copying(kind: str, label: str, done: str, **attributes: Attribute) -> Markup:
    """Make a button that copies; once it has, the page's script shows what is `done` in place of the label."""
    return button(kind, element("span", label), element("span", done, class_="khabar-done"), **attributes)


def isolated(written: str, language: str = "und") -> Markup:
    """Show text in its own direction, whatever is around it."""
    return element("bdi", written, dir=direction(written), lang=known(language))


def block(tag: str, written: str, language: str, kind: str) -> Markup:
    """Show text as a block in its own direction and language."""
    return element(tag, written, class_=kind, dir=direction(written), lang=known(language))


def spoken(tag: str, kind: str, words: Messages, *content: str, **attributes: Attribute) -> Markup:
    """Make an element of Khabar's own words, in their language and direction."""
    return element(tag, *content, class_=kind, dir=words.direction, lang=words.language, **attributes)


def filled(template: str, **parts: str) -> Markup:
    """Fill a message's names in braces with markup."""
    return Markup(text(template)).format(**{name: text(part) for name, part in parts.items()})


def known(language: str) -> str | None:
    """Return a language for a `lang` attribute, None for an undetermined one."""
    return language if language and language != "und" else None


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{_one_line(str(value))}"'


def _one_line(written: str) -> str:
    escaped = str(escape(str(written)))
    for mark, code in _LINES.items():
        escaped = escaped.replace(mark, code)
    return escaped


def _boxed(match: re.Match[str]) -> str:
    return f'<bdi class="khabar-control" title="U+{ord(match[0]):04X}">{match[0]}</bdi>'
