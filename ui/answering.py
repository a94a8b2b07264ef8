"""A question of the page on its way to its answer: after each step the turn shows how far it is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.errors import AbandonedError, KhabarError
from index.text import question_language
from qa.answer import Answer, Checked, Delta, Draft, Progress
from qa.answer import Turn as Asked
from ui import panels
from ui.choice import Choice
from ui.session import Session, Turn
from ui.words import Words, words_for

if TYPE_CHECKING:
    from qa.assistant import Assistant


def answer_turn(assistant: "Assistant", session: Session, turn: Turn, choice: Choice) -> Iterator[None]:
    """Answer a turn's question step by step; a question or filter that cannot be answered is said so in the turn.

    A turn that is stopped meanwhile is left as it is then. Whatever else goes wrong is shown as a failure and raised.
    """
    words = words_for(question_language(turn.question))
    stage, text = "searching", ""
    turn.shown = panels.writing_html(stage, text, words)
    yield
    try:
        asked = [Asked(earlier.question, earlier.answer) for earlier in session.before(turn)]
        for event in assistant.stream(
            turn.question, history=asked, is_wanted=lambda: not turn.stopped, **choice.arguments()
        ):
            if turn.stopped:
                return
            match event:
                case Progress():
                    stage = event.stage
                    turn.shown = panels.writing_html(stage, text, words)
                case Draft() | Checked():
                    continue
                case Delta():
                    text += event.text
                    turn.shown = panels.writing_html(stage, text, words)
                case Answer():
                    turn.answer, turn.is_open = event, False
                    session.show(turn)
            yield
    except AbandonedError:
        # Stopped between two steps: the turn shows so already.
        return
    except KhabarError as error:
        # A question or a filter that cannot be answered, said in words for people.
        yield from _fail(turn, str(error), words)
    except Exception:
        # Ours to mend: the page says that it failed, and the server's log gets the whole error.
        yield from _fail(turn, words.failed, words)
        raise


def _fail(turn: Turn, message: str, words: Words) -> Iterator[None]:
    if not turn.stopped:
        turn.shown, turn.is_open = panels.message_html(message, words), False
        yield
