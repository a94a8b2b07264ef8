"""What happens when a quote is pinned, and when the buttons of a dossier are pressed."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import ArticleNotFoundError, DossierNotFoundError, KhabarError
from index.store.dossiers.pins import Dossier, Pin
from ui.page.conversation.session import ChatSession
from ui.page.evidence import DOSSIERS, EvidencePanel
from ui.page.sessions import Permissions
from ui.page.widgets import Update, field_of, notice

if TYPE_CHECKING:
    from index import Library

_STEPS = {"up": -1, "down": 1}


class DossierPart:
    """Pins quotes of answers and words of articles, and changes dossiers; each person's own, by who calls."""

    def __init__(self, library: "Library", evidence: EvidencePanel, permissions: Permissions) -> None:
        self._table = library.dossiers
        self._evidence = evidence
        self._permissions = permissions

    def wire(self, session: Any, panel: Any, chat: Any) -> None:
        """Connect the buttons; `panel` is where their events come from, and where dossiers are shown."""
        self._panel, self._chat = panel, chat
        known = self._permissions.known
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        panel.pin(known(self.pin), [session], [panel, chat], **own)
        panel.dossier(known(self.act), [session], [panel], **own)
        panel.note(known(self.note), [session], [], **own, trigger_mode="multiple")

    def pin(self, event: gr.EventData, session: ChatSession) -> Update:
        """Pin the quote whose button was pressed, or the words of an article that are selected."""
        try:
            return self._pin_cited(event, session) if field_of(event, "key") else self._pin_selected(event, session)
        except ArticleNotFoundError as error:
            # Withdrawn since it was quoted.
            withdrawn, title = session.words.say("article.withdrawn"), session.words.say("page.error")
            raise gr.Error(withdrawn, title=title, print_exception=False) from error
        except KhabarError as error:
            raise notice(error, session.words) from error

    def act(self, event: gr.EventData, session: ChatSession) -> Update:
        """Do what a button of the panel says, once the notes are kept that were being written."""
        try:
            self._keep_notes(field_of(event, "dossier"), field_of(event, "notes"))
            said = self._do(event, session)
        except KhabarError as error:
            raise notice(error, session.words) from error
        return {self._panel: self._evidence.dossiers(session, said)}

    def note(self, event: gr.EventData, session: ChatSession) -> None:
        """Keep a note as its field is left; the panel stays as it is."""
        try:
            self._keep_notes(field_of(event, "dossier"), field_of(event, "notes"))
        except KhabarError as error:
            raise notice(error, session.words) from error

    def _pin_cited(self, event: gr.EventData, session: ChatSession) -> Update:
        place, _, number = field_of(event, "key").partition(":")
        turn = session.turn(place)
        cited = turn.answer.citations if turn and turn.answer else ()
        citation = next((citation for citation in cited if str(citation.number) == number), None)
        if turn is None or citation is None:
            return {self._chat: gr.skip()}
        dossier = self._current(session)
        self._table.pin(
            dossier.id, citation.article.id, citation.start, citation.end, quote=citation.quote,
            revision=citation.revision,
        )  # fmt: skip
        turn.pinned[citation.number] = dossier
        session.show(turn)
        return {self._chat: session.messages()}

    def _pin_selected(self, event: gr.EventData, session: ChatSession) -> Update:
        start, end, revision = (_number(field_of(event, name)) for name in ("start", "end", "revision"))
        dossier = self._current(session)
        self._table.pin(dossier.id, field_of(event, "article"), start, end, revision=revision)
        session.shown = f"{DOSSIERS}{dossier.id}"
        said = session.words.say("dossier.pinned", name=dossier.name)
        return {self._panel: self._evidence.dossiers(session, said)}

    def _current(self, session: ChatSession) -> Dossier:
        """Return what is pinned to: the dossier opened last, else one's own that was changed last, else a first one."""
        if session.dossier:
            try:
                return self._table.find(session.dossier)
            except DossierNotFoundError:
                # Deleted since, by another page perhaps.
                pass
        newest = max(self._table.own(), key=lambda entry: entry.changed, default=None)
        found = self._table.find(newest.id) if newest else self._table.add(session.words.say("dossier.first"))
        session.dossier = found.id
        return found

    def _do(self, event: gr.EventData, session: ChatSession) -> str:
        """Do what was asked for, and return what is to be said of it."""
        asked, id, pin = (field_of(event, name) for name in ("act", "dossier", "pin"))
        words, text = session.words, field_of(event, "text")
        match asked:
            case "new":
                self._open(session, self._table.add(text).id)
            case "open":
                self._open(session, self._table.find(id).id)
            case "pinned":
                place, _, number = field_of(event, "key").partition(":")
                turn, shown = session.turn(place), _number(number)
                self._open(session, turn.pinned[shown].id if turn and shown in turn.pinned else "")
            case "rename":
                self._table.rename(id, text)
            case "delete":
                self._table.remove(id)
                session.shown = DOSSIERS
            case "unpin":
                self._table.unpin(id, pin)
                return words.say("dossier.unpinned")
            case "up" | "down":
                pins = self._table.find(id).pins
                place_now = _place(pins, pin)
                moved = min(max(place_now + _STEPS[asked], 1), len(pins))
                self._table.move(id, pin, moved)
                return words.say("dossier.moved", number=moved, all=len(pins))
            case "save":
                return words.say("dossier.noted")
            case _:
                session.shown = DOSSIERS
        return ""

    def _open(self, session: ChatSession, id: str) -> None:
        session.shown = f"{DOSSIERS}{id}"
        session.dossier = id or session.dossier

    def _keep_notes(self, dossier: str, written: str) -> None:
        try:
            notes = json.loads(written) if written else {}
        except ValueError:
            # A page may say anything.
            return
        for pin, note in notes.items() if isinstance(notes, Mapping) else ():
            if isinstance(note, str):
                self._table.note(dossier, pin, note)


def _place(pins: tuple[Pin, ...], id: str) -> int:
    return next((number for number, pin in enumerate(pins, start=1) if pin.id == id), 0)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None
