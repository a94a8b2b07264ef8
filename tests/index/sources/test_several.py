"""Pages with several articles, and live blogs: each article and each entry by itself, with its own day and time."""

import json
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from tests.support.loading import articles
from tests.support.made_files import ARABIC, ENGLISH, page

PORT = (
    "Dock workers in Umm Qasr ended their strike on Friday after eleven days of talks with the ministry of transport.",
    "Union leader Karim Adil said that wages would rise by 12 percent in January, and that no one would be dismissed.",
)


def linked(*stated: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in stated)


def body(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def html(content: str, *, title: str = "Tigris Herald", head: str = "", lang: str = "en") -> str:
    return f'<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title>{head}</head><body>{content}</body></html>'


def titles(found: list[Article]) -> list[str]:
    return [article.title for article in found]


def test_several_article_elements_are_several_articles(tmp_path: Path) -> None:
    content = (
        f'<h1>Today</h1><article id="a7"><h2><a href="https://h.example/bridge">Bridge opens</a></h2>'
        f'<time datetime="2025-10-05">5 October</time>{body(ENGLISH)}</article>'
        f'<article><h2>Strike ends</h2><p class="byline">By Sara Hamid</p>{body(PORT)}</article>'
    )
    bridge, strike = articles(tmp_path, "today.html", html(content))
    assert (bridge.id, bridge.title, bridge.text) == ("today.html#a7", "Bridge opens", "\n".join(ENGLISH))
    assert (bridge.url, bridge.published) == ("https://h.example/bridge", date(2025, 10, 5))
    assert (strike.id, strike.title, strike.published) == ("today.html#2", "Strike ends", None)
    assert strike.text.endswith("\n".join(PORT)) and strike.byline == "Sara Hamid"


@pytest.mark.parametrize("mark", ['class="post hentry"', 'itemscope itemtype="https://schema.org/NewsArticle"'])
def test_articles_marked_in_other_ways(tmp_path: Path, mark: str) -> None:
    content = f"<div {mark}><h2>افتتاح الجسر</h2>{body(ARABIC)}</div><div {mark}><h2>Strike ends</h2>{body(PORT)}</div>"
    first, second = articles(tmp_path, "a.html", html(content))
    assert (first.text, second.text) == ("\n".join(ARABIC), "\n".join(PORT))
    assert (first.language, second.language) == ("en", "en")


def test_a_list_of_articles_in_json_ld(tmp_path: Path) -> None:
    stated = {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "item": {
                "@type": "NewsArticle", "headline": "Bridge opens", "articleBody": "\n".join(ENGLISH),
                "url": "https://h.example/bridge", "datePublished": "2025-10-05T08:00:00+03:00",
                "author": {"@type": "Person", "name": "Sara Hamid"},
            }},
            {"@type": "ListItem", "item": {
                "@type": "NewsArticle", "headline": "Strike ends", "articleBody": "\n".join(PORT),
                "dateModified": "2025-10-07",
            }},
        ],
    }  # fmt: skip
    bridge, strike = articles(tmp_path, "list.html", html("<h1>Today</h1><p>News</p>", head=linked(stated)))
    assert (bridge.id, bridge.title, bridge.byline) == (
        "list.html#https://h.example/bridge", "Bridge opens", "Sara Hamid",
    )  # fmt: skip
    assert (bridge.published, bridge.url) == (date(2025, 10, 5), "https://h.example/bridge")
    assert (strike.text, strike.published, strike.modified) == ("\n".join(PORT), None, date(2025, 10, 7))


def test_teasers_beside_an_article_are_no_articles(tmp_path: Path) -> None:
    teaser = (
        "<article><h3>Other</h3><p>Dock workers in Umm Qasr ended their strike on Friday after talks.</p></article>"
    )
    long = f'<article><h3>Strike ends</h3>{body(PORT)}<a href="/s">Read more</a></article>'
    content = page("Bridge opens", ENGLISH).replace("</body>", teaser * 4 + long + "</body>")
    assert titles(articles(tmp_path, "a.html", content)) == ["Bridge opens"]


def test_other_stories_that_a_page_states_do_not_lend_it_their_day_or_author(tmp_path: Path) -> None:
    other = {"@type": "NewsArticle", "headline": "Strike ends", "datePublished": "2019-01-01", "author": "Omar Aziz"}
    own = {"@type": "NewsArticle", "headline": "Bridge opens", "datePublished": "2025-10-05", "author": "Sara Hamid"}
    (article,) = articles(tmp_path, "a.html", page("Bridge opens", ENGLISH, head=linked(other, own)))
    assert (article.published, article.byline) == (date(2025, 10, 5), "Sara Hamid")


# Live blogs.

UPDATES = (
    ("14:32", "The water reached the market at noon, and the governor closed three schools in the old town."),
    ("13:05", "Two families were taken off a roof by boat, a captain of the river police said."),
    ("09:40", "The river rose by a metre in the night, and the road to Halfaya is under water."),
)
LEDE = (
    "<p>Heavy rain has raised the Tigris since Sunday, and the town of Halfaya is cut off from the main road.</p>" * 1
)
LEDE += "<p>Here is what is known of the flood, told as it goes on by our reporters in the town and in the capital.</p>"


