"""`khabar index`, `watch` and `feeds` with web addresses, served on the loopback."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live_server import COMMAND, ROOT
from tests.support.news_site import conditional, page, rss
from tests.support.patience import PATIENCE
from tests.support.web_server import Reply, Site, serving
from ui.cli.main import run
from ui.cli.options import is_address

pytestmark = pytest.mark.system


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        served.pages["/feed"] = conditional(rss(served.url, ["/a"]), '"1"')
        served.pages["/a"] = page("bridge")
        yield served


@pytest.fixture
def library(tmp_path: Path) -> str:
    return str(tmp_path / "library")


def test_an_address_is_told_from_a_file() -> None:
    assert is_address("https://news.example/") and is_address(" HTTP://NEWS.EXAMPLE ")
    assert not is_address("news/http") and not is_address("C:\\http://") and not is_address("httpd.txt")


def test_a_loopback_address_is_refused_unless_private_hosts_are_allowed(
    site: Site, library: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["index", f"{site.url}/a", "--library", library]) == 1
    assert "No host on the public internet" in capsys.readouterr().err and site.asked == []
    assert run(["index", f"{site.url}/a", "--library", library, "--allow-private-hosts"]) == 0
    assert capsys.readouterr().out.startswith("1 added")
    monkeypatch.setenv("KHABAR_ALLOW_PRIVATE_HOSTS", "1")
    assert run(["index", f"{site.url}/feed", "--library", library]) == 0
    assert "1 unchanged" in capsys.readouterr().out


def opml(path: Path, *addresses: str) -> str:
    outlines = "".join(f'<outline type="rss" text="x" xmlUrl="{address}"/>' for address in addresses)
    path.write_text(
        f'<?xml version="1.0"?><opml version="2.0"><body><outline text="News">{outlines}</outline></body></opml>',
        encoding="utf-8",
    )
    return str(path)


def test_a_list_of_feeds_stands_for_its_feeds(
    site: Site, library: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KHABAR_ALLOW_PRIVATE_HOSTS", "1")
    site.pages |= {"/other": rss(site.url, ["/b"]), "/b": page("dam")}
    listed = opml(tmp_path / "feeds.opml", f"{site.url}/feed", f"{site.url}/other", f"{site.url}/feed", "")
    assert run(["index", listed, "--library", library]) == 0
    assert capsys.readouterr().out.startswith("2 added")
    assert run(["feeds", "add", listed, "--every", "1h", "--library", library]) == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == [
        f"{site.url}/feed", f"{site.url}/other",
    ]  # fmt: skip


def test_a_list_without_feeds_and_one_with_a_bad_address_say_so(
    library: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["index", opml(tmp_path / "empty.opml"), "--library", library]) == 2
    assert "'empty.opml' names no feed" in capsys.readouterr().err
    listed = opml(tmp_path / "feeds.opml", "https://h.example/feed", "https://user:key@h.example/feed")
    assert run(["feeds", "add", listed, "--library", library]) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("https://h.example/feed\t") and "a user or a password" in shown.err
    assert run(["feeds", "add", str(tmp_path), "--library", library]) == 2
    assert "no web address and no list of feeds" in capsys.readouterr().err


def test_feeds_are_listed_paused_and_removed(
    site: Site, library: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHABAR_ALLOW_PRIVATE_HOSTS", "1")
    watching = Watching(["watch", f"{site.url}/feed", "--every", "10m"], library)
    watching.until("1 added")
    watching.end()

    def shown() -> str:
        capsys.readouterr()
        assert run(["feeds", "--library", library, "--interface", "en"]) == 0
        return capsys.readouterr().out

    assert shown().startswith(f"{site.url}/feed\tevery 10 minutes\tlast looked at ")
    assert run(["feeds", "pause", f"{site.url}/feed", "--library", library]) == 0
    assert "\tpaused\t" in shown()
    assert run(["feeds", "resume", f"{site.url}/feed", "--library", library]) == 0
    assert "\tpaused\t" not in shown()
    assert run(["feeds", "remove", f"{site.url}/feed", "--library", library]) == 0
    assert shown() == ""
    assert run(["feeds", "remove", f"{site.url}/feed", "--library", library]) == 2


class Watching:
    """`khabar watch` in a process of its own."""

    def __init__(self, words: list[str], library: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "KHABAR_ALLOW_PRIVATE_HOSTS": "1", "LANG": "en"}
        command = [*COMMAND, *words, "--library", library]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8")
        self.lines: list[str] = []

    def until(self, shown: str) -> None:
        """Read on until a line that has not been read yet shows something."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if shown in line:
                return
        raise AssertionError(self.lines)

    def end(self, how: int = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.communicate(timeout=PATIENCE)


def test_a_followed_feed_brings_what_is_new_and_killed_and_started_again_fetches_nothing_twice(
    site: Site, library: str, tmp_path: Path
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "w.txt").write_text("The whale\n\nThe whale was seen.\n", encoding="utf-8")
    watching = Watching(["watch", str(folder), f"{site.url}/feed", "--every", "2s"], library)
    watching.until("1 added")
    watching.until("1 added")
    watching.end(signal.SIGKILL)
    site.pages["/b"] = page("dam")
    site.pages["/feed"] = conditional(rss(site.url, ["/b", "/a"]), '"2"')
    again = Watching(["watch"], library)
    again.until("1 added")
    again.end()
    assert (site.count("/a"), site.count("/b"), site.count("/robots.txt")) == (1, 1, 1)
    conditional_ones = [asked.headers.get("If-None-Match") for asked in site.asked if asked.path == "/feed"]
    assert conditional_ones[0] is None and None not in conditional_ones[1:]


def test_nothing_is_fetched_unless_an_address_is_given(
    library: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "w.txt").write_text("Title\n\nSee http://127.0.0.1:1/feed and https://news.example/.\n")
    assert run(["index", str(tmp_path / "w.txt"), "--library", library]) == 0
    assert run(["watch", "--library", library]) == 2
    assert "Nothing is followed here yet" in capsys.readouterr().err


def test_reply_without_feed_ends_in_a_named_reason_and_status_1(
    site: Site, library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site.pages["/bad"] = Reply(status=404)
    assert run(["index", f"{site.url}/bad", "--library", library, "--allow-private-hosts"]) == 1
    assert f"khabar: {site.url}/bad: There is nothing at this address (404)." in capsys.readouterr().err
