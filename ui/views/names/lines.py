"""Names as lines for a terminal; pure functions."""

import re

from index.languages.messages import Messages
from index.store.names import NamedPassage, NameEntry
from qa.names import NamedQuote
from ui.views.terminal import isolated


def name_row(entry: NameEntry, words: Messages) -> str:
    """Write an entry on one line, tab-separated: its kind, how many articles have it, and all its spellings."""
    spelt = " · ".join(isolated(name, words) for name in entry.spellings)
    return _line([words.say(f"name.{entry.kind}"), words.count("articles", entry.articles), spelt])


def mention_row(passage: NamedPassage, words: Messages) -> str:
    """Write a place where an article has a name on one line: day, outlet, the article's id, the sentence."""
    day = passage.published.isoformat() if passage.published else "-"
    return _line([day, isolated(passage.source or "-", words), passage.article, isolated(passage.sentence, words)])


def quote_row(quote: NamedQuote, words: Messages) -> str:
    """Write what somebody said on one line: day, outlet, the article's address or id, the sentence."""
    article = quote.article
    day = article.published.isoformat() if article.published else "-"
    return _line([day, isolated(article.source or "-", words), article.url or article.id, isolated(quote.quote, words)])


def _line(cells: list[str]) -> str:
    return "\t".join(re.sub(r"\s+", " ", cell).strip() for cell in cells)
