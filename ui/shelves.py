"""The library's tab as HTML: what is indexed, how it is spread over time, what became of uploads. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.article import Article
from index.records import Count
from index.text import direction
from ui.library_words import LibraryWords
from ui.render import isolated, lang_attribute, safe_attribute, safe_text
from ui.uploads import Adding, Outcome
from ui.words import Words, words_for

if TYPE_CHECKING:
    from index import Revision

# The chart: a bar a month, or a year where there are more than `_BARS` months.
_BARS = 60
_WIDTH, _HEIGHT = 600, 72


@dataclass(frozen=True, slots=True)
class Found:
    """Articles to be listed: `total` is how many there are, `undated` how many of these have no date.

    `is_closest` marks articles that were found by their meaning, since no title has the words.
    """

    articles: Sequence[Article]
    total: int
    months: Sequence[Count]
    undated: int = 0
    is_closest: bool = False


def listing_html(found: Found, words: LibraryWords) -> str:
    """Show articles to open, newest first, above them how many there are and their spread over time."""
    language = words_for(words.language)
    count = words.closest if found.is_closest else words.found.format(f"{found.total:,}") if found.total else words.none
    parts = [f'<p class="khabar-count" role="status">{safe_text(count)}</p>']
    if not found.is_closest:
        parts.append(chart_svg(found.months, found.undated, words))
    parts.append(f'<ul class="khabar-rows">{"".join(row_html(article, language) for article in found.articles)}</ul>')
    if len(found.articles) < found.total and not found.is_closest:
        parts.append(f'<button type="button" class="khabar-further">{safe_text(words.more)}</button>')
    attributes = f'class="khabar-listing" dir="{language.direction}" lang="{words.language}"'
    return f"<section {attributes}>{''.join(parts)}</section>"


def row_html(article: Article, words: Words) -> str:
    """Show one article to be opened: title, outlet, date."""
    title = article.title or words.untitled
    attributes = f'value="{safe_attribute(article.id)}" dir="{direction(title)}"{lang_attribute(article.language)}'
    button = f'<button type="button" class="khabar-open" {attributes}>{safe_text(title)}</button>'
    about = f"{isolated(article.source or words.unknown_source)} · {isolated(words.day(article.published))}"
    # On the side where its title begins.
    return f'<li>{button}<small dir="{direction(title)}">{about}</small></li>'


def chart_svg(months: Sequence[Count], undated: int, words: LibraryWords) -> str:
    """Draw the articles of each month as bars, or of each year where there are many months; "" where none is dated."""
    if not months:
        return ""
    bars = _filled(months)
    highest, step = max(bar.articles for bar in bars), _WIDTH / len(bars)
    drawn = "".join(
        f'<rect x="{place * step:.1f}" y="{_HEIGHT - _tall(bar, highest):.1f}" width="{max(step - 1, 0.5):.1f}" '
        f'height="{_tall(bar, highest):.1f}"><title>{words.month.format(bar.name, f"{bar.articles:,}")}</title></rect>'
        for place, bar in enumerate(bars)
    )
    name = safe_attribute(words.chart.format(bars[0].name, bars[-1].name))
    svg = (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{name}">{drawn}</svg>'
    )
    rest = f" · {safe_text(words.undated.format(f'{undated:,}'))}" if undated else ""
    ends = f"<span>{bars[0].name}</span><span>{bars[-1].name}</span>"
    axis = f'<p class="khabar-axis" dir="ltr">{ends}</p>'
    return (
        f'<figure class="khabar-chart"><div dir="ltr">{svg}{axis}</div><figcaption>{name}{rest}</figcaption></figure>'
    )


def adding_html(state: Adding, words: LibraryWords) -> str:
    """Show how far adding is, and what became of each file so far."""
    language = words_for(words.language)
    parts = [f"<ul>{''.join(_outcome(outcome, words, language) for outcome in state.done)}</ul>"] if state.done else []
    if state.file:
        label = safe_text(words.adding.format(state.file))
        bar = f'<progress max="1" value="{state.fraction:.3f}" aria-label="{safe_attribute(state.file)}"></progress>'
        waiting = "" if state.fraction else f"<small>{safe_text(words.waiting)}</small>"
        parts.append(f'<p role="status">{label} {bar} {waiting}</p>')
    attributes = f'class="khabar-outcomes" dir="{language.direction}" lang="{words.language}"'
    return f"<section {attributes}>{''.join(parts)}</section>" if parts else ""


def shelf_tools_html(article: Article, revisions: "Sequence[Revision]", shown: int, words: LibraryWords) -> str:
    """Show what can be done with an article of the library: other revisions of it, and removing it."""
    language = words_for(words.language)
    remove = (
        f'<button type="button" class="khabar-remove" value="{safe_attribute(article.id)}" '
        f'data-ask="{safe_attribute(words.remove_ask)}">{safe_text(words.remove)}</button>'
    )
    if len(revisions) < 2:
        return remove
    buttons = "".join(
        f'<button type="button" class="khabar-revision" value="{safe_attribute(f"{revision.number}:{article.id}")}"'
        f"{_pressed(revision.number == shown)}>"
        f"{safe_text(_revision(revision, words, language))}</button>"
        for revision in revisions
    )
    return f'<nav aria-label="{safe_attribute(words.revisions)}">{buttons}</nav>{remove}'


def _revision(revision: "Revision", words: LibraryWords, language: Words) -> str:
    added = words.revision.format(revision.number, language.day(revision.added.date()))
    return f"{added}{language.comma}{words.current}" if revision.current else added


def _pressed(is_shown: bool) -> str:
    return ' aria-current="true"' if is_shown else ""


def _outcome(outcome: Outcome, words: LibraryWords, language: Words) -> str:
    counts = ((words.added, outcome.added), (words.replaced, outcome.replaced), (words.unchanged, outcome.unchanged))
    said = language.comma.join(label.format(count) for label, count in counts if count)
    wrong = [(words.failed, failure) for failure in outcome.failures]
    wrong += [(words.incomplete, warning) for warning in outcome.warnings]
    failures = "".join(
        f'<p class="khabar-failure">{isolated(failure.name) if failure.name != outcome.name else ""} '
        f"{safe_text(label.format(failure.reason))}</p>"
        for label, failure in wrong[:5]
    )
    more = f"<p>… {len(wrong) - 5}</p>" if len(wrong) > 5 else ""
    return f"<li>{isolated(outcome.name)} {safe_text(said)}{failures}{more}</li>"


def _tall(bar: Count, highest: int) -> float:
    return max(_HEIGHT * bar.articles / highest, 2.0 if bar.articles else 0.0)


def _filled(months: Sequence[Count]) -> list[Count]:
    """Put in the months, or the years where there are many months, that have no article."""
    first, last = months[0].name, months[-1].name
    years = range(int(first[:4]), int(last[:4]) + 1)
    if len(years) * 12 > _BARS:
        names, width = [f"{year:04}" for year in years], 4
    else:
        names, width = [f"{year:04}-{month:02}" for year in years for month in range(1, 13)], 7
        names = [name for name in names if first <= name <= last]
    counts = dict.fromkeys(names, 0)
    for month in months:
        counts[month.name[:width]] += month.articles
    return [Count(name, count) for name, count in counts.items()]
