"""Answers and articles as plain text for a terminal; pure functions.

A quote stands on lines of its own with nothing before or after it, so it can be selected and copied. Text is
in logical order, as terminals that know Arabic want it; `bidi="visual"` joins the letters and turns the lines
around for those that do not.
"""

import re
import textwrap
from datetime import datetime
from typing import Literal

from index.analysis import direction
from index.article import Article
from index.languages.messages import DEFAULT, Messages, messages_for
from index.store.access.tokens import BearerToken
from index.store.feeds import Feed
from qa.answer import Answer, ArticleRef, Citation, Role, Segment, SegmentKind, SupportVerdict
from ui.views import phrases
from ui.views.html import visible
from ui.views.plain import AuditLine
from ui.views.segments import Quoted, carried_line, days_line, embedded, paragraphs

Bidi = Literal["auto", "visual"]

# First-strong and right-to-left isolates, and what closes them.
_FSI, _RLI, _PDI = "\u2068", "\u2067", "\u2069"
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LTR = re.compile(r"[A-Za-zÀ-ÖØ-öø-ʯͰ-ϿЀ-ӿ]")


def answer_terminal(answer: Answer, *, bidi: Bidi = "auto", width: int = 80) -> str:
    """Lay out an answer; `width` is in columns and matters for `bidi="visual"` only."""
    words = messages_for(answer.language)
    lines: list[str] = []
    if answer.standalone:
        key = "answer.read_as" if answer.is_respelt else "answer.understood"
        lines += [words.say(key, question=isolated(answer.standalone, words)), ""]
    if answer.shorts and not answer.abstained:
        lines += [" · ".join(f"{isolated(short.text, words)} [{short.number}]" for short in answer.shorts), ""]
    for paragraph in paragraphs(answer):
        lines += (
            quote_lines(paragraph.citation, words) if isinstance(paragraph, Quoted) else [_line(paragraph, words), ""]
        )
    if answer.abstained and (scope := phrases.scope(words, answer)):
        lines += [scope, ""]
    shown = embedded(answer)
    for citation in answer.used:
        if citation.number not in shown:
            lines += quote_lines(citation, words)
    rest = [citation for citation in answer.citations if citation.role is not Role.USED]
    if rest:
        lines += [
            words.say("answer.heading", heading=words.say("citation.closest" if answer.abstained else "citation.also"))
        ]
        lines += [line for citation in rest for line in _reference(citation, words)] + [""]
    if answer.abstained:
        lines += [f"- {advice}" for advice in phrases.advice(words, answer.reason, answer.filters)] + [""]
    lines += verdict_lines(answer)
    lines += [f"({visible(note)})" for note in answer.notes]
    return ordered("\n".join(lines).strip("\n"), bidi, width)


def article_terminal(article: Article, *, bidi: Bidi = "auto", width: int = 80, interface: str = DEFAULT) -> str:
    """Lay out a whole article: title, source line, text; what is Khabar's own is in the language `interface`."""
    words = messages_for(interface)
    head = [visible(article.kicker)] if article.kicker else []
    head += [visible(article.title or words.say("article.untitled")), _source_line(ArticleRef.of(article), words)]
    head += [visible(line) for line in (article.byline, article.category, article.url) if line]
    return ordered("\n".join([*head, "", visible(article.text)]), bidi, width)


def article_row(article: Article, *, bidi: Bidi = "auto") -> str:
    """Write an article on one line, tab-separated: id, date (ISO 8601) or "-", language, source or "-", title."""
    day = article.published.isoformat() if article.published else "-"
    cells = [article.id, day, article.language, article.source or "-", article.title or "-"]
    clean = [re.sub(r"\s+", " ", visible(cell)) for cell in cells]
    if bidi == "visual":
        return "\t".join(_visual(cell) for cell in clean)
    return "\t".join(f"{_RLI}{cell}{_PDI}" if _RTL.search(cell) else cell for cell in clean)


def feed_row(feed: Feed, words: Messages) -> str:
    """Write a followed address on one line, tab-separated: the address, how often, how it is."""
    return "\t".join([feed.address, *(re.sub(r"\s+", " ", visible(part)) for part in phrases.feed(words, feed))])


