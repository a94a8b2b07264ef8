"""Standing questions on the page: the button at an answer, the list of them, and what has changed. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from index.analysis import direction, question_language
from index.languages.messages import Messages
from index.store.standing.questions import StandingQuestion
from qa.answer import Answer, Citation, State
from qa.standing import KeptChange
from ui.views import phrases
from ui.views.markup import NOTHING, block, button, element, filled, isolated, join, known, spoken

# Where the page hands the changes out as a feed.
_FEED = "standing.atom"
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question as the list has it: `changed` is when its answer changed last (UTC), None where it has not."""

    question: StandingQuestion
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """Which quote of which change: `number` is its citation's, in the answer before or in the one after."""

    change: str
    is_before: bool
    number: int

    @classmethod
    def of(cls, text: str) -> "QuotePlace | None":
        """Read what `text` wrote; None for anything else."""
        change, side, number = [*text.split(":"), "", ""][:3]
        is_number = number.isascii() and number.isdecimal() and len(number) < 5
        return cls(change, side == "before", int(number)) if is_number and side in ("before", "after") else None

    @property
    def text(self) -> str:
        """How a button of the page has it."""
        return f"{self.change}:{'before' if self.is_before else 'after'}:{self.number}"


def stand_html(place: int, kept: str | None, words: Messages) -> Markup:
    """Offer to keep the question of an answer (None: it is not), or say that it is being kept ("") or is (its id)."""
    if kept is None:
        return button("khabar-stand", words.say("standing.tell_me"), value=place)
    if not kept:
        return element("span", words.say("standing.keeping"), class_="khabar-stands", role="status")
    shown = _opens(kept, words.say("standing.kept"))
    return element("span", shown, class_="khabar-stands", role="status")


def news_html(words: Messages) -> Markup:
    """Say, in the page's header, that an answer has changed since the questions were looked at."""
    return join([words.say("standing.news"), _opens("", words.say("standing.show"))], " ")


def questions_html(
    questions: Sequence[ShownQuestion], changes: Sequence[KeptChange], words: Messages, *, may_edit: bool
) -> Markup:
    """List the questions, and below them how answers have changed, newest first."""
    none = element("p", words.say("standing.none" if may_edit else "standing.none_yet"))
    rows = [element("li", _row(shown, words, may_edit=may_edit)) for shown in questions]
    listed = element("ul", *rows) if rows else none
    parts = [_heading(words.say("standing.title")), element("p", _feed(words)), listed]
    if questions:
        parts += _changes(changes, words, is_named=True)
    return spoken("section", "khabar-standing-shown", words, *parts)


def question_html(shown: ShownQuestion, changes: Sequence[KeptChange], words: Messages, told: Markup | None) -> Markup:
    """Show one question: how it is, how its answer has changed, and, for who may, what can be done with it.

    `told` is `told_html` for those, None for others.
    """
    question = shown.question
    return spoken(
        "section",
        "khabar-standing-shown",
        words,
        element("p", _opens("", words.say("standing.all"))),
        _heading(isolated(question.question, question_language(question.question))),
        element("p", element("small", _about(shown, words))),
        NOTHING if told is None else element("p", *_acts(question, words), class_="khabar-standing-acts"),
        element("p", _feed(words, question)),
        NOTHING if told is None else told,
        *_changes(changes, words, is_named=False),
    )


def told_html(question: StandingQuestion, words: Messages, *, can_mail: bool) -> Markup:
    """Show where changes are sent, to be changed; mail is offered where some can be sent, or is meant to be."""
    fields = [_field("webhook", "url", question.webhook, words)]
    if can_mail or question.mail:
        fields.append(_field("mail", "email", question.mail, words))
    signed = NOTHING
    if question.webhook:
        address = element("bdi", question.webhook, dir="ltr")
        secret = element("code", question.secret, dir="ltr")
        said = filled(words.template("standing.secret"), address=address, secret=secret)
        signed = element("p", element("small", said))
    save = button("khabar-alter", words.say("standing.tell"), value=question.id, data_act="tell")
    return element("div", element("h3", words.say("standing.who")), *fields, save, signed, class_="khabar-told")


def _field(name: str, kind: str, value: str | None, words: Messages) -> Markup:
    typed = element("input", type=kind, name=name, value=value or "", maxlength=_LONGEST, dir="ltr", autocomplete="off")
    return element("label", words.say(f"standing.told_{name}"), typed)


def back_html(question: StandingQuestion, words: Messages) -> Markup:
    """Offer the way from a quote's article back to the changes."""
    return _opens(question.id, words.say("standing.back"))


