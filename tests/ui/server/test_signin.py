"""Who may read: a file of hashes, the page behind it, and the command that writes it."""

import stat
from pathlib import Path

import httpx
import pytest
from gradio_client import Client  # type: ignore[import-untyped]

from index import SettingsError
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
