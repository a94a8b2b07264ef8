"""Which files a server hands out, to whom and how; without a browser."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index import Article, Library
from qa import Assistant
from tests.support.made_files import pdf
from tests.support.small_encoder import SmallEncoder
from ui.page.app import create_app, web_app


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "جسر.html").write_text("<title>Bridge</title><p>The bridge opens on 14 May.</p>", encoding="utf-8")
    (folder / "dam.pdf").write_bytes(pdf([["The dam held on Sunday."]]))
    (folder / "notes.md").write_text("# Flood\n\nThe flood went down on Monday.", encoding="utf-8")
    return folder


@pytest.fixture
def library(tmp_path: Path, news: Path) -> Library:
    opened = Library.open(tmp_path / "library", encoder=SmallEncoder())
    assert opened.sync(news).ok
    opened.add([Article.create("added", "The river rose on Tuesday.")])
    return opened


def test_a_file_that_was_indexed_is_handed_out_and_nothing_else(library: Library, news: Path) -> None:
    (news / "secret.txt").write_text("Not indexed.", encoding="utf-8")
    client = TestClient(web_app(create_app(Assistant(library))))
    given = client.get("/original", params={"id": "notes.md"})
    assert (given.status_code, given.text) == (200, (news / "notes.md").read_text(encoding="utf-8"))
    for id in ("secret.txt", "added", "", "../news/secret.txt", str(news / "secret.txt"), "/etc/passwd"):
        refused = client.get("/original", params={"id": id}, headers={"accept-language": "fr"})
        assert (refused.status_code, refused.text) == (404, "Le fichier de cet article n’est pas ici.")


def test_only_a_pdf_is_shown_and_all_else_saved_out_of_the_page_s_reach(library: Library) -> None:
    client = TestClient(web_app(create_app(Assistant(library))))
    html = client.get("/original", params={"id": "جسر.html"})
    assert html.headers["content-type"] == "application/octet-stream"
    assert html.headers["content-disposition"].startswith("attachment; filename*=")
    assert "sandbox; default-src 'none'" in html.headers["content-security-policy"]
    assert html.headers["x-content-type-options"] == "nosniff"
    shown = client.get("/original", params={"id": "dam.pdf"})
    assert (shown.headers["content-type"], shown.headers["content-disposition"]) == (
        "application/pdf",
        'inline; filename="dam.pdf"',
    )


def test_what_is_gone_or_became_a_link_is_not_there(library: Library, news: Path, tmp_path: Path) -> None:
    assert library.file("notes.md") == news / "notes.md"
    (news / "notes.md").rename(tmp_path / "elsewhere")
    assert library.file("notes.md") is None
    (news / "notes.md").symlink_to(tmp_path / "elsewhere")
    assert library.file("notes.md") is None
    assert library.file("added") is None
    assert library.file("nowhere") is None


def test_behind_a_sign_in_nobody_else_gets_a_file(library: Library) -> None:
    app = web_app(create_app(Assistant(library)), auth=lambda name, password: password == "right")
    client = TestClient(app, base_url="https://testserver")
    assert client.get("/original", params={"id": "notes.md"}).status_code == 401
    for password, status in (("wrong", 401), ("right", 200)):
        client.post("/login", data={"username": "reader", "password": password})
        assert client.get("/original", params={"id": "notes.md"}).status_code == status
