"""Web pages: what is the article, what is foreign in it, and which days and names are its own."""

import pytest

from index.errors import LoadError
from index.sources.metadata import Fields
from index.sources.pages.authors import is_name
from index.sources.pages.extraction import parse_html

PAGE = """<html{lang}><head><title>River falls | Tigris Herald</title>{head}</head><body>
<nav><a href="/">Home</a></nav><article><h1>River falls</h1>
<p>The river fell by one metre on 3 May 2021, the irrigation board said on Saturday after a week of rain.</p>
<p>“There is no danger &amp; no alarm,” its director Omar Aziz said; the bridge is open to lorries again.</p>
</article><footer>Copyright 2019 Tigris Herald</footer></body></html>"""


class TestHtml:
    def test_a_page_with_metadata(self) -> None:
        head = (
            '<meta property="og:site_name" content="Tigris Herald"><meta name="author" content="Sara Hamid">'
            '<meta property="article:published_time" content="2021-05-08T10:00:00+03:00">'
            '<meta property="article:section" content="World">'
            '<link rel="canonical" href="https://herald.example/river">'
        )
        assert parse_html(PAGE.format(lang=' lang="en-GB"', head=head)) == Fields(
            title="River falls",
            source="Tigris Herald",
            byline="Sara Hamid",
            published="2021-05-08",
            category="World",
            url="https://herald.example/river",
            language="en-GB",
            text="The river fell by one metre on 3 May 2021, the irrigation board said on Saturday "
            "after a week of rain.\n"
            "“There is no danger & no alarm,” its director Omar Aziz said; the bridge is open to lorries again.",
        )

    def test_a_page_that_states_no_date_has_none(self) -> None:
        found = parse_html(PAGE.format(lang="", head=""))
        assert (found.published, found.language) == (None, None)

    @pytest.mark.parametrize("html", ["<html><body></body></html>", "<" * 50_000, "<div>" * 50_000, "<p>"])
    def test_a_page_without_an_article(self, html: str) -> None:
        with pytest.raises(LoadError, match="No article is found in this page"):
            parse_html(html)


# What is foreign. Each of these stands in or beside a story of three paragraphs, and none of it may be quoted.

STORY = (
    "<p>Transport minister Salem al-Kinani opened a new bridge in Basra on Tuesday after three years of work.</p>"
    "<p>He said the bridge had cost 48 million dollars, was 1,200 metres long and would carry 90,000 vehicles.</p>"
    "<p>“My children can now walk to school,” said Huda Salim, a nurse who lives on the eastern bank of the river.</p>"
)
LIE = "Governor Asaad Badran said on Tuesday that the bridge had collapsed and that forty people were dead."
POST = f"<p>{LIE}</p>&mdash; Basra Truth (@basratruth)"


def story(within: str = "", head: str = "", beside: str = "", lang: str = "en", over: str = "") -> str:
    first, rest = STORY.split("</p>", 1)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>Bridge opens in Basra</title>{head}'
        f"</head><body><main><article><h1>Bridge opens in Basra</h1>{over}{first}</p>{within}{rest}</article>{beside}"
        "</main></body></html>"
    )


