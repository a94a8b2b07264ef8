"""What checking made of a chat model's sentences, as safe HTML and as plain lines; pure functions."""

from qa import wording
from qa.answer import Answer, Verdict, WrittenSentence
from ui.render import safe_attribute, safe_text, visible

_CLASSES = {
    Verdict.VERIFIED: "khabar-verified",
    Verdict.UNSUPPORTED: "khabar-unsupported",
    Verdict.UNCHECKED: "khabar-unchecked",
}


def verdicts_html(answer: Answer) -> str:
    """Render every sentence a chat model wrote with its verdict, and the share verified; "" where none wrote.

    What is not supported is struck out, with the reason beside it. Nothing in a sentence is markup or a link.
    """
    if not answer.sentences:
        return ""
    words = wording.words_for(answer.language)
    direction = "rtl" if words.language == "ar" else "ltr"
    items = " ".join(_sentence(sentence) for sentence in answer.sentences)
    share = f'<p class="khabar-share">{safe_text(share_line(answer))}</p>'
    return f'<div class="khabar-sentences" dir="{direction}" lang="{words.language}"><p>{items}</p>{share}</div>'


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


def _sentence(sentence: WrittenSentence) -> str:
    kind = _CLASSES[sentence.verdict]
    text = safe_text(sentence.text)
    if sentence.verdict is Verdict.UNSUPPORTED:
        text = f"<del>{text}</del>"
    reason = f' <small class="khabar-why">{safe_text(sentence.reason)}</small>' if sentence.reason else ""
    title = f' title="{safe_attribute(sentence.reason)}"' if sentence.reason else ""
    return f'<span class="{kind}"{title}>{text}{reason}</span>'
