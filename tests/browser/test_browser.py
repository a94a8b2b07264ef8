"""The chat as a person sees it: `khabar serve` in a process of its own, a real Chromium in front of it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from index import Article, Encoder, Library
from tests.support.pages import DESKTOP, PHONE, Visit
from tests.support.patience import PATIENCE
from ui.settings import PREFIX

QUESTION = "who disputed the ISIS threat?"
ANSWERED = "How many people were killed in the port of Umm al-Nakhil?"
FORTIFIED = "How long are the fortifications on the border with Syria?"
HOSTILE = Article.create(
    "hostile",
    "The zeppelin festival of Zanzabar opened on Friday. <script>window.hit = 1</script> said the mayor "
    "<img src=x onerror='window.hit = 2'> ${window.hit = 3} {{constructor}} \u202ednuora denrut\u202c **bold**.",
    title="<script>window.hit = 4</script> Zeppelin festival of Zanzabar opens",
    source="<b>Sky</b> Wire",
)


class Server:
    """`khabar serve` over one library."""

    def __init__(self, library: Path, port: int = 0) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
        script = shutil.which("khabar", path=str(Path(sys.executable).parent))
        assert script, "the project is not installed: run `make test`"
        self.process = subprocess.Popen(
            [script, "serve", "--port", str(port), "--library", str(library)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", env=environment,
        )  # fmt: skip
        assert self.process.stdout
        # The first start on a machine says before it that the models are prepared.
        before = iter(self.process.stdout.readline, "")
        said = next((line for line in before if not line.startswith("khabar: preparing ")), "")
        address = re.fullmatch(r"khabar: serving the chat at (http://127\.0\.0\.1:\d+/) \(Ctrl-C ends it\)\n", said)
        assert address, said
        self.url = address[1]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> str:
        """End it by a signal; returns what it printed since it was up, without the lines about questions."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, out
        return "".join(line for line in out.splitlines(keepends=True) if not line.startswith('{"event"'))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, indexed: Path) -> Path:
    folder = shutil.copytree(indexed, tmp_path_factory.mktemp("browser") / "library")
    with Library.open(folder, encoder=encoder) as made:
        made.add([HOSTILE])
    return folder


@pytest.fixture(scope="module")
def server(library: Path) -> Iterator[Server]:
    served = Server(library)
    yield served
    assert served.stop() == "khabar: stopped\n"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, chromium: Browser, server: Server) -> Iterator[Visit]:
    opened = Visit(chromium, server.url, request.param)
    yield opened
    opened.close()


@pytest.fixture
def desktop(chromium: Browser, server: Server) -> Iterator[Visit]:
    opened = Visit(chromium, server.url, DESKTOP)
    yield opened
    opened.close()


