"""What every form of a dossier says of a quote: where it is from, what has become of it. Pure functions."""

from index.languages.messages import Messages
from index.store.dossiers.pins import Dossier, Pin, PinnedArticle
from index.store.rows import Standing
from ui.views import phrases


def became(pin: Pin, words: Messages) -> str:
    """Say that a quote's article has changed, and whether the quote still stands in it, or was withdrawn; else ""."""
    if pin.standing is Standing.WITHDRAWN:
        return words.say("dossier.withdrawn")
    if pin.standing is Standing.CHANGED:
        return words.say("dossier.stands") if pin.stands else words.say("dossier.lost")
    return ""


def title(article: PinnedArticle, words: Messages) -> str:
    """Name an article."""
    return article.title or words.say("article.untitled")


def origin(article: PinnedArticle, words: Messages) -> list[str]:
    """Name an article's outlet, who wrote it, and its day."""
    named = [article.source or words.say("article.unknown_source"), article.byline]
    return [*(name for name in named if name), phrases.day(words, article.published)]


def proof(article: PinnedArticle, words: Messages) -> str:
    """Say when an article was retrieved, and the checksum of its text then."""
    retrieved = words.say("dossier.retrieved", time=f"{article.retrieved:%Y-%m-%d %H:%M:%S} UTC")
    return f"{retrieved} · SHA-256 {article.text_hash}"


def references(dossier: Dossier) -> list[tuple[PinnedArticle, list[Pin]]]:
    """Return each state of an article that a dossier quotes, in order, with its quotes."""
    found: dict[tuple[str, str], tuple[PinnedArticle, list[Pin]]] = {}
    for pin in dossier.pins:
        key = (pin.article.id, pin.article.text_hash)
        found.setdefault(key, (pin.article, []))[1].append(pin)
    return list(found.values())
