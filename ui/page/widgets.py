"""What the page's parts share: their events' data, and the widgets that filter articles."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import KhabarError
from index.languages.errors import error_in
from index.languages.messages import DEFAULT, Messages, messages_for
from ui.state.filters import DAYS, MANY

if TYPE_CHECKING:
    from index.store.names import NameEntry
    from index.store.rows import FacetCount, LibraryStats

# So many names are offered, those in most articles, each in so many of its spellings; others can be asked for by REST.
MOST_NAMES = 300
_SPELLINGS = 3

# What an event changes: components with their new values; the others stay.
Update = dict[Any, Any]


def field_of(event: gr.EventData, name: str) -> str:
    """Return what the page said with an event, as text; a page may say anything."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    return value if isinstance(value, str) else ""


def notice(error: KhabarError, words: Messages) -> gr.Error:
    """Return an error of Gradio's own kind, which it shows as a notice on the page, in the page's language."""
    return gr.Error(error_in(words, str(error)), title=words.say("page.error"), print_exception=False)


def filter_fields() -> list[Any]:
    """Lay out the widgets that `FilterForm.of` reads, in its order."""
    words = messages_for(DEFAULT)
    many: Callable[..., gr.Dropdown] = gr.Dropdown
    with gr.Row():
        chosen = [
            # Collections are not seen in a library that has none, or none that whoever looks may see.
            many(
                choices=[], value=[], multiselect=True, label=words.say(f"filter.{field}"), min_width=110,
                visible=field != "collection",
            )
            for field in MANY
        ]  # fmt: skip
        days = [
            gr.DateTime(include_time=False, type="string", label=words.say(f"filter.{field}"), min_width=150)
            for field in DAYS
        ]
    return [*chosen, *days]


def filter_choices(
    fields: Sequence[Any],
    stats: "LibraryStats",
    names: Sequence["NameEntry"],
    collections: Sequence["FacetCount"],
    words: Messages,
) -> Update:
    """Offer in those widgets what the library has, with how many articles each."""
    # A town and its club have one name, which lets through articles of both.
    unlike: dict[str, NameEntry] = {}
    for entry in names:
        unlike.setdefault(entry.name, entry)
    counted: tuple[tuple[str, list[tuple[str | None, FacetCount | NameEntry]]], ...] = (
        (words.say("filter.language"), [(words.language_name(count.name), count) for count in stats.languages]),
        (words.say("filter.source"), [(count.name, count) for count in stats.sources]),
        (words.say("filter.category"), [(count.name, count) for count in stats.categories]),
        (words.say("filter.name"), [(" · ".join(one.spellings[:_SPELLINGS]), one) for one in unlike.values()]),
    )
    updates = {
        field: gr.update(
            label=label,
            choices=[(f"{name} ({words.number(count.articles)})", count.name) for name, count in found if name],
        )
        for field, (label, found) in zip(fields, counted, strict=False)
    }
    within = [(f"{count.name} ({words.number(count.articles)})", count.name) for count in collections]
    label = words.say("filter.collection")
    return {**updates, fields[MANY.index("collection")]: gr.update(label=label, choices=within, visible=bool(within))}
