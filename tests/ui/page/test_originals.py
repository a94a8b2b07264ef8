"""Which files a server hands out, to whom and how; without a browser."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from index import Article, Library
from index.sources.formats.pdf.pictures import PagePictures
from qa import Assistant
from tests.support.made_files import pdf
from tests.support.small_encoder import SmallEncoder
from ui.page.app import create_app, web_app


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "جسر.html").write_text("<title>Bridge</title><p>The bridge opens on 14 May.</p>", encoding="utf-8")
    (folder / "dam.pdf").write_bytes(pdf([["The dam held on Sunday."], [*[""] * 40, "It fell."]]))
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


def test_a_page_of_a_pdf_is_a_picture_of_that_page(library: Library) -> None:
    client = TestClient(web_app(create_app(Assistant(library))))
    drawn = [client.get("/original/page", params={"id": "dam.pdf", "page": number}) for number in (1, 2)]
    assert [(page.status_code, page.headers["content-type"]) for page in drawn] == [(200, "image/jpeg")] * 2
    assert "sandbox" in drawn[0].headers["content-security-policy"]
    assert drawn[0].headers["cache-control"] == "private, no-store"
    pictures = [Image.open(BytesIO(page.content)) for page in drawn]
    assert {picture.width for picture in pictures} == {1000}
    # The first has a line near its top, the second one near its foot.
    assert [ink_at(picture) < picture.height / 2 for picture in pictures] == [True, False]


def ink_at(picture: Image.Image) -> int:
    """Return the first row from above that is not white."""
    is_ink = picture.convert("L").point(lambda level: 255 if level < 128 else 0)
    return (is_ink.getbbox() or (0, 0, 0, 0))[1]


@pytest.mark.parametrize(
    ("id", "page"),
    [
        ("dam.pdf", "0"), ("dam.pdf", "3"), ("dam.pdf", "-1"), ("dam.pdf", "1.5"), ("dam.pdf", "9" * 400),
        ("dam.pdf", "٢"), ("dam.pdf", ""), ("dam.pdf", "1;id"), ("notes.md", "1"), ("torn.pdf", "1"), ("added", "1"),
        ("../news/dam.pdf", "1"), ("/etc/passwd", "1"), ("", "1"),
    ],
)  # fmt: skip
def test_no_other_page_and_nothing_else_is_drawn(library: Library, news: Path, id: str, page: str) -> None:
    (news / "torn.pdf").write_bytes(pdf([["The dam held on Sunday, said the engineers of the province."]]))
    assert library.sync(news).ok
    (news / "torn.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<<")
    client = TestClient(web_app(create_app(Assistant(library))))
    refused = client.get("/original/page", params={"id": id, "page": page}, headers={"accept-language": "en"})
    assert refused.status_code == 404
    assert refused.text in ("This page of the file cannot be shown.", "The file of this article is not here.")
    assert refused.headers["content-type"].startswith("text/plain")


def test_behind_a_sign_in_nobody_else_gets_a_picture(library: Library) -> None:
    app = web_app(create_app(Assistant(library)), auth=lambda name, password: password == "right")
    client = TestClient(app, base_url="https://testserver")
    asked = {"id": "dam.pdf", "page": "1"}
    assert client.get("/original/page", params=asked).status_code == 401
    client.post("/login", data={"username": "reader", "password": "wrong"})
    assert client.get("/original/page", params=asked).status_code == 401
    client.post("/login", data={"username": "reader", "password": "right"})
    assert client.get("/original/page", params=asked).status_code == 200


def test_a_page_of_any_size_is_drawn_small(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    pictures = PagePictures()
    for number, size in enumerate(((14_400, 14_400), (3, 14_000), (14_000, 3))):
        writer, file = PdfWriter(), tmp_path / f"{number}.pdf"
        writer.add_blank_page(*size)
        writer.write(file)
        width, height = Image.open(BytesIO(pictures.of(file, 1))).size
        assert 1 <= width <= 1000 and 1 <= height <= 3000
