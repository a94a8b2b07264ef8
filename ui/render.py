"""Answers and articles as safe HTML; pure functions.

Nothing out of an article is ever markup: text is escaped, control and direction-override characters are
boxed in so that they act on nothing, and only http(s) addresses become links.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

from index.article import Article
from index.text import direction
from qa import wording
from qa.answer import Answer, ArticleRef, Citation, Role, Verdict, WrittenSentence
from ui.parts import Inline, Marker, Named, Quoted, embedded, take_apart
from ui.stories import carried_line
from ui.words import Words, words_for

# Characters that would reorder the text around them, or that no text needs.
HARMFUL = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
CURRENT_MARK = "khabar-quote"


def safe_text(text: str) -> str:
    """Escape text for HTML, on one line; the characters a reader copies stay those of the text.

    A control character stands alone in its own isolate, where it cannot reorder anything, its code point in
    the title.
    """
    return HARMFUL.sub(_boxed, safe_attribute(text))


def safe_attribute(text: str) -> str:
    """Escape text for the value of a quoted HTML attribute, on one line."""
    return escape(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


def lang_attribute(language: str) -> str:
    """Return a `lang` attribute with the space before it, or "" for an undetermined language."""
    return f' lang="{escape(language)}"' if language and language != "und" else ""


# What is shown below a quote, as HTML.
Below = Callable[[Citation], str]
# What stands in there when it says something, and is no button alone.
_BELOW_SAID = ('class="khabar-translation"', 'role="status"')


def answer_html(answer: Answer, *, key: str = "0", below: Below = lambda _: "") -> str:
    """Render an answer, or an abstention as help: one HTML element on one line.

    A [n] marker is a button whose value is `key:n`; `key` tells the answers of a page apart. `below` gives what is
    shown below each quote.
    """
    words = words_for(answer.language)
    body = _understood(answer) + (_abstention if answer.abstained else _answered)(answer, words, key, below)
    notes = "".join(f'<p class="khabar-note">{safe_text(note)}</p>' for note in answer.notes)
    kind = "khabar-answer khabar-abstained" if answer.abstained else "khabar-answer"
    return f'<section class="{kind}" dir="{words.direction}" lang="{words.language}">{body}{notes}</section>'


def article_html(
    article: Article,
    citations: Iterable[Citation],
    current: Citation | None,
    *,
    language: str = "en",
    notice: str = "",
    after_notice: str = "",
    before_text: str = "",
    glosses: Sequence["Gloss"] = (),
) -> str:
    """Render a whole article with its quotes marked: the current one strongly, with id `khabar-quote`.

    Citations of other articles are passed over; `notice` is a sentence shown above the article, `after_notice` HTML
    that belongs to it, `before_text` HTML shown before the article's text, in whose current quote `glosses` are
    marked. The text of the `khabar-body` element is the article's text, character for character.
    """
    words = words_for(language)
    mine = [citation for citation in citations if citation.article.id == article.id]
    reference = ArticleRef.of(article)
    meta = [_source_line(reference, words, byline=True), link(article.url, words.open_original)]
    parts = [
        f'<p class="khabar-note" role="status">{safe_text(notice)} {after_notice}</p>' if notice else "",
        _block("h2", article.title or words.untitled, article.language, "khabar-title"),
        f'<p class="khabar-meta">{" · ".join(part for part in meta if part)}</p>',
        before_text,
        f'<div class="khabar-body">{_body(article, mine, current, glosses)}</div>',
    ]
    return f'<article class="khabar-article" dir="{words.direction}" lang="{words.language}">{"".join(parts)}</article>'


def quoted_html(citation: Citation, *, language: str = "en", notice: str = "") -> str:
    """Render a quote by itself, as its answer holds it, where the article is no longer there to be shown."""
    words, article = words_for(language), citation.article
    parts = [
        f'<p class="khabar-note" role="status">{safe_text(notice)}</p>',
        _block("h2", article.title or words.untitled, article.language, "khabar-title"),
        f'<p class="khabar-meta">{_source_line(article, words, byline=True)}</p>',
        f'<div class="khabar-figure">{_block("blockquote", citation.quote, article.language, "khabar-whole")}</div>',
    ]
    return f'<article class="khabar-article" dir="{words.direction}" lang="{words.language}">{"".join(parts)}</article>'


def visible(text: str) -> str:
    """Replace the characters that could act on a terminal or reorder a line by their code points in brackets."""
    return HARMFUL.sub(lambda match: f"⟦U+{ord(match[0]):04X}⟧", text.replace("\r\n", "\n").replace("\r", "\n"))


def safe_url(url: str | None) -> str | None:
    """Return an address that may be linked to (http or https), or None."""
    if not url or HARMFUL.search(url):
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        # Such as a bracket without its pair: articles may state anything as their address.
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def link(url: str | None, label: str) -> str:
    """Link to an article's original, or "" where its address may not be linked to."""
    address = safe_url(url)
    if address is None:
        return ""
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">{safe_text(label)}</a>'


