"""Takes a picture of each main state of the page: `python -m tests.screenshots FOLDER` (`make screenshots`)."""

import shutil
import sys
import tempfile
from pathlib import Path

from tests.support.paths import ROOT
from ui.privacy import switch_off_telemetry

switch_off_telemetry()

from playwright.sync_api import Browser, expect, sync_playwright  # noqa: E402

from index import Library  # noqa: E402
from qa import Assistant  # noqa: E402
from qa.generation.writer import ChatWriter  # noqa: E402
from tests.support.chat_server import ChatServer, translator  # noqa: E402
from tests.support.embedding_site import EmbeddingSite, SiteVisit  # noqa: E402
from tests.support.pages import QUIET, Served, Visit  # noqa: E402
from tests.support.states import STATES  # noqa: E402


def main(folder: Path, names: list[str]) -> None:
    """Write one PNG for each state into a folder, or for the states that are named."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as made,
        Assistant(Library.open(Path(made) / "samples")) as full,
        Assistant(Library.open(Path(made) / "empty")) as empty,
        sync_playwright() as playwright,
    ):
        full.library.sync(ROOT / "samples")
        full.ask("Khabar?")
        model = ChatServer(translator)
        writer = ChatWriter.open("openai:a-chat-model", base_url=model.base_url)
        translating = Assistant(full.library, chat_model=writer)
        pages = [Served(assistant, client=False) for assistant in (full, empty, translating)]
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for state in STATES:
            if not names or state.name in names:
                url = pages[2 if state.has_model else 1 if state.is_empty else 0].url
                visit = Visit(chromium, url, state.size, state.locale, is_dark=state.is_dark)
                state.reach(visit)
                visit.settle()
                visit.page.screenshot(path=folder / f"{state.name}.png")
                visit.close()
                print(folder / f"{state.name}.png", flush=True)
        if not names or "widget" in names:
            print(_widget(chromium, full, folder / "widget.png"), flush=True)
        chromium.close()
        for page in pages:
            page.close()
        model.close()


def _widget(chromium: Browser, assistant: Assistant, picture: Path) -> Path:
    """Take a picture of both elements in the page of another site, as it is in docs/images."""
    site = EmbeddingSite()
    page = Served(assistant, client=False, origins=(site.origin,))
    site.khabar = page.url
    asked = "who disputed the ISIS threat?"
    shared = {"question": asked, "answer": assistant.ask(asked).to_dict(), "translations": []}
    link = assistant.library.shared.keep(shared).id
    body = f'<khabar-quote share="{link}"></khabar-quote><br><khabar-ask></khabar-ask>'
    visit = SiteVisit(chromium, site, body, {"width": 760, "height": 900})
    expect(visit.ask("How many trucks were in the first convoy?").locator(".state")).to_be_visible()
    visit.page.screenshot(path=picture, full_page=True)
    visit.close()
    page.close()
    site.close()
    return picture


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"), sys.argv[2:])
