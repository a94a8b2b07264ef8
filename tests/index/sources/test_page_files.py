"""Web pages: nothing foreign in an article, and the days that the page states of itself."""

import json
from datetime import date
from pathlib import Path

import pytest

from index.sources.credits import day_line
from index.sources.pages.authors import is_name
from index.text.normalisation import Span
from qa.attribution.attribution import speaker_of
from tests.support.loading import only, reasons
from tests.support.made_files import ARABIC, ENGLISH, page

LIE = "Governor Asaad Badran resigned on Tuesday night over the collapse of the bridge in Basra, his office said."
LD = '<script type="application/ld+json">{}</script>'


def text_of(folder: Path, html: str) -> str:
    return only(folder, "page.html", html).text


@pytest.mark.parametrize(
    "hidden",
    [
        f"<p hidden>{LIE}</p>",
        f"<template><p>{LIE}</p></template>",
        f'<div aria-hidden="true"><p>{LIE}</p></div>',
        f'<div style="display: none"><p>{LIE}</p></div>',
        f'<p style="visibility:hidden">{LIE}</p>',
        f'<p style="font-size: 0px">{LIE}</p>',
        f'<p style="color:#fff;font-size:0">{LIE}</p>',
        f'<p style="color: white; background-color: #FFF">{LIE}</p>',
        f'<p style="color:#ffffff">{LIE}</p>',
        f'<p style="opacity:0">{LIE}</p>',
        f'<div style="height:0;overflow:hidden"><p>{LIE}</p></div>',
        f'<p style="position:absolute;left:-9999px">{LIE}</p>',
    ],
)
def test_what_a_page_hides_is_not_read(tmp_path: Path, hidden: str) -> None:
    assert text_of(tmp_path, page("Bridge opens", ENGLISH, after=hidden)) == "\n".join(ENGLISH)


def test_a_page_that_hides_all_of_itself_until_it_is_loaded_is_read(tmp_path: Path) -> None:
    html = page("Bridge opens", ENGLISH).replace("<article>", '<article style="opacity:0">')
    assert text_of(tmp_path, html) == "\n".join(ENGLISH)


@pytest.mark.parametrize(
    "comments",
    [
        '<div id="comments"><div class="comment-body"><p>{}</p></div></div>',
        '<section class="sf_comment_list"><p>{}</p></section>',
        '<ol class="commentlist"><li><p>{}</p></li></ol>',
        '<div itemscope itemtype="https://schema.org/Comment"><p>{}</p></div>',
        '<div id="disqus_thread"><p>{}</p></div>',
    ],
)
@pytest.mark.parametrize("times", [1, 20])
def test_readers_comments_are_no_part_of_an_article(tmp_path: Path, comments: str, times: int) -> None:
    """However many of them there are, and also where nothing marks the article itself."""
    html = page("Bridge opens", ENGLISH).replace("<article>", '<div class="box">').replace("</article>", "</div>")
    html = html.replace("</body>", comments.format(LIE) * times + "</body>")
    assert text_of(tmp_path, html) == "\n".join(ENGLISH)


@pytest.mark.parametrize(
    "post",
    [
        '<blockquote class="twitter-tweet"><p>{}</p>&mdash; Basra Truth <a href="#">October 5, 2025</a></blockquote>',
        '<blockquote class="instagram-media"><p>{}</p></blockquote>',
        '<div class="fb-post"><blockquote><p>{}</p></blockquote></div>',
        '<blockquote cite="https://x.com/basratruth/status/1"><p>{}</p></blockquote>',
        '<blockquote class="tiktok-embed"><section><p>{}</p></section></blockquote>',
    ],
)
def test_a_strangers_post_is_not_the_outlets_reporting(tmp_path: Path, post: str) -> None:
    assert text_of(tmp_path, page("Bridge opens", ENGLISH, after=post.format(LIE))) == "\n".join(ENGLISH)


QUOTED = "The east bank stays closed until June. It opens on Monday after repairs!"
POSTS = {
    "twitter": '<blockquote class="twitter-tweet"><p lang="en">{}</p>&mdash; Sara Hamid (@sarahamid) '
    '<a href="https://twitter.com/sarahamid/status/1">October 5, 2025</a></blockquote><script async></script>',
    "instagram": '<blockquote class="instagram-media"><div><p><a href="https://www.instagram.com/p/1/">{}</a></p>'
    '<p>A post shared by <a href="#">Sara Hamid</a> (@sarahamid)</p></div></blockquote>',
    "facebook": '<div class="fb-post" data-href="https://www.facebook.com/1"><blockquote class="fb-xfbml-parse-ignore">'
    '<p>{}</p>Posted by <a href="https://www.facebook.com/sara">Sara Hamid</a> on <a href="#">5 October</a>'
    "</blockquote></div>",
    "instagram in French": '<blockquote class="instagram-media"><p>{}</p><p>Une publication partagée par Sara Hamid '
    "(@sarahamid)</p></blockquote>",
    "instagram in Arabic": '<blockquote class="instagram-media"><p>{}</p><p>‏تمت مشاركة منشور بواسطة ‏Sara Hamid‏ '
    "(@‏sarahamid‏)</p></blockquote>",
}


