"""Dossiers on the page: the button below each quote, the list of them, and one with its quotes. Pure functions."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from index.languages.messages import Messages, messages_for
from index.store.dossiers.pins import Dossier, DossierEntry, Pin
from qa.answer import Answer, Citation
from ui.views.dossiers import sayings
from ui.views.dossiers.exporting import LABELS
from ui.views.html import Below
from ui.views.markup import NOTHING, block, button, copying, element, filled, isolated, join, spoken

# Where the REST API hands out a dossier as a file, as the page reaches it.
_EXPORT = "api/v1/dossiers/{id}/export?form={form}&language={language}"
_LONGEST_NOTE = 10_000


def pins_below(answer: Answer, key: str, pinned: Mapping[int, DossierEntry], below: Below) -> Below:
    """Return what shows, below each quote of an answer, what was there and the button that pins it.

    `pinned` are the dossiers that quotes were pinned to, by the quotes' numbers; `key` tells the answers of a page
    apart.
    """
    words = messages_for(answer.language)

    def with_pin(citation: Citation) -> Markup:
        value = f"{key}:{citation.number}"
        title = words.say("dossier.pin_of", title=citation.article.title or words.say("article.untitled"))
        shown = button("khabar-pin", words.say("dossier.pin"), value=value, title=title)
        if dossier := pinned.get(citation.number):
            to = button("khabar-pinned", isolated(dossier.name), value=value)
            shown = element("span", filled(words.template("dossier.pinned"), name=to), role="status")
        return join([below(citation), element("div", shown, class_="khabar-pinning")])

    return with_pin


def pin_selection_html(article_id: str, revision: int, words: Messages) -> Markup:
    """Offer to pin what is selected in an article's text."""
    label, missing = words.say("dossier.pin_selection"), words.say("dossier.select_first")
    return copying("khabar-pin-selection", label, missing, value=article_id, data_revision=revision)


def dossiers_html(entries: Sequence[DossierEntry], current: str, own: str, words: Messages) -> Markup:
    """List dossiers to open: one's `own` without an owner, the `current` one marked."""
    rows = (element("li", _open(entry), element("small", _about(entry, current, own, words))) for entry in entries)
    shown = element("ul", *rows) if entries else element("p", words.say("dossier.none"))
    new = _act("new", words.say("dossier.new"), data_ask=words.say("dossier.name_ask"))
    return spoken("section", "khabar-dossiers-shown", words, _heading(words.say("dossier.title")), shown, new)


def dossier_html(dossier: Dossier, words: Messages, said: str = "") -> Markup:
    """Show a dossier: its quotes in order, each with its note and what can be done with it; `said` is what happened."""
    id, name_ask = dossier.id, words.say("dossier.name_ask")
    acts = (
        _act("list", words.say("dossier.all"), dossier=id),
        _act("rename", words.say("history.rename"), dossier=id, data_ask=name_ask, data_text=dossier.name),
        _act("delete", words.say("history.delete"), dossier=id, data_confirm=words.say("dossier.remove_ask")),
    )
    pins = [_pin(dossier, number, pin, words) for number, pin in enumerate(dossier.pins, start=1)]
    return spoken(
        "section",
        "khabar-dossiers-shown",
        words,
        element("p", *acts, class_="khabar-dossier-acts"),
        _heading(isolated(dossier.name)),
        element("p", said, class_="khabar-said", role="status") if said else NOTHING,
        _exports(dossier, words) if pins else element("p", words.say("dossier.empty")),
        element("ol", *pins),
    )


def _heading(name: str) -> Markup:
    # A press leads here where what was pressed is no longer there.
    return element("h2", name, class_="khabar-heading", tabindex="-1")


def _open(entry: DossierEntry) -> Markup:
    return _act("open", isolated(entry.name), dossier=entry.id)


def _about(entry: DossierEntry, current: str, own: str, words: Messages) -> Markup:
    parts = [words.count("dossier.quotes", entry.quotes)]
    if entry.owner not in ("", own):
        parts.append(filled(words.template("dossier.of"), name=isolated(entry.owner)))
    parts += [words.say("dossier.current")] if entry.id == current else []
    return join(parts, " · ")


def _exports(dossier: Dossier, words: Messages) -> Markup:
    links = (
        element(
            "a",
            label,
            href=_EXPORT.format(id=dossier.id, form=form.value, language=words.language),
            download=True,
        )
        for form, label in LABELS.items()
    )
    return element("p", words.say("dossier.export"), " ", join(links, " · "), class_="khabar-dossier-files")


def _pin(dossier: Dossier, number: int, pin: Pin, words: Messages) -> Markup:
    article, place = pin.article, {"dossier": dossier.id, "pin": pin.id}
    title = isolated(sayings.title(article, words), article.language)
    opens = button("khabar-revision", title, value=f"{article.revision}:{article.id}")
    about = join([opens, *(isolated(part) for part in sayings.origin(article, words))], " · ")
    said = sayings.became(pin, words)
    field = element(
        "textarea", Markup(escape(pin.note)), class_="khabar-note-field", dir="auto", rows=2, maxlength=_LONGEST_NOTE,
        data_dossier=dossier.id, data_pin=pin.id,
    )  # fmt: skip
    acts = (
        _act("save", words.say("dossier.note_save"), **place),
        _act("up", words.say("dossier.up"), disabled=number == 1, **place),
        _act("down", words.say("dossier.down"), disabled=number == len(dossier.pins), **place),
        _act("unpin", words.say("dossier.unpin"), **place),
    )
    return element(
        "li",
        block("blockquote", pin.quote, article.language, "khabar-whole"),
        element("small", about),
        element("p", said, class_="khabar-became") if said else NOTHING,
        element("label", words.say("dossier.note", number=number), field),
        element("p", *acts, class_="khabar-dossier-acts"),
    )


def _act(act: str, label: str, *, dossier: str = "", pin: str = "", **attributes: str | bool) -> Markup:
    return button(
        "khabar-dossier", label, data_act=act, data_dossier=dossier or None, data_pin=pin or None, **attributes
    )
