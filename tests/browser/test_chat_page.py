"""The chat of the page, used by a person: steps, stop, retry, edit, start over, keyboard, filters, both languages."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from index import FacetCount, Filters
from qa import Assistant
from tests.support.gates import HeldReader
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from tests.support.patience import PATIENCE

QUESTION = "who disputed the ISIS threat?"
ANSWERED = "How many people were killed in the port of Umm al-Nakhil?"
DONE = ".bot-row .khabar-answer:not(.khabar-unfinished)"


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator[Visit]:
    opened = Visit(chromium, served.url, DESKTOP)
    yield opened
    opened.close()


@pytest.fixture
def phone(chromium: Browser, served: Served) -> Iterator[Visit]:
    opened = Visit(chromium, served.url, PHONE)
    yield opened
    opened.close()


def test_enter_asks_and_shift_enter_begins_a_line(visit: Visit) -> None:
    box = visit.page.locator("#khabar-question textarea")
    box.fill("who disputed")
    box.press("Shift+Enter")
    box.press_sequentially("the ISIS threat?")
    expect(box).to_have_value("who disputed\nthe ISIS threat?")
    box.press("Enter")
    expect(visit.page.locator(".khabar-asked")).to_have_text("who disputed\nthe ISIS threat?")
    expect(visit.page.locator(DONE)).to_be_visible()
    expect(box).to_have_value("")


@pytest.mark.parametrize("way", ["Enter", "button"])
def test_a_question_is_shown_before_the_server_has_it(visit: Visit, way: str) -> None:
    held: list[Route] = []
    visit.page.route("**/queue/join*", lambda route: held.append(route), times=1)
    visit.page.fill("#khabar-question textarea", ANSWERED)
    if way == "Enter":
        visit.page.keyboard.press("Enter")
    else:
        visit.page.locator("#khabar-question .submit-button").click()
    asking = visit.page.locator(".khabar-asking")
    expect(asking).to_have_text(ANSWERED)
    assert visit.page.locator(".user-row").count() == 0
    visit.until(lambda: held)
    held[0].continue_()
    expect(visit.page.locator(DONE)).to_be_visible()
    expect(asking).to_have_count(0)


def test_a_question_that_does_not_reach_the_server_stays_in_the_box(visit: Visit) -> None:
    visit.page.route("**/queue/join*", lambda route: route.fulfill(status=503, body="{}"))
    visit.page.fill("#khabar-question textarea", ANSWERED)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".toast-body.error")).to_be_visible()
    expect(visit.page.locator(".khabar-asking")).to_have_count(0)
    expect(visit.page.locator("#khabar-question textarea")).to_have_value(ANSWERED)
    visit.errors.clear()


def test_a_slash_goes_to_the_question_and_can_still_be_written(visit: Visit) -> None:
    box = visit.page.locator("#khabar-question textarea")
    visit.page.get_by_role("button", name="New chat").focus()
    visit.page.keyboard.press("/")
    expect(box).to_be_focused()
    visit.page.keyboard.press("/")
    expect(box).to_have_value("/")


def test_the_steps_are_folded_away_below_the_answer(visit: Visit) -> None:
    visit.ask(QUESTION)
    steps = visit.page.locator(".khabar-steps")
    expect(steps.locator("li").first).to_be_hidden()
    steps.locator("summary").click()
    expect(steps.locator("li").first).to_contain_text("Searched the articles: ")
    expect(steps.locator("li").nth(1)).to_contain_text("Read the closest passages and checked the quotes: ")


def test_an_edited_question_is_answered_in_place_of_the_old_one(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.ask("What did the central bank do to its rate?")
    visit.page.get_by_role("button", name="Edit the question").first.click()
    box = visit.page.locator("#khabar-question textarea")
    expect(box).to_have_value(QUESTION)
    expect(visit.page.locator(".khabar-editing")).to_be_visible()
    box.fill(ANSWERED)
    box.press("Enter")
    expect(visit.page.locator(".khabar-asked")).to_have_text([ANSWERED, "What did the central bank do to its rate?"])
    expect(visit.page.locator(".khabar-editing")).to_have_count(0)
    answer = visit.page.locator(DONE).first
    expect(answer).to_contain_text("killed")
    # The [n] of the answer that came in place of the old one opens its own article.
    answer.locator(".khabar-cite").first.click()
    expect(visit.page.locator("#khabar-quote")).to_have_text(answer.locator("q").first.text_content() or "")


def test_escape_leaves_a_question_unedited(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.page.get_by_role("button", name="Edit the question").click()
    expect(visit.page.locator(".khabar-editing")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator(".khabar-editing")).to_have_count(0)
    expect(visit.page.locator("#khabar-question textarea")).to_have_value("")
    visit.ask(ANSWERED)
    expect(visit.page.locator(".khabar-asked")).to_have_text([QUESTION, ANSWERED])


@pytest.mark.parametrize("way", ["Escape", "button"])
def test_an_answer_can_be_stopped_and_asked_again(chromium: Browser, samples: Assistant, way: str) -> None:
    held = HeldReader(samples.reader)
    page = Served(Assistant(samples.library, reader=held))
    visit = Visit(chromium, page.url, DESKTOP)
    try:
        visit.page.fill("#khabar-question textarea", QUESTION)
        visit.page.keyboard.press("Enter")
        expect(visit.page.locator(".khabar-step")).to_be_visible()
        if way == "Escape":
            visit.page.keyboard.press("Escape")
        else:
            visit.page.locator("#khabar-question .stop-button").click()
        expect(visit.page.locator("#khabar-question .submit-button")).to_be_visible()
        held.gate.free.set()
        expect(visit.page.locator(DONE)).to_have_text("Stopped. Ask it again, or edit the question.")
        visit.page.get_by_role("button", name="Ask it again").click()
        expect(visit.page.locator(DONE).locator("q").first).to_be_visible()
        expect(visit.page.locator(".khabar-asked")).to_have_count(1)
    finally:
        held.gate.free.set()
        visit.close()
        page.close()


def test_news_of_the_library_that_comes_late_undoes_no_answer(
    chromium: Browser, samples: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_news, is_late, free = threading.Event(), threading.Event(), threading.Event()
    page = Served(samples, client=False, is_ready=is_news.is_set)
    visit = Visit(chromium, page.url, DESKTOP)

    def months_late(filters: Filters) -> list[FacetCount]:
        is_late.set()
        assert free.wait(PATIENCE)
        return [FacetCount("2031-05", 1)]

    # The last thing that the page asks the library for, once it has seen that there is news.
    monkeypatch.setattr(samples.library, "months", months_late)
    is_news.set()
    visit.until(is_late.is_set)
    answer = visit.ask(QUESTION)
    free.set()
    expect(visit.page.locator("#khabar-listing")).to_contain_text("2031")
    expect(answer.locator("q").first).to_be_visible()
    visit.close()
    page.close()


def test_steps_that_come_before_the_browser_knows_what_they_are_of_are_shown_all_the_same(
    chromium: Browser, samples: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy browser hears of the first steps of an answer before it has heard that the question was taken."""
    held, is_news, is_late, free = HeldReader(samples.reader), threading.Event(), threading.Event(), threading.Event()
    page = Served(Assistant(samples.library, reader=held), client=False, is_ready=is_news.is_set)
    visit = Visit(chromium, page.url, DESKTOP)

    def months_late(filters: Filters) -> list[FacetCount]:
        is_late.set()
        assert free.wait(PATIENCE)
        return [FacetCount("2031-05", 1)]

    joining: list[Route] = []

    def join(route: Route) -> None:
        if QUESTION in (route.request.post_data or ""):
            joining.append(route)
        else:
            route.continue_()

    try:
        # The page waits for news of the library, and so for whatever else the server says meanwhile.
        monkeypatch.setattr(samples.library, "months", months_late)
        is_news.set()
        visit.until(is_late.is_set)
        visit.page.route("**/queue/join*", join)
        visit.page.fill("#khabar-question textarea", QUESTION)
        visit.page.keyboard.press("Enter")
        visit.until(lambda: joining)
        taken = joining[0].fetch()
        visit.until(lambda: held.gate.came)
        # What is said in one stream comes in its order: with the news, the first steps are there.
        free.set()
        expect(visit.page.locator("#khabar-listing")).to_contain_text("2031")
        joining[0].fulfill(response=taken)
        expect(visit.page.locator("#khabar-question textarea")).to_have_value("")
        expect(visit.page.locator("#khabar-question .stop-button")).to_be_visible()
        held.gate.free.set()
        expect(visit.page.locator(DONE).locator("q").first).to_be_visible()
        expect(visit.page.locator("#khabar-question .submit-button")).to_be_visible()
    finally:
        free.set()
        held.gate.free.set()
        visit.close()
        page.close()


