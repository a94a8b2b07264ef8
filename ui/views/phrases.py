"""What the page and the terminal both say of days, filters and steps, in the words of one language. Pure functions."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Literal

from index.article import Filters
from index.languages.errors import error_in
from index.languages.messages import Messages
from index.store.access.roles import AccessGrant, AccessRole
from index.store.access.tokens import BearerToken
from index.store.feeds import Feed
from index.store.rows import Extent
from qa.answer import Answer, ArticleRef, Citation, Reason

_Unit = Literal["day", "hour", "minute", "second"]
_UNITS: dict[_Unit, int] = {"day": 86_400, "hour": 3600, "minute": 60}
_STAGES = {"searching": "step.searching", "reading": "step.reading", "writing": "step.writing"}


def day(words: Messages, published: date | None) -> str:
    """Write a date as answers do, such as "28 September 2025"; None is said to be undated."""
    return words.day(published) if published else words.say("article.undated")


def place(words: Messages, citation: Citation) -> str | None:
    """Say where in its file a quote stands, such as "p. 3" or "row 12"; None where the article is all of its file."""
    if citation.page is not None:
        return words.say("citation.page", number=citation.page)
    return words.say("citation.row", number=citation.row) if citation.row is not None else None


def embargo(words: Messages, article: ArticleRef) -> str | None:
    """Say until when an article was not to be published, as a day and a time or as it says itself; None without one."""
    if article.embargo is None:
        return None
    until = article.embargo
    # What is no day by ISO 8601 is shown as it is written.
    with suppress(ValueError):
        at = datetime.fromisoformat(until.strip())
        zone = f" {at:%Z}" if at.tzinfo else ""
        time = f", {at:%H:%M}{zone}" if len(until.strip()) > len("2025-10-06") else ""
        until = f"{words.day(at.date())}{time}"
    return words.say("article.embargo", until=until)


def holds(words: Messages, articles: int, passages: int) -> str:
    """Say what a library holds, such as "3 articles · 1 passage"."""
    return f"{words.count('articles', articles)} · {words.count('passages', passages)}"


def step(words: Messages, stage: str) -> str:
    """Say what a step of answering does; an unknown step counts as searching."""
    return words.say(_STAGES.get(stage, "step.searching"))


def advice(words: Messages, reason: Reason | None, filters: Filters) -> tuple[str, ...]:
    """Say what to try next, one sentence each."""
    if reason is Reason.EMPTY_LIBRARY:
        return (words.say("page.live"),)
    return (
        *((words.say("advice.widen"),) if filters else ()), words.say("advice.rephrase"), words.say("advice.add"),
    )  # fmt: skip


def period(words: Messages, seconds: float) -> str:
    """Write how long something takes or lasts in its largest whole unit, such as "10 minutes"."""
    from babel.dates import format_timedelta

    unit: _Unit = next((unit for unit, length in _UNITS.items() if seconds % length == 0), "second")
    return str(format_timedelta(timedelta(seconds=seconds), unit, threshold=float("inf"), locale=words.language))


def feed(words: Messages, followed: Feed) -> tuple[str, ...]:
    """Say how an address is followed: how often, whether paused, when it was looked at, what failed."""
    looked = words.say("feed.seen", time=f"{followed.checked:%Y-%m-%d %H:%M} UTC") if followed.checked else None
    return (
        words.say("feed.every", period=period(words, followed.period)),
        *((words.say("feed.paused"),) if followed.paused else ()),
        looked or words.say("feed.unseen"),
        *((words.say("feed.failing", reason=error_in(words, followed.problem)),) if followed.problem else ()),
    )


def token(words: Messages, known: BearerToken, now: datetime) -> tuple[str, ...]:
    """Say when a bearer token was made, until when it holds, what whoever shows it may do, and on which site alone."""
    if known.expires is None:
        holds_until = words.say("token.endless")
    else:
        key = "token.expired" if known.is_expired(now) else "token.until"
        holds_until = words.say(key, day=known.expires.date())
    site = (words.say("token.origin", origin=known.origin),) if known.origin else ()
    return words.say("token.created", day=known.created.date()), holds_until, role_of(words, known.role), *site


def role_of(words: Messages, grant: AccessGrant) -> str:
    """Say what somebody may do: a role, or roles with the collections that they are held in."""
    everywhere, held = grant.parts
    said = [words.say(f"role.{everywhere.value}")] if everywhere else []
    for role in AccessRole:
        if names := [name for name, own in held if own is role]:
            said.append(
                words.say("collections.role", role=words.say(f"role.{role.value}"), collections=words.listed(names))
            )
    return "; ".join(said) or words.say("collections.role_open")


def filter_label(words: Messages, field: str, value: str) -> str:
    """Name one value of a filter, such as "source Rafidain Wire"; days are given as YYYY-MM-DD."""
    if field in ("after", "before"):
        # A day that is none is shown as it was given.
        with suppress(ValueError):
            value = words.day(date.fromisoformat(value))
    if field == "language":
        value = words.language_name(value)
    return words.say(f"scope.{field}", value=value)


def filter_labels(words: Messages, filters: Filters) -> list[str]:
    """Name every value of filters."""
    many = ("language", "source", "category", "name", "collection", "story")
    found = [filter_label(words, name, value) for name in many for value in getattr(filters, name)]
    days = (("after", filters.after), ("before", filters.before))
    return found + [filter_label(words, name, day.isoformat()) for name, day in days if day]


def scope(words: Messages, answer: Answer) -> str:
    """Say which articles were searched, how many, and of which outlets and days, or "" where there were none."""
    if answer.reason is Reason.EMPTY_LIBRARY:
        return ""
    parts, searched = filter_labels(words, answer.filters), answer.searched
    said = words.say("scope.part", filters=words.listed(parts)) if parts else words.say("scope.all")
    return f"{said} {extent(words, searched)}" if searched and searched.articles else said


def extent(words: Messages, searched: Extent) -> str:
    """Say what articles are, taken together, such as "3 articles · 2 outlets · 3 May 2025 to 4 May 2025"."""
    days = list(dict.fromkeys(words.day(day) for day in (searched.first, searched.last) if day))
    return " · ".join(
        (
            words.count("articles", searched.articles),
            *((words.count("outlets", searched.sources),) if searched.sources else ()),
            *((words.say("scope.days", first=days[0], last=days[1]) if len(days) == 2 else days[0],) if days else ()),
        )
    )
