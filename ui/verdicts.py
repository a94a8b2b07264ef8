"""What checking made of a chat model's sentences, as plain lines; pure functions."""

from qa import wording
from qa.answer import Answer, Verdict
from ui.render import visible


def verdict_lines(answer: Answer) -> list[str]:
    """Return the share verified and the sentences that were struck out with their reasons, a line each."""
    if not answer.sentences:
        return []
    struck = [sentence for sentence in answer.sentences if sentence.verdict is Verdict.UNSUPPORTED]
    return [share_line(answer), *(f"✗ {visible(item.text)} ({visible(item.reason or '')})" for item in struck)]


def share_line(answer: Answer) -> str:
    """Say how many of the written sentences are verified."""
    verified = sum(sentence.verdict is Verdict.VERIFIED for sentence in answer.sentences)
    return wording.words_for(answer.language).share.format(count=verified, all=len(answer.sentences))