def isolated(text: str, language: str = "und") -> str:
    """Show text in its own direction, whatever is around it."""
    return f'<bdi dir="{direction(text)}"{lang_attribute(language)}>{safe_text(text)}</bdi>'


def reference_text(citation: Citation, words: Words) -> str:
    """Write a quote with its speaker, title, outlet, date and address, to be pasted elsewhere as plain text."""
    article, speaker = citation.article, citation.speaker
    said = f"{speaker.name}{words.comma}{speaker.role}" if speaker and speaker.role else speaker.name if speaker else ""
    named = [said, article.title, article.source or "", words.day(article.published), safe_url(article.url) or ""]
    opening, closing = "«»" if direction(citation.quote) == "rtl" else "“”"
    return f"{opening}{citation.quote}{closing}\n— {' · '.join(part for part in named if part)}"


def _boxed(match: re.Match[str]) -> str:
    return f'<bdi class="khabar-control" title="U+{ord(match[0]):04X}">{match[0]}</bdi>'


def _block(tag: str, text: str, language: str, kind: str) -> str:
    return f'<{tag} class="{kind}" dir="{direction(text)}"{lang_attribute(language)}>{safe_text(text)}</{tag}>'


def _button(number: int, words: Words, key: str) -> str:
    title, value = safe_attribute(words.show_quote), safe_attribute(f"{key}:{number}")
    return f'<button type="button" class="khabar-cite" value="{value}" title="{title}">[{number}]</button>'


def _understood(answer: Answer) -> str:
    """Show the question as it was searched for, where it hung on earlier ones."""
    if answer.standalone is None:
        return ""
    before, _, after = wording.words_for(answer.language).understood.partition("{question}")
    inner = f"{safe_text(before)}{isolated(answer.standalone)}{safe_text(after)}"
    return f'<p class="khabar-understood">{inner}</p>'


def _checks(answer: Answer, words: Words) -> str:
    """Show what checking the sentences that a chat model wrote came to; "" where none wrote."""
    if not answer.sentences:
        return ""
    lines = "".join(
        f'<li class="khabar-{sentence.verdict.value}">{safe_text(words.checked(sentence.verdict))} '
        f"{_struck(sentence)}{f' — {safe_text(sentence.reason)}' if sentence.reason else ''}</li>"
        for sentence in answer.sentences
    )
    share = words.verified.format(round(100 * (answer.verified or 0)))
    return f'<details class="khabar-checks"><summary>{safe_text(share)}</summary><ul>{lines}</ul></details>'


def _struck(sentence: WrittenSentence) -> str:
    shown = isolated(sentence.text)
    return f"<del>{shown}</del>" if sentence.verdict is Verdict.UNSUPPORTED else shown


