"""The kept conversations and the verdicts on answers, as HTML. Pure functions."""

from collections.abc import Sequence

from markupsafe import Markup

from index.languages.messages import Messages
from index.store.feedback import ReaderVerdict
from ui.state.saved_chats import JSON, MARKDOWN, SavedChat
from ui.views.markup import NOTHING, button, copying, element, isolated, spoken


def history_html(words: Messages) -> Markup:
    """Show the dialog of the kept conversations; the browser, which keeps them, has `chats_html` fill it in."""
    title = words.say("history.title")
    head = element("header", element("h2", title), button("khabar-shut", "✕", aria_label=words.say("page.close")))
    note = element("p", words.say("history.note"), class_="khabar-note")
    kept = element("div", class_="khabar-chats")
    return spoken("dialog", "khabar-history", words, head, note, kept, aria_label=title)


def chats_html(chats: Sequence[SavedChat], words: Messages) -> Markup:
    """List conversations: each can be opened, renamed, saved to a file, deleted."""
    if not chats:
        return element("p", words.say("history.none"))
    return element("ul", *(_chat(chat, words) for chat in chats))


def _chat(chat: SavedChat, words: Messages) -> Markup:
    title = chat.title.strip() or words.say("history.untitled")
    when = f"{words.day(chat.day)} · " if chat.day else ""
    rename, delete = words.say("history.rename"), words.say("history.delete")
    buttons = (
        button("khabar-rename", rename, value=chat.id, title=rename, data_ask=words.say("history.rename_ask")),
        *(
            button("khabar-export", name, value=chat.id, title=words.say("history.export", form=name), data_form=form)
            for form, name in ((MARKDOWN, "Markdown"), (JSON, "JSON"))
        ),
        button("khabar-forget", delete, value=chat.id, title=delete, data_ask=words.say("history.delete_ask")),
    )
    return element(
        "li",
        button("khabar-take", isolated(title), value=chat.id),
        element("small", when + words.say("history.questions", number=len(chat.turns))),
        element("span", *buttons),
    )


# What may be wrong with an answer; of one that says that the articles don't say, only that they do.
_WRONG = (ReaderVerdict.WRONG_SOURCE, ReaderVerdict.WRONG_SENTENCE, ReaderVerdict.SHOULD_ABSTAIN)


def verdict_html(place: int, verdict: ReaderVerdict | None, words: Messages, *, abstained: bool = False) -> Markup:
    """Ask whether an answer is right, and what is wrong with it; or show what was said about it.

    Of an answer that `abstained` it is asked whether an article does say.
    """
    noted = NOTHING
    if verdict:
        key = "good_abstained" if abstained and verdict is ReaderVerdict.GOOD else verdict.value
        said = words.say("verdict.noted", verdict=words.say(f"verdict.{key}"))
        noted = element("span", said, class_="khabar-noted")
    if abstained:
        offered = (
            _judge(place, choice, words.say(key))
            for choice, key in (
                (ReaderVerdict.GOOD, "verdict.ask_right_abstained"),
                (ReaderVerdict.SHOULD_ANSWER, "verdict.should_answer"),
            )
            if choice is not verdict
        )
        return spoken("div", "khabar-verdict", words, noted, *offered)
    right = NOTHING
    if verdict is not ReaderVerdict.GOOD:
        right = _judge(place, ReaderVerdict.GOOD, words.say("verdict.ask_right"))
    choices = element("span", *(_judge(place, reason, words.say(f"verdict.{reason}")) for reason in _WRONG))
    details = element("details", element("summary", words.say("verdict.ask_wrong")), choices)
    return spoken("div", "khabar-verdict", words, noted, right, details)


def share_html(place: int, words: Messages) -> Markup:
    """Offer the link to an answer."""
    return copying("khabar-share", words.say("share.copy"), words.say("share.copied"), value=place)


def link_html(place: int, id: str, time: str) -> Markup:
    """Hand the id of an answer's link to the browser, to be copied; `time` tells one time from another."""
    return element("data", class_="khabar-linked", value=id, data_place=place, data_time=time)


def record_html(record: str) -> Markup:
    """Hand one turn, as JSON, to the browser to keep."""
    return element("data", class_="khabar-kept", value=record)


def _judge(place: int, verdict: ReaderVerdict, label: str) -> Markup:
    return button("khabar-judge", label, value=f"{place}:{verdict.value}")
