"""The main states of the page have no serious violation that axe-core finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from chat_server import ChatServer, translator
from pages import Served, Visit
from playwright.sync_api import Browser
from states import STATES, PageState

from index import Encoder, Library
from qa import Assistant
from qa.writer import ChatWriter


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Served]:
    with Assistant(Library.open(tmp_path_factory.mktemp("empty") / "library", encoder=encoder)) as assistant:
        page = Served(assistant)
        yield page
        page.close()


@pytest.fixture(scope="module")
def translating(samples: Assistant) -> Iterator[Served]:
    model = ChatServer(translator)
    page = Served(
        Assistant(samples.library, writer=ChatWriter.open("openai:a-chat-model", base_url=model.base_url)),
        client=False,
    )
    yield page
    page.close()
    model.close()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_no_serious_violation(
    chromium: Browser, served: Served, empty: Served, translating: Served, state: PageState
) -> None:
    page = translating if state.has_model else empty if state.is_empty else served
    visit = Visit(chromium, page.url, state.size, state.locale, is_dark=state.is_dark)
    state.reach(visit)
    # Fading in, a text has less contrast than it comes to have.
    visit.page.wait_for_timeout(400)
    found = Axe().run(visit.page).response["violations"]
    serious = [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert serious == []
    visit.close()


def test_a_picture_is_taken_of_each_state() -> None:
    assert len({state.name for state in STATES}) == len(STATES)
    assert (Path(__file__).parent / "screenshots.py").is_file()
