"""Folders, globs, files and streams -> articles and failures."""

import gzip
import io
import json
import os
import random
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.sources.files import Failure, FieldMapping, Loaded, find_files, load_file, load_stream
from tests.support.paths import SHARED

ARABIC = "أعلنت السلطات في بغداد، يوم السبت، أن الحدود مؤمنة بالكامل، وقالت إن القوات جاهزة للتعامل مع أي طارئ."


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def load(path: Path, root: Path | None = None) -> list[Loaded | Failure]:
    return list(load_file(path, root or path.parent))


def ids(found: list[Loaded | Failure]) -> list[str]:
    return [item.article.id if isinstance(item, Loaded) else f"failed: {item.name}" for item in found]


class TestFindFiles:
    def test_a_folder_gives_all_its_files_in_order_but_hidden_ones(self, tmp_path: Path) -> None:
        for name in (
            "b.TXT",
            "a/2.md",
            "a/1.jsonl.gz",
            "c.html",
            ".hidden.txt",
            ".git/x.txt",
            "image.png",
            "x.gz",
            "y",
        ):
            write(tmp_path, name, "x")
        found = find_files(tmp_path)
        assert [path.relative_to(found.root).as_posix() for path in found.files] == [
            *("a/1.jsonl.gz", "a/2.md", "b.TXT", "c.html", "image.png", "x.gz", "y")
        ]

    def test_a_source_has_one_key_however_it_is_written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path, "news/a.txt", "x")
        (tmp_path / "link").symlink_to(tmp_path / "news")
        monkeypatch.chdir(tmp_path)
        spellings = ("news", "./news/", "news/../news", tmp_path / "news", "link")
        assert {find_files(spelling).key for spelling in spellings} == {str(tmp_path / "news")}
        assert find_files("news/a.txt").key == str(tmp_path / "news" / "a.txt")
        assert find_files("news/*.txt") == find_files(tmp_path / "news" / "*.txt")

    def test_a_named_file_is_taken_whatever_its_kind(self, tmp_path: Path) -> None:
        path = write(tmp_path, "notes.log", f"Title\n\n{ARABIC}")
        found = find_files(path)
        assert (found.root, found.files) == (tmp_path, (path,))
        assert ids(load(path)) == ["notes.log"]

    def test_globs(self, tmp_path: Path) -> None:
        for name in ("2025/a.txt", "2025/b.md", "2025/deep/c.txt", "2024/d.txt", "2025/.e.txt", "2025/f.png"):
            write(tmp_path, name, "x")

        def names(pattern: str) -> list[str]:
            found = find_files(tmp_path / pattern)
            return [path.relative_to(found.root).as_posix() for path in found.files]

        assert names("*/*.txt") == ["2024/d.txt", "2025/a.txt"]
        assert names("2025/*.txt") == ["a.txt"]
        assert names("**/*.txt") == ["2024/d.txt", "2025/a.txt", "2025/deep/c.txt"]
        assert names("*5") == ["2025/a.txt", "2025/b.md", "2025/deep/c.txt", "2025/f.png"]

    def test_a_folder_whose_name_looks_like_a_glob(self, tmp_path: Path) -> None:
        write(tmp_path, "news [old]/a.txt", "x")
        assert len(find_files(tmp_path / "news [old]").files) == 1

    @pytest.mark.parametrize("source", ["none", "none.txt", "*.txt", "empty", "empty/**/*.md", "**x/*.txt"])
    def test_nothing_to_load(self, source: str, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(LoadError) as caught:
            find_files(tmp_path / source)
        assert source in str(caught.value)


class TestFormats:
    def test_each_kind_of_file_is_read_as_its_kind(self, tmp_path: Path) -> None:
        record = json.dumps({"title": "T", "text": ARABIC}, ensure_ascii=False)
        page = f"<html><head><title>T</title></head><body><article><p>{ARABIC}</p></article></body></html>"
        contents: dict[str, str | bytes] = {
            "a.txt": f"T\n\n{ARABIC}\n",
            "a.md": f"---\ntitle: T\n---\n{ARABIC}\n",
            "a.html": page,
            "a.json": record,
            "a.txt.gz": gzip.compress(f"T\n\n{ARABIC}\n".encode()),
            "utf16.txt": f"T\n\n{ARABIC}\n".encode("utf-16"),
            "cp1256.txt": f"T\r\n\r\n{ARABIC}\r\n".encode("cp1256"),
        }
        for name, content in contents.items():
            (found,) = load(write(tmp_path, name, content))
            assert isinstance(found, Loaded), found
            article = found.article
            assert (article.id, article.title, article.text, article.language) == (name, "T", ARABIC, "ar")
            assert found.position == 1.0

    def test_ids_are_paths_unless_the_article_has_its_own(self, tmp_path: Path) -> None:
        texts = [{"text": "One a."}, {"id": 7, "text": "Two b."}, {"text": "Three c."}]
        whole = write(tmp_path, "x/whole.json", json.dumps(texts))
        lines = write(tmp_path, "x/lines.jsonl", "\n".join(map(json.dumps, texts)))
        assert ids(load(whole, tmp_path)) == ["x/whole.json#1", "7", "x/whole.json#3"]
        assert ids(load(lines, tmp_path)) == ["x/lines.jsonl#1", "7", "x/lines.jsonl#3"]
        assert ids(load(write(tmp_path, "x/one.json", '{"text": "One."}'), tmp_path)) == ["x/one.json"]

    def test_content_goes_before_the_name_where_sources_differ(self, tmp_path: Path) -> None:
        document = "<DOC><DOCNO>HR-1</DOCNO><TEXT>One.</TEXT></DOC>"
        assert ids(load(write(tmp_path, "a.txt", document))) == ["HR-1"]
        assert ids(load(write(tmp_path, "a.xml", f"<?xml version='1.0'?><docs>{document}</docs>"))) == ["HR-1"]
        assert ids(load(write(tmp_path, "a.json", '{"text": "One."}\n{"text": "Two."}'))) == ["a.json#1", "a.json#2"]

    def test_front_matter_is_read_in_plain_text_too(self, tmp_path: Path) -> None:
        (found,) = load(write(tmp_path, "a.txt", f"---\ntitle: Floods: 3 dead\ndate: 2025-09-28\n---\n\n{ARABIC}"))
        assert isinstance(found, Loaded)
        article = found.article
        assert (article.title, article.text, article.published) == ("Floods: 3 dead", ARABIC, date(2025, 9, 28))
        (found,) = load(write(tmp_path, "b.txt", f"---\n{ARABIC}"))
        assert isinstance(found, Loaded) and found.article.title == "---"

    def test_a_mapping_is_used(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.json", '{"key": "9", "story": "One.", "day": "20250928"}')
        (found,) = load_file(path, tmp_path, FieldMapping.parse("id=key,text=story,published=day"))
        assert isinstance(found, Loaded)
        assert (found.article.id, found.article.text, found.article.published) == ("9", "One.", date(2025, 9, 28))

    def test_positions_rise_to_the_end(self, tmp_path: Path) -> None:
        lines = "".join(json.dumps({"text": f"{n} {ARABIC * 20}"}) + "\n" for n in range(50))
        for name, content in (("a.jsonl", lines.encode()), ("a.jsonl.gz", gzip.compress(lines.encode()))):
            found = load(write(tmp_path, name, content))
            positions = [item.position for item in found if isinstance(item, Loaded)]
            assert len(positions) == 50
            assert positions == sorted(positions)
            assert positions[0] > 0 and positions[-1] == 1.0


class TestFolders:
    def test_every_file_ends_as_an_article_or_as_a_named_reason(self, tmp_path: Path) -> None:
        page = f"<!DOCTYPE html><html><title>T</title><body><article><h1>T</h1><p>{ARABIC}</p></article></body></html>"
        for name, content in (
            ("a.txt", f"T\n\n{ARABIC}"),
            ("index.php?id=3", page),
            ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(99)),
            ("robots.txt", "User-agent: *\nDisallow: /\n"),
            ("notes.log", "Something was done."),
            ("Makefile", "all:\n\techo"),
            ("old.doc", b"\xd0\xcf\x11\xe0" + bytes(99)),
            ("bad.json", "{"),
        ):
            write(tmp_path, name, content)
        found = find_files(tmp_path)
        outcomes = {
            path.name: item for path in found.files for item in load_file(path, found.root, is_named=found.is_named)
        }
        assert len(outcomes) == 8
        assert {name for name, item in outcomes.items() if isinstance(item, Loaded)} == {"a.txt", "index.php?id=3"}
        passed = {name for name, item in outcomes.items() if isinstance(item, Failure) and item.skipped}
        assert passed == {"photo.jpg", "robots.txt", "notes.log", "Makefile", "old.doc"}
        assert all(item.reason for item in outcomes.values() if isinstance(item, Failure))

    def test_a_folder_of_nothing_that_is_read_is_an_error_and_withdraws_nothing(self, tmp_path: Path) -> None:
        write(tmp_path, "photo.jpg", b"\xff\xd8\xff\xe0")
        with pytest.raises(LoadError, match="There is nothing to load"):
            find_files(tmp_path)


class TestFailures:
    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("a.txt", b"", "It is empty. Put an article in it, or remove it."),
            ("a.jsonl.gz", gzip.compress(b""), "It is empty. Put an article in it, or remove it."),
            ("a.md", bytes(range(256)) * 9, "It is binary data, not text. Convert it to text, HTML or JSON first."),
            ("a.txt", b"-\n***\n", "Article 'a.txt' has no text: nothing in its body can be read."),
            ("a.xml", b"<rss><item>x</item></rss>", "It is a feed, whose items are often no whole articles."),
            ("a.rss", b"<rss/>", "It is a feed, whose items are often no whole articles."),
            ("a.atom", b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "It is a feed, whose items are often no whole"),
            (
                "map.xml",
                b"<urlset><url><loc>https://n.example</loc></url></urlset>",
                "It is a sitemap, which names pages",
            ),
            ("a.opml", b'<opml version="2.0"><body/></opml>', "It is a list of feeds (OPML), not an article."),
            ("a.xml", b"<root><item>x</item></root>", "There is no <DOC> in this XML. Convert it to JSON Lines"),
            ("a.jsonl", b"\xef\xbb\xbf\n \n", "There is no line with a JSON object."),
            ("a.json", b"[" * 100_000, "Its JSON is nested too deeply to be articles."),
            ("a.html", b"<div>" * 50_000, "No article is found in this page."),
            ("a.txt.gz", gzip.compress(ARABIC.encode() * 50)[:-9], "Its gzip data is damaged or cut short."),
        ],
        ids=[
            "empty",
            "empty gzip",
            "binary",
            "no words",
            "feed",
            "RSS",
            "Atom",
            "sitemap",
            "list of feeds",
            "other XML",
            "no lines",
            "deep",
            "no article",
            "cut gzip",
        ],
    )
    def test_a_bad_file_says_what_to_do(self, name: str, content: bytes, reason: str, tmp_path: Path) -> None:
        (found,) = load(write(tmp_path, name, content))
        assert isinstance(found, Failure)
        assert found.name == name
        assert found.reason.startswith(reason)

    def test_a_bad_line_is_named_and_the_others_are_loaded(self, tmp_path: Path) -> None:
        lines = f'{{"text": "{ARABIC}"}}\n{{"text": null}}\n{{"text": "*"}}\nnonsense\n{{"text": "Five."}}\n'.encode()
        found = load(write(tmp_path, "x/a.jsonl", lines.replace(b"*", b"\xff")), tmp_path)
        assert ids(found) == [
            *("x/a.jsonl#1", "failed: x/a.jsonl:line 2", "failed: x/a.jsonl:line 3", "failed: x/a.jsonl:line 4"),
            "x/a.jsonl#5",
        ]
        assert found[2] == Failure("x/a.jsonl:line 3", "It is not UTF-8. Fetch it again, or save it as UTF-8.")

    @pytest.mark.parametrize(
        ("name", "content", "place"),
        [
            ("a.txt", f"Title: T\nDate: 31/02/2025\n\n{ARABIC}", "a.txt"),
            ("a.txt", f"T\nBy Ian Mercer / 31 February 2025\n\n{ARABIC}", "a.txt"),
            ("a.md", f"---\ntitle: T\ndate: 2025-02-31\n---\n{ARABIC}", "a.md"),
            ("a.jsonl", f'{{"title": "T", "date": "yesterday", "text": "{ARABIC}"}}', "a.jsonl:line 1"),
            (
                "a.xml",
                f"<DOC><DOCNO>1</DOCNO><TITLE>T</TITLE><DATE>20250231</DATE><TEXT>{ARABIC}</TEXT></DOC>",
                "a.xml:line 1",
            ),
        ],
    )
    def test_a_date_that_is_none_is_told_and_the_article_kept(
        self, name: str, content: str, place: str, tmp_path: Path
    ) -> None:
        (found,) = load(write(tmp_path, name, content))
        assert isinstance(found, Loaded) and found.warning
        assert (found.article.title, found.article.published, found.article.text) == ("T", None, ARABIC)
        assert found.warning.name == place
        assert re.match(r"Its date '.+' is no day that can be read, so it has none\.", found.warning.reason)

    def test_a_bad_object_of_a_list_is_numbered(self, tmp_path: Path) -> None:
        assert ids(load(write(tmp_path, "a.json", '[{"text": "One."}, {}]'))) == ["a.json#1", "failed: a.json#2"]

    def test_what_came_before_damage_is_loaded(self, tmp_path: Path) -> None:
        text = "".join(json.dumps({"text": random.Random(n).randbytes(9000).hex()}) + "\n" for n in range(50)).encode()
        found = load(write(tmp_path, "a.jsonl.gz", gzip.compress(text)[:-4000]))
        assert len(found) > 20
        assert ids(found)[0] == "a.jsonl.gz#1"
        assert found[-1] == Failure(
            "a.jsonl.gz", "Its gzip data is damaged or cut short. Fetch or compress the file again."
        )

    def test_links_out_of_the_folder_are_not_followed(self, tmp_path: Path) -> None:
        write(tmp_path, "outside/secret.txt", f"Title\n\n{ARABIC}")
        inside = write(tmp_path, "news/deep/a.txt", f"Title\n\n{ARABIC}")
        root = tmp_path / "news"
        (root / "file.txt").symlink_to(tmp_path / "outside" / "secret.txt")
        (root / "folder").symlink_to(tmp_path / "outside")
        (root / "same").symlink_to(inside.parent)
        (root / "gone.txt").symlink_to(root / "nowhere")
        (root / "loop.txt").symlink_to(root / "loop.txt")
        found = find_files(root)
        results = {path.name: load(path, found.root)[0] for path in found.files}
        assert set(results) == {"a.txt", "file.txt", "folder", "gone.txt", "loop.txt"}
        assert isinstance(results.pop("a.txt"), Loaded)
        reasons = {name: item.reason for name, item in results.items() if isinstance(item, Failure)}
        assert reasons["file.txt"].startswith("It is a link out of the folder, which is not followed.")
        assert reasons["folder"].startswith("It is a link out of the folder, which is not followed.")
        assert reasons["gone.txt"] == (
            "It cannot be read: No such file or directory. Check that it exists and may be read."
        )
        assert reasons["loop.txt"].startswith("It cannot be read: ")

    def test_what_is_no_file_is_not_opened(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.txt")
        (found,) = load(tmp_path / "pipe.txt")
        assert found == Failure(
            "pipe.txt", "It is not a regular file that can be read. Check what it is and its permissions."
        )

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_what_may_not_be_read_is_reported(self, tmp_path: Path) -> None:
        write(tmp_path, "closed/a.txt", "x")
        write(tmp_path, "b.txt", "x").chmod(0)
        (tmp_path / "closed").chmod(0)
        found = find_files(tmp_path)
        assert ids([item for path in found.files for item in load(path, tmp_path)]) == [
            *("failed: b.txt", "failed: closed")
        ]
        (tmp_path / "closed").chmod(0o700)


class TestStream:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (f"Title\n\n{ARABIC}", ["stdin"]),
            (f"---\ntitle: x\nid: 5\n---\n{ARABIC}", ["5"]),
            (f"<!DOCTYPE html>\n<html><body><article><p>{ARABIC}</p></article></body></html>", ["stdin"]),
            ('{"text": "One."}', ["stdin"]),
            ('{"text": "One."}\n{"text": "Two."}\n', ["stdin#1", "stdin#2"]),
            ('{\n"articles": [{"text": "One."}, {"id": "b", "text": "Two."}]}', ["stdin#1", "b"]),
            ("\ufeff<DOC><DOCNO>7</DOCNO><TEXT>One.</TEXT></DOC>", ["7"]),
            ("", ["failed: stdin"]),
        ],
    )
    def test_the_format_is_told_from_the_content(self, content: str, expected: list[str]) -> None:
        assert ids(list(load_stream(io.BytesIO(content.encode())))) == expected
        assert ids(list(load_stream(io.BytesIO(gzip.compress(content.encode()))))) == expected

    def test_the_stream_stays_open_and_names_its_articles(self) -> None:
        stream = io.BytesIO(b'{"text": "One."}\n{"text": "Two."}\n')
        assert ids(list(load_stream(stream, name="wire"))) == ["wire#1", "wire#2"]
        assert not stream.closed

    @given(
        st.binary(max_size=200)
        | st.text('{}[]":,<DOCTEXT/>&-\n# abcأبت', max_size=120).map(str.encode)
        | st.binary(max_size=60).map(gzip.compress)
    )
    def test_any_content_gives_articles_or_failures(self, content: bytes) -> None:
        found = list(load_stream(io.BytesIO(content)))
        assert found
        for item in found:
            if isinstance(item, Failure):
                assert item.name.startswith("stdin") and item.reason.endswith((".", "]"))
            else:
                assert item.article.text.strip() and item.article.id


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared, the data beside the project")
class TestSharedData:
    def test_a_real_article_as_users_supply_it(self) -> None:
        (path,) = (SHARED / "articles").glob("*.txt")
        title, section, body = path.read_text("utf-8").split("\n", 2)
        (found,) = load(path)
        assert isinstance(found, Loaded)
        article = found.article
        assert (article.id, article.title, article.category) == (path.name, title, section)
        assert article.text == body.rstrip("\n")
        assert article.language == "ar"

    @pytest.mark.soak
    def test_the_corpus_loads_completely_and_word_for_word(self) -> None:
        path = SHARED / "corpus" / "ant.jsonl.gz"
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            records = {record["id"]: record for record in map(json.loads, stream)}
        found = load(path)
        articles = [item.article for item in found if isinstance(item, Loaded)]
        failures = [item for item in found if isinstance(item, Failure)]
        assert (len(articles), len(failures)) == (10_138, 23)
        assert {failure.reason for failure in failures} == {
            "Its 'text' is empty: add the text, or leave the article out."
        }
        for article in articles:
            record = records[article.id]
            assert article.text == record["text"]
            assert (str(article.published) if article.published else None) == record["published"]
            assert (article.source, article.category) == (record["source"], record["category"])
