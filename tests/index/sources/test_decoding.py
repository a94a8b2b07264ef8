"""Encodings found out, gzip opened with a bound."""

import gzip
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.sources import decoding
from index.sources.decoding import PREFIX, Source, decode, encoding_of

ARABIC = "أعلنت السلطات في بغداد، يوم السبت، أن الحدود مؤمنة بالكامل.\n"
ENGLISH = "The embassy said on Saturday that the troops would leave.\n"


@pytest.mark.parametrize("text", [ARABIC, ARABIC * 2000, ENGLISH, ENGLISH + ARABIC], ids=["ar", "long", "en", "both"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"])
def test_every_encoding_of_news_is_told(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == text


def test_other_single_byte_encodings() -> None:
    russian = "Президент России заявил об этом в субботу утром.\n"
    french = "Le président a déclaré à Genève que l’élève était là.\n"
    assert decode(russian.encode("cp1251")) == russian
    assert decode(french.encode("cp1252")) == french
    assert decode(ARABIC.encode("iso8859_6")) == ARABIC


def test_a_page_may_state_its_encoding() -> None:
    page = '<meta charset="iso-8859-7"><p>Ώρα'
    assert decode(page.encode("iso-8859-7")) == page
    assert decode(page.encode()) == page  # wrongly stated: UTF-8 that fits is UTF-8
    assert decode(page.replace("iso-8859-7", "no-such").encode()) == page.replace("iso-8859-7", "no-such")


def test_line_ends_become_one_kind() -> None:
    assert decode(b"\xef\xbb\xbfone\r\ntwo\rthree\n\n") == "one\ntwo\nthree\n\n"


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\x00" * 50], ids=["nothing", "blanks", "zeros"])
def test_empty(data: bytes) -> None:
    with pytest.raises(LoadError, match=r"It is empty. Put an article in it, or remove it\."):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        random.Random(1).randbytes(4000),
        random.Random(2).randbytes(50),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00",
        b"\x7fELF\x02\x01\x01" + bytes(9) + ENGLISH.encode(),
        gzip.compress(ARABIC.encode() * 50),
    ],
    ids=["noise", "short noise", "png", "program", "gzip"],
)
def test_binary_data(data: bytes) -> None:
    with pytest.raises(LoadError, match="It is binary data, not text"):
        decode(data)


def test_broken_utf_8_is_not_taken_for_something_else() -> None:
    broken = ARABIC.encode()[:60] + b"\xff" + ARABIC.encode()[60:]
    with pytest.raises(LoadError, match="It is UTF-8 with broken characters"):
        decode(broken)
    assert encoding_of(broken, complete=False) == "utf-8"


def test_a_beginning_may_end_within_a_character() -> None:
    data = ARABIC.encode() * 2000
    for length in range(PREFIX, PREFIX + 4):
        assert encoding_of(data[:length], complete=False) == "utf-8"


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_load_error(data: bytes) -> None:
    try:
        text = decode(data)
    except LoadError:
        return
    assert "\r" not in text and not text.startswith("\ufeff")


@given(st.binary(max_size=3 * PREFIX), st.booleans())
def test_a_source_gives_all_bytes_unpacked(data: bytes, packed: bool) -> None:
    if not packed and data.startswith(b"\x1f\x8b"):
        return
    raw = gzip.compress(data) if packed else data
    source = Source(io.BytesIO(raw), len(raw))
    assert source.prefix == data[:PREFIX]
    assert source.read_whole() == data
    assert source.position == (1.0 if raw else 0.0)


def test_a_source_of_unknown_length_has_no_position() -> None:
    source = Source(io.BytesIO(b"abc"))
    assert (source.read_whole(), source.position) == (b"abc", 0.0)


def test_whole_files_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_FILE", 100_000)
    assert len(Source(io.BytesIO(b"a" * 100_000)).read_whole()) == 100_000
    with pytest.raises(LoadError, match="Split it, or turn it into JSON Lines"):
        Source(io.BytesIO(b"a" * 100_001)).read_whole()


def test_gzip_that_unpacks_out_of_proportion_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_FILE", 100_000)
    source = Source(io.BytesIO(gzip.compress(b"a" * 10_000_000)))
    with pytest.raises(LoadError, match="more than 200 times its size"):
        while source.read(PREFIX):
            pass


@pytest.mark.parametrize("raw", [gzip.compress(ARABIC.encode() * 9)[:-9], b"\x1f\x8b\x08\x00junk", b"\x1f\x8b"])
def test_damaged_gzip(raw: bytes) -> None:
    with pytest.raises(LoadError, match="Its gzip data is damaged or cut short"):
        Source(io.BytesIO(raw)).read_whole()
