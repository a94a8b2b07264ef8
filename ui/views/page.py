"""The parts of the browser page around the answers: header, welcome, steps, evidence. Pure functions to HTML."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup

from index.analysis import direction, question_language
from index.article import Article
from index.languages.messages import LANGUAGES, Messages, messages_for
from qa.answer import Answer, Citation, Role
from ui.state.filters import FilterForm
from ui.state.saved_chats import Opened
from ui.views import phrases
from ui.views.article_body import Gloss, glossed_html
from ui.views.html import Below, answer_html, reference_text
from ui.views.library import row_html
from ui.views.markup import NOTHING, button, copying, element, isolated, join, known, spoken

if TYPE_CHECKING:
    from index.store.rows import LibraryStats

# The chain's stages, as the steps that are shown.
_STEPS = {"retrieve": "search", "rerank": "search", "recheck": "read"}


def header_html(
    stats: "LibraryStats", words: Messages, notices: Sequence[str] = (), *, is_signed_in: bool = False
) -> Markup:
    """Show the name, the ways to the page's parts, what the library holds, and what is going on in it."""
    name = element("h1", "Khabar ", element("span", "خبر", lang="ar", dir="rtl"))
    views = (
        button("khabar-to", words.say(key), value=view)
        for view, key in (("chat", "page.chat"), ("batch", "batch.title"), ("library", "page.library"))
    )
    others = (_language(other) for other in LANGUAGES if other != words.language)
    ways = (
        button("khabar-new", words.say("chat.new")),
        button("khabar-past", words.say("history.title")),
        button("khabar-dossiers", words.say("dossier.title")),
        button("khabar-standing", words.say("standing.title"), value=""),
        *others,
        *([button("khabar-sign-out", words.say("sign_in.leave"))] if is_signed_in else ()),
    )
    return spoken(
        "header",
        "khabar-header",
        words,
        name,
        element("nav", *views, class_="khabar-views", aria_label=words.say("page.views")),
        element("p", phrases.holds(words, stats.articles, stats.passages)),
        *(element("p", notice, class_="khabar-notice", role="status") for notice in notices),
        element("p", words.say("page.offline"), class_="khabar-notice khabar-offline", role="alert", hidden=True),
        element("nav", *ways),
        # What the page's script says: names of buttons that Gradio leaves without one, a question, and notices.
        data_ask=words.say("chat.question"),
        data_stop=words.say("chat.stop"),
        data_days=words.say("filter.choose_day"),
        data_link=words.say("share.link"),
        data_error=words.say("page.error"),
        data_unreachable=words.say("page.unreachable"),
    )


def _language(code: str) -> Markup:
    """Offer the page in a language, named in that language."""
    name = messages_for(code).language_name(code)
    return button("khabar-language", name[:1].upper() + name[1:], value=code, lang=code)


def welcome_html(suggested: Sequence[str], words: Messages, *, is_empty: bool = False, may_edit: bool = True) -> Markup:
    """Show what to do first: questions that are suggested, or how to fill an empty library, where one may."""
    title = element("h2", words.say("page.welcome"))
    if is_empty and not may_edit:
        return spoken("section", "khabar-welcome", words, title, element("p", words.say("page.empty")))
    if is_empty:
        empty, drop, *lines = (
            element("p", words.say(key)) for key in ("page.empty", "page.drop", "page.fill", "page.live")
        )
        add = element("p", button("khabar-fill", words.say("library.add")))
        place = element("div", drop, add, class_="khabar-drop")
        return spoken("section", "khabar-welcome khabar-empty", words, title, empty, place, *lines)
    hint, examples = element("p", words.say("page.welcome_hint")), map(_example, suggested)
    return spoken("section", "khabar-welcome", words, title, hint, *examples)


def idle_html(latest: Sequence[Article], words: Messages) -> Markup:
    """Show what the evidence panel is for, and the latest articles to open."""
    parts = [element("h2", words.say("evidence.title"))]
    if latest:
        parts += [element("p", words.say("evidence.hint")), element("h3", words.say("evidence.latest"))]
        parts.append(element("ul", *(row_html(article, words) for article in latest)))
    return spoken("section", "khabar-idle", words, *parts)