def token_row(token: BearerToken, words: Messages, now: datetime) -> str:
    """Write a bearer token on one line, tab-separated: name, when it was made, until when it holds, role, site."""
    return "\t".join(map(visible, (token.name, *phrases.token(words, token, now))))


def audit_row(line: AuditLine) -> str:
    """Write a line of the audit log, tab-separated: time, who, role, by which way, action, of what, how many."""
    cells = [f"{line.at:%Y-%m-%d %H:%M:%S} UTC", line.who or "-", line.role or "-", line.way.value, line.action.value]
    return "\t".join(re.sub(r"\s+", " ", visible(cell)) for cell in (*cells, line.object or "-", str(line.count)))


def _line(paragraph: tuple[Segment, ...], words: Messages) -> str:
    inner = []
    for part in paragraph:
        if part.kind is SegmentKind.MARKER and part.number:
            inner.append(f"[{part.number}]")
        else:
            inner.append(
                isolated(part.text, words)
                if part.kind in (SegmentKind.SPEAKER, SegmentKind.NAME)
                else visible(part.text)
            )
    return "".join(inner).strip()


def quote_lines(citation: Citation, words: Messages) -> list[str]:
    """Return a quote on a line of its own, then who said it, where and when, then an empty line."""
    return [visible(citation.quote), *_reference(citation, words), ""]


def _reference(citation: Citation, words: Messages) -> list[str]:
    article, speaker = citation.article, citation.speaker
    parts = [isolated(speaker.name, words)] if speaker and citation.role is Role.USED else []
    parts += [isolated(article.title or words.say("article.untitled"), words)]
    parts += [part for part in (phrases.place(words, citation), _source_line(article, words)) if part]
    below = [line for line in (days_line(citation, words), carried_line(citation, words)) if line]
    return [f"[{citation.number}] " + " · ".join(parts), *(isolated(line, words) for line in below)]


def _source_line(article: ArticleRef, words: Messages) -> str:
    source = isolated(article.source or words.say("article.unknown_source"), words)
    held = phrases.embargo(words, article)
    return " · ".join([source, phrases.day(words, article.published), *([isolated(held, words)] if held else [])])


def isolated(text: str, words: Messages) -> str:
    """Return the text, isolated where its letters run against the line it is put in."""
    clean = re.sub(r"\s*\n\s*", " ", visible(text))
    against = _RTL if words.direction == "ltr" else _LTR
    return f"{_FSI}{clean}{_PDI}" if against.search(clean) else clean


def ordered(text: str, bidi: Bidi, width: int) -> str:
    """Return lines as a terminal is given them."""
    if bidi == "auto":
        return text
    return "\n".join(_visual(part) for line in text.split("\n") for part in _wrapped(line, width))


def _wrapped(line: str, width: int) -> list[str]:
    """Wrap a line that has to be turned around: the terminal would wrap its end to the top."""
    if not _RTL.search(line):
        return [line]
    return textwrap.wrap(line, max(width, 20), break_on_hyphens=False) or [line]


def _visual(line: str) -> str:
    if not _RTL.search(line):
        return line
    import arabic_reshaper
    from bidi import get_display

    base = "R" if direction(line) == "rtl" else "L"
    turned: str = get_display(arabic_reshaper.reshape(line), base_dir=base)
    return re.sub(f"[{_FSI}{_RLI}{_PDI}]", "", turned)


def verdict_lines(answer: Answer) -> list[str]:
    """Return the share verified and the sentences that were struck out with their reasons, a line each."""
    if not answer.sentences:
        return []
    struck = [sentence for sentence in answer.sentences if sentence.verdict is SupportVerdict.UNSUPPORTED]
    return [share_line(answer), *(f"✗ {visible(item.text)} ({visible(item.reason or '')})" for item in struck)]


def share_line(answer: Answer) -> str:
    """Say how many of the written sentences are verified."""
    verified = sum(sentence.verdict is SupportVerdict.VERIFIED for sentence in answer.sentences)
    return messages_for(answer.language).count("answer.share", verified, all=len(answer.sentences))
