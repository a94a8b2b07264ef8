"""A question of the page on its way to its answer: after each step the turn shows how far it is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.analysis import question_language
from index.errors import KhabarError
from index.languages.errors import error_in
from index.languages.messages import Messages, messages_for
from qa.answer import Answer, Checked, Delta, Extractive, Progress
from qa.answer import Turn as Asked
from qa.errors import AbandonedError
from ui.page.conversation.session import ChatSession, ShownTurn
from ui.state.filters import FilterForm
from ui.views import page as panels

if TYPE_CHECKING:
    from qa.assistant import Assistant


def answer_turn(assistant: "Assistant", session: ChatSession, turn: ShownTurn, choice: FilterForm) -> Iterator[None]:
    """Answer a turn's question step by step; a question or filter that cannot be answered is said so in the turn.

    A turn that is stopped meanwhile is left as it is then. Whatever else goes wrong is shown as a failure and raised.
    """
    words = messages_for(question_language(turn.question), session.language)
    stage, text = "searching", ""
    turn.shown = panels.writing_html(stage, text, words)
    yield
    try:
        asked = [Asked(earlier.question, earlier.answer) for earlier in session.before(turn)]
        for event in assistant.stream(
            turn.question, history=asked, is_wanted=lambda: not turn.stopped, interface=session.language,
            **choice.arguments(),
        ):  # fmt: skip
            if turn.stopped:
                return
            match event:
                case Progress():
                    stage = event.stage
                    turn.shown = panels.writing_html(stage, text, words)
                case Extractive() | Checked():
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
        yield from _fail(turn, error_in(words, str(error)), words)
    except Exception:
        # Ours to mend: the page says that it failed, and the server's log gets the whole error.
        yield from _fail(turn, words.say("chat.failed"), words)
        raise


def _fail(turn: ShownTurn, message: str, words: Messages) -> Iterator[None]:
    if not turn.stopped:
        turn.shown, turn.is_open = panels.message_html(message, words), False
        yield
