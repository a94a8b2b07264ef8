"""The library's tab as HTML: what is indexed, how it is spread over time, what became of uploads. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from index.analysis import direction
from index.article import Article
from index.languages.errors import error_in
from index.languages.messages import Messages
from index.store.rows import FacetCount
from ui.state.uploads import FileOutcome, UploadProgress
from ui.views import phrases
from ui.views.markup import NOTHING, button, element, filled, isolated, join, known, spoken

if TYPE_CHECKING:
    from index import Feed, Revision

# The chart: a bar a month, or a year where there are more than `_BARS` months.
_BARS = 60
_WIDTH, _HEIGHT = 600, 72


@dataclass(frozen=True, slots=True)
class ArticleListing:
    """Articles to be listed: `total` is how many there are, `undated` how many of these have no date.

    `is_closest` marks articles that were found by their meaning, since no title has the words.
    """

    articles: Sequence[Article]
    total: int
    months: Sequence[FacetCount]
    undated: int = 0
    is_closest: bool = False


def listing_html(found: ArticleListing, words: Messages) -> Markup:
    """Show articles to open, newest first, above them how many there are and their spread over time."""
    count = words.say("library.found", number=found.total) if found.total else words.say("library.none")
    if found.is_closest:
        count = words.say("library.closest")
    parts = [element("p", count, class_="khabar-count", role="status")]
    if not found.is_closest:
        parts.append(chart_svg(found.months, found.undated, words))
    parts.append(element("ul", *(row_html(article, words) for article in found.articles), class_="khabar-rows"))
    if len(found.articles) < found.total and not found.is_closest:
        parts.append(button("khabar-further", words.say("library.more")))
    return spoken("section", "khabar-listing", words, *parts)


def row_html(article: Article, words: Messages) -> Markup:
    """Show one article to be opened: title, outlet, date."""
    title = article.title or words.say("article.untitled")
    side = direction(title)
    opens = button("khabar-open", title, value=article.id, dir=side, lang=known(article.language))
    source = article.source or words.say("article.unknown_source")
    about = join([isolated(source), isolated(phrases.day(words, article.published))], " · ")
    # On the side where its title begins.
    return element("li", opens, element("small", about, dir=side))


def chart_svg(months: Sequence[FacetCount], undated: int, words: Messages) -> Markup:
    """Draw the articles of each month as bars, or of each year where there are many months; "" where none is dated."""
    if not months:
        return NOTHING
    bars = _filled(months)
    highest, step = max(bar.articles for bar in bars), _WIDTH / len(bars)
    drawn = (
        element(
            "rect",
            element("title", words.say("library.month", month=bar.name, number=bar.articles)),
            x=f"{place * step:.1f}",
            y=f"{_HEIGHT - _tall(bar, highest):.1f}",
            width=f"{max(step - 1, 0.5):.1f}",
            height=f"{_tall(bar, highest):.1f}",
        )
        for place, bar in enumerate(bars)
    )
    name = words.say("library.chart", first=bars[0].name, last=bars[-1].name)
    box = f"0 0 {_WIDTH} {_HEIGHT}"
    svg = element("svg", *drawn, viewBox=box, preserveAspectRatio="none", role="img", aria_label=name)
    ends = (element("span", bars[0].name), element("span", bars[-1].name))
    rest = f" · {words.say('library.undated', number=undated)}" if undated else ""
    return element(
        "figure",
        element("div", svg, element("p", *ends, class_="khabar-axis", dir="ltr"), dir="ltr"),
        element("figcaption", name, rest),
        class_="khabar-chart",
    )


def adding_html(state: UploadProgress, words: Messages) -> Markup:
    """Show how far adding is, and what became of each file so far."""
    parts = [element("ul", *(_outcome(outcome, words) for outcome in state.done))] if state.done else []
    if state.file:
        bar = element("progress", max=1, value=f"{state.fraction:.3f}", aria_label=state.file)
        waiting = NOTHING if state.fraction else element("small", words.say("library.waiting"))
        label = words.say("library.adding", file=state.file)
        parts.append(element("p", join([label, bar, waiting], " "), role="status"))
    return spoken("section", "khabar-outcomes", words, *parts) if parts else NOTHING


def feeds_html(feeds: "Sequence[Feed]", words: Messages) -> Markup:
    """Show the addresses that are followed, how each is, and what may be done with it; "" where there is none."""
    if not feeds:
        return NOTHING
    return spoken(
        "section",
        "khabar-feeds",
        words,
        element("h3", words.say("library.feeds")),
        element("ul", *(_feed(feed, words) for feed in feeds)),
    )


def _feed(feed: "Feed", words: Messages) -> Markup:
    act, says = ("resume", words.say("library.resume")) if feed.paused else ("pause", words.say("library.pause"))
    buttons = (
        button("khabar-feed", says, value=feed.address, data_act=act),
        button("khabar-feed", words.say("library.unfollow"), value=feed.address, data_act="unfollow"),
    )
    state = join([isolated(part) for part in phrases.feed(words, feed)], " · ")
    return element("li", element("bdi", feed.address, dir="ltr"), element("small", state), *buttons)


def shelf_tools_html(
    article: Article, revisions: "Sequence[Revision]", shown: int, words: Messages, *, may_edit: bool
) -> Markup:
    """Show what can be done with an article of the library: other revisions of it, and removing it."""
    ask = words.say("library.remove_ask")
    remove = button("khabar-remove", words.say("library.remove"), value=article.id, data_ask=ask)
    remove = remove if may_edit else NOTHING
    if len(revisions) < 2:
        return remove
    buttons = (
        button(
            "khabar-revision",
            _revision(revision, words),
            value=f"{revision.number}:{article.id}",
            aria_current="true" if revision.number == shown else None,
        )
        for revision in revisions
    )
    return join([element("nav", *buttons, aria_label=words.say("library.revisions")), remove])


def _revision(revision: "Revision", words: Messages) -> str:
    added = words.say("library.revision", number=revision.number, day=revision.added.date())
    return words.listed([added, words.say("library.current")]) if revision.current else added


def _outcome(outcome: FileOutcome, words: Messages) -> Markup:
    counts = (
        ("library.added", outcome.added),
        ("library.replaced", outcome.replaced),
        ("library.unchanged", outcome.unchanged),
    )
    said = words.listed([*(words.count(key, count) for key, count in counts if count), *filter(None, [outcome.note])])
    wrong = [("library.failed", failure) for failure in outcome.failures]
    wrong += [("library.incomplete", warning) for warning in outcome.warnings]
    failures = (
        element(
            "p",
            isolated(failure.name) if failure.name != outcome.name else "",
            " ",
            filled(words.template(key), reason=isolated(error_in(words, failure.reason))),
            class_="khabar-failure",
        )
        for key, failure in wrong[:5]
    )
    more = element("p", f"… {len(wrong) - 5}") if len(wrong) > 5 else NOTHING
    return element("li", isolated(outcome.name), " ", said, *failures, more)


def _tall(bar: FacetCount, highest: int) -> float:
    return max(_HEIGHT * bar.articles / highest, 2.0 if bar.articles else 0.0)


def _filled(months: Sequence[FacetCount]) -> list[FacetCount]:
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
    return [FacetCount(name, count) for name, count in counts.items()]
