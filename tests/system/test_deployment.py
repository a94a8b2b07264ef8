"""The services of the compose file, one by one, where no Docker runs: by its commands and its environment."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.caddy import caddy
from tests.support.chroma_server import ChromaProcess
from tests.support.compose import compose, health_check
from tests.support.live_server import COMMAND
from tests.support.paths import ROOT
from tests.support.patience import until
from tests.support.postgres_server import PostgresServer

TOKEN = "a-token-of-the-test"
SERVICES: dict[str, dict[str, Any]] = compose({"POSTGRES_PASSWORD": "not-asked-for", "CHROMA_TOKEN": TOKEN})["services"]
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def get(address: str, path: str = "/", **headers: str) -> tuple[int, str, str]:
    """Ask for a page; returns the status, what the answer says, and the cookie that is to be kept."""
    connection = HTTPConnection(address)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    said = response.read().decode()
    connection.close()
    return response.status, said, response.headers.get("Set-Cookie", "").partition(";")[0]


@pytest.fixture
def gate(chroma: ChromaProcess, tmp_path: Path) -> Iterator[str]:
    with caddy(
        "gate.Caddyfile", tmp_path / "gate",
        GATE="http://localhost:0", CHROMA=chroma.url.removeprefix("http://"),
        CHROMA_TOKEN=SERVICES["gate"]["environment"]["CHROMA_TOKEN"],
    ) as address:  # fmt: skip
        yield address


def test_chroma_lets_in_who_shows_the_token(gate: str) -> None:
    heartbeat = SERVICES["gate"]["healthcheck"]["test"][1].split("8000")[1]
    assert get(gate, heartbeat)[0] == 401
    assert get(gate, heartbeat, **{"X-Chroma-Token": f"{TOKEN}x"})[0] == 401
    assert get(gate, heartbeat, **{"X-Chroma-Token": TOKEN})[0] == 200


def test_a_worker_and_a_page_start_on_what_is_there_and_are_well(
    gate: str, postgres: PostgresServer, samples_folder: Path, tmp_path: Path
) -> None:
    places = {
        "KHABAR_CATALOG": postgres.schema(),
        "KHABAR_CHROMA_URL": f"http://{gate}",
        "KHABAR_LIBRARY": str(tmp_path / "library"),
        "KHABAR_HOST": "127.0.0.1",
        "KHABAR_PORT": "0",
    }
    command = ["index", str(next(samples_folder.glob("*.*"))), "--workers", "--no-wait"]
    run("khabar", places, *command)
    run("worker", places, *SERVICES["worker"]["command"], "--drain")
    page = subprocess.Popen(
        [*COMMAND, *SERVICES["page-1"]["command"]], cwd=ROOT, env=environment("page-1", places),
        stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    with page, ended(page):
        assert page.stdout
        (address,) = re.findall(r"127\.0\.0\.1:\d+", page.stdout.readline())
        check = [part.replace("127.0.0.1:7860", address) for part in health_check()]
        assert subprocess.run([sys.executable, *check[1:]], check=False).returncode == 0
        assert '"generation":1' in get(address, "/healthz")[1]
        with caddy("Caddyfile", tmp_path / "proxy", SITE="http://localhost:0", PAGES=address) as proxy:
            until(lambda: get(proxy, "/", **BROWSER)[0] == 200)
            status, said, cookie = get(proxy, "/", **BROWSER)
            assert (status, "gradio" in said, cookie.partition("=")[0]) == (200, True, "khabar_page")
            assert [get(proxy, inside)[0] for inside in ("/metrics", "/healthz")] == [404, 404]


def run(service: str, places: dict[str, str], *command: str) -> None:
    """Run a command of Khabar's to its end, as a service would."""
    done = subprocess.run(
        [*COMMAND, *command], cwd=ROOT, env=environment(service, places), capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def environment(service: str, places: dict[str, str]) -> dict[str, str]:
    """Return a service's environment, with the places of this machine in place of those of the containers."""
    return {**os.environ, **SERVICES[service]["environment"], **places}


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()


class Page:
    """Stands where a page server would: tells its name, whom it is asked for by, and whether it is well."""

    def __init__(self, name: str) -> None:
        page = self
        self.is_well = True

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = f"{name} {self.headers['X-Forwarded-For']}".encode()
                self.send_response(200 if page.is_well else 503)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def pages() -> Iterator[list[Page]]:
    made = [Page("one"), Page("two")]
    yield made
    for page in made:
        page.close()


@pytest.fixture
def proxy(pages: list[Page], tmp_path: Path) -> Iterator[str]:
    addresses = " ".join(page.address for page in pages)
    with caddy("Caddyfile", tmp_path / "proxy", SITE="http://localhost:0", PAGES=addresses) as address:
        yield address


def test_a_browser_comes_back_to_the_page_server_it_began_with(proxy: str) -> None:
    _, first, cookie = get(proxy, **BROWSER)
    assert cookie
    assert {get(proxy, "/gradio_api/queue/data", Cookie=cookie)[1] for _ in range(8)} == {first}


def test_browsers_are_spread_over_the_page_servers(proxy: str) -> None:
    seen: set[str] = set()
    until(lambda: seen.add(get(proxy, **BROWSER)[1].split()[0]) or seen == {"one", "two"})


def test_a_program_without_cookies_comes_back_too(proxy: str) -> None:
    assert len({get(proxy, "/gradio_api/call/ask", Accept="*/*")[1] for _ in range(8)}) == 1


def test_a_page_server_that_is_not_well_is_not_asked(proxy: str, pages: list[Page]) -> None:
    _, first, cookie = get(proxy, **BROWSER)
    ill = pages[first.startswith("two")]
    ill.is_well = False
    until(lambda: get(proxy, Cookie=cookie)[1].split()[:1] not in ([], first.split()[:1]))


def test_what_a_client_says_of_its_address_is_not_believed(proxy: str) -> None:
    said = get(proxy, **{"X-Forwarded-For": "192.0.2.1"})[1]
    assert said.split()[1] in ("127.0.0.1", "::1")
