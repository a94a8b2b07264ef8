"""Changes of the answers to standing questions as plain text, for mail and terminals; pure functions."""

from index.languages.errors import error_in
from index.languages.messages import Messages, messages_for
from index.store.standing.questions import Channel, Delivery, StandingQuestion
from qa.answer import Answer, State
from qa.standing import KeptChange
from ui.views.html import visible
from ui.views.terminal import Bidi, isolated, ordered, quote_lines

_LONGEST_SUBJECT = 200


def change_text(kept: KeptChange, *, bidi: Bidi = "auto", width: int = 80) -> str:
    """Lay out a change: the question, in what the answer differs, and both answers with their quotes.

    It is in the language of the answer.
    """
    words = messages_of(kept)
    before, after = kept.change.before, kept.change.after
    lines = [
        isolated(kept.question.question, words), headline(kept), "",
        words.say("answer.heading", heading=words.say("standing.before")), *_said(before, words),
        words.say("answer.heading", heading=words.say("standing.after")), *_said(after, words),
    ]  # fmt: skip
    return ordered("\n".join(lines).strip("\n"), bidi, width)


def messages_of(kept: KeptChange) -> Messages:
    """Return what a change is told in: Khabar's words in the language of the answer."""
    return messages_for(kept.change.after.language)


def headline(kept: KeptChange) -> str:
    """Say in one line that an answer has changed, and in what."""
    words = messages_of(kept)
    return words.say(
        "standing.changed", parts=words.listed(words.say(f"aspect.{part}") for part in kept.change.aspects)
    )


def change_subject(kept: KeptChange) -> str:
    """Name a change in one line without any mark of direction, such as a mail's subject."""
    words = messages_of(kept)
    asked = " ".join(visible(kept.question.question).split())
    return words.say("standing.subject", question=asked)[:_LONGEST_SUBJECT]


def question_row(question: StandingQuestion, words: Messages) -> str:
    """Write a question on one line, tab-separated: its id, itself, what the answer is, when asked, who is told."""
    # An answer that another version kept may have none.
    state = next((one for one in State if one == question.looked.answer.get("state")), None)
    asked = [words.say("standing.asked", day=question.looked.day)]
    asked += [words.say("standing.paused")] if question.paused else []
    told = [address for channel in Channel if (address := question.address(channel))]
    cells = [
        question.name, isolated(question.question, words), words.say(f"state.{state}") if state else "-",
        *asked, *(words.say("standing.to", address=one) for one in told),
    ]  # fmt: skip
    return "\t".join(" ".join(visible(cell).split()) for cell in cells)


def delivery_line(delivery: Delivery, question: StandingQuestion, words: Messages) -> str:
    """Say in one line whether a change was told to an address, or why it was not."""
    address = question.address(delivery.channel) or delivery.channel.value
    if delivery.told:
        return words.say("standing.told", address=address, time=f"{delivery.told:%Y-%m-%d %H:%M} UTC")
    if not delivery.problem:
        return words.say("standing.waiting", address=address)
    return untold(address, delivery.problem, words)


def untold(address: str, problem: str, words: Messages) -> str:
    """Say in one line that an address could not be told, and why."""
    return words.say("standing.untold", address=address, reason=error_in(words, problem))


def _said(answer: Answer, words: Messages) -> list[str]:
    """Return what an answer says: the short answers, then each quote with who said it, where and when."""
    if answer.state is State.NOT_FOUND or not answer.used:
        return [words.say("standing.not_found"), ""]
    lines = [words.say("answer.perhaps")] if answer.state is State.PERHAPS else []
    lines += [" · ".join(isolated(short.text, words) for short in answer.shorts)] if answer.shorts else []
    return [*lines, *(line for citation in answer.used for line in quote_lines(citation, words))]
