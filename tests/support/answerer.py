"""What a batch asks, without a library: answers by the words of the question, and remembers what it was asked."""

from typing import Unpack

from index import Filters
from index.languages.messages import DEFAULT
from index.search import checked_query
from qa import Answer, Reason, State
from qa.question import FilterArguments
from tests.support.answers import DENIED, abstention, answer_with


class KnownAnswers:
    """Quotes the army's denial where "threat" is asked about, perhaps where "danger" is, and else finds nothing.

    `asked` are the questions with their filters; a question that holds a word of `failing` raises its error.
    """

    def __init__(self, generation: int = 1, signature: str = "known") -> None:
        self.generation = generation
        self.signature = signature
        self.asked: list[tuple[str, Filters]] = []
        self.failing: dict[str, BaseException] = {}

    def ask(self, question: str, *, interface: str = DEFAULT, **filters: Unpack[FilterArguments]) -> Answer:
        text, chosen = checked_query(question), Filters.of(**filters)
        for word, error in self.failing.items():
            if word in text:
                raise error
        self.asked.append((text, chosen))
        if "threat" in text:
            return answer_with(f"{DENIED.quote} [1]", (DENIED,), question=text, confidence=0.9)
        if "danger" in text:
            return answer_with(f"{DENIED.quote} [1]", (DENIED,), confidence=0.4, state=State.PERHAPS)
        answer = abstention(Reason.NOTHING_CLOSE)
        return Answer.from_dict({**answer.to_dict(), "state": "not_found", "confidence": 0.1})
