"""What one page server keeps, another one has: two of them on one catalog, each with a folder of its own."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index import Feedback, Library, ReaderVerdict
from index.languages.messages import messages_for
from qa.errors import WriterBudgetError
from qa.generation.budget import TokenBudget
from ui.page.uploads import add_files, add_text

Machine = Callable[..., Library]
WORDS = messages_for("en")


def test_a_link_that_is_shared_on_one_opens_on_the_other(machine: Machine) -> None:
    one, two = machine("one"), machine("two")
    content = {"question": "Who?", "answer": "Layla."}
    link = one.shared.keep(content)
    opened = two.shared.find(link.id)
    assert opened is not None and opened.content == content
    # What a browser keeps of one server is known at the other to be Khabar's own.
    assert two.shared.is_sealed(content, one.shared.seal(content))
    assert not two.shared.is_sealed({**content, "answer": "Nobody."}, one.shared.seal(content))


def test_what_is_uploaded_to_one_is_found_by_the_other_at_once_and_leaves_no_file(
    machine: Machine, tmp_path: Path
) -> None:
    one, two = machine("one"), machine("two")
    file = tmp_path / "flood.txt"
    file.write_text("Flood in Basra\n\nThe harbour of Basra was flooded.\n", encoding="utf-8")
    before = two.generation
    *_, last = add_files(one, [file], WORDS)
    assert [outcome.added for outcome in last.done] == [1]
    assert two.generation == before + 1
    assert [hit.article.title for hit in two.search("harbour of Basra")] == ["Flood in Basra"]
    assert list((one.path / "uploads").iterdir()) == []
    assert add_text(two, "The bridge was closed.", "Bridge", "", "", WORDS).added == 1
    assert "Bridge" in [hit.article.title for hit in one.search("bridge closed")]
    assert add_text(one, "The bridge was opened.", "Bridge", "", "", WORDS).replaced == 1


def test_a_budget_is_counted_together(machine: Machine) -> None:
    one, two = (TokenBudget(100, machine(name).model_use) for name in ("one", "two"))
    one.add(70)
    two.check(30)
    with pytest.raises(WriterBudgetError, match="70 of today's 100"):
        two.check(31)


def test_feedback_tokens_dossiers_and_feeds_are_those_of_both(machine: Machine) -> None:
    one, two = machine("one"), machine("two")
    one.feedback.record(Feedback("a", ReaderVerdict.GOOD, "Who?", {}, {}))
    two.feedback.record(Feedback("a", ReaderVerdict.WRONG_SOURCE, "Who?", {}, {}))
    assert [given.verdict for given in one.feedback.all()] == [ReaderVerdict.WRONG_SOURCE]
    known = two.tokens.find(one.tokens.add("desk", None))
    assert known is not None and known.name == "desk"
    one.tokens.revoke("desk")
    assert two.tokens.all() == []
    dossier = one.dossiers.add("Floods", "layla")
    assert [entry.id for entry in two.dossiers.all()] == [dossier.id]


def test_nothing_but_indexes_and_locks_lies_in_a_server_s_folder(machine: Machine) -> None:
    one = machine("one")
    assert add_text(one, "The bridge was closed.", "Bridge", "", "", WORDS).added == 1
    one.feedback.record(Feedback("a", ReaderVerdict.GOOD, "Who?", {}, {}))
    one.model_use.add(date(2025, 9, 28), 5)
    left = {path.name for path in one.path.iterdir() if not path.name.startswith("index-")}
    assert left <= {"write.lock"}