def question_html(question: str, place: int | None, words: Messages) -> Markup:
    """Show a question as it was asked, with what can be done with it; `place` tells the turns of a page apart.

    Nothing can be done with a question that has no place.
    """
    language = known(question_language(question))
    asked = element("div", question, class_="khabar-asked", dir=direction(question), lang=language)
    if place is None:
        return asked
    # Gradio's chat lets no aria-label through: the name of a button is text that is not seen.
    actions = (
        button(kind, sign, element("span", label, class_="khabar-unseen"), value=place, title=label)
        for kind, label, sign in (
            ("khabar-edit", words.say("chat.edit"), "✎"),
            ("khabar-again", words.say("chat.again"), "↻"),
        )
    )
    return join([asked, element("div", *actions, class_="khabar-actions", lang=words.language)])


def answered_html(answer: Answer, key: str, actions: str = NOTHING, below: Below = lambda _: NOTHING) -> Markup:
    """Show an answer, below it the steps that led to it folded away, and what may be said of it.

    `key` tells the answers of a page apart; `below` gives what is shown below each quote.
    """
    under = element("div", _steps(answer), actions, class_="khabar-under", dir=messages_for(answer.language).direction)
    return join([answer_html(answer, key=key, below=below), under])


def _steps(answer: Answer) -> Markup:
    words = messages_for(answer.language)
    spent: dict[str, float] = {}
    for timing in answer.timings:
        step = _STEPS.get(timing.stage, timing.stage)
        spent[step] = spent.get(step, 0.0) + timing.milliseconds
    took = {step: spent[step] / 1000 for step in spent if step in ("search", "read", "write")}
    if not took:
        return NOTHING
    steps = element("ul", *(element("li", words.say(f"took.{step}", seconds=took[step])) for step in took))
    total = element("summary", words.say("took.all", seconds=sum(took.values())))
    return spoken("details", "khabar-steps", words, total, steps)


def said_by(who: Literal["chat.you", "chat.khabar"], said: str, words: Messages) -> Markup:
    """Put before HTML of the chat who says it, as a heading that only screen readers find."""
    return spoken("h2", "khabar-unseen", words, words.say(who)) + Markup(said)


def writing_html(stage: str, said: str, words: Messages) -> Markup:
    """Show the step an answer is at and what is written of it so far."""
    step = element("p", phrases.step(words, stage), class_="khabar-step", role="status")
    lines = (element("p", line) for line in said.split("\n") if line.strip())
    return spoken("section", "khabar-answer khabar-unfinished", words, step, *lines)


def over_html(choice: FilterForm, editing: bool, words: Messages) -> Markup:
    """Show, over the question box, which filters are set and whether an asked question is being changed."""
    parts = []
    if editing:
        cancel = button("khabar-cancel", words.say("chat.cancel"))
        parts.append(element("p", words.say("chat.editing"), " ", cancel, class_="khabar-editing", role="status"))
    if choice:
        chips = (_chip(field, value, words) for field, value in choice.items())
        parts.append(element("ul", *chips, class_="khabar-chips", aria_label=words.say("filter.title")))
    return spoken("div", "khabar-over", words, *parts)


def periods_html(words: Messages) -> Markup:
    """Show the periods that can be chosen at one press."""
    periods = ((7, "filter.last_week"), (30, "filter.last_month"), (365, "filter.last_year"))
    buttons = (button("khabar-period", words.say(key), value=days) for days, key in periods)
    return spoken("div", "khabar-periods", words, *buttons)


def opened_html(opened: Opened | None, words: Messages) -> Markup:
    """Say, over the chat, that a link opened an answer as it was shared, or led nowhere; "" where there was none."""
    if opened is None:
        return NOTHING
    said = words.say("share.shared", day=opened.at.date()) if opened.at else words.say("share.unknown")
    fresh = button("khabar-new", words.say("chat.ask_own")) if opened.at else NOTHING
    return spoken("p", "khabar-shared", words, element("span", said), " ", fresh, role="status")


