"""What one open page has asked and been told; its state on the server, without any of Gradio."""

from dataclasses import dataclass, field
from uuid import uuid4

from index.feedback import Verdict
from qa.answer import Answer
from ui import panels
from ui.chats import verdict_html
from ui.page_words import PageWords, page_words_for
from ui.words import words_for

# More would hardly be looked back to.
_REMEMBERED = 8


@dataclass
class Turn:
    """One question, what is shown for it, and its answer once there is one.

    `stopped` tells whoever is answering it that nobody waits any longer; `is_open` holds until it is answered or
    stopped.
    """

    question: str
    shown: str = ""
    answer: Answer | None = None
    stopped: bool = False
    is_open: bool = True
    id: str = field(default_factory=lambda: uuid4().hex)
    verdict: Verdict | None = None


@dataclass
class Session:
    """The conversation of one open page; `language` is that of the page's own words.

    `editing` is the place of the turn whose question is being changed, or None; `shown` is what the evidence
    panel shows: a citation ("0:1", as its button has it), an article ("=:id", or "=2:id" for its second revision), or
    nothing yet ("").
    """

    id: str = field(default_factory=lambda: uuid4().hex)
    turns: list[Turn] = field(default_factory=list)
    language: str = "en"
    editing: int | None = None
    shown: str = ""

    @property
    def words(self) -> PageWords:
        """The page's own words."""
        return page_words_for(self.language)

    def messages(self) -> list[dict[str, str]]:
        """Return the turns as Gradio's chatbot takes them."""
        return [
            message
            for place, turn in enumerate(self.turns)
            for message in (
                {"role": "user", "content": panels.question_html(turn.question, place, self.words)},
                {"role": "assistant", "content": turn.shown},
            )
        ]

    def turn(self, place: str) -> Turn | None:
        """Return the turn whose place the page names, or None: a page may name anything."""
        number = int(place) if place.isascii() and place.isdecimal() and len(place) < 7 else -1
        return self.turns[number] if 0 <= number < len(self.turns) else None

    def take(self, question: str) -> Turn:
        """Begin a turn: a new one at the end, or in place of the question that is being edited.

        What is still being answered is stopped.
        """
        self.stop()
        turn = Turn(question)
        if self.editing is not None and self.editing < len(self.turns):
            self.turns[self.editing] = turn
        else:
            self.turns.append(turn)
        self.editing = None
        return turn

    def before(self, turn: Turn) -> list[Turn]:
        """Return what a question may hang on: the turns before it, the nearest few, oldest first."""
        return self.turns[: self.turns.index(turn)][-_REMEMBERED:]

    def show(self, turn: Turn) -> None:
        """Show a turn as it is once nobody is answering it: its answer, or that it has none."""
        if turn.answer is None:
            turn.shown = panels.message_html(self.words.stopped, words_for(self.language))
            return
        place = self.turns.index(turn)
        verdict = verdict_html(place, turn.verdict, page_words_for(turn.answer.language))
        turn.shown = panels.answered_html(turn.answer, str(place), verdict)

    def stop(self) -> Turn | None:
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
        self.id, self.editing, self.shown = uuid4().hex, None, ""
        self.turns.clear()
