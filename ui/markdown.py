"""Answers as Markdown in which every quote stays as it is; pure functions."""

import re

from qa.answer import Answer, Citation, Role
from ui.parts import Inline, Marker, Named, Quoted, embedded, take_apart
from ui.render import safe_url, visible
from ui.stories import carried_line
from ui.words import Words, words_for

_MD_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$])")
_MD_LINE_START = re.compile(r"^(\s*)(?:([+=-])|(\d+)([.)]))", re.MULTILINE)


def answer_markdown(answer: Answer) -> str:
    """Render an answer as Markdown; every line of a quote stays as it is when it is rendered."""
    words = words_for(answer.language)
    blocks: list[str] = []
    if answer.shorts and not answer.abstained:
        blocks.append(" · ".join(f"**{_md(short.text)}** \\[{short.number}\\]" for short in answer.shorts))
    for paragraph in take_apart(answer):
        blocks.append(_md_quote(paragraph.citation, words) if isinstance(paragraph, Quoted) else _md_line(paragraph))
    if answer.abstained and (scope := words.scope(answer.reason, answer.filters)):
        blocks.append(_md(scope))
    shown = embedded(answer)
    blocks += [_md_quote(citation, words) for citation in answer.used if citation.number not in shown]
    rest = [citation for citation in answer.citations if citation.role is not Role.USED]
    if rest:
        blocks.append(f"{_md(words.closest if answer.abstained else words.also)}:")
        blocks.append("\n".join(f"- {_md_reference(citation, words)}" for citation in rest))
    if answer.abstained:
        blocks.append("\n".join(f"- {_md(advice)}" for advice in words.advice(answer.reason, answer.filters)))
    blocks += [f"*{_md(note)}*" for note in answer.notes]
    return "\n\n".join(blocks) + "\n"


def markdown_line(text: str) -> str:
    """Write text as one line of Markdown that is shown as it is."""
    return _md(" ".join(text.split()))


def _md(text: str) -> str:
    return _md_starts(_md_inline(text))


def _md_inline(text: str) -> str:
    return _MD_SPECIAL.sub(r"\\\1", visible(text))


def _md_starts(text: str) -> str:
    """Escape what means something at the beginning of a line only."""
    escaped = _MD_LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", text)
    # Spaces that begin a line would make it code.
    return re.sub(r"^[ \t]+", lambda match: "&#32;" * len(match[0]), escaped, flags=re.MULTILINE)


def _md_line(paragraph: tuple[Inline, ...]) -> str:
    inner = []
    for part in paragraph:
        if isinstance(part, Marker):
            inner.append(f"\\[{part.number}\\]")
        else:
            bold = "**" if isinstance(part, Named) and part.speaker else ""
            inner.append(f"{bold}{_md_inline(part.text)}{bold}")
    return _md_starts("".join(inner).strip())


def _md_quote(citation: Citation, words: Words) -> str:
    lines = [f"> {line}" if line else ">" for line in _md(citation.quote).split("\n")]
    return "\\\n".join(lines) + f"\n>\n> — {_md_reference(citation, words)}"


def _md_reference(citation: Citation, words: Words) -> str:
    article, speaker = citation.article, citation.speaker
    title = _md(article.title or words.untitled)
    address = safe_url(article.url)
    linked = f"[{title}](<{re.sub(r'[<>]', '', address)}>)" if address and "\n" not in address else title
    named = [f"**{_md(speaker.name)}**"] if speaker and citation.role is Role.USED else []
    parts = [*named, linked, _md(article.source or words.unknown_source), _md(words.day(article.published))]
    carried = carried_line(citation, words)
    return f"\\[{citation.number}\\] " + " · ".join([*parts, *([_md(carried)] if carried else [])])
