"""`khabar stories` on a library of real samples."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from index import Article, Encoder, Library
from tests.support.command import Run

pytestmark = pytest.mark.system

FERRY = (
    "At least 17 people were killed when the ferry Star of Sarvan capsized off Port Lemsa. Commander Yassine Brahmel "
    "said divers were working. Minister Salma Deyrab blamed Delmar Ferries."
)
LATER = (
    "The Star of Sarvan killed 31 people off Port Lemsa, Commander Yassine Brahmel said. Minister Salma Deyrab "
    "suspended Delmar Ferries."
)


@pytest.fixture
def library(tmp_path: Path, indexed: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(indexed, tmp_path / "library")
    monkeypatch.setenv("KHABAR_LIBRARY", str(folder))
    monkeypatch.setenv("KHABAR_INTERFACE", "en")
    with Library.open(folder, encoder=encoder) as opened:
        opened.add(
            [
                Article.create("one", FERRY, title="Ferry sinks", source="Wire", published=date(2026, 3, 9)),
                Article.create("two", LATER, title="Toll rises", source="Times", published=date(2026, 3, 11)),
            ]
        )
    return folder


def test_stories_are_listed_and_told(khabar: Run, library: Path) -> None:
    id_, *about = khabar("stories", "--source", "Wire", "--source", "Times").out.rstrip("\n").split("\t")
    assert about == ["2026-03-11", "2 reports", "2 outlets", "Ferry sinks"]
    told = khabar("stories", id_)
    assert told.status == 0
    assert "Dead: 17 (9 March 2026) → 31 (11 March 2026)" in told.out
    assert FERRY[: FERRY.index(" Commander")] in told.out.splitlines()
    account = json.loads(khabar("stories", id_, "--json").out)
    assert [article["id"] for article in account["articles"]] == ["one", "two"]
    entry = json.loads(khabar("stories", "--limit", "1", "--json").out)
    assert entry == account["story"]
    listed = khabar("articles", "list", "--story", id_).out
    assert [id in listed for id in ("one", "two", "army-denies-warning.txt")] == [True, True, False]
    answer = json.loads(khabar("ask", "How many people were killed?", "--story", id_, "--json").out)
    assert answer["filters"]["story"] == [id_]
    assert {citation["article"]["id"] for citation in answer["citations"]} <= {"one", "two"}


def test_what_is_no_story_is_said(khabar: Run, library: Path) -> None:
    wrong = khabar("stories", "none")
    assert (wrong.status, wrong.err) == (
        2, "khabar: There is no such story here. The list of stories shows which there are.\n",
    )  # fmt: skip
