"""A story on the page and in the terminal: every quote with its source, and nothing out of an article is markup."""

from datetime import date

import pytest

from index.languages.messages import LANGUAGES, messages_for
from index.store.stories import StoryEntry
from qa.answer import ArticleRef
from qa.stories import Dispute, FigureSeries, StoryAccount, StoryFigure, Voice
from tests.support.answers import ARABIC, LATIN, QUOTE, cite
from ui.views.stories.lines import story_row, story_terminal
from ui.views.stories.panel import newest_html, of_story_html, stories_html, story_html

ENTRY = StoryEntry("7", "Embassy <b>warns</b>", "en", 2, 2, ("ar", "en"), date(2025, 10, 4), date(2025, 10, 5))
LINES = ("The embassy voiced concern.", "It said ISIS is waiting.")
ACCOUNT = StoryAccount(
    story=ENTRY,
    generation=3,
    articles=(ArticleRef.of(LATIN), ArticleRef.of(ARABIC)),
    first=1,
    figures=(FigureSeries("dead", (StoryFigure("17", 17, 1, 0, 2), StoryFigure("٣١", 31, 2, 0, 2))),),
    voices=(Voice("الزيدي", "اللواء", "ar", (2,)),),
    disputes=(Dispute((2, 3), 0.9),),
    citations=(cite(LATIN, LINES[0], 1), cite(ARABIC, QUOTE, 2, speaker="مهند الزيدي"), cite(LATIN, LINES[1], 3)),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_quote_leads_to_its_article_in_every_language(language: str) -> None:
    html = story_html(ACCOUNT, messages_for(language))
    for number in (1, 2, 3):
        assert f'value="7:{number}"' in html
    for quote in (LINES[0], QUOTE, LINES[1]):
        assert quote in html
    assert "Embassy &lt;b&gt;warns&lt;/b&gt;" in html and "<b>" not in html
    assert f'lang="{language}"' in html


def test_what_a_story_has_nothing_of_is_not_there() -> None:
    words = messages_for("en")
    bare = StoryAccount(ENTRY, 3, ACCOUNT.articles, 1, (), (), (), ACCOUNT.citations[:1])
    html = story_html(bare, words)
    assert [title in html for title in ("First report", "What changed", "Who said what", "Disputed")] == [
        True, False, False, False,
    ]  # fmt: skip


def test_lists_are_empty_or_lead_to_stories() -> None:
    words = messages_for("en")
    assert "No two articles tell of one event yet." in stories_html([], words)
    assert newest_html([], words) == ""
    assert 'value="7"' in stories_html([ENTRY], words)
    assert "All stories" in newest_html([ENTRY], words)


def test_an_article_that_is_alone_leads_to_no_story() -> None:
    words = messages_for("en")
    assert "The story: 2 reports" in of_story_html(ENTRY, words)
    alone = StoryEntry("8", "Rate kept", "en", 1, 1, ("en",), None, None)
    assert of_story_html(alone, words) == of_story_html(None, words) == ""


def test_a_terminal_has_each_quote_once() -> None:
    words = messages_for("en")
    assert story_row(ENTRY, words) == "7\t2025-10-05\t2 reports\t2 outlets\tEmbassy <b>warns</b>"
    told = story_terminal(ACCOUNT, words)
    lines = told.splitlines()
    assert [lines.count(quote) for quote in (LINES[0], QUOTE, LINES[1])] == [1, 1, 1]
    assert "Embassy <b>warns</b>\n2 reports · 2 outlets · 4 October 2025 to 5 October 2025" in told
    assert "Dead: 17 (no date) → \u2068٣١\u2069 (5 October 2025) [1]" in told
    assert "[2] ↔ [3]" in told
