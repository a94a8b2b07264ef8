"""The parts of the browser page around the answers: header, welcome, steps, evidence. Pure functions to HTML."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from index.article import Article
from index.text import direction, question_language
from qa.answer import Answer, Citation, Role
from ui.choice import Choice
from ui.kept import Opened
from ui.library_words import library_words_for
from ui.page_words import PageWords, page_words_for
from ui.render import (
    Below,
    Gloss,
    answer_html,
    glossed_html,
    isolated,
    lang_attribute,
    reference_text,
    safe_attribute,
    safe_text,
)
from ui.shelves import row_html
from ui.words import Words, words_for

if TYPE_CHECKING:
    from index.reports import LibraryStats

_LONGEST_TITLE = 90


def header_html(stats: "LibraryStats", words: Words, notices: Sequence[str] = ()) -> str:
    """Show the name, the ways to the page's parts, what the library holds, and what is going on in it."""
    page = page_words_for(words.language)
    counts = safe_text(words.holds(stats.articles, stats.passages))
    name = '<h1>Khabar <span lang="ar" dir="rtl">خبر</span></h1>'
    views = "".join(
        f'<button type="button" class="khabar-to" value="{view}">{safe_text(label)}</button>'
        for view, label in (("chat", page.chat), ("library", page.library))
    )
    fresh = f'<button type="button" class="khabar-new">{safe_text(page.new_chat)}</button>'
    history = f'<button type="button" class="khabar-past">{safe_text(page.history)}</button>'
    other = "en" if words.language == "ar" else "ar"
    language = (
        f'<button type="button" class="khabar-language" value="{other}" lang="{other}">'
        f"{safe_text(page.other_language)}</button>"
    )
    names = (("ask", words.question), ("stop", page.stop), ("days", page.choose_day), ("link", page.link_ask))
    # What the page's script says: names of buttons that Gradio leaves without one, and a question.
    data = "".join(f' data-{key}="{safe_attribute(name)}"' for key, name in names)
    attributes = f'class="khabar-header" dir="{words.direction}" lang="{words.language}"{data}'
    said = "".join(f'<p class="khabar-notice" role="status">{safe_text(notice)}</p>' for notice in notices)
    offline = f'<p class="khabar-notice khabar-offline" role="alert" hidden>{safe_text(page.offline)}</p>'
    return (
        f'<header {attributes}>{name}<nav class="khabar-views" aria-label="{safe_attribute(page.views)}">{views}</nav>'
        f"<p>{counts}</p>{said}{offline}<nav>{fresh}{history}{language}</nav></header>"
    )


def welcome_html(latest: Sequence[Article], words: Words) -> str:
    """Show what to do first: example questions about the latest articles, or how to fill an empty library."""
    if not latest:
        text = "".join(f"<p>{safe_text(line)}</p>" for line in (words.empty, words.fill, words.live))
        add = safe_text(library_words_for(words.language).add)
        text += f'<p><button type="button" class="khabar-to" value="library">{add}</button></p>'
        return _section("khabar-welcome khabar-empty", words, f"<h2>{safe_text(words.welcome)}</h2>{text}")
    examples = "".join(_example(article) for article in latest)
    text = f"<p>{safe_text(words.welcome_hint)}</p><p>{examples}</p>"
    return _section("khabar-welcome", words, f"<h2>{safe_text(words.welcome)}</h2>{text}")


def idle_html(latest: Sequence[Article], words: Words) -> str:
    """Show what the evidence panel is for, and the latest articles to open."""
    parts = [f"<h2>{safe_text(words.evidence)}</h2>"]
    if latest:
        parts.append(f"<p>{safe_text(words.evidence_hint)}</p><h3>{safe_text(words.latest)}</h3>")
        parts.append(f"<ul>{''.join(row_html(article, words) for article in latest)}</ul>")
    return _section("khabar-idle", words, "".join(parts))


def question_html(question: str, place: int | None, words: PageWords) -> str:
    """Show a question as it was asked, with what can be done with it; `place` tells the turns of a page apart.

    Nothing can be done with a question that has no place.
    """
    lang = lang_attribute(question_language(question))
    asked = f'<div class="khabar-asked" dir="{direction(question)}"{lang}>{safe_text(question)}</div>'
    if place is None:
        return asked
    # Gradio's chat lets no aria-label through: the name of a button is text that is not seen.
    actions = "".join(
        f'<button type="button" class="{kind}" value="{place}" title="{safe_attribute(label)}">'
        f'{sign}<span class="khabar-unseen">{safe_text(label)}</span></button>'
        for kind, label, sign in (("khabar-edit", words.edit, "✎"), ("khabar-again", words.again, "↻"))
    )
    return f'{asked}<div class="khabar-actions" lang="{words.language}">{actions}</div>'


