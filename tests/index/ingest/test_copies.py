"""A saved mirror of a site: one page in several files is one article, the newest of them."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index import Library
from index.ingest.indexer import SyncReport
from tests.support.made_files import ENGLISH, page
from tests.support.small_encoder import SmallEncoder
from tests.support.web_server import Reply, serving

ADDRESS = "https://h.example/2025/bridge"


def saved(
    title: str = "Bridge opens", address: str = ADDRESS, modified: str = "", text: tuple[str, ...] = ENGLISH
) -> str:
    head = f'<link rel="canonical" href="{address}">'
    head += f'<meta property="article:modified_time" content="{modified}">' if modified else ""
    return page(title, text, head=head)


def synced(library: Library, folder: Path, files: dict[str, str]) -> SyncReport:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return library.sync(folder)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as opened:
        yield opened


def test_copies_of_a_page_are_one_article(library: Library, tmp_path: Path) -> None:
    files = {
        "bridge.html": saved(), "bridge.html?utm_source=x.html": saved(address=f"{ADDRESS}?utm_source=x"),
        "print/bridge.html": saved(text=ENGLISH[:2]),
    }  # fmt: skip
    for unchanged in (0, 1):
        report = synced(library, tmp_path / "mirror", files)
        assert (report.added, report.unchanged, report.ok) == (1 - unchanged, unchanged, True)
        assert [(skipped.name, skipped.reason) for skipped in report.skipped] == [
            (name, f"It is the page {address} again, which was taken from bridge.html.")
            for name, address in (
                ("bridge.html?utm_source=x.html", f"{ADDRESS}?utm_source=x"), ("print/bridge.html", ADDRESS),
            )
        ]  # fmt: skip
    assert [article.id for article in library.articles()] == ["bridge.html"]


def test_the_newest_copy_is_taken_and_stays(library: Library, tmp_path: Path) -> None:
    newer = saved(modified="2025-10-07", text=(*ENGLISH, "It was closed again on Friday."))
    files = {"a.html": saved(modified="2025-10-05"), "b.html": newer}
    synced(library, tmp_path / "mirror", files)
    report = synced(library, tmp_path / "mirror", files)
    assert (report.replaced, report.removed, report.unchanged, report.ok) == (0, 0, 1, True)
    (article,) = library.articles()
    assert (article.modified, article.text.endswith("again on Friday.")) == (date(2025, 10, 7), True)


def test_pages_to_which_a_careless_site_gives_one_address_stay_apart(library: Library, tmp_path: Path) -> None:
    other = saved("Strike ends", text=tuple(line.replace("bridge", "strike") for line in reversed(ENGLISH)))
    report = synced(library, tmp_path / "mirror", {"a.html": saved(), "b.html": other})
    assert (report.added, report.skipped) == (2, ())


def test_a_copy_whose_first_is_gone_is_taken_itself(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    synced(library, folder, {"a.html": saved(), "b.html": saved()})
    (folder / "a.html").unlink()
    report = library.sync(folder)
    assert (report.added, report.removed) == (1, 1)
    assert [article.id for article in library.articles()] == ["b.html"]


@pytest.mark.system
@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed here")
def test_a_mirror_that_wget_made(library: Library, tmp_path: Path) -> None:
    """With -E and -k: names end with .html, and links lead from file to file."""
    with serving() as site:
        story = saved(address=f"{site.url}/bridge").replace(
            "</article>", f'<a href="{site.url}/bridge?page=print">P</a></article>'
        )
        html = {"Content-Type": "text/html; charset=utf-8"}
        for path in ("/bridge", "/bridge?page=print", "/amp/bridge"):
            site.pages[path] = Reply(story.encode(), headers=html)
        links = "".join(f'<p><a href="{path}">The bridge</a></p>' for path in ("/bridge", "/amp/bridge"))
        site.pages["/"] = Reply(f"<html><body><nav>{links}</nav></body></html>".encode(), headers=html)
        made = ["wget", "--quiet", "--recursive", "--adjust-extension", "--convert-links", "--no-host-directories",
                "--execute=robots=off", f"--directory-prefix={tmp_path / 'mirror'}", f"{site.url}/"]  # fmt: skip
        subprocess.run(made, check=False, timeout=60, env={"PATH": "/usr/bin:/bin", "no_proxy": "*"})
    assert len(list((tmp_path / "mirror").rglob("*.html"))) == 4
    report = library.sync(tmp_path / "mirror")
    assert [skipped.name for skipped in report.skipped] == ["bridge.html", "bridge?page=print.html"]
    assert [article.id for article in library.articles(text="Bridge opens")] == ["amp/bridge.html"]
