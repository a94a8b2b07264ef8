"""The filters of one part of the page: what they offer; names and stories in what the other filters let through."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.article import Filters
from index.errors import KhabarError, NameNotFoundError, StoryNotFoundError
from index.languages.messages import DEFAULT, Messages, messages_for
from ui.page.conversation.session import ChatSession
from ui.page.widgets import Update
from ui.state.filters import DAYS, MANY, FilterForm

if TYPE_CHECKING:
    from index import Library
    from index.store.names import NameEntry
    from index.store.rows import FacetCount, LibraryStats
    from index.store.stories import StoryEntry

# So many names are offered, those in most articles, each in so many of its spellings; others can be asked for by REST.
_MOST_NAMES = 300
_SPELLINGS = 3
# And so many stories, the newest.
_MOST_STORIES = 30


class FilterFields:
    """The widgets that `FilterForm.of` reads, in its order, over one library."""

    def __init__(self, library: "Library") -> None:
        self._library = library

    def lay_out(self) -> list[Any]:
        """Put the widgets where the caller is laying out, and return them."""
        self.fields = _laid_out()
        self._names, self._stories = (self.fields[MANY.index(field)] for field in ("name", "story"))
        return self.fields

    def wire(self, session: Any) -> None:
        """Count names and stories anew when another filter is set."""
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "trigger_mode": "always_last"}
        changes = [field.change for field in self.fields]
        gr.on(changes, self.count_anew, [session, *self.fields], [self._names, self._stories], **own)

    def count_anew(self, session: ChatSession, *filters: Any) -> Update:
        """Offer the names and the stories of what the other filters let through, with how many articles each."""
        stories = self._told(session.words, filters)
        return {
            self._names: gr.update(choices=self._named(session.words, filters)),
            self._stories: gr.update(choices=stories, visible=bool(stories)),
        }

    def refresh(self, session: ChatSession, stats: "LibraryStats", filters: Sequence[Any]) -> Update:
        """Offer what the library has, with how many articles each."""
        offered = _choices(self.fields, stats, self._library.seen_collections, session.words)
        counted = self.count_anew(session, *filters)
        for field, name in ((self._names, "name"), (self._stories, "story")):
            counted[field]["label"] = session.words.say(f"filter.{name}")
        return {**offered, **counted}

    def _named(self, words: Messages, filters: Sequence[Any]) -> list[tuple[str, str]]:
        form = FilterForm.of(*filters)
        try:
            others = Filters.of(**replace(form, name=()).arguments())
            entries = self._library.names.offered(_MOST_NAMES, others)
        except KhabarError:
            # Days that leave nothing, or a collection that is gone: where the articles would be, that is said.
            others, entries = Filters(), []
        # What is chosen stays on offer, by the name that it was chosen by.
        bearers = {name: self._bearer(name, others) for name in form.name}
        chosen = {bearer: name for name, bearer in bearers.items()}
        unlike: dict[str, tuple[str, str]] = {}
        for entry in entries:
            name = chosen.get(entry, entry.name)
            # A town and its club have one name, which lets through articles of both.
            unlike.setdefault(name, (_label(entry, words), name))
        for name, bearer in bearers.items():
            label = f"{name} ({words.number(0)})" if isinstance(bearer, str) else _label(bearer, words)
            unlike.setdefault(name, (label, name))
        return [*unlike.values()]

    def _told(self, words: Messages, filters: Sequence[Any]) -> list[tuple[str, str]]:
        form = FilterForm.of(*filters)
        try:
            others = Filters.of(**replace(form, story=()).arguments())
            entries = self._library.stories.entries(others, limit=_MOST_STORIES)
        except KhabarError:
            others, entries = Filters(), []
        titles = {entry.id: _title(entry, words) for entry in entries}
        for id in form.story:
            # What is chosen stays on offer.
            titles.setdefault(id, self._story(id, others, words))
        return [(title, id) for id, title in titles.items()]

    def _story(self, id: str, filters: Filters, words: Messages) -> str:
        try:
            return _title(self._library.stories.find(id, filters).entry, words)
        except StoryNotFoundError:
            return f"{id} ({words.number(0)})"

    def _bearer(self, name: str, filters: Filters) -> "NameEntry | str":
        """Return who bears a name in what passes; the name itself where nobody does."""
        try:
            return self._library.names.find(name, filters)
        except NameNotFoundError:
            return name


def _title(entry: "StoryEntry", words: Messages) -> str:
    return f"{entry.title or words.say('article.untitled')} ({words.number(entry.reports)})"


def _label(entry: "NameEntry", words: Messages) -> str:
    return f"{' · '.join(entry.spellings[:_SPELLINGS])} ({words.number(entry.articles)})"


def _laid_out() -> list[Any]:
    words = messages_for(DEFAULT)
    many: Callable[..., gr.Dropdown] = gr.Dropdown
    with gr.Row():
        chosen = [
            # Collections and stories are not seen in a library that has none, or none that whoever looks may see.
            many(
                choices=[], value=[], multiselect=True, label=words.say(f"filter.{field}"), min_width=110,
                visible=field not in ("collection", "story"),
            )
            for field in MANY
        ]  # fmt: skip
        days = [
            gr.DateTime(include_time=False, type="string", label=words.say(f"filter.{field}"), min_width=150)
            for field in DAYS
        ]
    return [*chosen, *days]


def _choices(
    fields: Sequence[Any], stats: "LibraryStats", collections: Sequence["FacetCount"], words: Messages
) -> Update:
    """Offer what the library has, with how many articles each; names aside."""
    counted: dict[str, list[tuple[str | None, FacetCount]]] = {
        "language": [(words.language_name(count.name), count) for count in stats.languages],
        "source": [(count.name, count) for count in stats.sources],
        "category": [(count.name, count) for count in stats.categories],
        "collection": [(count.name, count) for count in collections],
    }
    updates = {
        fields[MANY.index(field)]: gr.update(
            label=words.say(f"filter.{field}"),
            choices=[(f"{name} ({words.number(count.articles)})", count.name) for name, count in found if name],
        )
        for field, found in counted.items()
    }
    updates[fields[MANY.index("collection")]]["visible"] = bool(collections)
    return updates