@pytest.fixture
def phone(chromium: Browser, server: Server) -> Iterator[Visit]:
    opened = Visit(chromium, server.url, PHONE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def denial(library: Path, encoder: Encoder) -> Article:
    """The Arabic article that disputes the threat."""
    with Library.open(library, encoder=encoder) as opened:
        return opened.article("army-denies-warning.txt")


def test_an_arabic_sentence_answers_an_english_question_and_opens_in_its_article(visit: Visit, denial: Article) -> None:
    answer = visit.ask(QUESTION)
    expect(answer).to_have_attribute("dir", "ltr")
    quote = answer.locator("figure").first.locator("blockquote")
    expect(quote).to_have_attribute("dir", "rtl")
    expect(quote).to_have_attribute("lang", "ar")
    _opens_in(visit, denial, quote, answer.get_by_role("button", name="[1]").first)


def test_every_arabic_quote_runs_right_to_left_and_opens_in_its_article(phone: Visit, denial: Article) -> None:
    answer = phone.ask(FORTIFIED)
    answer.locator("details").evaluate_all("found => found.forEach((details) => { details.open = true; })")
    quotes = answer.locator("blockquote").all()
    mine = [quote for quote in quotes if (quote.text_content() or "") in denial.text]
    assert mine
    for quote in mine:
        expect(quote).to_have_attribute("dir", "rtl")
        expect(quote).to_have_attribute("lang", "ar")
        # The quote's own [n]: in the caption below it, or before it where it is only listed.
        around = quote.locator("xpath=ancestor::*[self::figure or self::li][1]")
        _opens_in(phone, denial, quote, around.locator("button.khabar-cite").first)


def _opens_in(visit: Visit, article: Article, quote: Locator, button: Locator) -> None:
    expect(quote).to_be_visible()
    assert quote.evaluate("element => getComputedStyle(element).direction") == "rtl"
    button.click()
    mark = visit.page.locator("#khabar-evidence mark#khabar-quote")
    expect(mark).to_have_text(quote.text_content() or "")
    expect(mark).to_be_in_viewport()
    assert visit.page.locator("#khabar-evidence .khabar-body").text_content() == article.text
    expect(mark.locator("xpath=..")).to_have_attribute("dir", "rtl")


def test_the_first_citation_opens_at_its_quote_again_and_again(visit: Visit) -> None:
    answer = visit.ask(ANSWERED)
    button = answer.get_by_role("button", name="[1]").first
    mark = visit.page.locator("#khabar-quote")
    for _ in range(2):
        visit.page.keyboard.press("Escape")
        button.click()
        expect(visit.page.locator("#khabar-evidence")).to_be_visible()
        expect(mark).to_be_in_viewport()
        assert mark.text_content() == answer.locator("q").first.text_content()
        visit.page.locator("#khabar-evidence").evaluate("panel => { panel.scrollTop = panel.scrollHeight; }")
    if visit.page.viewport_size == PHONE:
        visit.page.get_by_role("button", name="Close").click()
        expect(visit.page.locator("#khabar-evidence")).to_be_hidden()
        expect(button).to_be_focused()


def test_an_answer_shows_its_evidence_without_being_asked(desktop: Visit) -> None:
    answer = desktop.ask(ANSWERED)
    expect(desktop.page.locator("#khabar-quote")).to_have_text(answer.locator("q").first.text_content() or "")
    expect(desktop.page.locator("#khabar-quote")).to_be_in_viewport()


def test_markup_in_an_article_is_shown_as_text(phone: Visit) -> None:
    answer = phone.ask("When did the zeppelin festival of Zanzabar open?")
    answer.get_by_role("button", name="[1]").first.click()
    body = phone.page.locator("#khabar-evidence .khabar-body")
    assert body.text_content() == HOSTILE.text
    expect(phone.page.locator("#khabar-evidence h2")).to_have_text(HOSTILE.title)
    assert phone.page.locator(".khabar-answer script, .khabar-body script, .khabar-body img").count() == 0
    assert phone.page.evaluate("window.hit") is None
    # The override character is boxed in: the words after it keep their order on the screen, line by line.
    assert body.evaluate(_PLACE_OF, "dnuora") < body.evaluate(_PLACE_OF, "denrut")


# Where a word's first letter stands, in the order of reading: from the top, then from the left.
_PLACE_OF = """(body, word) => {
  const nodes = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const at = nodes.currentNode.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(nodes.currentNode, at);
    range.setEnd(nodes.currentNode, at + 1);
    const box = range.getBoundingClientRect();
    return [Math.round(box.top), box.left];
  }
}"""


def test_a_question_with_markup_is_shown_as_text(desktop: Visit) -> None:
    desktop.ask("<img src=x onerror='window.hit = 5'> *who* warned?")
    expect(desktop.page.locator(".khabar-asked")).to_have_text("<img src=x onerror='window.hit = 5'> *who* warned?")
    assert desktop.page.evaluate("window.hit") is None


def test_the_page_fits_its_window(visit: Visit) -> None:
    visit.ask(ANSWERED)
    size = visit.page.viewport_size
    assert size
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    if size == DESKTOP:
        assert visit.page.evaluate("document.documentElement.scrollHeight") <= size["height"]
    expect(visit.page.locator("#khabar-question textarea")).to_be_in_viewport(ratio=1)
    expect(visit.page.locator("#khabar-filters")).to_be_in_viewport(ratio=1)


def test_an_example_question_is_answered_when_pressed(desktop: Visit) -> None:
    example = desktop.page.locator(".khabar-ask").first
    question = example.text_content()
    example.click()
    expect(desktop.page.locator(".khabar-asked")).to_have_text(question or "")
    expect(desktop.page.locator(".bot-row .khabar-answer:not(.khabar-unfinished)")).to_be_visible()


def test_an_arabic_reader_gets_arabic_words(chromium: Browser, server: Server) -> None:
    visit = Visit(chromium, server.url, DESKTOP, locale="ar")
    expect(visit.page.locator(".khabar-welcome")).to_have_attribute("dir", "rtl")
    answer = visit.ask("كم بلغ عدد قتلى انفجار ميناء أم النخيل؟")
    expect(answer).to_have_attribute("lang", "ar")
    expect(answer).to_have_attribute("dir", "rtl")
    expect(visit.page.locator(".khabar-asked")).to_have_attribute("dir", "rtl")
    visit.close()


def test_filters_offer_what_the_library_has_and_are_used(desktop: Visit) -> None:
    desktop.page.get_by_role("button", name="Filters").click()
    desktop.page.get_by_label("Language").click()
    desktop.page.get_by_role("option", name=re.compile(r"^Arabic \(\d+\)$")).click()
    desktop.page.keyboard.press("Escape")
    answer = desktop.ask(QUESTION)
    languages = answer.locator("blockquote").evaluate_all("quotes => quotes.map((quote) => quote.lang)")
    assert set(languages) == {"ar"}


def test_names_are_counted_in_what_the_other_filters_let_through(desktop: Visit) -> None:
    page = desktop.page
    page.get_by_role("button", name="Filters").click()
    names, options = page.locator("#khabar-filters").get_by_label("Who or where"), page.get_by_role("option")
    names.click()
    before = options.all_inner_texts()
    page.keyboard.press("Escape")
    page.get_by_label("Language").first.click()
    page.get_by_role("option", name=re.compile(r"^Arabic \(\d+\)$")).click()
    page.keyboard.press("Escape")
    expect(page.locator(".khabar-chip")).to_be_visible()
    names.click()
    expect(options).not_to_have_count(len(before))
    assert 0 < options.count() < len(before)


def test_the_page_follows_the_library_and_says_when_it_is_empty(
    chromium: Browser, tmp_path: Path, encoder: Encoder
) -> None:
    folder = tmp_path / "library"
    server = Server(folder)
    visit = Visit(chromium, server.url, DESKTOP)
    page = visit.page
    expect(page.locator(".khabar-welcome")).to_contain_text("The library is empty")
    expect(page.locator(".khabar-header")).to_contain_text("0 articles")
    with Library.open(folder, encoder=encoder) as library:
        library.add([Article.create("bridge", "The Khazir bridge opens on 14 May.", title="Bridge opens in May")])
        expect(page.locator(".khabar-header")).to_contain_text("1 article ·")
        expect(page.locator(".khabar-drop")).to_have_count(0)
        answer = visit.ask("When does the Khazir bridge open?")
        answer.get_by_role("button", name="[1]").first.click()
        expect(page.locator("#khabar-quote")).to_be_in_viewport()
        library.add([Article.create("bridge", "The Khazir bridge opens on 20 June.", title="Bridge opens in June")])
        answer.get_by_role("button", name="[1]").first.click()
        expect(page.locator("#khabar-evidence .khabar-note")).to_contain_text("The article has changed since")
        assert page.locator(".khabar-body").text_content() == "The Khazir bridge opens on 14 May."
        library.remove(["bridge"])
    answer.get_by_role("button", name="[1]").first.click()
    expect(page.locator("#khabar-evidence")).to_contain_text("withdrawn from the library")
    # Ctrl-C ends it too, with the page still open.
    assert server.stop(signal.SIGINT) == "khabar: stopped\n"
    visit.context.close()


@pytest.mark.soak
def test_a_page_goes_on_after_its_server_is_restarted(chromium: Browser, library: Path) -> None:
    server = Server(library)
    visit = Visit(chromium, server.url, DESKTOP)
    shown = visit.ask(QUESTION).inner_html()
    server.stop()
    visit.page.fill("#khabar-question textarea", FORTIFIED)
    offline = visit.page.get_by_role("alert")
    expect(offline).to_have_text("The server does not answer. The page goes on by itself when it is back.")
    again = Server(library, urlsplit(server.url).port or 0)
    expect(offline).to_be_hidden()
    answer = visit.page.locator(".bot-row .khabar-answer:not(.khabar-unfinished)")
    expect(answer).to_be_visible()
    assert answer.inner_html() == shown
    answer.get_by_role("button", name="[1]").first.click()
    expect(visit.page.locator("#khabar-quote")).to_be_in_viewport()
    # What was being written meanwhile is still there, and can be asked.
    expect(visit.page.locator("#khabar-question textarea")).to_have_value(FORTIFIED)
    visit.page.locator("#khabar-question textarea").press("Enter")
    expect(visit.page.locator(".khabar-asked")).to_have_text([QUESTION, FORTIFIED])
    visit.context.close()
    again.stop()


def test_a_taken_port_is_one_line(server: Server, tmp_path: Path) -> None:
    port = urlsplit(server.url).port
    script = shutil.which("khabar", path=str(Path(sys.executable).parent))
    assert script
    arguments = [script, "serve", "--port", str(port), "--library", str(tmp_path / "library")]
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"khabar: The chat cannot be served at 127.0.0.1:{port}: ")
    assert done.stderr.count("\n") == 1
