"""Whatever a file or a question is made of, it ends soon: in articles, in a named failure, or in a clear error."""

import gzip
import json
import resource
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import Article, Failure, Library, QueryError
from index.sources.files import Loaded, load_file, load_stream
from qa import Answer, Assistant
from tests.support.any_text import TEXTS
from tests.support.small_encoder import SmallEncoder

SUFFIXES = (".txt", ".md", ".html", ".json", ".jsonl", ".xml", ".eml", ".csv", ".rtf", ".txt.gz", ".jsonl.gz")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1256", "iso8859_6", "cp1252", "shift_jis")
ARABIC = "قال الوزير إن الميناء سيفتح يوم الأحد، وأضاف أن السفن تنتظر في الخليج منذ أسبوع. "
MEMORY = 900 << 20
# Pieces that mean something to one of the parsers, put together at random.
MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "---\n", "title: x\n", "&a [*a]\n", "# ", "Title: ", "\n\n", "<html>", "<body>", "<p>", "</p>", "<b>",
                "<DOC>", "</DOC>", "<TEXT>", "</TEXT>", "<![CDATA[", "]]>", "<?xml version='1.0'?>", "<!--", "&amp;",
                "&#0;", "&#xD800;", "[", "]", "{", "}", '"text":', '"', ",", ":", "\\ud800", "null", "1e999", "NaN",
                "\x00", "\ufeff", "\u202e", "\u2066", "\u200f", "\ud800", "\r\n", "\t", ARABIC, "by A. Nother\n",
            ]
        ),
        TEXTS,
    ),
    max_size=30,
).map("".join)  # fmt: skip


def outcome(items: Iterator[Loaded | Failure]) -> list[Loaded | Failure]:
    """Load everything, and hold it to what every consumer relies on."""
    found = list(items)
    for item in found:
        if isinstance(item, Failure):
            assert item.name
            assert item.reason.endswith((".", "!", "?"))
        else:
            article = item.article
            for value in (article.id, article.text, article.title, article.source, article.url, article.byline):
                (value or "").encode("utf-8")
            assert any(map(str.isalnum, article.text))
            assert 0 <= item.position <= 1
    return found


def from_file(folder: Path, suffix: str, data: bytes) -> list[Loaded | Failure]:
    path = folder / f"a{suffix}"
    path.write_bytes(data)
    return outcome(load_file(path, folder))


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=settings().max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=400), MARKUP.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_under_any_name_are_articles_or_failures(tmp_path: Path, suffix: str, data: bytes) -> None:
    packed = gzip.compress(data) if suffix.endswith(".gz") and len(data) % 2 else data
    assert from_file(tmp_path, suffix, packed)


