"""Who may enter, and do what: a file of hashes and roles, the page behind it, and what writes it."""

import stat
from pathlib import Path

import httpx
import pytest
from gradio_client import Client  # type: ignore[import-untyped]

from index import SettingsError
from index.store.access.roles import AccessRole
from qa import Assistant
from tests.support.pages import Served
from ui.server.signin import SignIn, set_password

PASSWORD = "كلمة سر طويلة"


def test_a_password_enters_and_no_other_does(tmp_path: Path) -> None:
    file = tmp_path / "readers"
    set_password(file, "layla", "first password")
    set_password(file, "omar", "password of omar")
    set_password(file, "layla", PASSWORD)
    text = file.read_text(encoding="utf-8")
    assert text.count("layla:") == 1 and PASSWORD not in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    may_enter = SignIn.open(file)
    assert may_enter("layla", PASSWORD) and may_enter("omar", "password of omar")
    assert not may_enter("layla", "first password")
    assert not may_enter("layla", PASSWORD + "x" * 72)
    assert not may_enter("nobody", "nobody at all")


def test_who_may_read_the_file_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "readers"
    set_password(file, "layla", PASSWORD)
    file.chmod(0o640)
    set_password(file, "omar", "password of omar")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "names nobody"), ("layla:secret", ":1 is not NAME:BCRYPT-HASH"), (None, "cannot be read")],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str | None, message: str) -> None:
    file = tmp_path / "readers"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        SignIn.open(file)


