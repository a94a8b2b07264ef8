"""A dossier as Markdown, and as lines for a terminal; pure functions."""

import re

from index.languages.messages import Messages
from index.store.dossiers.pins import Dossier, DossierEntry, Pin
from ui.views.dossiers import sayings
from ui.views.html import visible
from ui.views.markdown import linked_markdown, markdown_line, markdown_lines, quoted_markdown
from ui.views.terminal import Bidi, isolated, ordered


def dossier_markdown(dossier: Dossier, words: Messages) -> str:
    """Render a dossier as Markdown; every line of a quote and of a note stays as it is when it is rendered."""
    blocks = [f"# {markdown_line(dossier.name)}", words.count("dossier.quotes", len(dossier.pins))]
    for pin in dossier.pins:
        article = pin.article
        named = [linked_markdown(sayings.title(article, words), article.url)]
        named += [markdown_line(part) for part in sayings.origin(article, words)]
        quoted = [quoted_markdown(pin.quote), f">\n> — {' · '.join(named)}", f">\n> {sayings.proof(article, words)}"]
        blocks.append("\n".join(quoted))
        if said := sayings.became(pin, words):
            blocks.append(f"**{markdown_line(said)}**")
        if pin.note:
            blocks.append(markdown_lines(pin.note))
    return "\n\n".join(blocks) + "\n"


def dossier_terminal(dossier: Dossier, words: Messages, *, bidi: Bidi = "auto", width: int = 80) -> str:
    """Lay a dossier out: its name, then each quote on lines of its own with its number, its id and its note."""
    lines = [isolated(dossier.name, words), words.count("dossier.quotes", len(dossier.pins)), ""]
    for number, pin in enumerate(dossier.pins, start=1):
        lines += [f"{words.number(number)}. {pin.name}", *_pin_lines(pin, words), ""]
    return ordered("\n".join(lines).strip("\n"), bidi, width)


def pin_terminal(pin: Pin, words: Messages, *, bidi: Bidi = "auto", width: int = 80) -> str:
    """Lay one quote out, after its id."""
    return ordered("\n".join([pin.name, *_pin_lines(pin, words)]), bidi, width)


def dossier_row(entry: DossierEntry, words: Messages) -> str:
    """Write a dossier on one line, tab-separated: its id, its name, how many quotes, when it changed, whose it is."""
    cells = [
        entry.id[:8], isolated(entry.name, words), words.count("dossier.quotes", entry.quotes),
        f"{entry.changed:%Y-%m-%d %H:%M} UTC", entry.owner or "-",
    ]  # fmt: skip
    return "\t".join(re.sub(r"\s+", " ", visible(cell)) for cell in cells)


def _pin_lines(pin: Pin, words: Messages) -> list[str]:
    named = [sayings.title(pin.article, words), *sayings.origin(pin.article, words)]
    about = " · ".join(isolated(part, words) for part in named)
    # A note's lines begin further in: they are no part of the quote.
    note = [f"    {line}" for line in visible(pin.note).split("\n")] if pin.note else []
    said = sayings.became(pin, words)
    return [visible(pin.quote), about, *([said] if said else []), *note]
