"""`khabar collections`, and the option of `khabar index`: what is where, and what a slip does: nothing."""

from pathlib import Path

import pytest

from index import Library
from tests.support.command import Run

pytestmark = pytest.mark.system


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KHABAR_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("KHABAR_INTERFACE", "en")
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in (("ferry", "The Samhar ferry resumed."), ("مباراة", "فاز نجوم سمهر بثلاثة أهداف.")):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_collections_are_made_filled_moved_and_let_go_of(khabar: Run, news: Path) -> None:
    assert khabar("collections", "add", "Sport").out == "sport is a collection now\n"
    assert khabar("collections", "add", "سياسة", "--interface", "fr").out == "سياسة est désormais une collection\n"
    assert khabar("index", news, "--collection", "sport").status == 0
    assert khabar("collections", "list").out == "sport\t2\nسياسة\t0\n(in none: open to all)\t0\n"
    (news / "port.txt").write_text("Le port de Samhar a rouvert.", encoding="utf-8")
    assert khabar("index", news).status == 0
    moved = khabar("collections", "assign", "ferry.txt", "port.txt", "--collection", "سياسة")
    assert moved.out == "2 articles moved\n"
    assert khabar("collections", "assign", "port.txt", "--open").out == "1 article moved\n"
    assert khabar("collections", "list").out == "sport\t1\nسياسة\t1\n(in none: open to all)\t1\n"
    refused = khabar("collections", "remove", "sport")
    assert (
        refused.status == 2 and "still has articles (1, of them 0 withdrawn), which would be open to all" in refused.err
    )
    assert khabar("collections", "move", "sport", "--collection", "سياسة").out == "1 article moved\n"
    assert khabar("collections", "remove", "sport").out == "sport is a collection no more\n"
    assert khabar("index", news).status == 0
    assert khabar("collections", "list").out == "سياسة\t2\n(in none: open to all)\t1\n"
    shown = khabar("audit", "--action", "collection-removed").out.split("\t")
    assert shown[3:6] == ["command", "collection-removed", "sport"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["index", "NEWS", "--collection", "sprot"], "There is no collection sprot"),
        (["collections", "assign", "ferry.txt", "--collection", "sprot"], "There is no collection sprot"),
        (["collections", "assign", "ferry.txt"], "Say where the articles go"),
        (["collections", "assign", "ferry.txt", "--open", "--collection", "sport"], "Say where the articles go"),
        (["collections", "assign", "gone.txt", "--open"], "No article has the id gone.txt. Nothing was changed."),
        (["collections", "add", "a b"], "is no name of a collection"),
        (["collections", "add", "sport"], "There is a collection sport already"),
        (["tokens", "add", "script", "--role", "reader@sprot"], "There is no collection sprot"),
        (["tokens", "add", "script", "--role", "reader@"], "is no role"),
    ],
)
def test_a_slip_changes_nothing(khabar: Run, news: Path, command: list[str], said: str) -> None:
    assert khabar("collections", "add", "sport").status == 0
    assert khabar("index", news, "--collection", "sport").status == 0
    done = khabar(*(str(news) if part == "NEWS" else part for part in command))
    assert done.status == 2 and said in done.err
    assert khabar("collections", "list").out == "sport\t2\n(in none: open to all)\t0\n"
    assert khabar("tokens", "list").out == ""


def test_tokens_are_held_by_collection(khabar: Run, news: Path, tmp_path: Path) -> None:
    for name in ("sport", "wire"):
        khabar("collections", "add", name)
    added = khabar("tokens", "add", "script", "--role", "reader@sport,editor@wire")
    assert added.status == 0
    assert khabar("tokens", "list").out.rstrip().endswith("\treader of sport; editor of wire")
    with Library.open(tmp_path / "library") as library:
        found = library.tokens.find(added.out.strip())
        assert found is not None and found.role.value == "reader@sport,editor@wire"
