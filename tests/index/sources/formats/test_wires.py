"""The formats of news agencies, and what news tools export as JSON."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.support.loading import articles, only, reasons
from tests.support.made_files import ENGLISH

PARAGRAPHS = "".join(f"<p>{sentence}</p>" for sentence in ENGLISH)
NITF = (
    '<?xml version="1.0" encoding="UTF-8"?><nitf><head><docdata><doc-id id-string="rw-77"/>'
    '<date.issue norm="20251005T184012Z"/></docdata></head><body><body.head><hedline><hl1>Bridge opens in Basra</hl1>'
    "</hedline><byline>By Sara Hamid</byline><distributor>Rafidain Wire</distributor></body.head><body.content>"
    f"{PARAGRAPHS}<media><media-caption><p>A picture of the bridge.</p></media-caption></media></body.content>"
    "</body></nitf>"
)
NEWSML = (
    '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem guid="tag:rw,2025:77" version="2" '
    'xml:lang="en"><itemMeta><provider literal="Rafidain Wire"/><versionCreated>2025-10-06T08:00:00Z</versionCreated>'
    "</itemMeta><contentMeta><contentCreated>2025-10-05T18:40:12Z</contentCreated><by>Sara Hamid</by>"
    '<language tag="en"/><headline>Bridge opens in Basra</headline></contentMeta><contentSet><inlineXML><html '
    f'xmlns="http://www.w3.org/1999/xhtml"><body>{PARAGRAPHS}</body></html></inlineXML></contentSet></newsItem>'
    "</itemSet>"
    "</newsMessage>"
)


def test_nitf(tmp_path: Path) -> None:
    article = only(tmp_path, "wire.xml", NITF)
    assert (article.id, article.title, article.text) == ("rw-77", "Bridge opens in Basra", "\n".join(ENGLISH))
    assert (article.byline, article.source, article.published) == ("Sara Hamid", "Rafidain Wire", date(2025, 10, 5))


def test_newsml_g2(tmp_path: Path) -> None:
    article = only(tmp_path, "item.xml", NEWSML)
    assert (article.id, article.title, article.text) == ("tag:rw,2025:77", "Bridge opens in Basra", "\n".join(ENGLISH))
    assert (article.source, article.byline, article.language) == ("Rafidain Wire", "Sara Hamid", "en")
    assert (article.published, article.modified) == (date(2025, 10, 5), date(2025, 10, 6))


def test_nitf_within_newsml_and_a_package_without_text(tmp_path: Path) -> None:
    inner = NITF.removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
    item = f'<newsItem guid="g"><contentSet><inlineXML>{inner}</inlineXML></contentSet></newsItem>'
    article = only(tmp_path, "a.xml", item)
    assert (article.id, article.title, article.text) == ("g", "Bridge opens in Basra", "\n".join(ENGLISH))
    assert "has no text" in reasons(tmp_path, "b.xml", "<newsItem guid='g'><contentSet/></newsItem>")[0]


def test_iptc_7901(tmp_path: Path) -> None:
    message = (
        b"\x01eca062 4 i 211 rwire 061\r\n\x02\r\nBridge opens in Basra\r\n\r\n"
        b"The transport ministry opened a bridge over the Shatt al-Arab in\r\nBasra on Tuesday.\r\n"
        b"It had cost 48 million dollars, the minister said.\r\n\x03\r\n051840 Oct 25\r\n\x04"
    )
    article = only(tmp_path, "wire.txt", message)
    assert article.title == "Bridge opens in Basra"
    assert article.text.startswith("The transport ministry opened a bridge over the Shatt al-Arab in Basra on Tuesday.")
    assert (article.id, article.published) == ("eca062", date(2025, 10, 5))


EXPORTS = {
    "ninjs": {
        "uri": "u7", "headline": "Bridge", "body_html": f"<p>{ENGLISH[1]}</p>",
        "versioncreated": "2025-10-05T18:40:12Z",         "byline": "Sara Hamid", "language": "en",
    },
    "newspaper4k": {
        "title": "Bridge", "text": ENGLISH[1], "authors": ["Sara Hamid"], "publish_date": "2025-10-05T10:00:00",
        "url": "https://h.example/1", "meta_lang": "en",
    },
    "news-please": {
        "title": "Bridge", "maintext": ENGLISH[1], "authors": ["Sara Hamid"], "language": "en",
        "date_publish": "2025-10-05 10:00:00", "date_modify": "2025-10-06 10:00:00",
        "date_download": "2026-01-01 00:00:00",
    },
    "trafilatura": {
        "title": "Bridge", "author": "Sara Hamid", "hostname": "h.example", "date": "2025-10-05", "text": ENGLISH[1],
        "source": "https://h.example/1", "source-hostname": "Herald", "excerpt": "x",
    },
    "Guardian": {
        "response": {"status": "ok", "results": [{
            "id": "world/1", "webTitle": "Bridge", "webPublicationDate": "2025-10-05T10:00:00Z",
            "webUrl": "https://h.example/1", "fields": {"bodyText": ENGLISH[1], "byline": "Sara Hamid"},
        }]}
    },
    "New York Times": {
        "response": {"docs": [{
            "headline": {"main": "Bridge"}, "byline": {"original": "Sara Hamid"},
            "pub_date": "2025-10-05T10:00:00+0000",
            "body": ENGLISH[1], "web_url": "https://h.example/1",
        }]}
    },
    "NewsAPI": {
        "status": "ok", "totalResults": 1, "articles": [{
            "source": {"id": None, "name": "Herald"}, "author": "Sara Hamid", "title": "Bridge",
            "publishedAt": "2025-10-05T10:00:00Z", "content": f"{ENGLISH[1]}… [+1234 chars]",
        }],
    },
    "Event Registry": {
        "articles": {"page": 1, "results": [{
            "uri": "7", "lang": "eng", "date": "2025-10-05", "title": "Bridge", "body": ENGLISH[1],
            "source": {"uri": "h.example", "title": "Herald"}, "authors": [{"uri": "s@h", "name": "Sara Hamid"}],
        }]}
    },
    "MediaCloud": {
        "story_id": "7", "title": "Bridge", "publish_date": "2025-10-05", "media_name": "Herald", "text": ENGLISH[1],
        "author": "Sara Hamid",
    },
    "MongoDB": {
        "_id": {"$oid": "65f"}, "title": "Bridge", "content": ENGLISH[1], "author": "Sara Hamid",
        "date": {"$date": {"$numberLong": "1759658400000"}},
    },
    "MongoDB, relaxed": {
        "title": "Bridge", "content": ENGLISH[1], "author": "Sara Hamid", "date": {"$date": "2025-10-05T10:00:00Z"},
    },
    "WordPress": {
        "id": 7, "date": "2025-10-05T10:00:00", "title": {"rendered": "Bridge"}, "author": "Sara Hamid",
        "content": {"rendered": f"<p>{ENGLISH[1]}</p>"},
    },
}  # fmt: skip


@pytest.mark.parametrize("tool", EXPORTS)
def test_what_news_tools_export(tmp_path: Path, tool: str) -> None:
    (article,) = articles(tmp_path, "export.json", json.dumps(EXPORTS[tool]))
    assert (article.title, article.text.rstrip("…"), article.byline) == ("Bridge", ENGLISH[1], "Sara Hamid")
    assert article.published == date(2025, 10, 5)
    assert (article.language, article.source) in {("en", None), ("en", "Herald")}


def test_an_export_without_texts_names_its_keys(tmp_path: Path) -> None:
    gdelt = {"articles": [{"url": "https://h.example/1", "title": "Bridge", "seendate": "20251005T100000Z"}]}
    assert "It has no 'text'; its keys: url, title, seendate." in reasons(tmp_path, "a.json", json.dumps(gdelt))[0]


def test_markup_and_entities_in_values_are_read_as_what_they_show(tmp_path: Path) -> None:
    exported = {
        "title": "Bridge opens &#8211; at last",
        "content": "<p>A bridge opened.</p>\n<p>&#8220;It cost $48&nbsp;million,&#8221; he said. "
        '<a href="/x?a=1&amp;b">More</a>'
        "</p><script>var n = 3;</script><figure><figcaption>A picture.</figcaption></figure><p>He denied it.</p>",
    }
    article = only(tmp_path, "cms.json", json.dumps(exported))
    assert article.title == "Bridge opens – at last"
    assert article.text == "A bridge opened.\n“It cost $48 million,” he said. More\nHe denied it."


def test_a_text_that_only_looks_like_markup_stays(tmp_path: Path) -> None:
    text = "Profit of A&B rose: 3 < 5 and x > 2, said <Omar>."
    assert only(tmp_path, "a.json", json.dumps({"text": text})).text == text