def _answered(answer: Answer, words: Words, key: str, below: Below) -> str:
    parts = [_shorts(answer, words, key)]
    for paragraph in take_apart(answer):
        if isinstance(paragraph, Quoted):
            parts.append(_quote(answer, paragraph.citation, words, key, below, in_text=True))
        else:
            parts.append(_line(paragraph, words, key))
    shown = embedded(answer)
    parts += [_quote(answer, c, words, key, below, in_text=False) for c in answer.used if c.number not in shown]
    rest = [citation for citation in answer.citations if citation.role is not Role.USED]
    if rest:
        listed = "".join(_listed(citation, words, key, below) for citation in rest)
        summary = f"{safe_text(words.also)} ({len(rest)})"
        # What was asked for below a quote in the list is not folded away with it when the answer is shown anew.
        opened = " open" if any(mark in listed for mark in _BELOW_SAID) else ""
        parts.append(f'<details class="khabar-more"{opened}><summary>{summary}</summary><ul>{listed}</ul></details>')
    return "".join([*parts, _checks(answer, words)])


def _shorts(answer: Answer, words: Words, key: str) -> str:
    """Show the few words that answer; where the articles differ, those of each."""
    languages = {citation.number: citation.article.language for citation in answer.citations}
    shown = [
        f"<span><strong>{isolated(short.text, languages.get(short.number, 'und'))}</strong> "
        f"{_button(short.number, words, key)}</span>"
        for short in answer.shorts
    ]
    return f'<p class="khabar-short">{" · ".join(shown)}</p>' if shown else ""


def _abstention(answer: Answer, words: Words, key: str, below: Below) -> str:
    parts = [_line(paragraph, words, key) for paragraph in take_apart(answer) if not isinstance(paragraph, Quoted)]
    if scope := words.scope(answer.reason, answer.filters):
        parts.append(f'<p class="khabar-scope">{safe_text(scope)}</p>')
    if answer.citations:
        listed = "".join(_listed(citation, words, key, below) for citation in answer.citations)
        parts.append(f'<p class="khabar-label">{safe_text(words.closest)}</p><ul class="khabar-closest">{listed}</ul>')
    advice = "".join(f"<li>{safe_text(line)}</li>" for line in words.advice(answer.reason, answer.filters))
    return "".join(parts) + f'<ul class="khabar-advice">{advice}</ul>'


def _line(paragraph: tuple[Inline, ...], words: Words, key: str) -> str:
    inner = []
    for part in paragraph:
        if isinstance(part, Marker):
            inner.append(_button(part.number, words, key))
        elif isinstance(part, Named):
            name = isolated(part.text)
            inner.append(f"<strong>{name}</strong>" if part.speaker else name)
        else:
            inner.append(safe_text(part.text))
    return f"<p>{''.join(inner)}</p>"


def _quote(answer: Answer, citation: Citation, words: Words, key: str, below: Below, *, in_text: bool) -> str:
    quote, article = citation.quote, citation.article
    inner = safe_text(quote)
    for short in answer.shorts:
        if short.number != citation.number or not citation.start <= short.start < short.end <= citation.end:
            continue
        start, end = short.start - citation.start, short.end - citation.start
        inner = f"{safe_text(quote[:start])}<strong>{safe_text(quote[start:end])}</strong>{safe_text(quote[end:])}"
    block = f'<blockquote dir="{direction(quote)}"{lang_attribute(article.language)}><q>{inner}</q></blockquote>'
    speaker = "" if in_text else _speaker(citation, words)
    source = "" if in_text else f" · {_source_line(article, words)}"
    title = f'<cite class="khabar-headline">{isolated(article.title or words.untitled, article.language)}</cite>'
    caption = f"<figcaption>{_button(citation.number, words, key)} {speaker}{title}{source}</figcaption>"
    under = f"{caption}{below(citation)}{also_in_html(citation, words)}"
    return f'<figure class="khabar-figure">{block}{under}</figure>'


def _speaker(citation: Citation, words: Words) -> str:
    if citation.speaker is None:
        return ""
    role = f"{words.comma}{isolated(citation.speaker.role)}" if citation.speaker.role else ""
    return f"<strong>{isolated(citation.speaker.name, citation.article.language)}</strong>{role} · "


