"""A real server and the commands: who has failed too often waits, over a restart as well, until an admin unlocks."""

import signal
from pathlib import Path

import httpx
import pytest

from index import Library
from tests.support.live_server import serving
from tests.support.patience import PATIENCE
from ui.cli.main import run
from ui.server.signin import set_password

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]

WORD = "long enough"


def try_in(url: str, name: str, word: str) -> int:
    return httpx.post(f"{url}/login", data={"username": name, "password": word}, timeout=PATIENCE).status_code


def test_a_restart_forgets_no_guess_and_an_admin_unlocks(
    own_samples: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, people = own_samples.path, tmp_path / "people.txt"

    def khabar(*arguments: str) -> str:
        assert run([*arguments, "--library", str(folder), "--interface", "en"]) == 0
        return capsys.readouterr().out

    set_password(people, "layla", WORD)
    with serving(folder, "--auth-file", people, "--sign-in-tries", "3") as (process, url):
        assert [try_in(url, "layla", f"guess {number}") for number in range(4)] == [400, 400, 429, 429]
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    # A minute, which a slow machine may need to start the server again.
    own_samples._catalog.database.run("UPDATE sign_in_try SET until = until + 3600")
    with serving(folder, "--auth-file", people, "--sign-in-tries", "3") as (process, url):
        assert try_in(url, "layla", WORD) == 429
        assert khabar("unlock", "layla") == "layla may try to sign in again\n"
        # The address has to wait as well.
        assert try_in(url, "layla", WORD) == 429
        assert khabar("unlock", "127.0.0.1") == "127.0.0.1 may try to sign in again\n"
        assert try_in(url, "layla", WORD) == 200
        assert khabar("unlock", "layla") == "nobody waits under the name or at the address layla\n"
    lines = [line.split("\t")[2:] for line in khabar("audit").splitlines()]
    unlocked, name, address = lines[:2], ["reader", "page", "sign-in-locked", "layla", "1"], lines[2:5]
    assert [line[2:4] for line in unlocked] == [["sign-in-unlocked", "127.0.0.1"], ["sign-in-unlocked", "layla"]]
    assert name in address and ["reader", "page", "sign-in-locked", "127.0.0.1", "1"] in address
    assert ["reader", "page", "sign-in-failed", "layla", "3"] in address
