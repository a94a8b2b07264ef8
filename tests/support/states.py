"""The main states of the page, each brought about as a person would: for screenshots and for accessibility."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.support.pages import DESKTOP, PHONE, Visit


def _opened(visit: Visit) -> None:
    expect(visit.page.locator(".khabar-idle, .khabar-view").first).to_be_attached()


def _asked(visit: Visit) -> None:
    visit.ask("who disputed the ISIS threat?")
    expect(visit.page.locator("#khabar-quote")).to_be_attached()


def _asked_in_arabic(visit: Visit) -> None:
    visit.ask("كم بلغ عدد قتلى انفجار ميناء أم النخيل؟")
    expect(visit.page.locator("#khabar-quote")).to_be_attached()


def _asked_in_french(visit: Visit) -> None:
    visit.ask("Combien de personnes sont mortes dans l'explosion du port d'Oum al-Nakhil ?")
    expect(visit.page.locator("#khabar-quote")).to_be_attached()


def _differing(visit: Visit) -> None:
    answer = visit.ask("How many people were killed in the Umm al-Nakhil port explosion?")
    expect(answer.locator(".khabar-short")).to_contain_text("14")
    expect(answer.locator(".khabar-short")).to_contain_text("تسعة")


def _written(visit: Visit) -> None:
    answer = visit.ask("Why did the Dilmuni dinar rise?")
    answer.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")


def _abstained(visit: Visit) -> None:
    answer = visit.ask("What is the capital of Mongolia?")
    expect(answer).to_have_class("khabar-answer khabar-abstained")


def _filtered(visit: Visit) -> None:
    visit.page.locator("#khabar-filters > button").click()
    visit.page.locator(".khabar-period").first.click()
    expect(visit.page.locator(".khabar-chip")).to_have_count(1)


def _drawer(visit: Visit) -> None:
    _asked(visit)
    visit.page.locator(".khabar-answer .khabar-cite").first.click()
    expect(visit.page.locator(".khabar-opened #khabar-quote")).to_be_in_viewport()


def _history(visit: Visit) -> None:
    _asked(visit)
    visit.page.locator(".khabar-past").click()
    expect(visit.page.locator(".khabar-chats li")).to_have_count(1)


def _library(visit: Visit) -> None:
    visit.page.locator(".khabar-to[value=library]").click()
    visit.page.locator("#khabar-add > button").click()
    expect(visit.page.locator("#khabar-files")).to_be_visible()


def _translated(visit: Visit) -> None:
    _asked(visit)
    visit.page.locator(".khabar-translate").first.click()
    expect(visit.page.locator(".khabar-translation")).to_be_visible()


def _translated_in_arabic(visit: Visit) -> None:
    visit.ask("لماذا ارتفع الدينار الدلموني؟")
    visit.page.locator(".bot-row details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    visit.page.locator(".khabar-translate").first.click()
    expect(visit.page.locator(".khabar-translation")).to_be_visible()


def _shared(visit: Visit) -> None:
    _asked(visit)
    visit.page.evaluate("window.khabarCopy = (link) => { window.copied = link; return true; }")
    visit.page.locator(".khabar-share").click()
    visit.page.wait_for_function("window.copied")
    visit.go(visit.page.evaluate("window.copied"))
    expect(visit.page.locator(".khabar-shared")).to_be_visible()
    expect(visit.page.locator("#khabar-quote")).to_be_attached()


def _shared_nowhere(visit: Visit) -> None:
    visit.go(f"{visit.page.url}?answer=0")
    expect(visit.page.locator(".khabar-shared")).to_be_visible()


@dataclass(frozen=True)
class PageState:
    """One state: `is_empty` is over an empty library, `has_model` with a chat model."""

    name: str
    reach: Callable[[Visit], None]
    size: dict[str, int]
    locale: str = "en"
    is_dark: bool = False
    is_empty: bool = False
    has_model: bool = False


STATES = (
    PageState("empty", _opened, DESKTOP, is_empty=True),
    PageState("opened", _opened, DESKTOP),
    PageState("asked", _asked, DESKTOP),
    PageState("asked-dark", _asked, DESKTOP, is_dark=True),
    PageState("asked-arabic", _asked_in_arabic, DESKTOP, locale="ar"),
    PageState("asked-french", _asked_in_french, DESKTOP, locale="fr"),
    PageState("differing", _differing, DESKTOP),
    PageState("written", _written, DESKTOP, has_model=True),
    PageState("abstained", _abstained, DESKTOP),
    PageState("filtered", _filtered, DESKTOP),
    PageState("history", _history, DESKTOP),
    PageState("library", _library, DESKTOP),
    PageState("library-dark", _library, DESKTOP, is_dark=True),
    PageState("translated", _translated, DESKTOP, has_model=True),
    PageState("translated-arabic-dark", _translated_in_arabic, DESKTOP, locale="ar", is_dark=True, has_model=True),
    PageState("shared", _shared, DESKTOP),
    PageState("shared-nowhere", _shared_nowhere, DESKTOP, is_dark=True),
    PageState("phone", _asked, PHONE),
    PageState("phone-translated", _translated, PHONE, has_model=True),
    PageState("phone-shared-arabic", _shared, PHONE, locale="ar"),
    PageState("phone-drawer", _drawer, PHONE),
    PageState("phone-drawer-arabic", _drawer, PHONE, locale="ar"),
    PageState("phone-filtered", _filtered, PHONE),
    PageState("phone-library-arabic", _library, PHONE, locale="ar"),
    PageState("phone-library-french", _library, PHONE, locale="fr"),
)
