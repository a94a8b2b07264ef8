"""Stories as lines for a terminal; pure functions."""

import re

from index.languages.messages import Messages
from index.store.stories import StoryEntry
from qa.answer import ArticleRef
from qa.stories import FigureSeries, StoryAccount
from ui.views.stories import sayings
from ui.views.terminal import Bidi, isolated, ordered, quote_lines


def story_row(entry: StoryEntry, words: Messages) -> str:
    """Write a story on one line, tab-separated: its id, its last day, how many reports and outlets, its first title."""
    cells = [
        entry.id,
        entry.last.isoformat() if entry.last else "-",
        words.count("story.reports", entry.reports),
        words.count("outlets", entry.outlets),
        isolated(entry.title or "-", words),
    ]
    return "\t".join(re.sub(r"\s+", " ", cell) for cell in cells)


def story_terminal(account: StoryAccount, words: Messages, *, bidi: Bidi = "auto", width: int = 80) -> str:
    """Lay a story out: each quote on lines of its own under its number, once; elsewhere the number stands for it."""
    title = account.story.title or words.say("article.untitled")
    lines = [isolated(title, words), sayings.about(account.story, words), ""]
    shown: set[int] = set()

    def section(key: str, *numbers: int, head: str = "") -> None:
        if key:
            lines.extend([words.say("answer.heading", heading=words.say(key)), ""])
        if head:
            marks = " ".join(f"[{number}]" for number in numbers if number in shown)
            lines.extend([f"{head} {marks}".rstrip(), ""])
        for number in numbers:
            if number not in shown:
                lines.extend(quote_lines(account.citation(number), words))
                shown.add(number)

    section("story.first", account.first)
    for place, series in enumerate(account.figures):
        head = _figures(account, series, words)
        section("" if place else "story.changed", *(figure.citation for figure in series.figures), head=head)
    for place, sides in enumerate(account.disputes):
        marks = " ↔ ".join(f"[{number}]" for number in sides.citations)
        section("" if place else "story.disputed", *sides.citations, head=marks)
    for place, voice in enumerate(account.voices):
        head = isolated(f"{voice.name}, {voice.role}" if voice.role else voice.name, words)
        section("" if place else "story.voices", *voice.citations, head=head)
    lines += [words.say("answer.heading", heading=words.say("story.reports_title"))]
    lines += [_report(article, words) for article in account.articles]
    return ordered("\n".join(lines).strip("\n"), bidi, width)


def _figures(account: StoryAccount, series: FigureSeries, words: Messages) -> str:
    told = (
        f"{isolated(figure.text, words)} ({sayings.day(account.citation(figure.citation).article.published, words)})"
        for figure in series.figures
    )
    return f"{sayings.figure(series.kind, words)}: {' → '.join(told)}"


def _report(article: ArticleRef, words: Messages) -> str:
    source = article.source or words.say("article.unknown_source")
    parts = [article.title or words.say("article.untitled"), source, sayings.day(article.published, words), article.id]
    return "- " + " · ".join(isolated(part, words) for part in parts)
