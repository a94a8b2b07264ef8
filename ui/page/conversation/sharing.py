"""An answer on its way to where its link leads, and back from there, as it was shown."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from index.errors import QueryError
from qa.answer import Answer
from qa.generation.translation import Translation
from ui.page.conversation.seen import given_to_others, may_see
from ui.page.conversation.session import ChatSession, ShownTurn
from ui.state.saved_chats import Opened, SavedChat, SavedTurn, schema

if TYPE_CHECKING:
    from index import Library

# The page's address with this in its query opens a shared answer.
LINKED = "answer"


@dataclass(frozen=True, slots=True)
class SharedTurn:
    """An answer as it was shared at a time, in UTC, under the `id` of its link, with the translations of its quotes."""

    id: str
    at: datetime
    question: str
    answer: Answer
    translations: tuple[Translation, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "question": self.question,
            "answer": self.answer.to_dict(),
            "translations": [asdict(translation) for translation in self.translations],
        }


def seal(library: "Library", turn: ShownTurn | SavedTurn) -> str:
    """Return what shows, when a browser brings an answer back, that it was given over this library."""
    return library.shared.seal(_content(turn))


def is_own(library: "Library", record: SavedTurn) -> bool:
    """Tell whether what a browser brought back is as it was given over this library."""
    return library.shared.is_sealed(_content(record), record.seal)


def share(library: "Library", session: ChatSession, turn: ShownTurn) -> str:
    """Keep a turn's answer and return the id of its link.

    Raises `QueryError` where there is no answer, or one that was not given over this library: a link shows what
    Khabar said, and nothing that somebody says it did. Raises what `SharedTable.keep` raises.
    """
    if turn.answer is None or not turn.is_own or not may_see(library, turn.answer):
        raise QueryError(session.words.say("share.refused"))
    return library.shared.keep(_content(turn)).id


def open_shared(library: "Library", session: ChatSession, id: str) -> None:
    """Make what a link leads to, or that it leads nowhere, what a page shows; nothing is answered anew."""
    session.start_over()
    found = shared_turn(library, id)
    session.opened = Opened(found.at if found else None)
    if found is not None:
        record = SavedTurn(id, found.question, found.answer, translations=found.translations)
        session.take_back((record,), lambda _: True)


def shared_turn(library: "Library", id: str) -> SharedTurn | None:
    """Return what a link leads to, as it was shared; None where it leads nowhere."""
    found = library.shared.find(id)
    if found is None:
        return None
    (record,) = SavedChat.of({"id": id, "title": "", "turns": [{"id": id, **found.content}]}).turns
    # Nothing is shared without an answer.
    assert record.answer is not None
    seen = given_to_others(library, record.answer)
    if seen is None:
        # As if there were nothing: that something was shared is not to be guessed at.
        return None
    return SharedTurn(id, found.at, record.question, seen, record.translations)


def _content(turn: ShownTurn | SavedTurn) -> dict[str, object]:
    """Return what is shared of a turn, and sealed: plain JSON values."""
    record = SavedTurn("", turn.question, turn.answer, translations=turn.translations)
    (plain,) = schema().dump_python(SavedChat("", "", (record,)), mode="json")["turns"]
    return {name: plain[name] for name in ("question", "answer", "translations")}