HIDDEN = [
    f"<p hidden>{LIE}</p>",
    f'<p hidden="until-found">{LIE}</p>',
    f"<template><p>{LIE}</p></template>",
    f"<noscript><p>{LIE}</p></noscript>",
    f"<dialog><p>{LIE}</p></dialog>",
    f'<p aria-hidden="true">{LIE}</p>',
    *(
        f'<div style="{style}"><p>{LIE}</p></div>'
        for style in (
            *("display:none", "DISPLAY: None !important", "display/**/:none", "visibility:hidden", "opacity:0"),
            *(
                "font-size:0",
                "font-size: 0px",
                "height:0;overflow:hidden",
                "max-height:0; overflow: hidden",
                "opacity:0.0",
            ),
            *(
                "opacity:0.0",
                "position:absolute;left:-9999px",
                "text-indent:-9999px",
                "position:absolute;clip:rect(0,0,0,0)",
            ),
            *("color:#fff;background:#fff", "color:white;background-color:#FFFFFF", "color:transparent"),
            *("color:#fff", "color: rgb(255, 255, 255); font-size: 1px", "clip-path: inset(50%)", "transform:scale(0)"),
            *("color:#000;background:black", "width:0;overflow:hidden", "content-visibility:hidden"),
        )
    ),
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_a_page_hides_is_no_part_of_its_article(hidden: str) -> None:
    for html in (story(within=hidden), story(beside=hidden)):
        text = parse_html(html).text or ""
        assert "Badran" not in text and text.count("\n") == 2


@pytest.mark.parametrize(
    ("style", "element"),
    [
        (".seo-7 { display: none }", f'<p class="seo-7">{LIE}</p>'),
        ("#x, .y{visibility:hidden}", f'<div id="x"><p>{LIE}</p></div>'),
        ("p.tiny { font-size:0; color:#fff }", f'<p class="tiny a">{LIE}</p>'),
    ],
)
def test_what_its_own_style_sheet_hides_neither(style: str, element: str) -> None:
    text = parse_html(story(within=element, head=f"<style>{style}</style>")).text or ""
    assert "Badran" not in text and text.count("\n") == 2


@pytest.mark.parametrize(
    "head",
    [
        "<style>@media print { article { display: none } }</style>",
        "<style>.no-js article { display: none }</style>",
        "<style>article:not(.ready) { opacity: 0 }</style>",
        "<style>p::before { display: none } a:hover { display: none } !!{</style>",
        "<style>" + "p{" * 5000 + "</style>",
    ],
)
def test_a_style_that_hides_the_story_until_a_script_runs_hides_nothing(head: str) -> None:
    assert (parse_html(story(head=head)).text or "").count("\n") == 2


@pytest.mark.parametrize(
    "style", ["color:#fff;background:#000", "color:#333", "opacity:0.9", "font-size:10px", "left:-5px"]
)
def test_what_can_be_seen_stays(style: str) -> None:
    shown = f'<p style="{style}">The road to the bridge will be closed until June, engineers of the city said.</p>'
    assert "engineers of the city" in (parse_html(story(within=shown)).text or "")


FOREIGN = [
    f'<blockquote class="twitter-tweet">{POST}</blockquote>',
    f'<blockquote class="instagram-media">{POST}</blockquote>',
    f'<blockquote class="tiktok-embed">{POST}</blockquote>',
    f'<div class="fb-post">{POST}</div>',
    f'<blockquote class="reddit-embed-bq">{POST}</blockquote>',
    f'<figure class="wp-block-embed is-provider-twitter">{POST}</figure>',
    f'<div id="comments"><h2>3 Comments</h2><p>{LIE}</p></div>',
    f'<ol class="commentlist"><li><p>{LIE}</p></li></ol>',
    f'<section id="disqus_thread"><p>{LIE}</p></section>',
    f'<div class="userComments"><p>{LIE}</p></div>',
    f'<div itemprop="comment" itemscope itemtype="https://schema.org/Comment"><p>{LIE}</p></div>',
    f'<div class="related-posts"><p>{LIE}</p></div>',
    f"<aside><h3>Related</h3><p>{LIE}</p></aside>",
    f'<div class="most-read"><p>{LIE}</p></div>',
    f'<div class="newsletter-signup"><p>{LIE}</p></div>',
    f'<div id="onetrust-banner"><p>{LIE}</p></div>',
    f'<div class="cookie-notice"><p>{LIE}</p></div>',
    f'<div role="dialog" aria-modal="true"><p>{LIE}</p></div>',
    f'<div class="paywall-prompt"><p>{LIE}</p></div>',
    f'<div class="gallery"><figure><figcaption>{LIE}</figcaption></figure></div>',
    f'<p>Read also: <a href="/x">{LIE}</a></p>',
    f'<p>اقرأ أيضاً: <a href="/x">{LIE}</a></p>',
    f'<p>À lire aussi : <a href="/x">{LIE}</a></p>',
    f'<h3>Related stories</h3><ul><li><a href="/x">{LIE}</a></li></ul>',
    f'<h4>مواضيع ذات صلة</h4><div><a href="/x">{LIE}</a></div>',
    "<p>Subscribe to continue reading. Badran has it all.</p>",
    "<p>اشترك الآن لمتابعة القراءة وBadran.</p>",
    "<p>Abonnez-vous pour lire la suite, Badran.</p>",
    "<p>We use cookies. We and our partners store and access data of Badran.</p>",
]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_what_others_wrote_and_what_leads_away_is_no_part_of_an_article(foreign: str) -> None:
    for html in (story(within=foreign), story(beside=foreign)):
        text = parse_html(html).text or ""
        assert "Badran" not in text and text.count("\n") == 2, text


@pytest.mark.parametrize(
    "paragraph",
    [
        "The comments of the minister were met with anger by the people of the eastern bank of the river.",
        "Related companies of the contractor had been paid for the work before it was begun, the court was told.",
        "Published figures of the ministry show that the price had doubled since the work was begun in 2022.",
        "He told readers of the newspaper to subscribe to nothing that the company says of its own work.",
        "The law on cookies, which the parliament passed on Monday, has nothing to do with bridges, he said.",
    ],
)
def test_a_paragraph_that_speaks_of_such_things_stays(paragraph: str) -> None:
    assert paragraph in (parse_html(story(within=f"<p>{paragraph}</p>")).text or "")


@pytest.mark.parametrize(
    "html",
    [
        f'<html><body class="comments-open"><div class="post"><h1>Bridge opens</h1>{STORY}</div></body></html>',
        f"<html><body><aside><h1>Bridge opens</h1>{STORY}</aside></body></html>",
        f'<html><body><h1>Bridge opens</h1><div class="paywall" itemprop="articleBody">{STORY}</div></body></html>',
        f'<html><body><h1>Bridge opens</h1><div class="related-content">{STORY}</div></body></html>',
        story().replace("<p>He said", '<div class="paywall"><p>He said').replace("</article>", "</div></article>"),
        f'<html><body>{STORY.replace("48", "9")}<h1>Bridge opens</h1><div class="entry-content-read-more">{STORY}'
        "</div></body></html>",
        # What unfolds the rest of a story, and what holds it beside a list of others.
        story()
        .replace("<p>He said", f'<div id="read-more">{STORY * 8}<p>He said')
        .replace("</article>", "</div></article>"),
        f'<html><body><div class="has-read-next">{STORY.replace("p>", "div>") * 8}</div></body></html>',
    ],
)
def test_a_container_s_name_takes_no_article_away(html: str) -> None:
    text = parse_html(html).text or ""
    assert "48 million" in text and "Huda Salim" in text


@pytest.mark.parametrize("name", ["related", "paywall"])
def test_a_container_of_thousands_of_paragraphs_is_looked_at_once(name: str) -> None:
    # Once for each paragraph, this page would take many minutes.
    html = f'<html><body><h1>Bridge opens</h1><div class="{name}">{STORY * 2_000}</div></body></html>'
    assert (parse_html(html).text or "").count("Huda Salim") == 2_000


def test_a_page_that_only_asks_for_consent_says_so() -> None:
    asking = "<p>We use cookies. We and our partners store and access information on a device, and process data.</p>"
    with pytest.raises(LoadError, match=r"only a request for consent|No article is found"):
        parse_html(f"<html><body><main><article>{asking * 3}</article></main></body></html>")


# Days.

LINKED = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("head", "over", "days"),
    [
        (LINKED.format('{"@type":"NewsArticle","datePublished":"2020-07-10T14:15:42Z","dateModified":"2025-01-07"}'),
         "", ("2020-07-10", "2025-01-07")),
        (LINKED.format('{"@graph":[{"@type":"Organization","foundingDate":"1998-02-28"},'
                       '{"@type":["Article"],"datePublished":"2020-07-10"}]}'), "", ("2020-07-10", None)),
        (LINKED.format('//<![CDATA[\n{"@type":"Article","datePublished":"2020-07-10"}\n//]]>'), "",
         ("2020-07-10", None)),
        (LINKED.format("{broken") + '<meta property="article:published_time" content="2020-07-10">', "",
         ("2020-07-10", None)),
        ('<meta property="article:modified_time" content="2025-01-07T09:00:00Z">', "", (None, "2025-01-07")),
        ('<meta property="og:updated_time" content="2025-01-07">',
         '<time datetime="2020-07-10">10 July</time>', ("2020-07-10", "2025-01-07")),
        ("", '<time datetime="2025-01-07" class="updated">x</time><time datetime="2020-07-10">y</time>',
         ("2020-07-10", "2025-01-07")),
        ("", '<span>Updated: <time datetime="2025-01-07">7 January 2025</time></span>', (None, "2025-01-07")),
        ("", '<span itemprop="datePublished" content="2020-07-10">Friday</span>', ("2020-07-10", None)),
        ("", "<div>Published 10 July 2020</div><div>Last updated: 7 January 2025</div>", ("2020-07-10", "2025-01-07")),
        ("", "<div>نشر في: 10 يوليو 2020</div><div>آخر تحديث: 7 يناير 2025</div>", ("2020-07-10", "2025-01-07")),
        ("", "<div>تاريخ النشر: ١٠ تموز ٢٠٢٠</div>", ("2020-07-10", None)),
        ("", "<p>10 تموز/يوليو 2020</p>", ("2020-07-10", None)),
        ("", "<div>تاريخ النشر: الجمعة 19 ذو القعدة 1441 هـ الموافق 10 يوليو 2020 م</div>", ("2020-07-10", None)),
        ("", "<div>نشر في: 19 ذي القعدة 1441هـ | آخر تحديث: 7 كانون الثاني 2025</div>", ("2020-07-10", "2025-01-07")),
        ("", "<div>20 تیر 1399</div>", ("2020-07-10", None)),
        ("", "<div>Published: 19 Dhu al-Qa'dah 1441 AH</div><p>Retrieved 28 November 2026</p>", ("2020-07-10", None)),
        ("", "<p>Founded: 28 February 1998</p><p>Retrieved: 28 November 2026</p>", (None, None)),
        ("", '<div itemscope itemtype="https://schema.org/Book"><meta itemprop="datePublished" content="1998-02-28">A'
         "</div>", (None, None)),
        ("", "<div>Publié le 10 juillet 2020</div><div>Mis à jour le 7 janvier 2025</div>",
         ("2020-07-10", "2025-01-07")),
        ("", "<table><tr><th>Founded</th><td>28 February 1998</td></tr></table>", (None, None)),
        ("", '<span style="display:none" class="published">1998-02-28</span>', (None, None)),
        ("", "", (None, None)),
    ],
)  # fmt: skip
def test_the_day_of_publication_and_that_of_a_change_are_told_apart(
    head: str, over: str, days: tuple[str | None, str | None]
) -> None:
    found = parse_html(story(head=head, over=over))
    article = found.article("x")
    assert (article.published and str(article.published), article.modified and str(article.modified)) == days
    assert not any(word in article.text for word in ("Published", "Last updated", "نشر", "تحديث", "Publié"))