def message_html(message: str, words: Messages) -> Markup:
    """Show one sentence in place of an answer or an article."""
    return spoken("section", "khabar-answer khabar-message", words, element("p", message))


def evidence_html(content: Markup, words: Messages, view: int, tools: str = NOTHING) -> Markup:
    """Put an article in the evidence panel; `view` differs each time, so that showing it again is a change.

    On a narrow page the panel is a drawer: the button closes it.
    """
    close = button("khabar-close", "✕", aria_label=words.say("page.close"))
    bar = spoken("div", "khabar-tools", words, tools, close)
    name = words.say("evidence.title")
    return element("section", bar, content, class_="khabar-view", id=f"khabar-view-{view}", aria_label=name)


def tools_html(answer: Answer, current: Citation, key: str, words: Messages) -> Markup:
    """Show the citations of an answer around the current one: those used, those also found, and the ways between."""
    place = answer.citations.index(current)
    used = [citation for citation in answer.citations if citation.role is Role.USED]
    rest = [citation for citation in answer.citations if citation.role is not Role.USED]
    groups = (
        join([element("span", label), *(_number(citation, current, key) for citation in group)])
        for label, group in (
            (words.say("citation.used"), used),
            (words.say("citation.closest" if answer.abstained else "citation.also"), rest),
        )
        if group
    )
    steps = NOTHING
    if len(answer.citations) > 1:
        before = answer.citations[place - 1] if place else None
        after = answer.citations[place + 1] if place + 1 < len(answer.citations) else None
        steps = element(
            "span",
            _way("khabar-previous", "‹", words.say("citation.previous"), before, key),
            element("span", words.say("citation.place", number=place + 1, all=len(answer.citations))),
            _way("khabar-next", "›", words.say("citation.next"), after, key),
            class_="khabar-ways",
        )
    return join([element("nav", *groups, aria_label=words.say("citation.all")), steps, _copy(current, words)])


def current_html(article_id: str, words: Messages) -> Markup:
    """Offer the current version of an article that has changed since it was quoted."""
    return button("khabar-open", words.say("article.current_version"), value=article_id)


def help_html(
    question: str, glosses: Sequence[Gloss], names: Mapping[str, str], words: Messages, *, language: str
) -> Markup:
    """Help to read a quote in another `language`: the question's words that it met, its names in Latin letters."""
    lines = []
    if glosses:
        asked = glossed_html(question, glosses)
        shown = element("span", asked, dir=direction(question), lang=known(question_language(question)))
        lines.append(join([words.say("evidence.asked"), shown], " "))
    lines += [join([isolated(name, language), isolated(latin)], " · ") for name, latin in names.items()]
    if not lines:
        return NOTHING
    note = element("small", words.say("evidence.help"))
    return spoken("aside", "khabar-help", words, *(element("p", line) for line in lines), note)


def _copy(current: Citation, words: Messages) -> Markup:
    label, done = words.say("citation.copy"), words.say("citation.copied")
    return copying("khabar-copy", label, done, value=reference_text(current, words))


def _chip(field: str, value: str, words: Messages) -> Markup:
    label = phrases.filter_label(words, field, value)
    name = words.say("filter.remove", filter=label)
    return element("li", button("khabar-chip", element("bdi", label), " ✕", value=f"{field}:{value}", title=name))


def _number(citation: Citation, current: Citation, key: str) -> Markup:
    return button(
        "khabar-cite",
        f"[{citation.number}]",
        value=f"{key}:{citation.number}",
        title=citation.article.title or citation.article.id,
        aria_current="true" if citation == current else None,
    )


def _way(kind: str, sign: str, label: str, to: Citation | None, key: str) -> Markup:
    value = f"{key}:{to.number}" if to else None
    return button(f"khabar-way {kind}", sign, aria_label=label, title=label, value=value, disabled=to is None)


def _example(question: str) -> Markup:
    language = known(question_language(question))
    return button("khabar-ask", question, dir=direction(question), lang=language, value=question)