def stated_live(**more: object) -> dict[str, object]:
    entries = [
        {"@type": "BlogPosting", "headline": f"Update {place}", "datePublished": f"2025-10-05T{time}:00+03:00",
         "articleBody": text, "url": f"https://h.example/live#entry-{place}"}
        for place, (time, text) in enumerate(UPDATES)
    ]  # fmt: skip
    return {"@type": "LiveBlogPosting", "headline": "Flood in Halfaya", "liveBlogUpdate": entries, **more}


def test_the_entries_of_a_live_blog_as_it_states_them(tmp_path: Path) -> None:
    shown = "".join(f"<div><h3>Update {place}</h3><p>{text}</p></div>" for place, (_, text) in enumerate(UPDATES))
    content = f"<article><h1>Flood in Halfaya</h1>{LEDE}{shown}</article>"
    found = articles(tmp_path, "live.html", html(content, head=linked(stated_live(datePublished="2025-10-04"))))
    assert titles(found) == [
        "Flood in Halfaya",
        *(f"Flood in Halfaya · Update {place} · {time}" for place, (time, _) in enumerate(UPDATES)),
    ]
    assert [article.text for article in found[1:]] == [text for _, text in UPDATES]
    assert not any(text in found[0].text for _, text in UPDATES)
    assert [article.id for article in found] == ["live.html", *(f"live.html#entry-{place}" for place in range(3))]
    assert [article.published for article in found] == [date(2025, 10, 4), *[date(2025, 10, 5)] * 3]
    assert found[1].url == "https://h.example/live#entry-0"


BY_HAND = {
    "headings": "".join(f"<h3>{time}</h3><p>{text}</p>" for time, text in UPDATES),
    "paragraphs": "".join(f"<p><strong>{time}</strong> – {text}</p>" for time, text in UPDATES),
    "list": "<ul>" + "".join(f"<li><b>{time}</b>: {text}</li>" for time, text in UPDATES) + "</ul>",
    "definitions": "<dl>" + "".join(f"<dt>{time}</dt><dd>{text}</dd>" for time, text in UPDATES) + "</dl>",
    "containers": "".join(
        f'<div class="live-entry"><span>2 hours ago</span><time datetime="2025-10-05T{time}:00+03:00">{time}</time>'
        f"<p>{text}</p></div>"
        for time, text in UPDATES
    ),
    "oldest first": "".join(f"<p><b>{time}</b> {text}</p>" for time, text in reversed(UPDATES)),
    "twelve hours": "".join(
        f"<p><b>{time}</b> {text}</p>"
        for time, (_, text) in zip(("2:32 PM", "1:05 p.m.", "9:40 am"), UPDATES, strict=True)
    ),
}


@pytest.mark.parametrize("way", BY_HAND)
@pytest.mark.parametrize(
    ("title", "lang"),
    [("Live: flood in Halfaya", "en"), ("مباشر: فيضان الحلفاية", "ar"), ("EN DIRECT : la crue à Halfaya", "fr")],
)
def test_the_entries_of_a_live_blog_that_is_marked_up_by_hand(tmp_path: Path, way: str, title: str, lang: str) -> None:
    head = '<meta property="article:published_time" content="2025-10-05T08:00:00+03:00">'
    content = f"<article><h1>{title}</h1>{LEDE}{BY_HAND[way]}</article><footer><p>Copyright 2025</p></footer>"
    found = articles(tmp_path, "live.html", html(content, title=title, head=head, lang=lang))
    assert {article.published for article in found} == {date(2025, 10, 5)}
    blog, *entries = found
    assert blog.title == title and not any(text in blog.text for _, text in UPDATES)
    shown = {text: article.title for article in entries for _, text in UPDATES if text in article.text}
    assert [shown[text] for _, text in UPDATES] == [
        f"{title} · {time}"
        for time in (("2:32 PM", "1:05 p.m.", "9:40 am") if way == "twelve hours" else [time for time, _ in UPDATES])
    ]
    assert "Copyright" not in entries[-1].text


def test_an_entry_keeps_its_name_when_others_are_added(tmp_path: Path) -> None:
    def ids(entries: str) -> dict[str, str]:
        content = f"<article><h1>Live: flood in Halfaya</h1>{LEDE}{entries}</article>"
        return {article.text: article.id for article in articles(tmp_path, "live.html", html(content))}

    before = ids(BY_HAND["paragraphs"])
    after = ids("<p><strong>15:10</strong> – The bridge is open to ambulances only.</p>" + BY_HAND["paragraphs"])
    assert before.items() < after.items()


def test_the_days_of_a_live_blog_that_goes_on_for_several(tmp_path: Path) -> None:
    content = (
        "<article><h1>Live: flood</h1><h2>Monday 6 October 2025</h2><p>09:00 The schools open again in the town.</p>"
        "<h2>Sunday 5 October 2025</h2><p>22:15 The rain has ended, the weather service says.</p>"
        "<p>14:00 The road to the town is under water.</p></article>"
    )
    found = articles(tmp_path, "live.html", html(content))
    assert [article.published for article in found] == [date(2025, 10, 6), date(2025, 10, 5), date(2025, 10, 5)]


def test_a_timetable_in_an_article_is_no_live_blog(tmp_path: Path) -> None:
    times = "".join(f"<p>{time} {text}</p>" for time, text in reversed(UPDATES))
    content = page("How the flood came", (*ENGLISH, "This is how the day went.")).replace(
        "</article>", f"{times}</article>"
    )
    (article,) = articles(tmp_path, "a.html", content)
    assert all(text in article.text for _, text in UPDATES)