def answered_html(answer: Answer, key: str, actions: str = "", below: Below = lambda _: "") -> str:
    """Show an answer, below it the steps that led to it folded away, and what may be said of it.

    `key` tells the answers of a page apart; `below` gives what is shown below each quote.
    """
    attributes = f'class="khabar-under" dir="{words_for(answer.language).direction}"'
    return f"{answer_html(answer, key=key, below=below)}<div {attributes}>{_steps(answer)}{actions}</div>"


def _steps(answer: Answer) -> str:
    words = page_words_for(answer.language)
    labels = {"search": words.step_search, "read": words.step_read, "write": words.step_write}
    known = [timing for timing in answer.timings if timing.stage in labels]
    if not known:
        return ""
    steps = "".join(f"<li>{safe_text(labels[t.stage].format(_seconds(t.milliseconds)))}</li>" for t in known)
    total = safe_text(words.took.format(_seconds(sum(timing.milliseconds for timing in known))))
    language = words_for(answer.language)
    attributes = f'class="khabar-steps" dir="{language.direction}" lang="{language.language}"'
    return f"<details {attributes}><summary>{total}</summary><ul>{steps}</ul></details>"


def writing_html(stage: str, text: str, words: Words) -> str:
    """Show the step an answer is at and what is written of it so far."""
    step = f'<p class="khabar-step" role="status">{safe_text(words.stage(stage))}</p>'
    said = "".join(f"<p>{safe_text(line)}</p>" for line in text.split("\n") if line.strip())
    return _section("khabar-answer khabar-unfinished", words, f"{step}{said}")


def over_html(choice: Choice, editing: bool, words: PageWords) -> str:
    """Show, over the question box, which filters are set and whether an asked question is being changed."""
    language = words_for(words.language)
    parts = []
    if editing:
        cancel = f'<button type="button" class="khabar-cancel">{safe_text(words.cancel)}</button>'
        parts.append(f'<p class="khabar-editing" role="status">{safe_text(words.editing)} {cancel}</p>')
    if choice:
        chips = "".join(_chip(field, value, words, language) for field, value in choice.items())
        parts.append(f'<ul class="khabar-chips" aria-label="{safe_attribute(language.filters)}">{chips}</ul>')
    inner = "".join(parts)
    return f'<div class="khabar-over" dir="{language.direction}" lang="{words.language}">{inner}</div>'


def periods_html(words: PageWords) -> str:
    """Show the periods that can be chosen at one press."""
    language = words_for(words.language)
    buttons = "".join(
        f'<button type="button" class="khabar-period" value="{days}">{safe_text(label)}</button>'
        for days, label in ((7, words.last_week), (30, words.last_month), (365, words.last_year))
    )
    return f'<div class="khabar-periods" dir="{language.direction}" lang="{words.language}">{buttons}</div>'


def opened_html(opened: Opened | None, words: PageWords) -> str:
    """Say, over the chat, that a link opened an answer as it was shared, or led nowhere; "" where there was none."""
    if opened is None:
        return ""
    language = words_for(words.language)
    said = words.shared.format(language.day(opened.at.date())) if opened.at else words.unshared
    fresh = f'<button type="button" class="khabar-new">{safe_text(words.ask_own)}</button>' if opened.at else ""
    attributes = f'dir="{language.direction}" lang="{words.language}"'
    return f'<p class="khabar-shared" role="status" {attributes}><span>{safe_text(said)}</span> {fresh}</p>'


def message_html(message: str, words: Words) -> str:
    """Show one sentence in place of an answer or an article."""
    return _section("khabar-answer khabar-message", words, f"<p>{safe_text(message)}</p>")


def evidence_html(content: str, words: PageWords, view: int, tools: str = "") -> str:
    """Put an article in the evidence panel; `view` differs each time, so that showing it again is a change.

    On a narrow page the panel is a drawer: the button closes it.
    """
    close = f'<button type="button" class="khabar-close" aria-label="{safe_attribute(words.close)}">✕</button>'
    language = words_for(words.language)
    bar = f'<div class="khabar-tools" dir="{language.direction}" lang="{words.language}">{tools}{close}</div>'
    return f'<div class="khabar-view" id="khabar-view-{view}">{bar}{content}</div>'


