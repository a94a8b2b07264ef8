"""The audit log: what was done is in it with who did it, what was not done is not, and nothing changes it."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from index import Article, Library, export_library, import_library
from index.errors import ArticleNotFoundError, LibraryError, SettingsError
from index.store.access.actors import Actor, Way, acting, become, current_actor
from index.store.access.audit import AuditAction, AuditLog
from index.store.access.roles import AccessRole
from index.store.catalog import Catalog
from index.store.engines import postgresql, sqlite
from index.store.names import MentionTable
from index.store.queue import HandedTable
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder

LAYLA = Actor(Way.PAGE, "ليلى 🚚", AccessRole.EDITOR)
SCRIPT = Actor(Way.REST, "token script", AccessRole.EDITOR)
FERRY = Article.create("ferry-1", "The Samhar ferry resumed on Monday.", title="Ferry service resumes")


@pytest.fixture
def library(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield opened


def told(library: Library) -> list[tuple[str, str, str, str, int]]:
    """Return who did what, the oldest first."""
    return [
        (entry.actor.name, entry.actor.way.value, entry.action.value, entry.object, entry.count)
        for entry in reversed(library.audit.entries())
    ]


def test_each_change_of_an_article_is_written_down_with_who_made_it(library: Library) -> None:
    assert library.audit.entries() == []
    with acting(LAYLA):
        library.add([FERRY, Article.create("port-1", "The port is open.")])
        library.add([FERRY])
    with acting(SCRIPT):
        library.add([Article.create("ferry-1", "The Samhar ferry resumed on Tuesday.")])
        library.remove(["ferry-1"])
    library.remove(["port-1"])
    assert told(library) == [
        ("ليلى 🚚", "page", "added", "ferry-1", 1),
        ("ليلى 🚚", "page", "added", "port-1", 1),
        ("token script", "rest", "replaced", "ferry-1", 1),
        ("token script", "rest", "withdrawn", "ferry-1", 1),
        ("", "python", "withdrawn", "port-1", 1),
    ]
    newest = library.audit.entries(limit=1)[0]
    assert newest.actor == Actor(Way.PYTHON, "", AccessRole.ADMIN)
    assert timedelta(0) <= datetime.now(UTC) - newest.at < timedelta(hours=1)


def test_a_folder_s_articles_are_written_down_one_by_one(library: Library, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in ("a", "b", "c"):
        (news / f"{name}.txt").write_text(f"The text of {name}.", encoding="utf-8")
    with acting(LAYLA):
        library.sync(news)
        (news / "a.txt").unlink()
        (news / "b.txt").write_text("Another text.", encoding="utf-8")
        library.sync(news)
    assert sorted((action, of) for _, _, action, of, _ in told(library)) == [
        ("added", "a.txt"),
        ("added", "b.txt"),
        ("added", "c.txt"),
        ("replaced", "b.txt"),
        ("withdrawn", "a.txt"),
    ]


def test_tokens_are_written_down_by_their_names_alone(library: Library) -> None:
    with acting(LAYLA):
        token = library.tokens.add("nightly digest", None)
        library.tokens.revoke(" nightly digest ")
    assert told(library) == [
        ("ليلى 🚚", "page", "token-added", "nightly digest", 1),
        ("ليلى 🚚", "page", "token-revoked", "nightly digest", 1),
    ]
    assert token not in written(library)


def test_a_shared_answer_is_written_down_without_what_was_asked_or_where_it_leads(library: Library) -> None:
    with acting(LAYLA):
        shared = library.shared.keep({"question": "Who met the minister?", "answer": "Nobody."})
    ((who, way, action, of, count),) = told(library)
    assert (who, way, action, count) == ("ليلى 🚚", "page", "shared", 1)
    assert shared.id.startswith(of) and len(of) == 8
    assert library.shared.find(of) is None
    assert "minister" not in written(library) and shared.id not in written(library)


def written(library: Library) -> str:
    return json.dumps(library._catalog.database.all("SELECT * FROM audit"))


def test_what_was_not_done_is_not_written_down(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.tokens.add("script", None)
    library.add([FERRY])
    before = told(library)
    with pytest.raises(SettingsError):
        library.tokens.add("script", None)
    with pytest.raises(SettingsError):
        library.tokens.revoke("nobody")
    with pytest.raises(ArticleNotFoundError):
        library.remove(["ferry-1", "nowhere"])

    def fail(*_: object) -> None:
        raise LibraryError("The disk is full.")

    with monkeypatch.context() as broken:
        # The last that a commit writes.
        broken.setattr(Catalog, "set_meta", fail)
        with pytest.raises(LibraryError):
            library.add([Article.create("port-1", "The port is open.")])
        with pytest.raises(LibraryError):
            library.remove(["ferry-1"])
    assert told(library) == before
    assert library.has("ferry-1") and not library.has("port-1")


def test_what_cannot_be_written_down_is_not_done(
    library: Library, tmp_path: Path, served_at: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add([FERRY])
    token = library.tokens.add("script", None)

    def fail(*_: object) -> None:
        raise LibraryError("The log cannot be written.")

    with monkeypatch.context() as broken:
        broken.setattr(AuditLog, "record", fail)
        for change in (
            lambda: library.add([Article.create("port-1", "The port is open.")]),
            lambda: library.remove(["ferry-1"]),
            lambda: library.tokens.add("other", None),
            lambda: library.tokens.revoke("script"),
            lambda: library.shared.keep({"question": "?"}),
            lambda: export_library(library.path, tmp_path / "out.khabar", catalog=served_at),
        ):
            with pytest.raises(LibraryError, match="The log cannot be written"):
                change()
    assert [article.id for article in library.articles()] == ["ferry-1"]
    assert [each.name for each in library.tokens.all()] == ["script"]
    assert library.tokens.find(token) is not None
    assert not library._catalog.database.has("shared") or library._catalog.database.all("SELECT * FROM shared") == []
    assert [file.name for file in tmp_path.iterdir() if "out" in file.name] == []


def test_an_export_is_written_down_where_it_was_made_and_an_import_where_it_came_to(
    library: Library, tmp_path: Path, served_at: str | None
) -> None:
    library.add([FERRY])
    with acting(LAYLA):
        export_library(library.path, tmp_path / "news.khabar", catalog=served_at)
    assert told(library)[-1] == ("ليلى 🚚", "page", "exported", "news.khabar", 1)
    with acting(SCRIPT):
        import_library(tmp_path / "news.khabar", tmp_path / "moved")
    with Library.open(tmp_path / "moved", encoder=SmallEncoder()) as moved:
        # What was done to the one was not done to the other.
        assert told(moved) == [("token script", "rest", "imported", "news.khabar", 1)]


@pytest.mark.system
def test_an_import_into_postgresql_is_written_down_there(tmp_path: Path, postgres: PostgresServer) -> None:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([FERRY])
    export_library(tmp_path / "library", tmp_path / "news.khabar")
    address = postgres.schema()
    import_library(tmp_path / "news.khabar", tmp_path / "moved", catalog=address)
    with Library.open(tmp_path / "moved", encoder=SmallEncoder(), catalog=address) as moved:
        assert told(moved) == [("", "python", "imported", "news.khabar", 1)]


def test_the_log_is_read_by_day_name_and_action_newest_first(library: Library) -> None:
    for actor in (LAYLA, SCRIPT):
        with acting(actor):
            library.add([Article.create(f"by {actor.way.value}", "A text.")])
    library.remove(["by rest"])
    log, today = library.audit, datetime.now(UTC).date()
    assert [entry.object for entry in log.entries()] == ["by rest", "by rest", "by page"]
    assert [entry.object for entry in log.entries(who="ليلى 🚚")] == ["by page"]
    assert [entry.action for entry in log.entries(action=AuditAction.WITHDRAWN)] == [AuditAction.WITHDRAWN]
    assert log.entries(who="ليلى 🚚", action=AuditAction.WITHDRAWN) == []
    assert len(log.entries(since=today - timedelta(days=1))) == 3
    assert log.entries(since=today + timedelta(days=2)) == []
    first = log.entries(limit=2)
    assert [entry.object for entry in log.entries(before=first[-1].number)] == ["by page"]


@pytest.mark.parametrize("who", ["", "'; DROP TABLE audit; --", "%", "LAYLA"])
def test_a_name_is_nothing_but_a_name(library: Library, who: str) -> None:
    with acting(LAYLA):
        library.add([FERRY])
    assert library.audit.entries(who=who) == []
    assert len(library.audit.entries()) == 1


def test_what_is_old_is_let_go_of_by_the_day_and_that_is_written_down(library: Library) -> None:
    for number in range(3):
        library.add([Article.create(f"a{number}", f"Text {number}.")])
    database = library._catalog.database
    database.run("UPDATE audit SET at = '2025-11-30T23:59:59.999+00:00' WHERE object = 'a0'")
    database.run("UPDATE audit SET at = '2025-12-01T00:00:00.000+00:00' WHERE object = 'a1'")
    with acting(LAYLA):
        assert library.audit.prune(date(2025, 12, 1)) == 1
    assert [(entry[2], entry[3], entry[4]) for entry in told(library)] == [
        ("added", "a1", 1),
        ("added", "a2", 1),
        ("pruned", "2025-12-01", 1),
    ]
    # Nor is that it was pruned let go of unseen.
    assert library.audit.prune(date(2999, 1, 1)) == 3
    assert [entry[2] for entry in told(library)] == ["pruned"]


def test_threads_act_for_whom_they_were_told(library: Library) -> None:
    def add(actor: Actor) -> None:
        with acting(actor):
            library.add([Article.create(f"by {actor.name} {number}", "A text.") for number in range(5)])

    threads = [threading.Thread(target=add, args=(Actor(Way.REST, name),)) for name in ("a", "b", "c")]
    with acting(LAYLA):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert current_actor() == LAYLA
    assert current_actor() == Actor(Way.PYTHON)
    assert len(told(library)) == 15
    assert all(of.startswith(f"by {who} ") for who, _, _, of, _ in told(library))


def test_whoever_runs_a_command_acts_to_its_end() -> None:
    from contextvars import copy_context

    def command() -> Actor:
        become(SCRIPT)
        return current_actor()

    assert copy_context().run(command) == SCRIPT
    assert current_actor() == Actor(Way.PYTHON)


@pytest.mark.system
def test_a_library_of_the_fourth_schema_gets_its_log(
    tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.schema()
    with monkeypatch.context() as earlier:
        earlier.setattr(postgresql, "_MIGRATIONS", postgresql._MIGRATIONS[:4])
        # As that version did.
        earlier.setattr(AuditLog, "record", lambda *_: None)
        earlier.setattr(HandedTable, "forget", lambda *_: None)
        earlier.setattr(MentionTable, "place", lambda *_: None)
        with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
            library.add([FERRY])
            assert library.audit.entries() == []
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
        library.remove(["ferry-1"])
        assert told(library) == [("", "python", "withdrawn", "ferry-1", 1)]


def test_a_library_on_a_read_only_disk_is_exported_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    with Library.open(folder, encoder=SmallEncoder()) as library:
        library.add([FERRY])
    monkeypatch.setattr(sqlite, "_may_write", lambda path: folder not in (path, *path.parents))
    assert export_library(folder, tmp_path / "news.khabar") == 1
    monkeypatch.undo()
    with Library.open(folder, encoder=SmallEncoder()) as library:
        assert [action for _, _, action, _, _ in told(library)] == ["added"]
