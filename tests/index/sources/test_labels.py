"""Embargoes, kickers and "Updated:" lines are fields, in every kind of file, and no title or text."""

import json
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from tests.support.loading import only
from tests.support.made_files import docx, mail, page

TITLES = {"en": "Bridge opens in Basra", "ar": "افتتاح جسر البصرة", "fr": "Un pont ouvre à Bassora"}
BODIES = {
    "en": "The transport ministry opened a bridge over the Shatt al-Arab in Basra on Tuesday after three years.",
    "ar": "أعلن وزير النقل سالم الكناني يوم الثلاثاء افتتاح الجسر الجديد على شط العرب بعد ثلاث سنوات من العمل.",
    "fr": "Le ministère des transports a ouvert mardi un pont sur le Chatt al-Arab à Bassora après trois ans.",
}
LINES = {
    "en": ("EMBARGOED UNTIL 00:01 GMT, 6 OCTOBER 2025", "Updated: 7 October 2025, 14:30 GMT"),
    "ar": ("محظور النشر حتى الساعة 18:00 يوم 6 تشرين الأول 2025", "آخر تحديث: 14:30 - 7 تشرين الأول/أكتوبر 2025"),
    "fr": ("Sous embargo jusqu’au 6 octobre 2025 à 0 h 01", "Mis à jour le 7 octobre 2025 à 14h30"),
}
UNTIL = {
    "en": "00:01 GMT, 6 OCTOBER 2025",
    "ar": "الساعة 18:00 يوم 6 تشرين الأول 2025",
    "fr": "6 octobre 2025 à 0 h 01",
}
KICKED = {"en": ("BREAKING | ", "BREAKING"), "ar": ("عاجل: ", "عاجل"), "fr": ("EXCLUSIF - ", "EXCLUSIF")}


def made(kind: str, language: str) -> bytes:
    """Make a file whose title has a kicker, and whose head has an embargo and the day of a change."""
    title, body = f"{KICKED[language][0]}{TITLES[language]}", BODIES[language]
    held, changed = LINES[language]
    match kind:
        case "txt":
            return f"{held}\n\n{title}\n{changed}\n\n{body}\n{body}".encode()
        case "md":
            return f"# {title}\n\n*{held}*\n\n**{changed}**\n\n{body}\n{body}".encode()
        case "docx":
            return docx([held, title, changed, body, body])
        case "eml":
            return mail(title, f"{held}\n\n{body}\n{body}\n\n{changed}\n")
        case _:
            return page(title, [body] * 3, before=f"<p>{held}</p><p class='date'>{changed}</p>").encode()


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
@pytest.mark.parametrize("kind", ["txt", "md", "docx", "eml", "html"])
def test_what_stands_around_an_article_is_a_field(tmp_path: Path, kind: str, language: str) -> None:
    article = only(tmp_path, f"a.{kind}", made(kind, language))
    assert (article.title, article.kicker) == (TITLES[language], KICKED[language][1])
    assert (article.embargo, article.modified) == (UNTIL[language], date(2025, 10, 7))
    assert set(filter(None, article.text.split("\n"))) == {BODIES[language]}


def plain(tmp_path: Path, head: str, *, tail: str = "") -> Article:
    return only(tmp_path, "a.txt", f"{head}\n\n{BODIES['en']}\n{BODIES['en']}{tail}")


@pytest.mark.parametrize(
    ("written", "title", "kicker", "category"),
    [
        ("FOR IMMEDIATE RELEASE\n\nBridge opens", "Bridge opens", "FOR IMMEDIATE RELEASE", None),
        ("SPORT\n\nStars to appeal", "Stars to appeal", None, "SPORT"),
        ("Analysis: Bridge opens too late", "Bridge opens too late", None, "Analysis"),
        ("رأي | الجسر تأخر كثيرا", "الجسر تأخر كثيرا", None, "رأي"),
        ("UPDATE 2-Dam fails in Tell Rumman", "Dam fails in Tell Rumman", "UPDATE 2", None),
        ("#عاجل | افتتاح جسر", "افتتاح جسر", "عاجل", None),
        ("BREAKING | EXCLUSIVE: Dam fails", "Dam fails", "BREAKING · EXCLUSIVE", None),
        ("DERNIÈRE MINUTE : le barrage cède", "le barrage cède", "DERNIÈRE MINUTE", None),
        # Words of a title that look like one.
        ("Live-in nurse saves a family", "Live-in nurse saves a family", None, None),
        ("Breaking bread: a baker's year", "Breaking bread: a baker's year", None, None),
        ("“Exclusive”: what the word means", "“Exclusive”: what the word means", None, None),
        ("Urgent care closes in Arbel", "Urgent care closes in Arbel", None, None),
    ],
)
def test_a_kicker_is_told_from_the_title(
    tmp_path: Path, written: str, title: str, kicker: str | None, category: str | None
) -> None:
    article = plain(tmp_path, written)
    assert (article.title, article.kicker, article.category) == (title, kicker, category)


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("*** STRICTLY EMBARGOED UNTIL 6 OCTOBER 2025 ***", "6 OCTOBER 2025"),
        ("[Embargo: 6 October 2025, 00:01]", "6 October 2025, 00:01"),
        ("Not for publication before Monday 14:00", "Monday 14:00"),
        ("Embargo on Iranian oil lifted", None),
        ("Embargo: 5 things to know about the ban", None),
    ],
)
def test_an_embargo_is_told_from_a_headline_about_one(tmp_path: Path, line: str, until: str | None) -> None:
    article = plain(tmp_path, f"{line}\n\nBridge opens" if until else line)
    assert (article.embargo, article.title) == (until, "Bridge opens" if until else line)