def _listed(citation: Citation, words: Words, key: str, below: Below) -> str:
    article = citation.article
    title = f"<cite>{isolated(article.title or words.untitled, article.language)}</cite>"
    head = f"{_button(citation.number, words, key)} {title} · {_source_line(article, words)}"
    brief = _block("blockquote", citation.quote, article.language, "khabar-brief")
    return f"<li>{head}{brief}{below(citation)}{also_in_html(citation, words)}</li>"


def also_in_html(citation: Citation, words: Words) -> str:
    """Render a closed list of the other articles of a citation's story, or "" where there are none.

    Each is a button of the class `khabar-open` whose value is the article's id.
    """
    carried = carried_line(citation, words)
    if carried is None:
        return ""
    items = "".join(f"<li>{_openable(article, words)}</li>" for article in citation.also_in)
    return f'<details class="khabar-also-in"><summary>{safe_text(carried)}</summary><ul>{items}</ul></details>'


def _openable(article: ArticleRef, words: Words) -> str:
    title = isolated(article.title or words.untitled, article.language)
    button = f'<button type="button" class="khabar-open" value="{safe_attribute(article.id)}">{title}</button>'
    return f"{button} · {_source_line(article, words)}"


def _source_line(article: ArticleRef, words: Words, *, byline: bool = False) -> str:
    named = [article.source or words.unknown_source, *((article.byline, article.category) if byline else ())]
    parts = [isolated(name) for name in named if name]
    day = safe_text(words.day(article.published))
    parts.append(f'<time datetime="{article.published.isoformat()}">{day}</time>' if article.published else day)
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Gloss:
    """A word of a text and what it stands for: `text[start:end]`, and the note that goes with it."""

    start: int
    end: int
    note: str


def glossed_html(text: str, glosses: Sequence[Gloss], shift: int = 0) -> str:
    """Escape text and mark its glossed words; `shift` is where the text begins in what the glosses count."""
    parts, done = [], 0
    for gloss in sorted(glosses, key=lambda gloss: gloss.start):
        start, end = gloss.start - shift, gloss.end - shift
        if done <= start < end <= len(text):
            word = f'<span class="khabar-met" title="{safe_attribute(gloss.note)}">{safe_text(text[start:end])}</span>'
            parts += [safe_text(text[done:start]), word]
            done = end
    return "".join([*parts, safe_text(text[done:])])


@dataclass(frozen=True, slots=True)
class _Run:
    start: int
    end: int
    citation: Citation | None


def _body(article: Article, citations: Sequence[Citation], current: Citation | None, glosses: Sequence[Gloss]) -> str:
    blocks, marked = [], False
    for line in re.finditer(r"[^\n]*\n|[^\n]+", article.text):
        inner = []
        for run in _runs(line.start(), line.end(), citations, current):
            text = safe_text(article.text[run.start : run.end])
            if run.citation is None:
                inner.append(text)
            elif run.citation == current:
                name = "" if marked else f' id="{CURRENT_MARK}" tabindex="-1"'
                words = glossed_html(article.text[run.start : run.end], glosses, run.start)
                inner.append(f'<mark class="khabar-current"{name}>{words}</mark>')
                marked = True
            else:
                kind = "khabar-other" if run.citation.role is Role.USED else "khabar-also"
                inner.append(f'<mark class="{kind}" title="[{run.citation.number}]">{text}</mark>')
        blank = "" if line[0].strip() else ' class="khabar-blank"'
        blocks.append(f'<p{blank} dir="{direction(line[0])}"{lang_attribute(article.language)}>{"".join(inner)}</p>')
    return "".join(blocks)


def _runs(start: int, end: int, citations: Sequence[Citation], current: Citation | None) -> Iterator[_Run]:
    """Cut one line where citations begin and end; where they overlap the current one shows."""
    inside = [citation for citation in citations if citation.start < end and citation.end > start]
    edges = {edge for citation in inside for edge in (citation.start, citation.end) if start < edge < end}
    cuts = [start, *sorted(edges), end]
    for first, last in pairwise(cuts):
        covering = [citation for citation in inside if citation.start <= first and last <= citation.end]
        chosen = next((c for c in covering if c == current), covering[0] if covering else None)
        yield _Run(first, last, chosen)
