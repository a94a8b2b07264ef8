"""The chat in a terminal: one question a line, one answer after each."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.analysis import question_language
from index.errors import ArticleNotFoundError, KhabarError
from index.languages.messages import DEFAULT, Messages, messages_for
from qa.answer import Answer, Turn
from ui.cli.progress import answer_of
from ui.views.terminal import Bidi, answer_terminal, article_terminal

if TYPE_CHECKING:
    from qa.assistant import Assistant

# More would hardly be looked back to, and the whole of a long chat would be kept.
_REMEMBERED = 8


def chat(
    assistant: "Assistant", filters: Mapping[str, Any], *, bidi: Bidi, width: int, interface: str = DEFAULT
) -> None:
    """Answer questions from standard input until /quit or its end.

    `filters` and `interface` are those of `Assistant.ask`; what is no answer is said in the language `interface`.
    """
    words = messages_for(interface)
    session = _Session(assistant, filters, bidi, width, words)
    read = _prompt() if sys.stdin.isatty() else _line
    if sys.stdin.isatty():
        print(words.say("terminal.help"))
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
                print(session.article(last, number))
            case [command, *_] if command.startswith("/"):
                print(words.say("terminal.help"))
            case _:
                answer = session.answered(line.strip(), history)
                last = answer or last
                history = [*history[1 - _REMEMBERED :], Turn(line.strip(), answer)] if answer else history


@dataclass(frozen=True, slots=True)
class _Session:
    """What all questions of a chat share: who answers, which articles, and how it is printed."""

    assistant: "Assistant"
    filters: Mapping[str, Any]
    bidi: Bidi
    width: int
    words: Messages

    def answered(self, question: str, history: Sequence[Turn]) -> Answer | None:
        """Print the answer, or what is wrong with the question; the chat goes on either way."""
        interface = self.words.language
        try:
            events = self.assistant.stream(question, history=history, interface=interface, **self.filters)
            answer = answer_of(events, messages_for(question_language(question), interface))
        except KhabarError as error:
            # A question that cannot be answered: the next one may be.
            print(f"khabar: {error}", file=sys.stderr)
            return None
        print(f"\n{answer_terminal(answer, bidi=self.bidi, width=self.width)}\n", flush=True)
        return answer

    def article(self, last: Answer | None, number: str) -> str:
        """Return the whole article of a citation of the last answer, or that there is none."""
        found = [c for c in last.citations if str(c.number) == number] if last else []
        if not found:
            return self.words.say("terminal.no_citation", number=number)
        try:
            article = self.assistant.library.article(found[0].article.id, found[0].revision)
        except ArticleNotFoundError as error:
            # Withdrawn since it was quoted.
            return str(error)
        return article_terminal(article, bidi=self.bidi, width=self.width, interface=self.words.language)


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
