"""A library of articles in collections, and somebody who may see some of them."""

from datetime import date

from index import Article, Library
from index.store.access.actors import Actor, Way
from index.store.access.grants import grant_of

FERRY = Article.create(
    "ferry", "The Samhar ferry resumed on Monday, the harbour master said.", title="Ferry resumes",
    source="Harbour News", published=date(2025, 11, 3),
)  # fmt: skip
BUDGET = Article.create(
    "budget", "The cabinet of Samhar cut the budget of the ferry by half, a minister said.", title="Budget cut",
    source="Cabinet Wire", category="politics", published=date(2025, 12, 1),
)  # fmt: skip
MATCH = Article.create(
    "match", "فاز نجوم سمهر بثلاثة أهداف على فريق العبارة.", title="فوز نجوم سمهر", source="الملاعب",
    published=date(2025, 10, 1),
)  # fmt: skip
PARTOUT = Article.create(
    "partout", "Le ferry de Samhar a repris lundi, selon le port.", title="Le ferry reprend", source="Le Port"
)
EVERYTHING = [FERRY, BUDGET, MATCH, PARTOUT]
SPORT, POLITICS = "sport", "politics"


def as_(role: str, name: str = "layla") -> Actor:
    return Actor(Way.PAGE, name, grant_of(role))


READER, EDITOR, NOBODY = as_("reader@sport"), as_("reader@sport,editor@wire"), as_("none")


def filled(library: Library) -> Library:
    """Fill a library with one open article, one of politics, one of sport, and one of both."""
    for name in (SPORT, POLITICS, "wire"):
        library.collections.add(name)
    library.add([FERRY])
    library.add([BUDGET], collections=[POLITICS])
    library.add([MATCH], collections=[SPORT])
    library.add([PARTOUT], collections=[SPORT, POLITICS])
    return library


def ids(library: Library) -> list[str]:
    return sorted(article.id for article in library.articles())
