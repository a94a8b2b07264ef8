"""What every form of a story says of it. Pure functions."""

from datetime import date

from index.languages.messages import Messages
from index.store.stories import StoryEntry
from qa.answer import Citation
from ui.views import phrases


def about(entry: StoryEntry, words: Messages) -> str:
    """Say how many reports there are, of how many outlets, and from when to when."""
    days = [words.day(day) for day in dict.fromkeys((entry.first, entry.last)) if day]
    parts = [words.count("story.reports", entry.reports)]
    parts += [words.count("outlets", entry.outlets)] if entry.outlets else []
    parts += [words.say("scope.days", first=days[0], last=days[1]) if len(days) == 2 else days[0]] if days else []
    return " · ".join(parts)


def this(entry: StoryEntry, words: Messages) -> str:
    """Name an article's story by how many reports there are."""
    return words.say("story.this", reports=words.count("story.reports", entry.reports))


def figure(kind: str, words: Messages) -> str:
    """Name what a figure counts or measures."""
    return words.say(f"story.figure_{kind}")


def origin(citation: Citation, words: Messages) -> list[str]:
    """Name who is quoted where the article tells, its outlet and its day."""
    article = citation.article
    return [article.source or words.say("article.unknown_source"), day(article.published, words)]


def day(published: date | None, words: Messages) -> str:
    """Write the day of a report."""
    return phrases.day(words, published)
