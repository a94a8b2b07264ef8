"""An answer on its way to where its link leads, and back from there, as it was shown."""

from typing import TYPE_CHECKING

from index.errors import QueryError
from ui.kept import KeptChat, KeptTurn, Opened, schema
from ui.session import Session, Turn

if TYPE_CHECKING:
    from index import Library

# The page's address with this in its query opens a shared answer.
LINKED = "answer"


def seal(library: "Library", turn: Turn | KeptTurn) -> str:
    """Return what shows, when a browser brings an answer back, that it was given over this library."""
    return library.shared.seal(_content(turn))


def is_own(library: "Library", record: KeptTurn) -> bool:
    """Tell whether what a browser brought back is as it was given over this library."""
    return library.shared.is_sealed(_content(record), record.seal)


def share(library: "Library", session: Session, turn: Turn) -> str:
    """Keep a turn's answer and return the id of its link.

    Raises `QueryError` where there is no answer, or one that was not given over this library: a link shows what
    Khabar said, and nothing that somebody says it did. Raises what `SharedTable.keep` raises.
    """
    if turn.answer is None or not turn.is_own:
        raise QueryError(session.words.not_shared)
    return library.shared.keep(_content(turn)).id


def open_shared(library: "Library", session: Session, id: str) -> None:
    """Make what a link leads to, or that it leads nowhere, what a page shows; nothing is answered anew."""
    session.start_over()
    found = library.shared.find(id)
    if found is None:
        session.opened = Opened(None)
        return
    (record,) = KeptChat.of({"id": id, "title": "", "turns": [{"id": id, **found.content}]}).turns
    session.opened = Opened(found.at)
    session.take_back((record,), lambda _: True)


def _content(turn: Turn | KeptTurn) -> dict[str, object]:
    """Return what is shared of a turn, and sealed: plain JSON values."""
    record = KeptTurn("", turn.question, turn.answer, translations=turn.translations)
    (plain,) = schema().dump_python(KeptChat("", "", (record,)), mode="json")["turns"]
    return {name: plain[name] for name in ("question", "answer", "translations")}
