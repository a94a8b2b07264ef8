"""The chat in a terminal: one question a line, one answer after each."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from index.errors import ArticleNotFoundError, KhabarError
from index.text import question_language
from qa.answer import Answer, Turn
from ui.progress import answer_of
from ui.terminal import Bidi, answer_terminal, article_terminal

if TYPE_CHECKING:
    from qa.assistant import Assistant

# More would hardly be looked back to, and the whole of a long chat would be kept.
_REMEMBERED = 8

HELP = """Type a question in any language and press Enter; a follow-up ("and when?") goes on from the last ones.
/show N   print the whole article that [N] of the last answer quotes
/new      begin anew: the next question stands alone
/help     this help
/quit     leave; Ctrl-D does too"""


def chat(assistant: "Assistant", filters: Mapping[str, Any], *, bidi: Bidi, width: int) -> None:
    """Answer questions from standard input until /quit or its end; `filters` are those of `Assistant.ask`."""
    read = _prompt() if sys.stdin.isatty() else _line
    if sys.stdin.isatty():
        print(HELP)
    last: Answer | None = None
    history: list[Turn] = []
    while (line := read()) is not None:
        match line.split():
            case []:
                continue
            case ["/quit" | "/exit"]:
                return
            case ["/new"]:
                history.clear()
            case ["/show", number]:
                print(_article(assistant, last, number, bidi, width))
            case [command, *_] if command.startswith("/"):
                print(HELP)
            case _:
                answer = _answered(assistant, line.strip(), history, filters, bidi, width)
                last = answer or last
                history = [*history[1 - _REMEMBERED :], Turn(line.strip(), answer)] if answer else history


def _answered(
    assistant: "Assistant", question: str, history: Sequence[Turn], filters: Mapping[str, Any], bidi: Bidi, width: int
) -> Answer | None:
    """Print the answer, or what is wrong with the question; the chat goes on either way."""
    try:
        answer = answer_of(assistant.stream(question, history=history, **filters), question_language(question))
    except KhabarError as error:
        # A question that cannot be answered: the next one may be.
        print(f"khabar: {error}", file=sys.stderr)
        return None
    print(f"\n{answer_terminal(answer, bidi=bidi, width=width)}\n", flush=True)
    return answer


def _article(assistant: "Assistant", last: Answer | None, number: str, bidi: Bidi, width: int) -> str:
    found = [c for c in last.citations if str(c.number) == number] if last else []
    if not found:
        return f"The last answer has no [{number}]."
    try:
        article = assistant.library.article(found[0].article.id, found[0].revision)
    except ArticleNotFoundError as error:
        # Withdrawn since it was quoted.
        return str(error)
    return article_terminal(article, bidi=bidi, width=width)


def _prompt() -> Callable[[], str | None]:
    # Importing it gives input() line editing and history, where the platform has it.
    with suppress(ImportError):
        import readline  # noqa: F401

    def read() -> str | None:
        try:
            return input("› ")
        except EOFError:
            # Ctrl-D: how a shell is left.
            print()
            return None

    return read


def _line() -> str | None:
    return sys.stdin.readline() or None
