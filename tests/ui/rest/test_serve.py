"""The REST API of a real `khabar serve`, and the command that hands its tokens out."""

import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from index import Library
from tests.support.live_server import COMMAND, serving
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.rest_calls import client, streamed
from ui.server.signin import set_password

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def khabar(library: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [*COMMAND, *arguments, "--library", str(library), "--interface", "en"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


def test_a_script_asks_with_a_token_until_it_is_revoked(own_samples: Library, tmp_path: Path) -> None:
    folder, readers = own_samples.path, tmp_path / "readers.txt"
    set_password(readers, "layla", "eight letters")
    with serving(folder, "--auth-file", readers) as (process, url):
        added = khabar(folder, "tokens", "add", "سكربت 🚚", "--expires", "12h")
        assert added.returncode == 0, added.stderr
        token = added.stdout.strip()
        assert token.startswith("khabar_") and token not in added.stderr
        assert "سكربت 🚚 may call the API until" in added.stderr
        with client(url, "127.0.0.1", headers={"authorization": f"Bearer {token}"}) as caller:
            asked = {"question": "من نفى خطر داعش؟", "after": "2025-10-01"}
            answer = caller.post("/ask", json=asked).json()
            assert answer["citations"][0]["article"]["id"] == "army-denies-warning.txt"
            assert caller.get("/articles/army-denies-warning.txt").json()["text"]
            with streamed(caller, **asked) as events:
                *_, (name, streamed_answer) = events
            assert (name, streamed_answer["text"]) == ("answer", answer["text"])
            assert khabar(folder, "tokens", "list").stdout.split("\t")[0] == "سكربت 🚚"
            revoked = khabar(folder, "tokens", "revoke", "سكربت 🚚")
            assert (revoked.returncode, revoked.stdout) == (0, "the token of سكربت 🚚 is revoked\n")
            assert caller.get("/articles").status_code == 401
        assert khabar(folder, "tokens", "list").stdout == ""
        # Health and metrics are for machines that have no name.
        assert httpx.get(f"{url}/healthz", timeout=PATIENCE).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", " "), "A token's name has 1 to 100 characters that can be read. Choose another."),
        (
            ("add", "x", "--expires", "soon"),
            "--expires cannot be 'soon': write a number and s, m, h or d, such as 10m.",
        ),
        (("revoke", "x"), "There is no token 'x' here. `khabar tokens list` shows those that there are."),
    ],
)
def test_a_wrong_command_says_what_to_do(own_samples: Library, arguments: tuple[str, ...], said: str) -> None:
    done = khabar(own_samples.path, "tokens", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"khabar: {said}\n")


def test_no_library_is_made_for_a_token(tmp_path: Path) -> None:
    done = khabar(tmp_path / "nowhere", "tokens", "add", "x")
    assert done.returncode == 2
    assert "There is no library in" in done.stderr
    assert not (tmp_path / "nowhere").exists()
