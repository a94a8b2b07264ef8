"""The page in small windows, in Arabic, in the dark, and without its server: everything can be read and reached."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from index import Article, Encoder, Library
from qa import Assistant
from tests.support.pages import DESKTOP, PHONE, Served, Visit

QUESTION = "who disputed the ISIS threat?"
ARABIC_QUESTION = "كم بلغ عدد قتلى انفجار ميناء أم النخيل؟"
# The narrowest window that pages are to fit (WCAG 1.4.10), and a desktop's that is zoomed to 200 %.
NARROW, ZOOMED = {"width": 320, "height": 640}, {"width": 640, "height": 400}

# Texts that are cut off: what a box that does not scroll hides of its content.
_CUT = """() => [
  ...document.querySelectorAll('.khabar-welcome *, .khabar-answer *, .khabar-article *'),
].filter((element) => {
  const { overflowX } = getComputedStyle(element);
  return ['hidden', 'clip'].includes(overflowX) && element.checkVisibility() && element.clientWidth > 1
    && element.scrollWidth > element.clientWidth + 1;
}).map((element) => element.outerHTML.slice(0, 120))"""
_SLANTED = """() => [...document.querySelectorAll('body *')].filter((element) => (
  getComputedStyle(element).fontStyle !== 'normal'
  && [...element.childNodes].some((node) => node.nodeType === 3 && /[\\u0600-\\u06ff]/.test(node.data))
)).map((element) => element.outerHTML.slice(0, 120))"""
# The contrast of each placeholder with what is behind it (WCAG 1.4.3).
_CONTRASTS = """() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return /, 0\\)$|transparent/.test(backgroundColor) ? behind(element.parentElement) : backgroundColor;
  };
  return [...document.querySelectorAll('input, textarea')]
    .filter((field) => field.placeholder && field.checkVisibility())
    .map((field) => {
      const both = [getComputedStyle(field, '::placeholder').color, behind(field)].map(light).sort((a, b) => b - a);
      return [field.placeholder, (both[0] + 0.05) / (both[1] + 0.05)];
    });
}"""


# Each size and each language, and the longest words and the other direction in the narrowest window.
@pytest.mark.parametrize(
    ("size", "locale", "question"),
    [
        (NARROW, "ar", ARABIC_QUESTION),
        (NARROW, "fr", QUESTION),
        (ZOOMED, "ar", ARABIC_QUESTION),
        (ZOOMED, "en", QUESTION),
    ],
    ids=["narrow-ar", "narrow-fr", "zoomed-ar", "zoomed-en"],
)
def test_a_small_window_cuts_nothing(
    chromium: Browser, served: Served, size: dict[str, int], locale: str, question: str
) -> None:
    visit = Visit(chromium, served.url, size, locale)
    page = visit.page
    # All of the welcome can be scrolled to, its beginning too.
    top = "([inner, outer]) => inner.getBoundingClientRect().top >= outer.getBoundingClientRect().top"
    heading, chat = page.locator(".khabar-welcome h2"), page.locator("#khabar-chat")
    assert page.evaluate(top, [heading.element_handle(), chat.element_handle()])
    expect(heading).to_be_in_viewport(ratio=1)
    assert _is_within(page, size) and page.evaluate(_CUT) == []
    answer = visit.ask(question)
    assert _is_within(page, size) and page.evaluate(_CUT) == []
    quote = answer.locator("figure q").first
    # The page keeps the question at the top until its reader has scrolled or pressed a key.
    page.keyboard.press("Shift")
    quote.scroll_into_view_if_needed()
    expect(quote).to_be_in_viewport()
    answer.locator("figcaption .khabar-cite").first.click()
    expect(page.locator("#khabar-quote")).to_be_in_viewport()
    assert _is_within(page, size) and page.evaluate(_CUT) == []
    visit.close()


def _is_within(page: Page, size: dict[str, int]) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= size["width"])


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROW], ids=["desktop", "phone", "narrow"])
def test_days_have_their_button_and_names_break_between_words(
    chromium: Browser, served: Served, size: dict[str, int]
) -> None:
    visit = Visit(chromium, served.url, size)
    page = visit.page
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Source").first.click()
    page.get_by_role("option", name="Tigris Herald").first.click()
    page.keyboard.press("Escape")
    token = page.locator("#khabar-filters .token span").first
    expect(token).to_contain_text("Tigris Herald")
    # A word is in one line: its first letter and its last are as high.
    assert token.evaluate(
        """(token) => ['Tigris', 'Herald'].every((word) => {
          const range = document.createRange(), at = token.textContent.indexOf(word);
          range.setStart(token.firstChild, at); range.setEnd(token.firstChild, at + word.length);
          return range.getClientRects().length === 1;
        })"""
    )
    for button in page.locator("#khabar-filters button.calendar").all():
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=1)
        around = button.evaluate(
            "(button) => button.closest('.block').getBoundingClientRect().right - button.getBoundingClientRect().right"
        )
        assert around >= 0
    visit.close()


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_placeholders_can_be_read(chromium: Browser, served: Served, is_dark: bool) -> None:
    visit = Visit(chromium, served.url, DESKTOP, is_dark=is_dark)
    page = visit.page
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_placeholder("YYYY-MM-DD").first).to_be_visible()
    found = dict(page.evaluate(_CONTRASTS))
    page.locator(".khabar-to[value=library]").click()
    for part in ("#khabar-add", "#khabar-address-part"):
        page.locator(f"{part} > button").click()
    expect(page.get_by_placeholder("https://")).to_be_visible()
    found |= dict(page.evaluate(_CONTRASTS))
    assert {"Ask a question…", "Search the titles…", "YYYY-MM-DD", "https://"} <= set(found)
    assert {placeholder for placeholder, contrast in found.items() if contrast < 4.5} == set()
    visit.close()


def test_arabic_is_never_slanted_and_a_foreign_title_wraps_in_its_own_direction(
    chromium: Browser, served: Served
) -> None:
    visit = Visit(chromium, served.url, PHONE, "ar")
    answer = visit.ask(ARABIC_QUESTION)
    answer.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert visit.page.evaluate(_SLANTED) == []
    title = answer.locator("cite bdi[dir=ltr]").first
    # Its lines begin one below the other, at its left.
    lines = title.evaluate(
        """(title) => { const range = document.createRange(); range.selectNodeContents(title);
        return [...range.getClientRects()].map((line) => Math.round(line.left)); }"""
    )
    assert len(lines) > 1 and len(set(lines)) == 1
    visit.ask("ومتى؟")
    assert visit.page.evaluate(_SLANTED) == []
    visit.close()


def test_what_went_wrong_is_said_in_the_reader_s_language(chromium: Browser, served: Served) -> None:
    visit = Visit(chromium, served.url, DESKTOP, "ar")
    answer = visit.ask("?", is_kept=False)
    expect(answer).to_have_text("السؤال فارغ. اسأل عن شيء في المقالات.")
    visit.context.set_offline(True)
    visit.page.fill("#khabar-question textarea", ARABIC_QUESTION)
    visit.page.keyboard.press("Enter")
    notice = visit.page.locator(".toast-body.error").first
    expect(notice.locator(".toast-title")).to_have_text("لم يتم ذلك")
    expect(notice).to_contain_text("تعذّر الوصول إلى الخادم")
    # The question is in the box, also when the page has been opened anew.
    expect(visit.page.locator("#khabar-question textarea")).to_have_value(ARABIC_QUESTION)
    visit.context.set_offline(False)
    expect(visit.page.locator(".khabar-offline")).to_be_hidden()
    expect(visit.page.locator("#khabar-question textarea")).to_have_value(ARABIC_QUESTION)
    visit.errors.clear()
    visit.close()


def test_a_file_that_cannot_be_read_is_said_so_in_arabic(chromium: Browser, empty: Served) -> None:
    visit = Visit(chromium, empty.url, DESKTOP, "ar")
    visit.page.get_by_role("button", name="أضف مقالات").first.click()
    files = [{"name": "empty.txt", "mimeType": "text/plain", "buffer": b""}]
    visit.page.locator("#khabar-files input[type=file]").set_input_files(files)
    expect(visit.page.locator(".khabar-failure")).to_contain_text("الملف فارغ. ضع فيه مقالًا أو احذفه.")
    visit.close()


@pytest.fixture
def empty(tmp_path: Path, encoder: Encoder) -> Iterator[Served]:
    with Assistant(Library.open(tmp_path / "library", encoder=encoder)) as assistant:
        served = Served(assistant, client=False)
        yield served
        served.close()


_DROP = """([selector, kind, data]) => {
  const dropped = new DataTransfer();
  if (kind === 'file') dropped.items.add(new File([data], 'bridge.txt', { type: 'text/plain' }));
  else dropped.setData(kind, data);
  const on = document.querySelector(selector);
  for (const name of ['dragover', 'drop']) {
    on.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: dropped }));
  }
}"""


def test_an_empty_library_takes_what_is_dropped_on_it(chromium: Browser, empty: Served) -> None:
    visit = Visit(chromium, empty.url, DESKTOP)
    page = visit.page
    expect(page.locator(".khabar-drop")).to_contain_text("Drop files here, or the address of a page or a feed.")
    page.evaluate(_DROP, [".khabar-drop", "text/uri-list", "https://news.example.org/feed.xml"])
    expect(page.get_by_label("Page, feed or sitemap")).to_have_value("https://news.example.org/feed.xml")
    page.locator(".khabar-to[value=chat]").click()
    text = "The Khazir bridge opens on 14 May, the chief engineer Sara Haddad said on Monday."
    page.evaluate(_DROP, [".khabar-drop", "file", text])
    expect(page.locator(".khabar-outcomes li")).to_have_text("bridge.txt 1 added")
    page.locator(".khabar-to[value=chat]").click()
    expect(page.locator(".khabar-drop")).to_have_count(0)
    visit.close()


def test_suggestions_are_questions_that_new_articles_answer(
    chromium: Browser, tmp_path: Path, encoder: Encoder
) -> None:
    with Assistant(Library.open(tmp_path / "library", encoder=encoder)) as assistant:
        title = "Khazir bridge to open in spring, engineer says"
        text = 'The Khazir bridge opens on 14 May. "It is safe," said chief engineer Sara Haddad on Monday.'
        assistant.library.add([Article.create("bridge", text, title=title, source="Tigris Herald")])
        served = Served(assistant, client=False)
        visit = Visit(chromium, served.url, DESKTOP)
        suggested = visit.page.locator(".khabar-ask")
        expect(suggested).to_have_text(["What did Sara Haddad say?"])
        suggested.click()
        expect(visit.page.locator(".bot-row .khabar-answer q").first).to_have_text(
            '"It is safe," said chief engineer Sara Haddad on Monday.'
        )
        visit.close()
        served.close()
