"""What the page's parts share: what their events say, and what is told of errors."""

from typing import Any

import gradio as gr

from index.errors import KhabarError
from index.languages.errors import error_in
from index.languages.messages import Messages

# What an event changes: components with their new values; the others stay.
Update = dict[Any, Any]


def field_of(event: gr.EventData, name: str) -> str:
    """Return what the page said with an event, as text; a page may say anything."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    return value if isinstance(value, str) else ""


def notice(error: KhabarError, words: Messages) -> gr.Error:
    """Return an error of Gradio's own kind, which it shows as a notice on the page, in the page's language."""
    return gr.Error(error_in(words, str(error)), title=words.say("page.error"), print_exception=False)