@pytest.mark.parametrize(
    "line",
    [
        "Updated: 7 January 2025",
        "Last updated at 2.30pm on 7 January 2025",
        "Published 10 July 2020 | Updated 7 January 2025, 14:30 local time",
        "تم التحديث في 7 كانون الثاني/يناير 2025 14:30",
        "Dernière mise à jour le 7 janvier 2025 à 14h30",
    ],
)
def test_the_day_of_a_change_is_read_before_and_after_a_text(tmp_path: Path, line: str) -> None:
    for article in (plain(tmp_path, f"Bridge opens\n{line}"), plain(tmp_path, "Bridge opens", tail=f"\n\n{line}\n")):
        assert (article.title, article.modified) == ("Bridge opens", date(2025, 1, 7))
        assert article.text == f"{BODIES['en']}\n{BODIES['en']}"


def test_a_sentence_that_says_such_things_stays(tmp_path: Path) -> None:
    said = "The report was embargoed until Tuesday, and was updated on 7 January 2025."
    article = plain(tmp_path, "Bridge opens", tail=f"\n{said}")
    assert article.text.endswith(said)
    assert (article.embargo, article.modified) == (None, None)


@pytest.mark.parametrize(
    ("head", "kicker", "category"),
    [
        ('<p class="kicker">Exclusive</p><h1>{}</h1>', "Exclusive", None),
        ('<h1><span class="article-kicker">Breaking</span> {}</h1>', "Breaking", None),
        ('<div class="eyebrow"><a href="/basra">Basra</a></div><h1>{}</h1>', None, "Basra"),
        ('<div class="eyebrow">The Basra files</div><h1>{}</h1>', "The Basra files", None),
        ("<p>عاجل</p><h1>{}</h1>", "عاجل", None),
    ],
)
def test_a_kicker_of_a_page_is_told_by_its_place(
    tmp_path: Path, head: str, kicker: str | None, category: str | None
) -> None:
    body = "".join(f"<p>{BODIES['en']}</p>" for _ in range(3))
    html = f"<html lang=en><body><article>{head.format(TITLES['en'])}{body}</article></body></html>"
    article = only(tmp_path, "a.html", html)
    assert (article.title, article.kicker, article.category) == (TITLES["en"], kicker, category)
    assert set(article.text.split("\n")) == {BODIES["en"]}


def test_fields_of_a_file_go_before_its_lines(tmp_path: Path) -> None:
    stated = {"title": "BREAKING: Bridge opens", "embargoed": "2025-10-06T00:01:00Z", "kicker": "Basra"}
    record = json.dumps({**stated, "text": BODIES["en"]})
    article = only(tmp_path, "a.json", record)
    assert (article.title, article.kicker, article.embargo) == (
        "Bridge opens",
        "Basra · BREAKING",
        "2025-10-06T00:01:00Z",
    )


def test_wires_say_until_when_an_item_is_held(tmp_path: Path) -> None:
    nitf = (
        '<nitf><head><docdata><date.issue norm="20251005T120000Z"/><date.release norm="20251006T000100Z"/></docdata>'
        f"</head><body><body.head><hedline><hl1>BREAKING: Bridge opens</hl1></hedline></body.head><body.content>"
        f"<p>{BODIES['en']}</p></body.content></body></nitf>"
    )
    article = only(tmp_path, "a.xml", nitf)
    assert (article.title, article.kicker, article.embargo) == ("Bridge opens", "BREAKING", "2025-10-06T00:01:00Z")
    g2 = (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g1"><itemMeta>'
        "<versionCreated>2025-10-05T12:00:00Z</versionCreated><embargoed>2025-10-06T00:01:00Z</embargoed></itemMeta>"
        "<contentMeta><headline>Bridge opens</headline></contentMeta><contentSet><inlineXML><p>"
        f"{BODIES['en']}</p></inlineXML></contentSet></newsItem>"
    )
    assert only(tmp_path, "b.xml", g2).embargo == "2025-10-06T00:01:00Z"
