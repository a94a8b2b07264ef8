"""From one mention of somebody in an article to the next; pure functions."""

from collections import defaultdict
from collections.abc import Sequence

from index.languages.messages import Messages
from index.store.names import ArticleName
from ui.views.article_body import NameAnchor


def anchors_of(names: Sequence[ArticleName], words: Messages) -> tuple[NameAnchor, ...]:
    """Return the names of whom an article names again as links, each to the next mention, the last to the first."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        places[name.kind, name.name].append(place)
    again = [own for own in places.values() if len(own) > 1]
    following = {own[turn]: own[(turn + 1) % len(own)] for own in again for turn in range(len(own))}
    return tuple(
        NameAnchor(names[place].start, names[place].end, _id(place), _id(following[place]), _note(names[place], words))
        for place in sorted(following)
    )


def _note(name: ArticleName, words: Messages) -> str:
    return f"{name.name} · {words.say(f'name.{name.kind}')} · {words.count('articles', name.articles)}"


def _id(place: int) -> str:
    return f"khabar-name-{place}"