@settings(max_examples=settings().max_examples // 2)
@given(text=MARKUP, encoding=st.sampled_from(ENCODINGS), cut=st.integers(0, 3))
def test_any_text_in_any_encoding_cut_anywhere_is_articles_or_failures(text: str, encoding: str, cut: int) -> None:
    data = text.encode(encoding, "replace")
    outcome(load_stream(BytesIO(data[: len(data) - cut])))


def repeated(piece: str, megabytes: int) -> bytes:
    data = piece.encode()
    return data * ((megabytes << 20) // len(data))


LARGE = {
    "one-line.txt": lambda: repeated(ARABIC, 50),
    "one-line.jsonl": lambda: b'{"text":"' + repeated("a b ", 50) + b'"}\n{"text":"a good line"}\n',
    "one-line.html": lambda: b"<html><body><p>" + repeated("a b ", 50),
    "one-line.xml": lambda: b"<DOC><TEXT>" + repeated("a b ", 50),
    "heading.md": lambda: b"# " + repeated("a b ", 50),
    "front-matter.md": lambda: b"---\n" + b"".join(b"k%d: v\n" % n for n in range(100_000)) + b"---\n" + b"a b",
    "deep.html": lambda: b"<html><body>" + b"<div>" * 200_000 + b"a b",
    "deep.json": lambda: b'{"text":' * 200_000,
    "deep-list.json": lambda: b"[" * 1_000_000,
    "deep.jsonl": lambda: b'{"text":' * 200_000 + b'\n{"text":"a good line"}\n',
    "deep.md": lambda: b"---\na: " + b"[" * 5_000 + b"\n---\na b",
    "laughs.md": lambda: (
        b"---\na: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (old + 1, old + 1, b",".join([b"*%c" % old] * 9)) for old in b"abcdefgh")
        + b"title: *i\n---\na b"
    ),
    "bomb.txt.gz": lambda: gzip.compress(b"a " * (50 << 20), 1),
    "bomb.jsonl.gz": lambda: gzip.compress(b'{"text":"' + b"a b " * 3_000_000 + b'"}\n' + b" " * (200 << 20), 1),
    "bomb-in-bomb.txt.gz": lambda: gzip.compress(gzip.compress(b"a" * (50 << 20))),
    "number.json": lambda: b'{"text":"a b","published":' + b"9" * 5_000 + b"}",
    "date.json": lambda: json.dumps({"text": "a b", "published": "a1 " * 100_000}).encode(),
    "keys.json": lambda: json.dumps({"text": "a b", **{f"k{n}": 1 for n in range(100_000)}}).encode(),
    "spaces.txt": lambda: b"x" + b" " * (20 << 20) + b"y",
    "lines.txt": lambda: b"x" + b"\n" * (20 << 20) + b"y",
    "headers.txt": lambda: b"Title: x\n" * 200_000 + b"\na b",
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_deep_or_packed_to_burst_ends_soon_and_in_bounded_memory(tmp_path: Path, name: str) -> None:
    data = LARGE[name]()
    path = tmp_path / name
    path.write_bytes(data)
    # So much more memory and no more: an allocation beyond it fails the test by `MemoryError`.
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (psutil.Process().memory_info().vms + MEMORY, before[1]))
    try:
        found = outcome(load_file(path, tmp_path))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    assert found
    if name.endswith("jsonl"):
        assert isinstance(found[-1], Loaded)


def test_links_and_names_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("A secret stands here.", encoding="utf-8")
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "up").symlink_to(tmp_path)
    (folder / "good.json").write_text(json.dumps({"id": "../../etc/passwd", "text": "A good one."}), encoding="utf-8")
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        report = library.sync(folder)
        assert [article.text for article in library.articles()] == ["A good one."]
        assert {failure.name for failure in report.failures} == {"link.txt", "loop.txt", "up"}
        assert library.article("../../etc/passwd").text == "A good one."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over articles of every awkward kind, with the small encoder."""
    library = Library.open(tmp_path_factory.mktemp("hostile"), encoder=SmallEncoder())
    texts = [
        ARABIC * 3,
        "The port reopened on Sunday, the minister said. \u202e Trap \u2066 here.",
        "a\x00b c\u200f d",
        "ﷺ ﷲ ½ ١٢٣",
    ]
    library.add(Article.create(f"a{number}", text, title=f"t\x00{number}") for number, text in enumerate(texts))
    with Assistant(library) as opened:
        yield opened


@settings(max_examples=settings().max_examples // 8)
@given(question=st.one_of(MARKUP, TEXTS, st.text(max_size=50)))
def test_any_question_is_answered_or_refused_clearly(assistant: Assistant, question: str) -> None:
    try:
        answer = assistant.ask(question)
    except QueryError as error:
        assert str(error).endswith(".")
        return
    assert Answer.from_json(answer.to_json()) == answer
    answer.to_json().encode("utf-8")
    for citation in answer.citations:
        article = assistant.library.article(citation.article.id, citation.revision)
        assert article.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("who? " * 200_000, "Shorten it"),
        ("\x00" * 1_000_000, "empty"),
        ("\u202e\u2066\ufeff\n\t", "empty"),
        ("?" * 10, "empty"),
        ("", "empty"),
    ],
)
def test_a_question_that_is_none_is_refused_at_once(assistant: Assistant, question: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        assistant.ask(question)


@pytest.mark.parametrize(
    "question", ['") OR 1=1 --', "NEAR(a b)", "a AND", "*", "title:x ^ y", "a'b\"c", "\ud800 who?"]
)
def test_what_means_something_to_the_full_text_search_is_words_here(assistant: Assistant, question: str) -> None:
    if any(map(str.isalnum, question)):
        assert assistant.ask(question).generation == 1
    else:
        with pytest.raises(QueryError):
            assistant.ask(question)
