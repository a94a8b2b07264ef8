"""Pages with several articles, each whole with a title of its own: which parts of the page they are."""

import re
from collections.abc import Sequence
from typing import Any

from index.languages.parts.page_words import CONTINUED
from index.text.normalisation import fold

_TYPES = re.compile(r"(?:Article|BlogPosting)$")
_CLASSES = frozenset(["hentry", "h-entry"])
_HEADINGS = ("h1", "h2", "h3", "h4")
# A paragraph, and a whole article, have so many characters; what is shorter leads to one.
_PARAGRAPH, _WHOLE = 40, 200
_FEWEST_PARAGRAPHS = 2
# Beside the article that has the page's headline, shorter ones than this share of it are its teasers.
_LEAST_SHARE = 0.2
# Of the page's paragraphs, this share is in its articles; else its story is elsewhere.
_MOST_OF_THE_PAGE = 0.5


def articles_in(tree: Any) -> list[Any]:
    """Return the elements that each hold one of a page's articles, outermost; none where there are not two."""
    whole = [element for element in _marked(tree) if _is_whole(element)]
    headed = [element for element in whole if element.find(".//h1") is not None]
    if len(headed) == 1:
        least = _LEAST_SHARE * _length(headed[0])
        whole = [element for element in whole if _length(element) >= least]
    if len(whole) < 2 or sum(map(_length, whole)) < _MOST_OF_THE_PAGE * _length(tree):
        return []
    return whole


def heading_of(article: Any) -> Any:
    """Return the heading of an article of several; None where it has none."""
    return next(article.iter(*_HEADINGS), None)


def _marked(tree: Any) -> Sequence[Any]:
    """Return what is marked as an article and lies in no other such."""
    found: list[Any] = []
    for element in tree.iter():
        if _is_marked(element) and not any(above in found for above in element.iterancestors()):
            found.append(element)
    return found


def _is_marked(element: Any) -> bool:
    return element.tag == "article" or (
        isinstance(element.tag, str)
        and element.tag not in ("html", "body")
        and (bool(_TYPES.search(element.get("itemtype", ""))) or bool(_CLASSES & {*element.get("class", "").split()}))
    )


def _is_whole(element: Any) -> bool:
    """Tell whether an element has a title and a body, which no link at its end goes on with."""
    if heading_of(element) is None or _length(element) < _WHOLE:
        return False
    links = [fold("".join(link.itertext())).strip(" .…>»›→") for link in element.iter("a")]
    return len(_paragraphs(element)) >= _FEWEST_PARAGRAPHS and not any(link.startswith(CONTINUED) for link in links)


def _paragraphs(element: Any) -> list[int]:
    lengths = (len("".join(paragraph.itertext()).strip()) for paragraph in element.iter("p"))
    return [length for length in lengths if length >= _PARAGRAPH]


def _length(element: Any) -> int:
    return sum(_paragraphs(element))
