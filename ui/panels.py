"""The parts of the browser page around the answers: header, welcome, steps, evidence. Pure functions to HTML."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.article import Article
from index.text import direction, question_language
from ui.render import lang_attribute, safe_attribute, safe_text
from ui.words import Words, words_for

if TYPE_CHECKING:
    from index.reports import LibraryStats

_LONGEST_TITLE = 90


def header_html(stats: "LibraryStats", words: Words) -> str:
    """Show the name and what the library holds."""
    counts = safe_text(words.counts.format(f"{stats.articles:,}", f"{stats.passages:,}"))
    name = '<h1>Khabar <span lang="ar" dir="rtl">خبر</span></h1>'
    return (
        f'<header class="khabar-header">{name}<p dir="{words.direction}" lang="{words.language}">{counts}</p></header>'
    )


def welcome_html(latest: Sequence[Article], words: Words) -> str:
    """Show what to do first: example questions about the latest articles, or how to fill an empty library."""
    if not latest:
        text = "".join(f"<p>{safe_text(line)}</p>" for line in (words.empty, words.fill, words.live))
        return _section("khabar-welcome khabar-empty", words, f"<h2>{safe_text(words.welcome)}</h2>{text}")
    examples = "".join(_example(article) for article in latest)
    text = f"<p>{safe_text(words.welcome_hint)}</p><p>{examples}</p>"
    return _section("khabar-welcome", words, f"<h2>{safe_text(words.welcome)}</h2>{text}")


def idle_html(latest: Sequence[Article], words: Words) -> str:
    """Show what the evidence panel is for, and the latest articles to open."""
    parts = [f"<h2>{safe_text(words.evidence)}</h2>"]
    if latest:
        parts.append(f"<p>{safe_text(words.evidence_hint)}</p><h3>{safe_text(words.latest)}</h3>")
        parts.append(f"<ul>{''.join(_row(article, words) for article in latest)}</ul>")
    return _section("khabar-idle", words, "".join(parts))


def question_html(question: str) -> str:
    """Show a question as it was asked."""
    lang = lang_attribute(question_language(question))
    return f'<div class="khabar-asked" dir="{direction(question)}"{lang}>{safe_text(question)}</div>'


def writing_html(stage: str, text: str, words: Words) -> str:
    """Show the step an answer is at and what is written of it so far."""
    step = f'<p class="khabar-step" role="status">{safe_text(words.stage(stage))}</p>'
    said = "".join(f"<p>{safe_text(line)}</p>" for line in text.split("\n") if line.strip())
    return _section("khabar-answer khabar-unfinished", words, f"{step}{said}")


def message_html(message: str, words: Words) -> str:
    """Show one sentence in place of an answer or an article."""
    return _section("khabar-answer khabar-message", words, f"<p>{safe_text(message)}</p>")


def evidence_html(content: str, words: Words, view: int) -> str:
    """Put an article in the evidence panel; `view` differs each time, so that showing it again is a change."""
    back = f'<button type="button" class="khabar-back">{safe_text(words.to_chat)}</button>'
    return f'<div class="khabar-view" id="khabar-view-{view}">{content}{back}</div>'


def _section(kind: str, words: Words, inner: str) -> str:
    return f'<section class="{kind}" dir="{words.direction}" lang="{words.language}">{inner}</section>'


def _example(article: Article) -> str:
    words = words_for(article.language)
    title = article.title if len(article.title) <= _LONGEST_TITLE else f"{article.title[:_LONGEST_TITLE].rstrip()}…"
    question = words.example.format(title)
    attributes = f'dir="{words.direction}" lang="{words.language}" value="{safe_attribute(question)}"'
    return f'<button type="button" class="khabar-ask" {attributes}>{safe_text(question)}</button>'


def _row(article: Article, words: Words) -> str:
    title = article.title or words.untitled
    attributes = f'value="{safe_attribute(article.id)}" dir="{direction(title)}"{lang_attribute(article.language)}'
    button = f'<button type="button" class="khabar-open" {attributes}>{safe_text(title)}</button>'
    source, day = safe_text(article.source or words.unknown_source), safe_text(words.day(article.published))
    return f"<li>{button}<small><bdi>{source}</bdi> · {day}</small></li>"