@pytest.mark.parametrize(("name", "password"), [("a:b", "long enough"), (" ", "long enough"), ("layla", "short")])
def test_names_and_passwords_that_cannot_be_used_are_refused(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(SettingsError):
        set_password(tmp_path / "readers", name, password)
    assert not (tmp_path / "readers").exists()


def test_nothing_is_told_to_who_has_not_signed_in(tmp_path: Path, samples: Assistant) -> None:
    file = tmp_path / "readers"
    set_password(file, "layla", "long enough")
    page = Served(samples, auth=SignIn.open(file), client=False)
    try:
        asked = httpx.post(f"{page.url}gradio_api/call/ask", json={"data": ["who?"]}, trust_env=False)
        assert asked.status_code == 401
        assert httpx.get(f"{page.url}config", trust_env=False).status_code == 401
        client = Client(page.url, auth=("layla", "long enough"), verbose=False)
        assert client.predict("who disputed the ISIS threat?", api_name="/ask")["abstained"] is False
    finally:
        page.close()


READER, EDITOR, ADMIN = AccessRole.READER, AccessRole.EDITOR, AccessRole.ADMIN
HASH = "$2b$12$4tSaoyKyDsixrzVN6nbKX.wRsm0mjSX940SNmU2D7hYcFue26F7PK"


def test_each_role_may_do_what_those_before_it_may() -> None:
    may = {(one.value, other.value) for one in AccessRole for other in AccessRole if one.includes(other)}
    assert may == {
        ("reader", "reader"),
        *(("editor", other) for other in ("reader", "editor")),
        *(("admin", other) for other in ("reader", "editor", "admin")),
    }
    # Texts would compare by their letters, by which an admin is the least.
    assert not isinstance(READER, str)


def test_a_name_has_the_role_of_its_line_and_without_one_it_is_a_reader_s(tmp_path: Path) -> None:
    file = tmp_path / "people"
    lines = [f"layla:{HASH}", f"omar:{HASH}:reader", f"noor:{HASH}:editor", f"huda:{HASH}:admin"]
    lines += [f"twice:{HASH}", f"twice:{HASH}:reader"]
    file.write_text("# who may enter\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    sign_in = SignIn.open(file)
    roles = [sign_in.role(name) for name in ("layla", "omar", "noor", "huda", "twice")]
    assert roles == [READER, READER, EDITOR, ADMIN, READER]
    assert [sign_in.role(name) for name in ("nobody", "Huda", "huda ", "")] == [READER] * 4


def test_in_a_file_older_than_roles_everybody_is_an_admin_and_stays_one(tmp_path: Path) -> None:
    file = tmp_path / "people"
    file.write_text(f"# who may enter\nold:{HASH}\nother:{HASH}\n", encoding="utf-8")
    assert [SignIn.open(file).role(name) for name in ("old", "other")] == [ADMIN, ADMIN]
    set_password(file, "layla", PASSWORD)
    assert [SignIn.open(file).role(name) for name in ("old", "other", "layla")] == [ADMIN, ADMIN, READER]
    assert file.read_text(encoding="utf-8").startswith(f"# who may enter\nold:{HASH}:admin\nother:{HASH}:admin\nlayla:")


def test_a_role_that_htpasswd_has_dropped_gives_no_more_than_reading(tmp_path: Path) -> None:
    file = tmp_path / "people"
    file.write_text(f"old:{HASH}:admin\nomar:{HASH}\n", encoding="utf-8")
    assert SignIn.open(file).role("omar") is READER
    assert set_password(file, "omar", PASSWORD) is READER


@pytest.mark.parametrize(
    "role",
    ["", " ", "Admin", "ADMIN", " admin", "admin:reader", "reader:admin", "reader,admin", "owner", "admin\u200b"],
)
def test_a_role_that_is_none_is_refused(tmp_path: Path, role: str) -> None:
    file = tmp_path / "people"
    file.write_text(f"omar:{HASH}\nlayla:{HASH}:{role}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r":2 has the role '.*'\. It is one of reader, editor, admin"):
        SignIn.open(file)


def test_a_new_name_is_a_reader_s_and_a_changed_password_keeps_the_role(tmp_path: Path) -> None:
    file = tmp_path / "people"
    file.write_text(f"old:{HASH}\n", encoding="utf-8")
    assert set_password(file, "layla", PASSWORD) is READER
    assert set_password(file, "noor", PASSWORD, EDITOR) is EDITOR
    for name, role in (("layla", READER), ("noor", EDITOR), ("old", ADMIN)):
        assert set_password(file, name, "another password") is role
        assert SignIn.open(file).role(name) is role
    assert set_password(file, "noor", PASSWORD, READER) is READER
    assert [line.rpartition(":")[2] for line in file.read_text(encoding="utf-8").splitlines()] == [
        "reader",
        "admin",
        "reader",
    ]
    assert SignIn.open(file)("old", "another password")


@pytest.mark.parametrize("line", ["layla:secret", f"layla:{HASH}:boss", f"layla:{HASH}:", "layla"])
def test_a_line_that_cannot_be_read_is_put_right_and_gives_no_more_than_reading(tmp_path: Path, line: str) -> None:
    file = tmp_path / "people"
    file.write_text(f"{line}\nomar:{HASH}:editor\n", encoding="utf-8")
    assert set_password(file, "layla", PASSWORD) is READER
    sign_in = SignIn.open(file)
    assert (sign_in.role("layla"), sign_in.role("omar")) == (READER, EDITOR)


@pytest.mark.parametrize("name", ["x\radmin", "x\u2028y", "x\x85y", " layla", "layla ", "x:y:admin", "#x", ""])
def test_no_name_writes_another_line(tmp_path: Path, name: str) -> None:
    file = tmp_path / "people"
    set_password(file, "layla", PASSWORD)
    before = file.read_bytes()
    with pytest.raises(SettingsError, match="A name has no colon, no line end"):
        set_password(file, name, PASSWORD, ADMIN)
    assert file.read_bytes() == before


def test_every_name_takes_the_same_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever measures how long an answer takes learns nothing of who is in the file, whatever made the hashes."""
    import bcrypt

    file = tmp_path / "people"
    made = [f"cost{cost}:{bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(cost)).decode()}" for cost in (4, 7, 9)]
    file.write_text("\n".join(made) + "\n", encoding="utf-8")
    sign_in = SignIn.open(file)
    rounds: list[int] = []
    check, make = bcrypt.checkpw, bcrypt.hashpw

    def counted_check(password: bytes, hashed: bytes) -> bool:
        rounds.append(2 ** int(hashed[4:6]))
        return check(password, hashed)

    def counted_hash(password: bytes, salt: bytes) -> bytes:
        rounds.append(2 ** int(salt[4:6]))
        return make(password, salt)

    monkeypatch.setattr(bcrypt, "checkpw", counted_check)
    monkeypatch.setattr(bcrypt, "hashpw", counted_hash)
    for name in ("cost4", "cost7", "cost9", "nobody", "", "cost4 "):
        for password in ("wrong", PASSWORD, PASSWORD + "x" * 72):
            rounds.clear()
            assert sign_in(name, password) is (password == PASSWORD and name in ("cost4", "cost7", "cost9"))
            assert sum(rounds) == 2**9
