"""Answers as Markdown in which every quote stays as it is; pure functions."""

import re

from index.languages.messages import Messages, messages_for
from qa.answer import Answer, Citation, Role, Segment, SegmentKind
from ui.views import phrases
from ui.views.html import safe_url, visible
from ui.views.segments import Quoted, carried_line, days_line, embedded, paragraphs

_MD_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$])")
_MD_LINE_START = re.compile(r"^(\s*)(?:([+=-])|(\d+)([.)]))", re.MULTILINE)


def answer_markdown(answer: Answer) -> str:
    """Render an answer as Markdown; every line of a quote stays as it is when it is rendered."""
    words = messages_for(answer.language)
    blocks: list[str] = []
    if answer.shorts and not answer.abstained:
        blocks.append(" · ".join(f"**{_md(short.text)}** \\[{short.number}\\]" for short in answer.shorts))
    for paragraph in paragraphs(answer):
        blocks.append(_md_quote(paragraph.citation, words) if isinstance(paragraph, Quoted) else _md_line(paragraph))
    if answer.abstained and (scope := phrases.scope(words, answer)):
        blocks.append(_md(scope))
    shown = embedded(answer)
    blocks += [_md_quote(citation, words) for citation in answer.used if citation.number not in shown]
    rest = [citation for citation in answer.citations if citation.role is not Role.USED]
    if rest:
        heading = words.say("citation.closest" if answer.abstained else "citation.also")
        blocks.append(_md(words.say("answer.heading", heading=heading)))
        blocks.append("\n".join(f"- {_md_reference(citation, words)}" for citation in rest))
    if answer.abstained:
        blocks.append("\n".join(f"- {_md(advice)}" for advice in phrases.advice(words, answer.reason, answer.filters)))
    blocks += [f"*{_md(note)}*" for note in answer.notes]
    return "\n\n".join(blocks) + "\n"


def markdown_line(text: str) -> str:
    """Write text as one line of Markdown that is shown as it is."""
    return _md(" ".join(text.split()))


def markdown_lines(text: str) -> str:
    """Write text as lines of Markdown that are shown as they are."""
    return "\\\n".join(_md(text).split("\n"))


def quoted_markdown(quote: str) -> str:
    """Write a quote as a block of Markdown whose lines are shown as they are."""
    return "\\\n".join(f"> {line}" if line else ">" for line in _md(quote).split("\n"))


def linked_markdown(title: str, url: str | None) -> str:
    """Write a title as a link to its article, where its address may be linked to."""
    written, address = _md(title), safe_url(url)
    return f"[{written}](<{re.sub(r'[<>]', '', address)}>)" if address and "\n" not in address else written


def _md(text: str) -> str:
    return _md_starts(_md_inline(text))


def _md_inline(text: str) -> str:
    return _MD_SPECIAL.sub(r"\\\1", visible(text))


def _md_starts(text: str) -> str:
    """Escape what means something at the beginning of a line only."""
    escaped = _MD_LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", text)
    # Spaces that begin a line would make it code.
    return re.sub(r"^[ \t]+", lambda match: "&#32;" * len(match[0]), escaped, flags=re.MULTILINE)


def _md_line(paragraph: tuple[Segment, ...]) -> str:
    inner = []
    for part in paragraph:
        if part.kind is SegmentKind.MARKER and part.number:
            inner.append(f"\\[{part.number}\\]")
        else:
            bold = "**" if part.kind in (SegmentKind.SPEAKER, SegmentKind.QUESTION) else ""
            inner.append(f"{bold}{_md_inline(part.text)}{bold}")
    return _md_starts("".join(inner).strip())


def _md_quote(citation: Citation, words: Messages) -> str:
    return quoted_markdown(citation.quote) + f"\n>\n> — {_md_reference(citation, words)}"


def _md_reference(citation: Citation, words: Messages) -> str:
    article, speaker = citation.article, citation.speaker
    linked = linked_markdown(article.title or words.say("article.untitled"), article.url)
    named = [f"**{_md(speaker.name)}**"] if speaker and citation.role is Role.USED else []
    source = article.source or words.say("article.unknown_source")
    place = [_md(place)] if (place := phrases.place(words, citation)) else []
    parts = [*named, linked, *place, _md(source), _md(phrases.day(words, article.published))]
    if held := phrases.embargo(words, article):
        parts.append(_md(held))
    days, carried = days_line(citation, words), carried_line(citation, words)
    return f"\\[{citation.number}\\] " + " · ".join([*parts, *(_md(line) for line in (days, carried) if line)])