@pytest.mark.parametrize("network", POSTS)
@pytest.mark.parametrize(
    "lead",
    ["<p>The engineer Sara Hamid was not content with that.</p>", "<p>An engineer wrote on Sunday:</p>",
     "<p>كتبت مهندسة يوم الأحد:</p>", "<p>Une ingénieure a écrit dimanche :</p>"],
)  # fmt: skip
def test_a_post_that_the_article_quotes_keeps_its_author(tmp_path: Path, network: str, lead: str) -> None:
    text = text_of(tmp_path, page("Bridge opens", ENGLISH, after=lead + POSTS[network].format(QUOTED)))
    assert text.split("\n")[len(ENGLISH) + 1 :] == [f"Sara Hamid: “{QUOTED}”"]


@pytest.mark.parametrize("network", POSTS)
def test_a_post_that_it_does_not_quote_is_no_part_of_it(tmp_path: Path, network: str) -> None:
    html = page("Bridge opens", ENGLISH, after=POSTS[network].format(QUOTED) + f"<p>{ARABIC[0]}</p>")
    assert text_of(tmp_path, html) == "\n".join((*ENGLISH, ARABIC[0]))


def test_a_hidden_post_is_not_quoted_though_the_article_names_its_author(tmp_path: Path) -> None:
    hidden = f'<div aria-hidden="true">{POSTS["twitter"].format(LIE)}</div>'
    after = f"<p>Sara Hamid, an engineer, was glad of it.</p>{hidden}"
    assert "Badran" not in text_of(tmp_path, page("Bridge opens", ENGLISH, after=after))


@pytest.mark.parametrize(
    ("code", "lead"),
    [
        ("en", "The engineer was not content:"),
        ("ar", "ولم تكن المهندسة راضية:"),
        ("fr", "L'ingénieure n'était pas contente :"),
    ],
)  # fmt: skip
def test_who_posted_it_is_who_is_quoted(tmp_path: Path, code: str, lead: str) -> None:
    said = {
        "en": "The east bank stays closed until June.",
        "ar": "الضفة الشرقية مغلقة حتى يونيو.",
        "fr": "La rive est reste fermée jusqu'en juin.",
    }[code]
    name = "سارة حميد" if code == "ar" else "Sara Hamid"
    html = page("Bridge", ENGLISH, after=f"<p>{lead}</p>" + POSTS["twitter"].format(said).replace("Sara Hamid", name))
    article = only(tmp_path, "a.html", html.replace('lang="en"', f'lang="{code}"'))
    start = article.text.index(said)
    found = speaker_of(article, Span(start, start + len(said)))
    assert found is not None and found.name == name


def test_a_quotation_of_the_articles_own_stays(tmp_path: Path) -> None:
    quoted = "<blockquote><p>“It will carry 90,000 vehicles a day,” the minister wrote to parliament.</p></blockquote>"
    assert "90,000 vehicles a day,” the minister" in text_of(tmp_path, page("Bridge opens", ENGLISH, after=quoted))


CONSENT = (
    "<p>We and our 842 partners store and access information on a device, such as cookies, and process your data.</p>"
    "<p>You may accept or manage your choices by clicking below, including your right to object to interests.</p>"
)


@pytest.mark.parametrize(
    "around", ['<div id="gdpr">{}</div>', '<div role="dialog">{}</div>', '<div class="cookie-banner">{}</div>']
)
@pytest.mark.parametrize("story", ["<aside><div>{}</div></aside>", "<main>{}</main>"])
def test_a_consent_window_is_not_the_article(tmp_path: Path, around: str, story: str) -> None:
    body = "<h1>Bridge opens</h1>" + "".join(f"<p>{sentence}</p>" for sentence in ENGLISH)
    shown = around.format(CONSENT) + story.format(body)
    html = f"<html><head><title>Bridge opens</title></head><body>{shown}</body></html>"
    assert text_of(tmp_path, html) == "\n".join(ENGLISH)


