"""The kept conversations and the verdicts on answers, as HTML. Pure functions."""

from collections.abc import Sequence

from index.feedback import Verdict
from ui.kept import JSON, MARKDOWN, KeptChat
from ui.page_words import PageWords
from ui.render import isolated, safe_attribute, safe_text
from ui.words import words_for


def history_html(words: PageWords) -> str:
    """Show the dialog of the kept conversations; the browser, which keeps them, has `chats_html` fill it in."""
    language = words_for(words.language)
    close = f'<button type="button" class="khabar-shut" aria-label="{safe_attribute(words.close)}">✕</button>'
    head = f"<header><h2>{safe_text(words.history)}</h2>{close}</header>"
    note = f'<p class="khabar-note">{safe_text(words.history_note)}</p>'
    attributes = f'dir="{language.direction}" lang="{words.language}" aria-label="{safe_attribute(words.history)}"'
    return f'<dialog class="khabar-history" {attributes}>{head}{note}<div class="khabar-chats"></div></dialog>'


def chats_html(chats: Sequence[KeptChat], words: PageWords) -> str:
    """List conversations: each can be opened, renamed, saved to a file, deleted."""
    if not chats:
        return f"<p>{safe_text(words.no_history)}</p>"
    return f"<ul>{''.join(_chat(chat, words) for chat in chats)}</ul>"


def _chat(chat: KeptChat, words: PageWords) -> str:
    language, value = words_for(words.language), safe_attribute(chat.id)
    title = chat.title.strip() or words.untitled_chat
    take = f'<button type="button" class="khabar-take" value="{value}">{isolated(title)}</button>'
    when = f"{language.day(chat.day)} · " if chat.day else ""
    about = f"<small>{safe_text(when + words.questions.format(len(chat.turns)))}</small>"
    actions = (
        ("rename", words.rename, f' data-ask="{safe_attribute(words.rename_ask)}"', words.rename),
        ("export", words.export.format("Markdown"), f' data-form="{MARKDOWN}"', "Markdown"),
        ("export", words.export.format("JSON"), f' data-form="{JSON}"', "JSON"),
        ("forget", words.forget, f' data-ask="{safe_attribute(words.forget_ask)}"', words.forget),
    )
    buttons = "".join(
        f'<button type="button" class="khabar-{kind}" value="{value}" title="{safe_attribute(name)}"{extra}>'
        f"{safe_text(label)}</button>"
        for kind, name, extra, label in actions
    )
    return f"<li>{take}{about}<span>{buttons}</span></li>"


def verdict_html(place: int, verdict: Verdict | None, words: PageWords) -> str:
    """Ask whether an answer is right, and what is wrong with it; or show what was said about it."""
    language = words_for(words.language)
    wrong = "".join(_judge(place, reason, words.verdict(reason)) for reason in Verdict if reason is not Verdict.GOOD)
    noted = safe_text(words.noted.format(words.verdict(verdict))) if verdict else ""
    inner = f'<span class="khabar-noted">{noted}</span>' if noted else ""
    if verdict is not Verdict.GOOD:
        inner += _judge(place, Verdict.GOOD, words.good)
    inner += f"<details><summary>{safe_text(words.bad)}</summary><span>{wrong}</span></details>"
    return f'<div class="khabar-verdict" dir="{language.direction}" lang="{words.language}">{inner}</div>'


def share_html(place: int, words: PageWords) -> str:
    """Offer the link to an answer."""
    title = f'title="{safe_attribute(words.link_copied)}"'
    return f'<button type="button" class="khabar-share" value="{place}" {title}>{safe_text(words.copy_link)}</button>'


def link_html(place: int, id: str, time: str) -> str:
    """Hand the id of an answer's link to the browser, to be copied; `time` tells one time from another."""
    return f'<data class="khabar-linked" value="{safe_attribute(id)}" data-place="{place}" data-time="{time}"></data>'


def record_html(record: str) -> str:
    """Hand one turn, as JSON, to the browser to keep."""
    return f'<data class="khabar-kept" value="{safe_attribute(record)}"></data>'


def _judge(place: int, verdict: Verdict, label: str) -> str:
    value = f"{place}:{verdict.value}"
    return f'<button type="button" class="khabar-judge" value="{value}">{safe_text(label)}</button>'
