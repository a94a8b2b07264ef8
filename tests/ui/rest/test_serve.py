"""The REST API of a real `khabar serve`, its tools, and the command that hands its tokens out."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from index import Encoder, Library
from index.store.access.roles import AccessRole
from tests.support.live_server import khabar, serving
from tests.support.patience import PATIENCE
from tests.support.rest_calls import client, streamed
from tests.support.tool_calls import called
from ui.cli.main import run
from ui.server.signin import set_password

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

SITE = "https://site.example"
ASKED = {"question": "من نفى خطر داعش؟", "after": "2025-10-01"}
FERRY = {"id": "ferry", "text": "The Samhar ferry resumed on Monday, the harbour master Lena Ortiz said."}


class Live(NamedTuple):
    """A real server behind a sign-in over a library of the samples, with the tools and one site's pages."""

    folder: Path
    url: str


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, indexed: Path) -> Iterator[Live]:
    at = tmp_path_factory.mktemp("live")
    folder = shutil.copytree(indexed, at / "library")
    set_password(at / "readers.txt", "layla", "eight letters")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHABAR_WIDGET_ORIGINS", SITE)
        with serving(folder, "--auth-file", at / "readers.txt", "--mcp") as (process, url):
            yield Live(folder, url)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


@pytest.fixture
def live(started: Live, encoder: Encoder) -> Iterator[Live]:
    """The server, which has no token left and no article but the samples after each test."""
    yield started
    with Library.open(started.folder, encoder=encoder) as library:
        library.tokens.clear()
        assert not library.has("ferry")


def test_a_script_asks_with_a_token_until_it_is_revoked(live: Live) -> None:
    folder, url = live
    added = khabar(folder, "tokens", "add", "سكربت 🚚", "--expires", "12h")
    assert added.returncode == 0, added.stderr
    token = added.stdout.strip()
    assert token.startswith("khabar_") and token not in added.stderr
    assert "سكربت 🚚 may call the API until" in added.stderr
    with client(url, "127.0.0.1", headers={"authorization": f"Bearer {token}"}) as caller:
        answer = caller.post("/ask", json=ASKED).json()
        assert answer["citations"][0]["article"]["id"] == "army-denies-warning.txt"
        assert caller.get("/articles/army-denies-warning.txt").json()["text"]
        with streamed(caller, **ASKED) as events:
            *_, (name, streamed_answer) = events
        assert (name, streamed_answer["text"]) == ("answer", answer["text"])
        assert khabar(folder, "tokens", "list").stdout.split("\t")[0] == "سكربت 🚚"
        revoked = khabar(folder, "tokens", "revoke", "سكربت 🚚")
        assert (revoked.returncode, revoked.stdout) == (0, "the token of سكربت 🚚 is revoked\n")
        assert caller.get("/articles").status_code == 401
    assert khabar(folder, "tokens", "list").stdout == ""
    # Health and metrics are for machines that have no name.
    assert httpx.get(f"{url}/healthz", timeout=PATIENCE).status_code == 200


def reader_and_editor(folder: Path) -> list[dict[str, str]]:
    """Make a token for each of the two roles, and return what their holders send."""
    made = (khabar(folder, "tokens", "add", role, "--role", role).stdout.strip() for role in ("reader", "editor"))
    return [{"authorization": f"Bearer {token}"} for token in made]


def test_an_editor_s_token_adds_and_withdraws(live: Live) -> None:
    as_reader, as_editor = reader_and_editor(live.folder)
    listed = [line.split("\t") for line in khabar(live.folder, "tokens", "list").stdout.splitlines()]
    assert [(line[0], line[-1]) for line in listed] == [("editor", "editor"), ("reader", "reader")]
    with client(live.url, "127.0.0.1") as caller:
        assert caller.post("/articles", json=FERRY, headers=as_reader).status_code == 403
        assert caller.post("/articles", json=FERRY, headers=as_editor).status_code == 201
        asked = {"question": "When did the Samhar ferry resume?"}
        answer = caller.post("/ask", json=asked, headers=as_reader).json()
        assert answer["citations"][0]["article"]["id"] == "ferry"
        assert caller.delete("/articles/ferry", headers=as_reader).status_code == 403
        assert caller.delete("/articles/ferry", headers=as_editor).status_code == 204
        assert caller.get("/articles/ferry", headers=as_reader).status_code == 404


def test_the_tools_take_the_command_s_tokens(live: Live) -> None:
    folder, url = live
    as_reader, as_editor = reader_and_editor(folder)
    answer = called(url, "ask", ASKED, **as_reader).structured
    assert answer and answer["citations"][0]["article"]["id"] == "army-denies-warning.txt"
    assert not called(url, "add", FERRY, **as_reader).is_done
    assert called(url, "add", FERRY, **as_editor).is_done
    assert called(url, "remove", {"id": "ferry"}, **as_editor).is_done
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "articles", "arguments": {}}}
    address, sent = f"{url}/gradio_api/mcp/", {"accept": "application/json, text/event-stream", **as_reader}
    assert httpx.post(address, json=call, headers=sent).status_code == 200
    rebound = httpx.post(address, json=call, headers={**sent, "host": "evil.example"})
    assert rebound.status_code == 421 and "army-denies-warning" not in rebound.text
    assert khabar(folder, "tokens", "revoke", "reader").returncode == 0
    assert httpx.post(address, json=call, headers=sent).status_code == 401


def test_a_page_of_a_site_that_is_named_asks_with_the_site_s_token(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, url = live
    monkeypatch.setenv("KHABAR_WIDGET_ORIGINS", "*")
    refused = khabar(folder, "tokens", "list")
    assert refused.returncode == 2 and "* lets pages of sites that nobody chose ask here" in refused.stderr
    monkeypatch.setenv("KHABAR_WIDGET_ORIGINS", SITE)
    added = khabar(folder, "tokens", "add", "site", "--origin", SITE)
    assert f"site: pages of {SITE} may ask with this token, and do nothing else." in added.stderr
    assert khabar(folder, "tokens", "list").stdout.rstrip().split("\t")[-2:] == ["reader", f"for {SITE}"]
    with client(url, "127.0.0.1") as caller:
        cross = {"origin": SITE, "sec-fetch-site": "cross-site"}
        shown = {**cross, "authorization": f"Bearer {added.stdout.strip()}"}
        answer = caller.post("/ask", json=ASKED, headers=shown)
        assert answer.json()["citations"][0]["article"]["id"] == "army-denies-warning.txt"
        assert answer.headers["access-control-allow-origin"] == SITE
        assert caller.post("/ask", json=ASKED, headers=cross).status_code == 401
        assert caller.post("/search", json=ASKED, headers=shown).status_code == 403
        assert httpx.get(f"{url}/widget.js", timeout=PATIENCE).status_code == 200


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
def test_a_wrong_command_says_what_to_do(
    own_samples: Library, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["tokens", *arguments, "--library", str(own_samples.path), "--interface", "en"])
    assert (status, *capsys.readouterr()) == (2, "", f"khabar: {said}\n")


def test_no_library_is_made_for_a_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tokens", "add", "x", "--library", str(tmp_path / "nowhere")]) == 2
    assert "There is no library in" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()
