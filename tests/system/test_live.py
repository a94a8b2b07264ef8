"""One process indexes while another answers: no failed answer, none from two states, and changes are seen."""

import subprocess
import threading
from pathlib import Path

import pytest

from index import Encoder, Library
from qa import Answer
from tests.support.live_server import COMMAND, ROOT, ask, serving
from tests.support.patience import PATIENCE, until

QUESTION = "How many boats did the harbour master of Zarqun count?"
CHANGES = 2


def write(folder: Path, version: int) -> None:
    """Write the two articles that always change together, and one that is there every second time."""
    for name in ("count", "recount"):
        text = f"Boats of Zarqun, the {name}\n\nThe harbour master of Zarqun counted {version} boats on Sunday.\n"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    extra = folder / "extra.txt"
    if version % 2:
        extra.write_text("Pilots\n\nThe harbour master of Zarqun also counted nine pilots.\n", encoding="utf-8")
    else:
        extra.unlink(missing_ok=True)


class Asker(threading.Thread):
    """Asks without a pause until told to stop, and keeps every answer (None for a failed one)."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.stop = threading.Event()
        self.answers: list[Answer | None] = []

    def run(self) -> None:
        while not self.stop.is_set():
            self.answers.append(ask(self.url, QUESTION))

    def wait_for(self, text: str) -> None:
        """Wait until an answer that began after this call quotes `text`."""
        known = len(self.answers) + 1

        def is_quoted() -> bool:
            assert self.is_alive(), "an answer did not come at all"
            return any(answer and text in quotes(answer) for answer in self.answers[known:])

        until(is_quoted, lambda: f"{text!r} was not seen")


def quotes(answer: Answer) -> str:
    return " ".join(citation.quote for citation in answer.citations)


@pytest.mark.timeout(600)
def test_answers_follow_an_indexing_process_and_each_comes_from_one_state(tmp_path: Path, encoder: Encoder) -> None:
    folder, library = tmp_path / "news", tmp_path / "library"
    folder.mkdir()
    write(folder, 100)
    with Library.open(library, encoder=encoder) as opened:
        opened.sync(folder)
    with serving(library) as (_, url):
        asker = Asker(url)
        asker.start()
        for version in range(101, 101 + CHANGES):
            write(folder, version)
            subprocess.run([*COMMAND, "index", str(folder), "--library", str(library)], cwd=ROOT, check=True)
            asker.wait_for(f"counted {version} boats")
        asker.stop.set()
        asker.join(PATIENCE)
    assert None not in asker.answers
    answers = [answer for answer in asker.answers if answer]
    assert [answer.generation for answer in answers] == sorted(answer.generation for answer in answers)
    with Library.open(library, encoder=encoder) as opened:
        for answer in answers:
            counted = [c for c in answer.citations if c.article.id in {"count.txt", "recount.txt"}]
            assert len({c.revision for c in counted}) == 1
            for citation in counted:
                stored = opened.article(citation.article.id, citation.revision)
                assert stored.text[citation.start : citation.end] == citation.quote
