"""What one open page has asked and been told; its state on the server, without any of Gradio."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from markupsafe import Markup

from index.languages.messages import DEFAULT, Messages, messages_for
from index.store.dossiers.pins import DossierEntry
from index.store.feedback import ReaderVerdict
from qa.answer import Answer
from qa.generation.translation import Translation
from ui.state.batch import BatchWork
from ui.state.saved_chats import Opened, SavedTurn
from ui.views import page as panels
from ui.views.chats import share_html, verdict_html
from ui.views.dossiers.panel import pins_below
from ui.views.markup import NOTHING
from ui.views.standing.panel import stand_html
from ui.views.translations import below_quotes

# More would hardly be looked back to.
_REMEMBERED = 8


@dataclass
class ShownTurn:
    """One question, what is shown for it, and its answer once there is one.

    `stopped` tells whoever is answering it that nobody waits any longer; `is_open` holds until it is answered or
    stopped. `translations` are those of its quotes; `translating` says of a quote that it is being translated, or
    why it could not be. `pinned` are the dossiers that quotes were pinned to, by the quotes' numbers. `is_own` tells
    whether a server of the library gave all this. `standing` is the id of the standing question that it was kept as, ""
    while that is being done.
    """

    question: str
    shown: str = ""
    answer: Answer | None = None
    stopped: bool = False
    is_open: bool = True
    id: str = field(default_factory=lambda: uuid4().hex)
    verdict: ReaderVerdict | None = None
    translations: tuple[Translation, ...] = ()
    translating: dict[str, str] = field(default_factory=dict)
    pinned: dict[int, DossierEntry] = field(default_factory=dict)
    is_own: bool = True
    standing: str | None = None


@dataclass
class ChatSession:
    """The conversation of one open page; `language` is that of the page's own words.

    `editing` is the place of the turn whose question is being changed, or None; `shown` is what the evidence
    panel shows: a citation ("0:1", as its button has it), an article ("=:id", or "=2:id" for its second revision), the
    dossiers ("#", or "#id" for one), what another part of the page has open, or nothing yet (""). `can_translate` tells
    whether quotes can be translated, `may_edit` whether what changes the library is shown, `may_follow` whether what
    follows web addresses and lets questions stand is; `opened` is there where a link opened the page; `dossier` is the
    id of the one that quotes are pinned to, `told` the last change of a standing question's answer that was looked at,
    `owner` who has opened the page (None: that is not known yet), `batch` what is asked of many questions at once.
    """

    id: str = field(default_factory=lambda: uuid4().hex)
    turns: list[ShownTurn] = field(default_factory=list)
    language: str = DEFAULT
    editing: int | None = None
    shown: str = ""
    can_translate: bool = False
    may_edit: bool = True
    may_follow: bool = True
    opened: Opened | None = None
    dossier: str = ""
    told: str = ""
    owner: str | None = None
    batch: BatchWork = field(default_factory=BatchWork)

    @property
    def words(self) -> Messages:
        """The page's own words."""
        return messages_for(self.language)

    @property
    def is_read_only(self) -> bool:
        """Whether the page shows an answer that was shared."""
        return self.opened is not None and self.opened.at is not None

    def messages(self) -> list[dict[str, str]]:
        """Return the turns as Gradio's chatbot takes them."""
        return [
            message
            for place, turn in enumerate(self.turns)
            for asked in [None if self.is_read_only else place]
            for message in (
                {"role": "user", "content": self._question(turn, asked)},
                {"role": "assistant", "content": panels.said_by("chat.khabar", turn.shown, self.words)},
            )
        ]

    def turn(self, place: str) -> ShownTurn | None:
        """Return the turn whose place the page names, or None: a page may name anything."""
        number = int(place) if place.isascii() and place.isdecimal() and len(place) < 7 else -1
        return self.turns[number] if 0 <= number < len(self.turns) else None

    def take(self, question: str) -> ShownTurn:
        """Begin a turn: a new one at the end, or in place of the question that is being edited.

        What is still being answered is stopped.
        """
        self.stop()
        turn = ShownTurn(question)
        if self.editing is not None and self.editing < len(self.turns):
            self.turns[self.editing] = turn
        else:
            self.turns.append(turn)
        self.editing = None
        return turn

    def before(self, turn: ShownTurn) -> list[ShownTurn]:
        """Return what a question may hang on: the turns before it, the nearest few, oldest first."""
        return self.turns[: self.turns.index(turn)][-_REMEMBERED:]

    def show(self, turn: ShownTurn) -> None:
        """Show a turn as it is once nobody is answering it: its answer, or that it has none."""
        if turn.answer is None:
            turn.shown = panels.message_html(self.words.say("chat.stopped"), self.words)
            return
        place = self.turns.index(turn)
        words = messages_for(turn.answer.language)
        actions = NOTHING
        if not self.is_read_only:
            stands = stand_html(place, turn.standing, words) if self.may_follow else NOTHING
            actions = stands + share_html(place, words) + self._verdict(place, turn, words)
        below = below_quotes(
            turn.answer, str(place), self.language, turn.translations, turn.translating, is_offered=self.can_translate
        )
        below = pins_below(turn.answer, str(place), turn.pinned, below)
        turn.shown = panels.answered_html(turn.answer, str(place), actions, below)

    def show_evidence_of(self, turn: ShownTurn) -> None:
        """Open the first quote that an answer uses; of one that quotes nothing, no other answer's stays open."""
        used = turn.answer.used if turn.answer else ()
        self.shown = f"{self.turns.index(turn)}:{used[0].number}" if used else ""

    def _verdict(self, place: int, turn: ShownTurn, words: Messages) -> Markup:
        abstained = turn.answer is not None and turn.answer.abstained
        return verdict_html(place, turn.verdict, words, abstained=abstained)

    def _question(self, turn: ShownTurn, asked: int | None) -> Markup:
        return panels.said_by("chat.you", panels.question_html(turn.question, asked, self.words), self.words)

    def show_all(self) -> None:
        """Show every answer anew, in a page whose language is another one now."""
        for turn in self.turns:
            if turn.answer is not None:
                self.show(turn)

    def stop(self) -> ShownTurn | None:
        """Leave what is being answered as it is; it can be asked again. Returns its turn, if there is one."""
        stopped = None
        for turn in self.turns:
            if turn.is_open:
                turn.stopped, turn.is_open = True, False
                self.show(turn)
                stopped = turn
        return stopped

    def start_over(self) -> None:
        """Forget the conversation and begin another one."""
        self.stop()
        self.id, self.editing, self.shown, self.opened = uuid4().hex, None, "", None
        self.turns.clear()

    def take_back(self, records: Sequence[SavedTurn], is_own: Callable[[SavedTurn], bool]) -> None:
        """Show turns as they were kept, after those that are there; nothing is answered anew."""
        for record in records:
            turn = ShownTurn(
                record.question, answer=record.answer, id=record.id, verdict=record.verdict, is_open=False,
                translations=record.translations, is_own=is_own(record),
            )  # fmt: skip
            self.turns.append(turn)
            self.show(turn)
            self.show_evidence_of(turn)
