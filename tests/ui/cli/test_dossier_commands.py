"""`khabar dossier` on a library of real samples."""

import io
import shutil
import sys
from pathlib import Path

import pytest

from index import Article, Encoder, Library
from tests.support.answers import answer_with, cite
from tests.support.command import Run

pytestmark = pytest.mark.system

ARTICLE = "embassy-warning.md"


@pytest.fixture
def library(tmp_path: Path, indexed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(indexed, tmp_path / "library")
    monkeypatch.setenv("KHABAR_LIBRARY", str(folder))
    monkeypatch.setenv("KHABAR_INTERFACE", "en")
    return folder


@pytest.fixture
def article(library: Path, encoder: Encoder) -> Article:
    with Library.open(library, encoder=encoder) as opened:
        return opened.article(ARTICLE)


def ids(shown: str) -> list[str]:
    """Return the ids of the quotes of a dossier that is shown."""
    return [line.split(". ")[1] for line in shown.splitlines() if line[:1].isdecimal() and line[1:3] == ". "]


def test_a_dossier_is_made_filled_ordered_and_removed(khabar: Run, article: Article) -> None:
    assert khabar("dossier", "list").out == ""
    made = khabar("dossier", "new", "The embassy", "--owner", "layla").out.split("\t")
    assert [*made[1:3], made[4]] == ["The embassy", "0 quotes", "layla\n"]
    first = khabar("dossier", "pin", "The embassy", ARTICLE, "--start", "0", "--end", "40", "--note", "Check.\nTwice.")
    assert (first.status, first.out.splitlines()[1]) == (0, article.text[:40].rstrip("\n"))
    second = khabar("dossier", "pin", made[0], ARTICLE, "--quote", article.text[50:80]).out.splitlines()[0]
    shown = khabar("dossier", "show", "The embassy").out
    assert ids(shown) == [first.out.splitlines()[0], second]
    assert "    Check.\n    Twice.\n" in shown and shown.splitlines()[1] == "2 quotes"
    assert ids(khabar("dossier", "move", "The embassy", second, "1").out) == [second, first.out.splitlines()[0]]
    assert "    ملاحظة\n" in khabar("dossier", "note", "The embassy", second, "ملاحظة").out
    assert khabar("dossier", "rename", "The embassy", "Embassy").out.split("\t")[:2] == [made[0], "Embassy"]
    assert khabar("dossier", "remove", "Embassy", second).out == "The quote is unpinned.\n"
    assert [line.split("\t")[1:3] for line in khabar("dossier", "list").out.splitlines()] == [["Embassy", "1 quote"]]
    assert khabar("dossier", "remove", "Embassy", "--interface", "fr").out == "Embassy est supprimé\n"
    assert khabar("dossier", "list").out == ""


def test_a_quote_of_an_answer_is_pinned_and_shows_what_became_of_its_article(
    khabar: Run, article: Article, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = article.text[:40]
    # What `khabar ask --json` prints.
    answer = answer_with("text", (cite(article, quote, 1),)).to_json()
    khabar("dossier", "new", "Embassy")
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    pinned = khabar("dossier", "pin", "Embassy", "--answer", "-", "--interface", "ar")
    assert pinned.status == 0 and quote in pinned.out
    (tmp_path / "answer.json").write_text(answer, encoding="utf-8")
    again = khabar("dossier", "pin", "Embassy", "--answer", tmp_path / "answer.json", "--citation", "1")
    assert again.out.splitlines()[0] == pinned.out.splitlines()[0]
    assert khabar("dossier", "pin", "Embassy", "--answer", tmp_path / "answer.json", "--citation", "99").status == 2
    assert "The article" not in khabar("dossier", "show", "Embassy").out
    khabar("articles", "remove", ARTICLE)
    assert "The article has been withdrawn since.\n" in khabar("dossier", "show", "Embassy").out
    assert "سُحب المقال بعد ذلك." in khabar("dossier", "show", "Embassy", "--interface", "ar").out


def test_each_form_is_written_to_a_file_of_its_ending(khabar: Run, article: Article, tmp_path: Path) -> None:
    khabar("dossier", "new", "Embassy")
    khabar("dossier", "pin", "Embassy", ARTICLE, "--start", "0", "--end", "40")
    for suffix, begins in (
        (".md", b"# Embassy"), (".docx", b"PK"), (".html", b"<!DOCTYPE html>"), (".bib", b"@article{"),
        (".ris", b"TY  - NEWS"), (".json", b"[\n"),
    ):  # fmt: skip
        file = tmp_path / f"embassy{suffix}"
        done = khabar("dossier", "export", "Embassy", file)
        assert (done.status, done.out) == (0, f"{file} is written\n")
        assert file.read_bytes().startswith(begins)
    again = khabar("dossier", "export", "Embassy", tmp_path / "embassy.md")
    assert again.status == 2 and "Name another file" in again.err
    assert khabar("dossier", "export", "Embassy", tmp_path / "embassy.pdf").status == 2
    assert "dossier " in khabar("audit", "--action", "exported").out


REFUSED = {
    ("show", "nothing"): "There is no such dossier here.",
    ("remove", "nothing"): "There is no such dossier here.",
    ("remove", "known", "ffffffff"): "There is no such quote in the dossier.",
    ("new", "known"): "There is a dossier of this name already.",
    ("new", " "): "A dossier's name has 1 to 200 characters.",
    ("pin", "known", ARTICLE, "--quote", "Nobody said so."): "word for word",
    ("pin", "known", ARTICLE): "word for word",
    ("pin", "known"): "name the article that says it, or the answer",
    ("pin", "known", ARTICLE, "--answer", "x"): "name the article that says it, or the answer",
    ("pin", "known", "--answer", __file__): "is no answer",
    ("pin", "known", "--answer", "/nowhere"): "is no answer",
    ("pin", "known", "nothing", "--quote", "x"): "There is no article",
}


def test_what_cannot_be_done_is_refused_with_status_2(khabar: Run, library: Path) -> None:
    khabar("dossier", "new", "known")
    for arguments, said in REFUSED.items():
        done = khabar("dossier", *arguments)
        assert (done.status, done.out) == (2, "") and said in done.err, arguments