def test_a_page_of_consent_alone_holds_no_article(tmp_path: Path) -> None:
    html = f'<html><head><title>Bridge</title></head><body><div id="gdpr">{CONSENT}</div></body></html>'
    assert reasons(tmp_path, "a.html", html)


def test_a_text_that_is_in_the_pages_data_alone(tmp_path: Path) -> None:
    stated = {"@type": "NewsArticle", "headline": "Bridge opens", "articleBody": "\n".join(ENGLISH)}
    html = (
        f"<html><head><title>Bridge opens</title>{LD.format(json.dumps(stated))}</head><body>"
        "<p>To continue reading this article, subscribe now for one dollar a month. Already a subscriber? Sign in.</p>"
        "</body></html>"
    )
    assert text_of(tmp_path, html).split() == " ".join(ENGLISH).split()


NEWS = {"@type": "NewsArticle", "datePublished": "2020-07-10T14:15:42+00:00", "dateModified": "2025-01-07T09:08:22Z"}


@pytest.mark.parametrize(
    ("head", "before"),
    [
        (LD.format(json.dumps(NEWS)) + '<meta property="article:modified_time" content="2025-01-07T09:08:22Z">', ""),
        (LD.format(json.dumps({"@graph": [{"@type": "WebSite"}, {**NEWS, "@type": ["Article"]}]})), ""),
        (
            '<meta property="article:published_time" content="2020-07-10"><meta property="og:updated_time" '
            'content="2025-01-07">',
            "",
        ),
        (
            "",
            '<time datetime="2025-01-07T09:08:22Z" class="updated">Updated 7 January 2025</time> '
            '<time datetime="2020-07-10T14:15:42Z" class="published">Published 10 July 2020</time>',
        ),
        ("", "<div>Published: 10 July 2020 | Updated: 7 January 2025</div>"),
        ("", "<div>نشر في: 10 يوليو 2020</div><div>آخر تحديث: 7 يناير 2025</div>"),
        ("", "<p>١٠ تموز/يوليو ٢٠٢٠</p><p>تم التحديث: ٧ كانون الثاني ٢٠٢٥</p>"),
        ("", "<p>Publié le 10 juillet 2020</p><p>Mis à jour le 7 janvier 2025</p>"),
    ],
)
def test_the_day_of_publication_is_not_that_of_a_change(tmp_path: Path, head: str, before: str) -> None:
    article = only(tmp_path, "a.html", page("Bridge opens", ENGLISH, head=head, before=before))
    assert (article.published, article.modified) == (date(2020, 7, 10), date(2025, 1, 7))
    assert article.text == "\n".join(ENGLISH)


@pytest.mark.parametrize(
    ("head", "before"),
    [
        (LD.format(json.dumps({"@type": "Organization", "foundingDate": "1998-02-28"})), ""),
        (
            "",
            "<table><tr><th>Founded</th><td>28 February 1998<span style='display:none'>(<span class='bday dtstart "
            "published updated'>1998-02-28</span>)</span></td></tr></table>",
        ),
        ("", "<aside><time datetime='1998-02-28'>28 February 1998</time></aside>"),
    ],
)
def test_a_day_that_the_page_tells_of_is_not_its_own(tmp_path: Path, head: str, before: str) -> None:
    assert only(tmp_path, "a.html", page("Basra Ports Company", ENGLISH, head=head, before=before)).published is None


def test_the_day_in_the_address_where_nothing_else_says_it(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://herald.example/2020/07/10/bridge">'
    assert only(tmp_path, "a.html", page("Bridge opens", ENGLISH, head=head)).published == date(2020, 7, 10)


def test_lines_of_days() -> None:
    assert day_line("Tuesday 10 July 2020 14:30").published == "10 July 2020"
    line = day_line("آخر تحديث: 7 يناير 2025")
    assert (line.published, line.modified, line.is_whole) == (None, "7 يناير 2025", True)
    assert not day_line("The bridge opened on 10 July 2020").published
    assert not day_line("Founded: 28 February 1998").published


@pytest.mark.parametrize("byline", ["Username", "Follow Author", "作者", "Tigris Herald", "press@x.example", "الكاتب"])
def test_a_byline_that_names_nobody_is_none(byline: str) -> None:
    assert not is_name(byline, "Tigris Herald")


@pytest.mark.parametrize("byline", ["Sara Hamid", "سارة حميد", "Jean-Paul Dupont", "Admin Kovač"])
def test_a_byline_that_names_somebody(byline: str) -> None:
    assert is_name(byline, "Tigris Herald")


def test_an_arabic_page(tmp_path: Path) -> None:
    assert text_of(tmp_path, page("افتتاح جسر البصرة", ARABIC)) == "\n".join(ARABIC)
