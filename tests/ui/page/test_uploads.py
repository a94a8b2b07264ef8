"""Files and pasted text into the library, without a browser."""

from datetime import date
from pathlib import Path

from index import Library
from index.languages.messages import messages_for
from tests.support.made_files import ENGLISH as ENGLISH_TEXT
from tests.support.made_files import docx, mail, page, pdf, warc, xlsx
from ui.page.uploads import add_files, add_text
from ui.state.uploads import FileOutcome, UploadProgress

ARABIC, ENGLISH = messages_for("ar"), messages_for("en")
BRIDGE = "The Khazir bridge opens on 14 May, engineers said."


def last(library: Library, *files: Path) -> tuple[FileOutcome, ...]:
    *_, state = add_files(library, files, ENGLISH)
    return state.done


def test_each_file_has_a_result_and_a_bad_one_keeps_none_of_the_others(library: Library, tmp_path: Path) -> None:
    good, empty, program = tmp_path / "bridge.txt", tmp_path / "empty.md", tmp_path / "tool.txt.exe"
    good.write_text(BRIDGE, encoding="utf-8")
    empty.write_text("", encoding="utf-8")
    program.write_bytes(b"MZ" + bytes(200))
    done = last(library, empty, program, good)
    assert [outcome.added for outcome in done] == [0, 0, 1]
    assert done[0].failures
    assert done[1].failures[0].reason == "It is a program, not an article."
    assert [article.id for article in library.articles()] == ["bridge.txt"]
    assert list((library.path / "uploads").iterdir()) == []


def test_files_of_every_kind_are_taken_and_each_has_its_result(library: Library, tmp_path: Path) -> None:
    made = {
        "release.pdf": pdf([["Bridge opens", "", ENGLISH_TEXT[0]], [ENGLISH_TEXT[1]]]),
        "release.docx": docx(["Bridge opens", *ENGLISH_TEXT]),
        "export.xlsx": xlsx({"News": [["title", "text"], ["One", ENGLISH_TEXT[0]], ["Two", ENGLISH_TEXT[1]]]}),
        "letter.eml": mail("Bridge opens", ENGLISH_TEXT[2]),
        "crawl.warc.gz": warc({"https://herald.example/bridge": page("Bridge opens", ENGLISH_TEXT)}),
    }
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    done = last(library, *(tmp_path / name for name in made))
    assert [(outcome.name, outcome.added, outcome.failures) for outcome in done] == [
        ("release.pdf", 1, ()), ("release.docx", 1, ()), ("export.xlsx", 2, ()), ("letter.eml", 1, ()),
        ("crawl.warc.gz", 1, ()),
    ]  # fmt: skip
    assert library.article("release.pdf").page_of(len(ENGLISH_TEXT[0]) + 5) == 2
    assert library.article("export.xlsx#3").row == 3


def test_a_file_of_the_same_name_is_a_new_revision(library: Library, tmp_path: Path) -> None:
    for folder, text in (("a", BRIDGE), ("b", BRIDGE), ("c", BRIDGE.replace("14 May", "20 June"))):
        (tmp_path / folder).mkdir()
        file = tmp_path / folder / "جسر الخازر.txt"
        file.write_text(text, encoding="utf-8")
        (outcome,) = last(library, file)
        assert not outcome.failures
    assert (outcome.added, outcome.replaced) == (0, 1)
    assert [revision.number for revision in library.revisions("جسر الخازر.txt")] == [2, 1]


def test_another_reader_s_file_of_the_same_name_withdraws_nothing(library: Library, tmp_path: Path) -> None:
    for folder in "ab":
        (tmp_path / folder).mkdir()
        lines = "".join(f'{{"id": "{folder}{n}", "text": "Bridge {folder}{n} opens."}}\n' for n in range(3))
        (tmp_path / folder / "export.jsonl").write_text(lines, encoding="utf-8")
        assert last(library, tmp_path / folder / "export.jsonl") == (FileOutcome("export.jsonl", added=3),)
    assert len(library.articles()) == 6


def test_a_day_that_the_calendar_does_not_have_is_told(library: Library) -> None:
    (failure,) = add_text(library, BRIDGE, "Bridge", "", "2025-02-30", ENGLISH).failures
    assert failure.reason == "'2025-02-30' is not a date: write it as 2025-09-28."
    assert library.articles() == []


def test_how_far_it_is_is_told_step_by_step(library: Library, tmp_path: Path) -> None:
    lines = tmp_path / "many.jsonl"
    lines.write_text("".join(f'{{"id": "{n}", "text": "Bridge {n} opens."}}\n' for n in range(5)), encoding="utf-8")
    states = list(add_files(library, [lines], ENGLISH))
    assert states[0] == UploadProgress(file="many.jsonl")
    fractions = [state.fraction for state in states if state.file]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert states[-1].done == (FileOutcome("many.jsonl", added=5),)


def test_pasted_text_is_an_article_and_its_title_names_it(library: Library) -> None:
    outcome = add_text(library, BRIDGE, " Bridge  opens ", "Wire", "2025-05-01", ENGLISH)
    assert outcome == FileOutcome("Bridge opens", added=1)
    (article,) = library.articles()
    assert (article.title, article.source, article.published, article.text) == (
        "Bridge opens", "Wire", date(2025, 5, 1), BRIDGE,
    )  # fmt: skip
    assert add_text(library, f"{BRIDGE} It is new.", "Bridge opens", "", "", ENGLISH).replaced == 1
    assert len(library.articles()) == 1


def test_pasting_nothing_says_what_to_do(library: Library) -> None:
    (failure,) = add_text(library, " … ", "", "", "", ARABIC).failures
    assert failure.reason == ARABIC.say("library.nothing")
    assert library.articles() == []
