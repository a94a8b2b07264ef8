"""An article's text as HTML: line by line, its quotes and glossed words marked, its pages numbered. Pure functions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from index.analysis import direction
from index.article import Article
from index.languages.messages import Messages
from qa.answer import Citation, Role
from ui.views.markup import NOTHING, element, join, known, text

CURRENT_MARK = "khabar-quote"


@dataclass(frozen=True, slots=True)
class Gloss:
    """A word of a text and what it stands for: `text[start:end]`, and the note that goes with it."""

    start: int
    end: int
    note: str


def glossed_html(written: str, glosses: Sequence[Gloss], shift: int = 0) -> Markup:
    """Escape text and mark its glossed words; `shift` is where the text begins in what the glosses count."""
    parts: list[str] = []
    done = 0
    for gloss in sorted(glosses, key=lambda gloss: gloss.start):
        start, end = gloss.start - shift, gloss.end - shift
        if done <= start < end <= len(written):
            parts += [written[done:start], element("span", written[start:end], class_="khabar-met", title=gloss.note)]
            done = end
    return join([*parts, written[done:]])


@dataclass(frozen=True, slots=True)
class NameAnchor:
    """A name in a text, `text[start:end]`, which leads to the next place where its bearer is named.

    `own` and `next` are ids of elements, `note` says who is named.
    """

    start: int
    end: int
    own: str
    next: str
    note: str


def anchored_html(written: str, anchors: Sequence[NameAnchor], shift: int = 0) -> Markup:
    """Escape text and make links of its names; `shift` is where the text begins in what the anchors count."""
    parts: list[str] = []
    done = 0
    for anchor in anchors:
        start, end = anchor.start - shift, anchor.end - shift
        if done <= start < end <= len(written):
            named = written[start:end]
            link = element("a", named, id=anchor.own, href=f"#{anchor.next}", class_="khabar-name", title=anchor.note)
            parts += [text(written[done:start]), link]
            done = end
    return join([*parts, text(written[done:])])


@dataclass(frozen=True, slots=True)
class _Run:
    start: int
    end: int
    citation: Citation | None


def body_lines(
    article: Article,
    citations: Sequence[Citation],
    current: Citation | None,
    glosses: Sequence[Gloss],
    words: Messages,
    sheet: Markup = NOTHING,
    names: Sequence[NameAnchor] = (),
) -> Iterator[Markup]:
    """Render each line of an article; the text of all of them is the article's, character for character.

    `sheet` is put before the line in which the current quote begins; `names` outside quotes lead from one to the next.
    """
    marked = False
    for line in re.finditer(r"[^\n]*\n|[^\n]+", article.text):
        inner: list[Markup] = []
        for run in _runs(line.start(), line.end(), citations, current, article.pages):
            inner.append(_page_mark(article, run.start, words))
            written = article.text[run.start : run.end]
            if run.citation is None:
                inner.append(anchored_html(written, names, run.start))
            elif run.citation == current:
                here = {} if marked else {"id": CURRENT_MARK, "tabindex": "-1"}
                glossed = glossed_html(written, glosses, run.start)
                inner.append(element("mark", glossed, class_="khabar-current", **here))
                marked = True
            else:
                kind = "khabar-other" if run.citation.role is Role.USED else "khabar-also"
                inner.append(element("mark", written, class_=kind, title=f"[{run.citation.number}]"))
        if current and line.start() <= current.start < line.end():
            yield sheet
        blank = None if line[0].strip() else "khabar-blank"
        yield element("p", *inner, class_=blank, dir=direction(line[0]), lang=known(article.language_of(line.start())))


def sheet_html(file: str | None, picture: str | None, current: Citation | None, words: Messages) -> Markup:
    """Show the page that a quote stands on as it looks in its `file`, which opens there; nothing without a picture."""
    if picture is None or current is None:
        return NOTHING
    shows = words.say("article.page_picture", number=current.page)
    # The width and the height are those of a sheet of A4, until the picture is there.
    image = element(
        "img", src=picture, alt=shows, title=shows, width=1000, height=1414, loading="lazy", decoding="async"
    )
    return element("a", image, class_="khabar-sheet", href=file, target="_blank", rel="noopener")


def _page_mark(article: Article, place: int, words: Messages) -> Markup:
    """Mark where a page begins; its number is an attribute that the style sheet shows, no text of the article."""
    if place not in article.pages:
        return NOTHING
    return element("span", class_="khabar-page", data_page=words.say("citation.page", number=article.page_of(place)))


def _runs(
    start: int, end: int, citations: Sequence[Citation], current: Citation | None, pages: Sequence[int]
) -> Iterator[_Run]:
    """Cut one line where pages begin and citations begin and end; where these overlap the current one shows."""
    inside = [citation for citation in citations if citation.start < end and citation.end > start]
    edges = {edge for citation in inside for edge in (citation.start, citation.end) if start < edge < end}
    cuts = [start, *sorted(edges | {page for page in pages if start < page < end}), end]
    for first, last in pairwise(cuts):
        covering = [citation for citation in inside if citation.start <= first and last <= citation.end]
        chosen = next((c for c in covering if c == current), covering[0] if covering else None)
        yield _Run(first, last, chosen)
