"""Mail: what its header says, what it says itself, what is attached, and pages saved by a browser."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.loading import articles, loaded, only, reasons
from tests.support.made_files import ARABIC, ENGLISH, docx, mail, page

SUBJECT = "افتتاح جسر البصرة"


@pytest.mark.parametrize("name", ["release.eml", "release.txt", "release"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_message_whatever_it_is_called(tmp_path: Path, name: str, line_end: bytes) -> None:
    article = only(tmp_path, name, mail(SUBJECT, "\n\n".join(ARABIC)).replace(b"\n", line_end))
    assert (article.title, article.text.split("\n\n")) == (SUBJECT, list(ARABIC))
    assert (article.source, article.published) == ("Press Office", date(2025, 10, 5))
    assert article.id == "release-7@min.example"


@pytest.mark.parametrize(
    "thread",
    [
        "On Sat, 4 Oct 2025 at 10:00, Omar <o@x.example> wrote:\n> Forty people died.\n>\n> Really.\n",
        "Le 4 oct. 2025 à 10:00, Omar <o@x.example>\na écrit :\n> Forty people died.\n",
        "في السبت، كتب عمر <o@x.example>:\n> Forty people died.\n",
        "-----Original Message-----\nFrom: Omar\nSent: Saturday\nTo: list\nSubject: Re\n\nForty people died.\n",
        "-- \nForty people died.\n",
    ],
)
def test_a_quoted_thread_and_a_signature_are_no_words_of_the_message(tmp_path: Path, thread: str) -> None:
    assert only(tmp_path, "a.eml", mail("Re: bridge", f"{ENGLISH[0]}\n\n{thread}")).text.strip() == ENGLISH[0]


def test_words_between_quoted_lines_are_kept(tmp_path: Path) -> None:
    text = f"Omar wrote:\n> Is it open?\n{ENGLISH[0]}\n> And the price?\n{ENGLISH[1]}\n"
    assert only(tmp_path, "a.eml", mail("Re", text)).text == f"{ENGLISH[0]}\n{ENGLISH[1]}"


def test_a_newsletter_is_read_from_its_page_without_footer_and_hidden_preview(tmp_path: Path) -> None:
    html = page(
        "Bridge opens", ENGLISH, before='<div style="display:none">Preview: forty people died.</div>',
        after='<table><tr><td>Ministry, Basra. <a href="https://x.example/unsubscribe?u=7">Leave</a></td></tr></table>'
        '<img src="https://x.example/open.gif" width="1" height="1">',
    )  # fmt: skip
    article = only(tmp_path, "letter.eml", mail("Bridge opens", "View it in your browser.", html=html))
    assert article.text == "\n".join(ENGLISH)


def test_a_short_letter_in_html(tmp_path: Path) -> None:
    article = only(
        tmp_path, "a.eml", mail("Hospital", " ", html="<p>The hospital closes on 1 November.</p>" + " " * 300)
    )
    assert article.text == "The hospital closes on 1 November."


def test_what_is_attached_is_read_too_and_what_cannot_be_is_named(tmp_path: Path) -> None:
    attached = {"release.docx": docx(["Bridge opens", *ENGLISH]), "logo.png": b"\x89PNG\r\n\x1a\n" + bytes(50)}
    found = loaded(tmp_path, "a.eml", mail("See attached", "Please find our release attached.", attached=attached))
    assert found[1].article.text == "\n".join(ENGLISH)
    assert found[1].article.id == "a.eml#2"
    assert "'logo.png'" in found[2].reason and "It is a picture." in found[2].reason


def test_a_mailbox_is_its_messages(tmp_path: Path) -> None:
    one = mail("First", f"{ENGLISH[0]}\n\n>From here on it is open.")
    other = mail("Second", ENGLISH[1]).replace(b"release-7", b"release-8")
    box = (
        b"From min@example Sun Oct  5 18:40:12 2025\n" + one + b"\nFrom min@example Sun Oct  5 19:40:12 2025\n" + other
    )
    first, second = articles(tmp_path, "archive.mbox", box)
    assert (first.title, second.title, second.text.strip()) == ("First", "Second", ENGLISH[1])


def test_a_page_saved_by_a_browser(tmp_path: Path) -> None:
    html = page("افتتاح جسر البصرة", ARABIC)
    saved = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://herald.example/bridge\r\nSubject: x\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="----b"\r\n\r\n'
        "------b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{html}\r\n------b--\r\n"
    )
    article = only(tmp_path, "page.mhtml", saved)
    assert (article.title, article.url) == ("افتتاح جسر البصرة", "https://herald.example/bridge")
    assert article.text == "\n".join(ARABIC)


def test_a_message_that_only_quotes_says_so(tmp_path: Path) -> None:
    assert "no words of its own" in reasons(tmp_path, "a.eml", mail("Re", "> One.\n> Two.\n"))[0]