def test_the_day_of_another_story_is_not_the_article_s() -> None:
    other = '<aside><time datetime="2019-01-01">1 January 2019</time></aside>'
    assert parse_html(story(over=other)).published is None


# Names.


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ('<meta name="author" content="Sara Hamid">', "Sara Hamid"),
        ('<meta name="author" content="By Sara Hamid">', "Sara Hamid"),
        ('<meta name="author" content="Username">', None),
        ('<meta name="author" content="Follow Author">', None),
        ('<meta name="author" content="作者">', None),
        ('<meta name="author" content="الكاتب">', None),
        ('<meta name="author" content="https://herald.example/sara">', None),
        ('<meta name="author" content="Tigris Herald">', None),
        (LINKED.format('{"@type":"NewsArticle","author":[{"@type":"Person","name":"Sara Hamid"},'
                       '{"@type":"Organization","name":"Herald Desk"},"Omar Aziz"]}'), "Sara Hamid, Omar Aziz"),
        ('<meta name="author" content="Sara Hamid">' + LINKED.format('{"@type":"NewsArticle","author":"admin"}'),
         "Sara Hamid"),
    ],
)  # fmt: skip
def test_a_byline_is_a_name_or_none(head: str, byline: str | None) -> None:
    outlet = '<meta property="og:site_name" content="Tigris Herald">'
    assert parse_html(story(head=outlet + head)).byline == byline


@pytest.mark.parametrize(
    "name", ["Sara Hamid", "سارة حميد", "Jean-Luc d'Or", "Reuters", "Gabriel García Márquez", "O. K."]
)
def test_a_name_can_be_one(name: str) -> None:
    assert is_name(name, "Tigris Herald")


@pytest.mark.parametrize("name", ["", "...", "@sara", "s@x.example", "12 comments", "Who said it?", "staff", "مجهول"])
def test_what_is_no_name_is_none(name: str) -> None:
    assert not is_name(name, None)