def _heading(title: str) -> Markup:
    # A press leads here where what was pressed is no longer there.
    return element("h2", title, class_="khabar-heading", tabindex="-1")


def _opens(id: str, label: str, **attributes: str) -> Markup:
    return button("khabar-standing", label, value=id, **attributes)


def _feed(words: Messages, question: StandingQuestion | None = None) -> Markup:
    at = f"{_FEED}?question={question.id}" if question else _FEED
    return element("a", words.say("standing.feed"), href=at, target="_blank", rel="noopener")


def _row(shown: ShownQuestion, words: Messages, *, may_edit: bool) -> Markup:
    question = shown.question
    named = element(
        "span", question.question, dir=direction(question.question), lang=known(question_language(question.question))
    )
    acts = element("span", *_acts(question, words), class_="khabar-standing-acts") if may_edit else NOTHING
    return join([_opens(question.id, named), element("small", _about(shown, words)), acts])


def _about(shown: ShownQuestion, words: Messages) -> str:
    """Say what the answer is, when it was asked and changed last, with which filters, and whether it is paused."""
    question = shown.question
    # An answer that another version kept may have none.
    state = next((one for one in State if one == question.looked.answer.get("state")), None)
    parts = [words.say(f"state.{state}")] if state else []
    parts.append(words.say("standing.asked", day=question.looked.day))
    changed = words.say("standing.last_change", day=shown.changed.date()) if shown.changed else ""
    parts.append(changed or words.say("standing.no_change"))
    parts += phrases.filter_labels(words, question.filters)
    parts += [words.say("standing.paused")] if question.paused else []
    return " · ".join(parts)


def _acts(question: StandingQuestion, words: Messages) -> tuple[Markup, Markup]:
    does = "resume" if question.paused else "pause"
    label, removal = words.say(f"standing.{does}"), words.say("standing.remove")
    name = {"title": words.say("standing.which", act=label, question=question.question)}
    gone = {"title": words.say("standing.which", act=removal, question=question.question)}
    return (
        button("khabar-alter", label, value=question.id, data_act=does, **name),
        button(
            "khabar-alter", removal, value=question.id, data_act="remove", data_ask=words.say("standing.remove_ask"),
            **gone,
        ),
    )  # fmt: skip


def _changes(changes: Sequence[KeptChange], words: Messages, *, is_named: bool) -> list[Markup]:
    shown = [element("li", *_change(kept, words, is_named=is_named)) for kept in changes]
    listed = element("ol", *shown) if shown else element("p", words.say("standing.nothing_yet"))
    return [element("h3", words.say("standing.changes")), listed]


def _change(kept: KeptChange, words: Messages, *, is_named: bool) -> list[Markup]:
    question, parts = kept.question, words.listed(words.say(f"aspect.{part}") for part in kept.change.aspects)
    named = isolated(question.question, question_language(question.question))
    day, time = words.day(kept.at.date()), element("bdi", f"{kept.at:%H:%M} UTC", dir="ltr")
    return [
        element("p", _opens(question.id, named)) if is_named else NOTHING,
        element("p", element("small", join([day, time, words.say("standing.changed", parts=parts)], " · "))),
        element(
            "div",
            _side(kept, kept.change.before, words, is_before=True),
            _side(kept, kept.change.after, words, is_before=False),
            class_="khabar-standing-sides",
        ),
    ]


def _side(kept: KeptChange, answer: Answer, words: Messages, *, is_before: bool) -> Markup:
    heading = element("h4", words.say("standing.before" if is_before else "standing.after"))
    if answer.state is State.NOT_FOUND or not answer.used:
        return element("div", heading, element("p", words.say("standing.not_found")))
    perhaps = element("p", words.say("answer.perhaps")) if answer.state is State.PERHAPS else NOTHING
    return element("div", heading, perhaps, *(_quote(kept, one, words, is_before=is_before) for one in answer.used))


def _quote(kept: KeptChange, citation: Citation, words: Messages, *, is_before: bool) -> Markup:
    article = citation.article
    place = QuotePlace(kept.id, is_before, citation.number).text
    title = words.say("standing.to_sentence", title=article.title or words.say("article.untitled"))
    marker = _opens(f"{kept.question.id}:{place}", f"[{citation.number}]", title=title)
    named = [citation.speaker.name] if citation.speaker else []
    named += [article.source or words.say("article.unknown_source"), phrases.day(words, article.published)]
    origin = join([marker, join([isolated(part) for part in named], " · ")], " ")
    quoted = block("blockquote", citation.quote, citation.language, "khabar-whole")
    return join([quoted, element("p", origin, class_="khabar-story-origin")])
