"""Stories on the page: the list of them, and one with its quotes; each quote leads to its article. Pure functions."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from index.languages.messages import Messages
from index.store.stories import StoryEntry
from qa.answer import ArticleRef, Citation
from qa.stories import StoryAccount, StoryFigure, Voice
from ui.views.markup import NOTHING, block, button, element, isolated, join, spoken
from ui.views.stories import sayings


def stories_html(entries: Sequence[StoryEntry], words: Messages) -> Markup:
    """List stories to open, as they come."""
    shown = _rows(entries, words) if entries else element("p", words.say("story.none"))
    return spoken("section", "khabar-story-shown", words, _heading(words.say("story.title")), shown)


def newest_html(entries: Sequence[StoryEntry], words: Messages) -> Markup:
    """Show the newest stories above a list of articles, and the way to all of them; "" where there is none."""
    if not entries:
        return NOTHING
    heading = element("h2", words.say("story.title"))
    every = button("khabar-story", words.say("story.all"), value="")
    return spoken("section", "khabar-story-shown khabar-story-newest", words, heading, _rows(entries, words), every)


def story_html(account: StoryAccount, words: Messages) -> Markup:
    """Show a story: its first report, what changed, who said what, what is disputed, and every report."""
    title = account.story.title or words.say("article.untitled")
    parts = [
        element("p", button("khabar-story", words.say("story.all"), value="")),
        _heading(isolated(title, account.story.language)),
        element("p", sayings.about(account.story, words), class_="khabar-meta"),
        *_section("story.first", [_quote(account, account.first, words)], words),
        *_section("story.changed", [_series(account, place, words) for place in range(len(account.figures))], words),
        *_section("story.disputed", [_sides(account, sides.citations, words) for sides in account.disputes], words),
        *_section("story.voices", [_voice(account, voice, words) for voice in account.voices], words),
        element("h3", words.say("story.reports_title")),
        element("ul", *(_report(article, words) for article in account.articles)),
    ]
    return spoken("section", "khabar-story-shown", words, *parts)


def reading_html(words: Messages) -> Markup:
    """Say that a story is being read."""
    return spoken("p", "khabar-story-reading", words, words.say("story.reading"), role="status")


def story_tools_html(story: str, words: Messages) -> Markup:
    """Offer the way from an article back to the story that quotes it."""
    return button("khabar-story", words.say("story.back"), value=story)


def of_story_html(entry: StoryEntry | None, words: Messages) -> Markup:
    """Offer the way from an article to its story; "" where it is the only one that tells of its event."""
    if entry is None or entry.reports < 2:
        return NOTHING
    return button("khabar-story", sayings.this(entry, words), value=entry.id)


def _heading(title: str) -> Markup:
    # A press leads here where what was pressed is no longer there.
    return element("h2", title, class_="khabar-heading", tabindex="-1")


def _rows(entries: Sequence[StoryEntry], words: Messages) -> Markup:
    rows = []
    for entry in entries:
        title = isolated(entry.title or words.say("article.untitled"), entry.language)
        opens = button("khabar-story", title, value=entry.id)
        rows.append(element("li", opens, element("small", sayings.about(entry, words))))
    return element("ul", *rows)


def _section(key: str, parts: Iterable[Markup], words: Messages) -> list[Markup]:
    shown = list(parts)
    return [element("h3", words.say(key)), *shown] if shown else []


def _quote(account: StoryAccount, number: int, words: Messages) -> Markup:
    citation = account.citation(number)
    quoted = block("blockquote", citation.quote, citation.article.language, "khabar-whole")
    return element("div", quoted, element("p", _origin(account, citation, words), class_="khabar-story-origin"))


def _origin(account: StoryAccount, citation: Citation, words: Messages) -> Markup:
    named = [citation.speaker.name] if citation.speaker else []
    named += sayings.origin(citation, words)
    return join([_marker(account, citation, words), join([isolated(part) for part in named], " · ")], " ")


def _marker(account: StoryAccount, citation: Citation, words: Messages) -> Markup:
    title = citation.article.title or words.say("article.untitled")
    value = f"{account.story.id}:{citation.number}"
    return button("khabar-story khabar-story-cite", f"[{citation.number}]", value=value, title=title)


def _series(account: StoryAccount, place: int, words: Messages) -> Markup:
    """Show how a figure changed, and below it the quotes that give it."""
    series = account.figures[place]
    told = [_figure(account, figure, words) for figure in series.figures]
    line = element("p", element("strong", sayings.figure(series.kind, words)), " ", join(told, " → "))
    numbers = dict.fromkeys(figure.citation for figure in series.figures)
    return element("div", line, *(_quote(account, number, words) for number in numbers))


def _figure(account: StoryAccount, figure: StoryFigure, words: Messages) -> Markup:
    citation = account.citation(figure.citation)
    shown = isolated(figure.text, citation.article.language)
    day = isolated(sayings.day(citation.article.published, words))
    return element("span", shown, " (", day, ")", class_="khabar-story-figure")


def _sides(account: StoryAccount, numbers: Sequence[int], words: Messages) -> Markup:
    return element("div", *(_quote(account, number, words) for number in numbers), class_="khabar-story-sides")


def _voice(account: StoryAccount, voice: Voice, words: Messages) -> Markup:
    role = [element("small", isolated(voice.role, voice.language))] if voice.role else []
    name = element("p", element("strong", isolated(voice.name, voice.language)), " ", *role)
    return element("div", name, *(_quote(account, number, words) for number in voice.citations))


def _report(article: ArticleRef, words: Messages) -> Markup:
    title = isolated(article.title or words.say("article.untitled"), article.language)
    source = article.source or words.say("article.unknown_source")
    about = join([isolated(source), isolated(sayings.day(article.published, words))], " · ")
    return element("li", button("khabar-open", title, value=article.id), element("small", about))
