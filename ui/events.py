"""What the page's parts share: their events' data, and the widgets that filter articles."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.words import ENGLISH, Words

if TYPE_CHECKING:
    from index.reports import LibraryStats

# What an event changes: components with their new values; the others stay.
Update = dict[Any, Any]


def told(event: gr.EventData, name: str) -> str:
    """Return what the page said with an event, as text; a page may say anything."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    return value if isinstance(value, str) else ""


def filter_fields() -> list[Any]:
    """Lay out the five widgets that `Choice.of` reads: language, source, section, from, up to."""
    many: Callable[..., gr.Dropdown] = gr.Dropdown
    with gr.Row():
        chosen = [
            many(choices=[], value=[], multiselect=True, label=label, min_width=110)
            for label in (ENGLISH.language_filter, ENGLISH.source_filter, ENGLISH.category_filter)
        ]
        days = [
            gr.DateTime(include_time=False, type="string", label=label, min_width=150)
            for label in (ENGLISH.after_filter, ENGLISH.before_filter)
        ]
    return [*chosen, *days]


def filter_choices(fields: Sequence[Any], stats: "LibraryStats", words: Words) -> Update:
    """Offer in those widgets what the library has, with how many articles each."""
    counted = (
        (words.language_filter, [(words.language_name(count.name), count) for count in stats.languages]),
        (words.source_filter, [(count.name, count) for count in stats.sources]),
        (words.category_filter, [(count.name, count) for count in stats.categories]),
    )
    return {
        field: gr.update(
            label=label, choices=[(f"{name} ({count.articles:,})", count.name) for name, count in found if name]
        )
        for field, (label, found) in zip(fields[:3], counted, strict=True)
    }