def test_a_new_chat_begins_with_examples(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.page.get_by_role("button", name="New chat").click()
    expect(visit.page.locator(".khabar-welcome")).to_be_visible()
    expect(visit.page.locator(".user-row")).to_have_count(0)
    visit.ask(ANSWERED)
    expect(visit.page.locator(".khabar-asked")).to_have_text([ANSWERED])


def test_citations_are_walked_through_and_told_apart(visit: Visit) -> None:
    answer = visit.ask(QUESTION)
    used = answer.locator("q").first.text_content() or ""
    also = answer.locator("details blockquote").first.text_content() or ""
    panel = visit.page.locator("#khabar-evidence")
    mark = panel.locator("#khabar-quote")
    expect(mark).to_have_text(used)
    expect(panel.get_by_role("navigation", name="Citations")).to_have_text("Used[1]Also found[2][3]")
    expect(panel.get_by_role("button", name="Previous citation")).to_be_disabled()
    panel.get_by_role("button", name="Next citation").click()
    expect(mark).to_have_text(also)
    expect(panel.locator("[aria-current=true]")).to_have_text("[2]")
    expect(panel.get_by_role("button", name="Next citation")).to_be_focused()
    panel.get_by_role("button", name="Previous citation").click()
    expect(mark).to_have_text(used)
    expect(mark).to_be_in_viewport()


def test_a_quote_is_copied_with_its_reference(visit: Visit) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = visit.ask(QUESTION)
    button = visit.page.locator(".khabar-copy")
    button.click()
    expect(button).to_have_text("Copied", use_inner_text=True)
    quote = answer.locator("q").first.text_content()
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied == (
        f"«{quote}»\n— مهند الزيدي, المتحدث باسم القائد العام للقوات المسلحة العراقية · "
        "المتحدث باسم القائد العام يرد على السفارة النورفية: داعش لا يهدد العراق · وكالة الضفاف · 5 October 2025"
    )


def test_on_a_phone_the_evidence_is_a_drawer(phone: Visit) -> None:
    answer = phone.ask(QUESTION)
    panel = phone.page.locator("#khabar-evidence")
    expect(panel).to_be_hidden()
    answer.locator(".khabar-cite").first.click()
    expect(panel).to_be_visible()
    expect(phone.page.locator("#khabar-quote")).to_be_in_viewport()
    phone.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(answer.locator(".khabar-cite").first).to_be_focused()


def test_a_filter_is_a_chip_and_a_question_is_asked_again_without_it(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Language").click()
    page.get_by_role("option", name="English (", exact=False).click()
    page.keyboard.press("Escape")
    chip = page.get_by_role("button", name="language English")
    expect(chip).to_be_visible()
    answer = visit.ask(QUESTION)
    assert set(answer.locator("blockquote").evaluate_all("all => all.map((quote) => quote.lang)")) == {"en"}
    chip.click()
    expect(chip).to_have_count(0)
    page.get_by_role("button", name="Ask it again").click()
    expect(page.locator(DONE).locator("blockquote").first).to_have_attribute("lang", "ar")
    expect(page.locator(".khabar-asked")).to_have_text([QUESTION])


def test_a_period_is_chosen_at_one_press(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Filters").click()
    visit.page.get_by_role("button", name="Last 7 days").click()
    expect(visit.page.locator(".khabar-chip")).to_have_count(1)
    expect(visit.page.locator(".khabar-chip")).to_contain_text("from ")


def test_the_interface_changes_its_language_and_is_mirrored(visit: Visit) -> None:
    page = visit.page
    visit.ask(QUESTION)
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.get_by_role("button", name="محادثة جديدة")).to_be_visible()
    expect(page.locator("#khabar-question textarea")).to_have_attribute("placeholder", "اطرح سؤالًا…")
    # The answer and its evidence stay.
    expect(page.locator("#khabar-quote")).to_be_in_viewport()
    expect(page.locator(".khabar-tools")).to_contain_text("انسخ الاقتباس")
    chat, evidence = page.locator("#khabar-chat").bounding_box(), page.locator("#khabar-evidence").bounding_box()
    assert chat and evidence and chat["x"] > evidence["x"]
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")


def test_a_french_reader_gets_french_words(chromium: Browser, served: Served) -> None:
    visit = Visit(chromium, served.url, DESKTOP, locale="fr-CA")
    page = visit.page
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(".khabar-welcome h2")).to_have_text("Posez une question sur l’actualité")
    expect(page.locator("#khabar-question textarea")).to_have_attribute("placeholder", "Posez une question…")
    expect(page.locator(".khabar-header nav").last.locator("button")).to_have_text(
        ["Nouvelle discussion", "Historique", "Dossiers", "Questions suivies", "العربية", "English"]
    )
    answer = visit.ask("Combien de personnes sont mortes dans l'explosion du port d'Oum al-Nakhil ?")
    expect(answer).to_have_attribute("lang", "fr")
    expect(answer.locator(".khabar-note")).to_have_count(0)
    # A question in a language that Khabar does not speak is answered in the page's, and the answer says so.
    answer = visit.ask("Wie viele Menschen wurden bei der Explosion im Hafen von Umm al-Nakhil getötet?")
    expect(answer).to_have_attribute("lang", "fr")
    expect(answer.locator(".khabar-note").first).to_have_text(
        "Khabar ne connaît qu’en partie la langue de la question (allemand)\u00a0: il cherche et cite, "
        "mais ses propres mots sont en français."
    )
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="New chat")).to_be_visible()
    expect(answer).to_have_attribute("lang", "fr")
    visit.close()


