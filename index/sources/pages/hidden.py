"""Text of a page that no reader of it sees: hidden by an attribute, by style, or by having the colour of its ground."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

# An element and its children that are not shown at all.
_UNSHOWN = ("template", "noscript", "dialog")
# More of a page's own style than this is that of a framework, and hides what scripts show (characters).
_LONGEST_STYLE = 64_000
_HIDES = re.compile(
    r"none|hidden|collapse|opacity|font-size|color|clip|indent|height|width|left|transform", re.IGNORECASE
)
_ZERO = re.compile(r"0*\.?0+(?:px|em|rem|pt|%|vw|vh)?|1px")
_AWAY = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|%)?")
_GROUNDS = re.compile(r"dark|hero|banner|cover|background|overlay|box|card|button|btn|badge", re.IGNORECASE)
_WHITE = 0.97


def hidden_elements(tree: Any) -> Iterator[Any]:
    """Yield the elements that a page hides, each with all in it."""
    for element in tree.iter():
        if isinstance(element.tag, str) and (_says_hidden(element) or _is_styled_away(element)):
            yield element
    yield from _hidden_by_rules(tree)


def _says_hidden(element: Any) -> bool:
    if element.tag in _UNSHOWN:
        return element.get("open") is None
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden", "").strip().lower() == "true"
        or (element.tag == "input" and element.get("type") == "hidden")
    )


def _is_styled_away(element: Any) -> bool:
    style = element.get("style")
    if not style or not _HIDES.search(style):
        return False
    declared = _declarations(style)
    return _is_unseen(declared) or _is_on_its_own_colour(element, declared)


def _is_unseen(declared: dict[str, str]) -> bool:
    """Tell whether declarations take an element out of sight: not shown, without size, or beyond the edge."""

    def is_zero(name: str) -> bool:
        return _ZERO.fullmatch(declared.get(name, "")) is not None

    cut = declared.get("overflow", "").startswith(("hidden", "clip"))
    return (
        declared.get("display") == "none"
        or declared.get("visibility") in ("hidden", "collapse")
        or declared.get("content-visibility") == "hidden"
        or is_zero("font-size")
        or re.fullmatch(r"0*\.?0+%?", declared.get("opacity", "1")) is not None
        or (cut and (is_zero("height") or is_zero("width") or is_zero("max-height")))
        or any(_AWAY.fullmatch(declared.get(name, "")) for name in ("text-indent", "left", "top", "right"))
        or re.fullmatch(r"rect\((?:[01](?:px)?[, ]*){4}\)|inset\((?:50|100)%\)", _clip(declared)) is not None
        or "scale(0)" in declared.get("transform", "")
    )


def _clip(declared: dict[str, str]) -> str:
    return declared.get("clip", "") or declared.get("clip-path", "")


def _is_on_its_own_colour(element: Any, declared: dict[str, str]) -> bool:
    """Tell whether text has the colour of its ground: one that is given with it, or the white of a page without one."""
    colour = _colour(declared.get("color", ""))
    if colour is None:
        return False
    if colour[3] == 0:
        return True
    for around in (element, *element.iterancestors()):
        own = _declarations(around.get("style", ""))
        ground = own.get("background-color") or own.get("background")
        if ground:
            found = _colour(ground.split()[0])
            return found is not None and max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 1 - _WHITE
        if _GROUNDS.search(around.get("class", "")):
            return False
    return min(colour[:3]) >= _WHITE


def _hidden_by_rules(tree: Any) -> Iterator[Any]:
    """Yield what the page's own style sheets hide, by rules that hold on every screen."""
    from cssselect import HTMLTranslator, SelectorError

    style = "\n".join(element.text or "" for element in tree.iter("style"))
    if len(style) > _LONGEST_STYLE or not _HIDES.search(style):
        return
    for selector, declarations in _rules(style):
        if _is_unseen(_declarations(declarations)):
            try:
                yield from tree.xpath(HTMLTranslator().css_to_xpath(selector))
            except SelectorError:
                # States and parts that no element of the file is in, such as ":hover" and "::before".
                continue


def _rules(style: str) -> Iterator[tuple[str, str]]:
    import tinycss2

    for rule in tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            yield tinycss2.serialize(rule.prelude).strip(), tinycss2.serialize(rule.content)


@lru_cache(maxsize=4096)
def _declarations(style: str) -> dict[str, str]:
    """Return what a style declares, in small letters."""
    import tinycss2

    found = tinycss2.parse_blocks_contents(style)
    return {
        declaration.lower_name: tinycss2.serialize(declaration.value).strip().lower()
        for declaration in found
        if declaration.type == "declaration"
    }


def _colour(text: str) -> tuple[float, float, float, float] | None:
    """Read a colour as red, green, blue and alpha, 0 to 1; None for one that depends on others, or for none."""
    from tinycss2.color3 import parse_color

    found = parse_color(text) if text else None
    return None if found is None or isinstance(found, str) else (found.red, found.green, found.blue, found.alpha)
