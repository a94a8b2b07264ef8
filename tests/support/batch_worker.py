"""A process that answers a file of questions, and stands still before one of them until it is killed."""

import sys
from pathlib import Path
from typing import Unpack

from index.languages.messages import DEFAULT
from qa import Answer, Assistant
from qa.batch import BatchRunner
from qa.question import FilterArguments


class Halting:
    """An assistant that says "halted" instead of answering the question with a word, and waits for ever."""

    def __init__(self, assistant: Assistant, word: str) -> None:
        self._assistant = assistant
        self._word = word

    @property
    def generation(self) -> int:
        return self._assistant.generation

    @property
    def signature(self) -> str:
        return self._assistant.signature

    def ask(self, question: str, *, interface: str = DEFAULT, **filters: Unpack[FilterArguments]) -> Answer:
        if self._word in question:
            print("halted", flush=True)
            sys.stdin.read()
        return self._assistant.ask(question, interface=interface, **filters)


if __name__ == "__main__":
    library, questions, out, word = sys.argv[1:]
    with Assistant.open(library) as opened:
        BatchRunner(Halting(opened, word)).run(Path(questions), Path(out))
