"""Bearer tokens in the catalog: kept as hashes, found by nothing but themselves, and gone when they are revoked."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index import Library, export_library, import_library
from index.errors import SettingsError
from index.store.access.audit import AuditLog
from index.store.access.grants import NOTHING
from index.store.access.roles import AccessRole
from index.store.engines import postgresql
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder

NAMES = [
    "script",
    "سكربت الأخبار 🚚",
    "می\u200cخوانم 👩\u200d💻",
    "l’outil d’Élodie",
    "a'; DROP TABLE token; --",
    "x" * 100,
]


@pytest.fixture
def library(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield opened


@pytest.mark.parametrize("name", NAMES)
def test_a_token_is_found_by_itself_and_nothing_else(library: Library, name: str) -> None:
    before = library.generation
    assert library.tokens.find("khabar_x") is None
    token = library.tokens.add(name, timedelta(days=90))
    found = library.tokens.find(token)
    assert found is not None
    assert found.name == name
    assert found.expires == found.created + timedelta(days=90)
    for other in (
        "",
        token[:-1],
        token + "A",
        token.lower(),
        hashlib.sha256(token.encode()).hexdigest(),
        "\ud800",
        name,
    ):
        assert library.tokens.find(other) is None
    assert library.tokens.find(token * 1000) is None
    # Nothing that is searched has changed.
    assert library.generation == before


def test_each_token_has_256_bits_of_its_own(library: Library) -> None:
    tokens = [library.tokens.add(f"script {number}", None) for number in range(20)]
    assert {len(token) for token in tokens} == {len("khabar_") + 43}
    assert len({token.removeprefix("khabar_")[:6] for token in tokens}) == 20
    assert [library.tokens.find(token).name for token in tokens] == [f"script {number}" for number in range(20)]  # type: ignore[union-attr]


def test_a_token_holds_until_its_time_is_over_and_is_listed_until_it_is_revoked(library: Library) -> None:
    expired, held, endless = (
        library.tokens.add(name, lasts)
        for name, lasts in (("b", timedelta(0)), ("a", timedelta(seconds=3600)), ("c", None))
    )
    assert library.tokens.find(expired) is None
    assert library.tokens.find(held) is not None
    assert library.tokens.find(endless) is not None
    listed = library.tokens.all()
    assert [token.name for token in listed] == ["a", "b", "c"]
    assert [token.is_expired(datetime.now(UTC)) for token in listed] == [False, True, False]
    library.tokens.revoke("b")
    assert [token.name for token in library.tokens.all()] == ["a", "c"]


def test_a_revoked_token_holds_no_more_also_where_its_name_is_given_again(library: Library) -> None:
    first = library.tokens.add("script", None)
    with pytest.raises(SettingsError, match=r"There is a token 'script' already\. Revoke it first"):
        library.tokens.add("script", None)
    library.tokens.revoke("script")
    with pytest.raises(SettingsError, match=r"There is no token 'script' here"):
        library.tokens.revoke("script")
    second = library.tokens.add("script", None)
    assert library.tokens.find(first) is None
    assert library.tokens.find(second) is not None


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "a\x00b", "a\u202eb", "\ud800"])
def test_a_name_that_cannot_be_read_is_refused(library: Library, name: str) -> None:
    with pytest.raises(SettingsError, match="A token's name has 1 to 100 characters that can be read"):
        library.tokens.add(name, None)


def test_a_token_is_a_reader_s_unless_it_is_handed_out_as_an_editor_s(library: Library) -> None:
    reader, editor = library.tokens.add("a", None), library.tokens.add("b", None, AccessRole.EDITOR)
    assert [(token.name, token.role) for token in library.tokens.all()] == [
        ("a", AccessRole.READER),
        ("b", AccessRole.EDITOR),
    ]
    for token, role in ((reader, AccessRole.READER), (editor, AccessRole.EDITOR)):
        found = library.tokens.find(token)
        assert found is not None and found.role is role
    with pytest.raises(SettingsError, match="A token is a reader's or an editor's"):
        library.tokens.add("c", None, AccessRole.ADMIN)
    assert len(library.tokens.all()) == 2


@pytest.mark.parametrize("written", ["admin", "EDITOR", "editor ", "", "boss"])
def test_a_role_that_no_token_may_have_opens_no_collection(
    library: Library, served_at: str | None, written: str
) -> None:
    token = library.tokens.add("script", None, AccessRole.EDITOR)
    library.tokens._db.run("UPDATE token SET role = ?", written)
    found = library.tokens.find(token)
    assert found is not None and found.role == NOTHING


def test_a_token_cannot_last_beyond_all_calendars(library: Library) -> None:
    with pytest.raises(SettingsError, match="A token cannot last so long"):
        library.tokens.add("script", timedelta(days=999_999_999))


def test_nothing_is_kept_of_a_token_but_its_hash(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        token = library.tokens.add("script", None)
    written = b"".join(file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file())
    assert hashlib.sha256(token.encode()).hexdigest().encode() in written
    assert token.encode() not in written
    assert token.removeprefix("khabar_").encode() not in written


def test_another_process_s_change_is_seen_at_the_next_call(tmp_path: Path) -> None:
    with (
        Library.open(tmp_path, encoder=SmallEncoder()) as serving,
        Library.open(tmp_path, encoder=SmallEncoder()) as other,
    ):
        assert serving.tokens.find("khabar_x") is None
        token = other.tokens.add("script", None)
        assert serving.tokens.find(token) is not None
        other.tokens.revoke("script")
        assert serving.tokens.find(token) is None


def test_tokens_do_not_move_with_a_library(tmp_path: Path, library: Library, served_at: str | None) -> None:
    token = library.tokens.add("script", None)
    export_library(library.path, tmp_path / "news.khabar", catalog=served_at)
    import_library(tmp_path / "news.khabar", tmp_path / "moved")
    with Library.open(tmp_path / "moved", encoder=SmallEncoder()) as moved:
        assert moved.tokens.all() == []
        assert moved.tokens.find(token) is None
        assert moved.tokens.find(moved.tokens.add("script", None)) is not None


@pytest.mark.system
def test_the_tokens_of_the_third_schema_are_readers_tokens(
    tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.schema()
    with monkeypatch.context() as earlier:
        earlier.setattr(postgresql, "_MIGRATIONS", postgresql._MIGRATIONS[:3])
        earlier.setattr(AuditLog, "record", lambda *_: None)
        with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
            token = library.tokens.add("script", None)
            # As that schema had it.
            library.tokens._db.run("ALTER TABLE token DROP COLUMN role")
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
        library.tokens.add("writer", None, AccessRole.EDITOR)
        assert [each.role for each in library.tokens.all()] == [AccessRole.READER, AccessRole.EDITOR]
        found = library.tokens.find(token)
        assert found is not None and found.role is AccessRole.READER


SITE = "https://site.example"


def test_a_site_s_token_is_a_reader_s_and_has_its_origin(library: Library) -> None:
    token, plain = library.tokens.add("site", timedelta(days=30), origin=SITE), library.tokens.add("script", None)
    found, other = library.tokens.find(token), library.tokens.find(plain)
    assert found is not None and other is not None
    assert (found.origin, found.role, other.origin) == (SITE, AccessRole.READER, None)
    assert [each.origin for each in library.tokens.all()] == [None, SITE]
    # Whoever changes the catalog by hand makes no editor of it.
    library.tokens._db.run("UPDATE token SET role = 'editor'")
    assert [each.role for each in library.tokens.all()] == [AccessRole.EDITOR, AccessRole.READER]


def test_a_site_s_token_changes_nothing_and_is_of_one_site(library: Library) -> None:
    with pytest.raises(SettingsError, match=r"^A site's token is seen by all its visitors: it is a reader's\."):
        library.tokens.add("site", None, AccessRole.EDITOR, origin=SITE)
    for origin in ("*", "null", "http://site.example", f"{SITE}/", ""):
        with pytest.raises(SettingsError):
            library.tokens.add("site", None, origin=origin)
    assert library.tokens.all() == []


@pytest.mark.system
def test_the_tokens_of_the_tenth_schema_are_no_site_s(
    tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.schema()
    with monkeypatch.context() as earlier:
        earlier.setattr(postgresql, "_MIGRATIONS", postgresql._MIGRATIONS[:10])
        with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
            token = library.tokens.add("script", None)
            # As that schema had it.
            library.tokens._db.run("ALTER TABLE token DROP COLUMN origin")
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=address) as library:
        library.tokens.add("site", None, origin=SITE)
        assert [each.origin for each in library.tokens.all()] == [None, SITE]
        found = library.tokens.find(token)
        assert found is not None and found.origin is None