def test_the_page_says_that_the_model_is_being_loaded(chromium: Browser, samples: Assistant) -> None:
    loaded = threading.Event()
    page = Served(samples, is_ready=loaded.is_set, client=False)
    visit = Visit(chromium, page.url, DESKTOP)
    notice = visit.page.get_by_text("The model is being loaded: the first answer takes longer.")
    expect(notice).to_be_visible()
    loaded.set()
    expect(notice).to_have_count(0)
    visit.close()
    page.close()


def test_words_that_met_are_marked_in_question_and_quote(visit: Visit) -> None:
    visit.ask("How long are the fortifications on the border with Syria?")
    page = visit.page
    met = page.locator(".khabar-help .khabar-met", has_text="Syria")
    expect(met).to_have_attribute("title", "سوريا")
    expect(page.locator("#khabar-quote .khabar-met", has_text="سوريا")).to_have_attribute("title", "Syria")
    expect(page.locator(".khabar-help")).to_contain_text("Wkala al-Dfaf")
    visit.ask("كم بلغ عدد قتلى انفجار ميناء أم النخيل؟")
    expect(page.locator(".khabar-tools")).to_be_visible()


def test_a_follow_up_is_answered_and_says_how_it_was_understood(visit: Visit) -> None:
    visit.ask("What did the central bank do to its rate?")
    second = visit.ask("and when?")
    expect(second.locator(".khabar-understood")).to_contain_text("Understood as: ")
    expect(second.locator(".khabar-understood")).to_contain_text("central bank")
    expect(visit.page.locator(".khabar-understood")).to_have_count(1)
