"""`khabar names`: listed with counts, where a name stands, and what somebody said."""

import json
from pathlib import Path

import pytest

from tests.support.command import Run

pytestmark = pytest.mark.system


@pytest.fixture(autouse=True)
def library(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_LIBRARY", str(indexed))
    monkeypatch.setenv("KHABAR_INTERFACE", "en")


def test_names_are_listed_and_followed(khabar: Run) -> None:
    listed = [line.split("\t") for line in khabar("names", "--kind", "person").out.splitlines()]
    assert {cells[0] for cells in listed} == {"Person"}
    assert [line for line in listed if "Zaidi" in line[2]] or [line for line in listed if "الزيدي" in line[2]]
    entry = json.loads(khabar("names", "--find", "الزيدي", "--json", "--limit", "1").out.splitlines()[0])
    assert entry["kind"] == "person"
    mentions = [json.loads(line) for line in khabar("names", entry["name"], "--json").out.splitlines()]
    assert len(mentions) == entry["mentions"]
    said = khabar("names", entry["name"], "--said").out
    assert "نفى المتحدث باسم القائد العام للقوات المسلحة العراقية، اللواء مهند الزيدي" in said
    articles = khabar("articles", "list", "--limit", "50")
    assert articles.status == 0


def test_nobody_of_that_name_is_bad_input(khabar: Run) -> None:
    wrong = khabar("names", "Nobody Known")
    assert (wrong.status, wrong.err) == (
        2,
        "khabar: Nobody and nothing is called so here. `khabar names` lists who and what is named.\n",
    )
