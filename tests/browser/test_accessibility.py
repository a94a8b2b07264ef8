"""The main states of the page have no violation that axe-core finds."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from index import Encoder, Library
from qa import Assistant
from qa.generation.writer import ChatWriter
from tests.support.chat_server import ChatServer, translator
from tests.support.pages import Served, Visit
from tests.support.paths import ROOT
from tests.support.states import STATES, PageState


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Served]:
    with Assistant(Library.open(tmp_path_factory.mktemp("empty") / "library", encoder=encoder)) as assistant:
        page = Served(assistant, client=False)
        yield page
        page.close()


@pytest.fixture(scope="module")
def translating(samples: Assistant) -> Iterator[Served]:
    model = ChatServer(translator)
    writer = ChatWriter.open("openai:a-chat-model", base_url=model.base_url)
    page = Served(Assistant(samples.library, chat_model=writer, reader=samples.reader), client=False)
    yield page
    page.close()
    model.close()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_no_violation(chromium: Browser, served: Served, empty: Served, translating: Served, state: PageState) -> None:
    page = translating if state.has_model else empty if state.is_empty else served
    visit = Visit(chromium, page.url, state.size, state.locale, is_dark=state.is_dark)
    state.reach(visit)
    # Fading in, a text has less contrast than it comes to have.
    visit.settle()
    found = Axe().run(visit.page).response["violations"]
    assert [f"{wrong['id']}: {node['html'][:160]}" for wrong in found for node in wrong["nodes"]] == []
    visit.close()


def test_a_picture_is_taken_of_each_state() -> None:
    assert len({state.name for state in STATES}) == len(STATES)
    assert (ROOT / "tests" / "screenshots.py").is_file()
