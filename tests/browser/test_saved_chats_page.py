"""What the browser keeps of the chat, and what readers say of answers: in a real browser, over real answers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from index import Article, Encoder, Library, ReaderVerdict
from qa import Answer, Assistant
from tests.support.pages import DESKTOP, PHONE, Served, Visit

QUESTION = "who disputed the ISIS threat?"
BRIDGE = "When does the Khazir bridge open?"
DONE = ".bot-row .khabar-answer:not(.khabar-unfinished)"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, chromium: Browser, served: Served) -> Iterator[Visit]:
    opened = Visit(chromium, served.url, request.param)
    yield opened
    opened.close()


@pytest.fixture
def phone(chromium: Browser, served: Served) -> Iterator[Visit]:
    opened = Visit(chromium, served.url, PHONE)
    yield opened
    opened.close()


def test_a_reload_shows_the_same_answer_with_the_same_evidence(visit: Visit) -> None:
    page = visit.page
    shown = visit.ask(QUESTION).inner_html()
    kept = page.evaluate("Object.values(localStorage)[0]")
    visit.reload()
    expect(page.locator(DONE)).to_be_visible()
    assert page.locator(DONE).inner_html() == shown
    # Not answered again: what is kept is what was.
    assert page.evaluate("Object.values(localStorage)[0]") == kept
    page.locator(DONE).locator(".khabar-cite").first.click()
    expect(page.locator("#khabar-quote")).to_have_text(page.locator("q").first.text_content() or "")
    expect(page.locator("#khabar-quote")).to_be_in_viewport()


def test_conversations_are_listed_taken_up_renamed_saved_and_deleted(visit: Visit) -> None:
    page = visit.page
    visit.ask(QUESTION)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator(".user-row")).to_have_count(0)
    visit.ask("What did the central bank do to its rate?")
    page.get_by_role("button", name="History").click()
    rows = page.locator(".khabar-chats li")
    expect(rows.locator(".khabar-take")).to_have_text(["What did the central bank do to its rate?", QUESTION])
    page.once("dialog", lambda dialog: dialog.accept("The <b>threat</b>"))
    rows.nth(1).get_by_role("button", name="Rename").click()
    expect(rows.locator(".khabar-take").nth(1)).to_have_text("The <b>threat</b>")
    with page.expect_download() as markdown:
        rows.nth(1).get_by_role("button", name="Markdown").click()
    text = Path(markdown.value.path()).read_text(encoding="utf-8")
    assert text.startswith(f"# The \\<b\\>threat\\</b\\>\n\n## {QUESTION}\n")
    with page.expect_download() as plain:
        rows.nth(1).get_by_role("button", name="JSON").click()
    assert plain.value.suggested_filename == "The-b-threat-b.json"
    (turn,) = json.loads(Path(plain.value.path()).read_text(encoding="utf-8"))["turns"]
    answer = Answer.from_dict(turn["answer"])
    assert answer.used[0].quote in text
    rows.nth(1).locator(".khabar-take").click()
    expect(page.locator(".khabar-asked")).to_have_text([QUESTION])
    page.get_by_role("button", name="History").click()
    page.once("dialog", lambda dialog: dialog.accept())
    rows.nth(0).get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(1)
    page.keyboard.press("Escape")
    assert page.evaluate("localStorage.length") == 1


def test_what_a_browser_sends_that_is_no_conversation_is_refused(phone: Visit) -> None:
    phone.page.evaluate("""() => {
      localStorage.setItem('khabar.chat.x', JSON.stringify({id: 'x', title: 'x', turns: [{question: 1}]}));
      sessionStorage.setItem('khabar.current', 'x');
    }""")
    phone.reload()
    expect(phone.page.get_by_text("This is no conversation that Khabar kept")).to_be_visible()
    phone.page.get_by_role("button", name="History").click()
    expect(phone.page.locator(".khabar-chats")).to_have_text("Nothing has been asked in this browser yet.")
    phone.page.keyboard.press("Escape")


@pytest.fixture
def bridge(tmp_path: Path, encoder: Encoder, samples: Assistant) -> Iterator[Served]:
    with Assistant(Library.open(tmp_path / "library", encoder=encoder), reader=samples.reader) as assistant:
        text = "The Khazir bridge opens on 14 May."
        assistant.library.add([Article.create("bridge", text, title="Bridge opens in May", source="Wire")])
        page = Served(assistant, client=False)
        yield page
        page.close()


def test_a_verdict_is_kept_in_the_catalog_and_shown(chromium: Browser, bridge: Served) -> None:
    visit = Visit(chromium, bridge.url, DESKTOP)
    visit.ask(BRIDGE)
    page = visit.page
    page.locator(".khabar-verdict summary").click()
    page.get_by_role("button", name="wrong sentence").click()
    expect(page.locator(".khabar-noted")).to_have_text("Noted: wrong sentence.")
    visit.until_kept('"verdict":"wrong_sentence"')
    (given,) = bridge.assistant.library.feedback.all()
    assert (given.verdict, given.question) == (ReaderVerdict.WRONG_SENTENCE, BRIDGE)
    assert Answer.from_dict(given.answer).used[0].article.id == "bridge"
    visit.reload()
    expect(page.locator(".khabar-noted")).to_have_text("Noted: wrong sentence.")
    page.get_by_role("button", name="Right answer").click()
    expect(page.locator(".khabar-noted")).to_have_text("Noted: right answer.")
    assert [found.verdict for found in bridge.assistant.library.feedback.all()] == [ReaderVerdict.GOOD]
    visit.close()


def test_an_answer_outlives_its_article(chromium: Browser, bridge: Served) -> None:
    library = bridge.assistant.library
    visit = Visit(chromium, bridge.url, DESKTOP)
    answer = visit.ask(BRIDGE)
    page = visit.page
    library.add([Article.create("bridge", "The Khazir bridge opens on 20 June.", title="Bridge opens in June")])
    visit.reload()
    panel = page.locator("#khabar-evidence")
    expect(panel).to_contain_text("The article has changed since")
    expect(panel.locator("#khabar-quote")).to_have_text("The Khazir bridge opens on 14 May.")
    panel.get_by_role("button", name="Show the current version").click()
    expect(panel.locator(".khabar-body")).to_have_text("The Khazir bridge opens on 20 June.")
    panel.get_by_role("button", name="1, added").click()
    expect(panel.locator(".khabar-body")).to_have_text("The Khazir bridge opens on 14 May.")
    library.remove(["bridge"])
    answer.locator(".khabar-cite").first.click()
    expect(panel).to_contain_text("withdrawn from the library")
    expect(panel.locator("blockquote")).to_have_text("The Khazir bridge opens on 14 May.")
    expect(panel).to_contain_text("Bridge opens in May")
    visit.close()