def tools_html(answer: Answer, current: Citation, key: str, words: PageWords) -> str:
    """Show the citations of an answer around the current one: those used, those also found, and the ways between."""
    language = words_for(words.language)
    place = answer.citations.index(current)
    used = [citation for citation in answer.citations if citation.role is Role.USED]
    rest = [citation for citation in answer.citations if citation.role is not Role.USED]
    groups = "".join(
        f"<span>{safe_text(label)}</span>{''.join(_number(citation, current, key) for citation in group)}"
        for label, group in ((words.used, used), (language.closest if answer.abstained else language.also, rest))
        if group
    )
    steps = ""
    if len(answer.citations) > 1:
        before = answer.citations[place - 1] if place else None
        after = answer.citations[place + 1] if place + 1 < len(answer.citations) else None
        where = safe_text(words.place.format(place + 1, len(answer.citations)))
        steps = (
            f'<span class="khabar-ways">{_way("khabar-previous", "‹", words.previous, before, key)}'
            f"<span>{where}</span>{_way('khabar-next', '›', words.next, after, key)}</span>"
        )
    return f'<nav aria-label="{safe_attribute(words.citations)}">{groups}</nav>{steps}{_copy(current, words)}'


def current_html(article_id: str, words: PageWords) -> str:
    """Offer the current version of an article that has changed since it was quoted."""
    label = safe_text(words.current_version)
    return f'<button type="button" class="khabar-open" value="{safe_attribute(article_id)}">{label}</button>'


def help_html(question: str, glosses: Sequence[Gloss], names: Mapping[str, str], words: PageWords) -> str:
    """Help to read a quote in another language: the question's words that it met, and its names in Latin letters."""
    language, lines = words_for(words.language), []
    if glosses:
        asked = f'<span dir="{direction(question)}"{lang_attribute(question_language(question))}>'
        lines.append(f"{safe_text(words.asked)} {asked}{glossed_html(question, glosses)}</span>")
    lines += [f"{isolated(name, 'ar')} · {isolated(latin)}" for name, latin in names.items()]
    inner = "".join(f"<p>{line}</p>" for line in lines)
    attributes = f'class="khabar-help" dir="{language.direction}" lang="{words.language}"'
    return f"<aside {attributes}>{inner}<small>{safe_text(words.help_note)}</small></aside>" if lines else ""


def _copy(current: Citation, words: PageWords) -> str:
    language = words_for(words.language)
    copied = f'value="{safe_attribute(reference_text(current, language))}" title="{safe_attribute(words.copied)}"'
    return f'<button type="button" class="khabar-copy" {copied}>{safe_text(words.copy)}</button>'


def _chip(field: str, value: str, words: PageWords, language: Words) -> str:
    label = language.filter_label(field, value)
    name = safe_attribute(words.remove_filter.format(label))
    button = (
        f'<button type="button" class="khabar-chip" value="{safe_attribute(f"{field}:{value}")}" title="{name}">'
        f"<bdi>{safe_text(label)}</bdi> ✕</button>"
    )
    return f"<li>{button}</li>"


def _number(citation: Citation, current: Citation, key: str) -> str:
    mark = ' aria-current="true"' if citation == current else ""
    title = safe_attribute(citation.article.title or citation.article.id)
    value = safe_attribute(f"{key}:{citation.number}")
    return (
        f'<button type="button" class="khabar-cite" value="{value}" title="{title}"{mark}>[{citation.number}]</button>'
    )


def _way(kind: str, sign: str, label: str, to: Citation | None, key: str) -> str:
    value = f' value="{safe_attribute(f"{key}:{to.number}")}"' if to else " disabled"
    name = safe_attribute(label)
    return f'<button type="button" class="khabar-way {kind}" aria-label="{name}" title="{name}"{value}>{sign}</button>'


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.1f}"


def _section(kind: str, words: Words, inner: str) -> str:
    return f'<section class="{kind}" dir="{words.direction}" lang="{words.language}">{inner}</section>'


def _example(article: Article) -> str:
    words = words_for(article.language)
    title = article.title if len(article.title) <= _LONGEST_TITLE else f"{article.title[:_LONGEST_TITLE].rstrip()}…"
    question = words.example.format(title)
    attributes = f'dir="{words.direction}" lang="{words.language}" value="{safe_attribute(question)}"'
    return f'<button type="button" class="khabar-ask" {attributes}>{safe_text(question)}</button>'
