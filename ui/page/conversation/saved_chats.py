"""Conversations on their way to and from the browser that keeps them, and into files."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from index.errors import KhabarError
from index.languages.messages import DEFAULT, messages_for
from ui.page.conversation.session import ChatSession, ShownTurn
from ui.page.widgets import notice
from ui.state.saved_chats import JSON, MARKDOWN, SavedChat, SavedTurn, schema
from ui.views.chats import chats_html
from ui.views.markdown import answer_markdown, markdown_line

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class File:
    """A file to be downloaded."""

    name: str
    text: str


def kept(session: ChatSession, turn: ShownTurn, seal: str = "") -> str:
    """Return, as JSON, one turn of a conversation for the browser to keep, with its seal and the order of all."""
    record = SavedTurn(turn.id, turn.question, turn.answer, turn.verdict, turn.translations, seal)
    chat = SavedChat(session.id, turn.question, (record,))
    (plain,) = schema().dump_python(chat, mode="json")["turns"]
    order = [turn.id for turn in session.turns]
    return json.dumps({"chat": session.id, "order": order, "turn": plain}, ensure_ascii=False)


def exported(chat: SavedChat, form: str) -> File:
    """Return a conversation as Markdown, or as JSON with every citation's article, offsets and revision."""
    name = "-".join("".join(c if c.isalnum() else " " for c in chat.title).split())[:_LONGEST_NAME] or "khabar"
    if form == JSON:
        plain = {"title": chat.title, "turns": [_plain(turn) for turn in chat.turns]}
        return File(f"{name}.json", json.dumps(plain, ensure_ascii=False, indent=2))
    parts = [f"# {markdown_line(chat.title)}"]
    for turn in chat.turns:
        parts.append(f"## {markdown_line(turn.question)}")
        if turn.answer:
            parts.append(answer_markdown(turn.answer).rstrip())
    return File(f"{name}.md", "\n\n".join(parts) + "\n")


def list_chats(sent: dict[str, Any]) -> str:
    """Show the `chats` that a browser keeps, in a `language`; what it sends that is none is passed over."""
    found = []
    for data in sent.get("chats", ()):
        # A browser may send anything: the other conversations are shown all the same.
        with suppress(KhabarError):
            found.append(SavedChat.of(data))
    return chats_html(sorted(found, key=lambda chat: -chat.at), messages_for(sent.get("language", DEFAULT)))


def export_chat(sent: dict[str, Any]) -> dict[str, str]:
    """Make a `chat` that a browser keeps a file of a `form`, to be saved there."""
    try:
        file = exported(SavedChat.of(sent.get("chat")), sent.get("form", MARKDOWN))
    except KhabarError as error:
        raise notice(error, messages_for(sent.get("language", DEFAULT))) from error
    return {"name": file.name, "text": file.text}


def _plain(turn: SavedTurn) -> dict[str, object]:
    return {"question": turn.question, "answer": turn.answer.to_dict() if turn.answer else None}
