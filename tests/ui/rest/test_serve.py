"""The REST API of a real `khabar serve`, and the command that hands its tokens out."""

import signal
from pathlib import Path

import httpx
import pytest

from index import Library
from index.store.access.roles import AccessRole
from tests.support.live_server import khabar, serving
from tests.support.patience import PATIENCE
from tests.support.rest_calls import client, streamed
from ui.server.signin import set_password

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


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


def may_withdraw(url: str, name: str, id: str) -> tuple[int, str]:
    """Have somebody who signs in with a browser try to withdraw an article, over REST and on the page."""
    with client(url, "127.0.0.1") as caller:
        caller.post(f"{url}/login", data={"username": name, "password": "eight letters"}).raise_for_status()
        begun = caller.post(f"{url}/gradio_api/call/remove", json={"data": [f"{id} on the page"]}).json()
        told = caller.get(f"{url}/gradio_api/call/remove/{begun['event_id']}").text
        return caller.delete(f"/articles/{id}").status_code, told


@pytest.mark.soak
def test_a_role_that_changes_in_the_file_holds_from_the_next_start_on(own_samples: Library, tmp_path: Path) -> None:
    folder, people = own_samples.path, tmp_path / "people.txt"
    set_password(people, "layla", "eight letters")
    with serving(folder, "--auth-file", people) as (_, url):
        assert may_withdraw(url, "layla", "nowhere")[0] == 403
        set_password(people, "layla", "eight letters", AccessRole.EDITOR)
        # The file is read as the server starts.
        status, told = may_withdraw(url, "layla", "nowhere")
        assert status == 403 and "Only an editor or an admin may change the library" in told
    with serving(folder, "--auth-file", people) as (_, url):
        status, told = may_withdraw(url, "layla", "nowhere")
        assert status == 404 and "No article has the id nowhere on the page" in told


def test_an_editor_s_token_adds_and_withdraws(own_samples: Library, tmp_path: Path) -> None:
    folder, people = own_samples.path, tmp_path / "people.txt"
    set_password(people, "layla", "eight letters")
    reader, editor = (
        khabar(folder, "tokens", "add", role, "--role", role).stdout.strip() for role in ("reader", "editor")
    )
    listed = [line.split("\t") for line in khabar(folder, "tokens", "list").stdout.splitlines()]
    assert [(line[0], line[-1]) for line in listed] == [("editor", "editor"), ("reader", "reader")]
    ferry = {"id": "ferry", "text": "The Samhar ferry resumed on Monday, the harbour master Lena Ortiz said."}
    with serving(folder, "--auth-file", people) as (_, url), client(url, "127.0.0.1") as caller:
        as_reader, as_editor = ({"authorization": f"Bearer {token}"} for token in (reader, editor))
        assert caller.post("/articles", json=ferry, headers=as_reader).status_code == 403
        assert caller.post("/articles", json=ferry, headers=as_editor).status_code == 201
        asked = {"question": "When did the Samhar ferry resume?"}
        answer = caller.post("/ask", json=asked, headers=as_reader).json()
        assert answer["citations"][0]["article"]["id"] == "ferry"
        assert caller.delete("/articles/ferry", headers=as_reader).status_code == 403
        assert caller.delete("/articles/ferry", headers=as_editor).status_code == 204
        assert caller.get("/articles/ferry", headers=as_reader).status_code == 404


def test_a_page_of_a_site_that_is_named_asks_with_the_site_s_token(
    own_samples: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, readers, site = own_samples.path, tmp_path / "readers.txt", "https://site.example"
    set_password(readers, "layla", "eight letters")
    monkeypatch.setenv("KHABAR_WIDGET_ORIGINS", "*")
    refused = khabar(folder, "tokens", "list")
    assert refused.returncode == 2 and "* lets pages of sites that nobody chose ask here" in refused.stderr
    monkeypatch.setenv("KHABAR_WIDGET_ORIGINS", site)
    added = khabar(folder, "tokens", "add", "site", "--origin", site)
    assert f"site: pages of {site} may ask with this token, and do nothing else." in added.stderr
    assert khabar(folder, "tokens", "list").stdout.rstrip().split("\t")[-2:] == ["reader", f"for {site}"]
    with serving(folder, "--auth-file", readers) as (_, url), client(url, "127.0.0.1") as caller:
        cross = {"origin": site, "sec-fetch-site": "cross-site"}
        shown = {**cross, "authorization": f"Bearer {added.stdout.strip()}"}
        asked = {"question": "من نفى خطر داعش؟"}
        answer = caller.post("/ask", json=asked, headers=shown)
        assert answer.json()["citations"][0]["article"]["id"] == "army-denies-warning.txt"
        assert answer.headers["access-control-allow-origin"] == site
        assert caller.post("/ask", json=asked, headers=cross).status_code == 401
        assert caller.post("/search", json=asked, headers=shown).status_code == 403
        assert httpx.get(f"{url}/widget.js", timeout=PATIENCE).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", " "), "A token's name has 1 to 100 characters that can be read. Choose another."),
        (
            ("add", "x", "--expires", "soon"),
            "--expires cannot be 'soon': write a number and s, m, h or d, such as 10m.",
        ),
        (
            ("add", "x", "--origin", "https://site.example", "--role", "editor"),
            "A site's token is seen by all its visitors: it is a reader's. Leave --role out.",
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
