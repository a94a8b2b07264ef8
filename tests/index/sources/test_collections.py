"""JSON, JSON Lines and <DOC> collections."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.sources import collections as streams
from index.sources.collections import is_json_lines, parse_json, read_collection, read_json_lines
from index.sources.metadata import FieldMapping, Fields
from index.sources.records import Record

MAPPING = FieldMapping()
ONE = {"id": "1", "text": "One."}
DOC = """<DOC>
<DOCNO>HR-economy-32-20250125</DOCNO>
<URL>http://herald.example/ar/ارتفاع/93</URL>
<SRC>Herald FM</SRC>
<CAT>economy</CAT>
<TITLE>ارتفاع صادرات "التمور" & الزيتون</TITLE>
<TIME>2025-01-25T23:36:00+01:00</TIME>
<AUTHOR></AUTHOR>
<ABSTRACT>
ملخص
</ABSTRACT>
<TEXT>
بلغت الصادرات 36 ألف طن & أكثر، منها 5 < 6 لشركة R&amp;D.

وأضاف المدير أن الموسم جيد.
</TEXT>
</DOC>
"""
DOC_FIELDS = Fields(
    id="HR-economy-32-20250125",
    url="http://herald.example/ar/ارتفاع/93",
    source="Herald FM",
    category="economy",
    title='ارتفاع صادرات "التمور" & الزيتون',
    published="2025-01-25T23:36:00+01:00",
    text="بلغت الصادرات 36 ألف طن & أكثر، منها 5 < 6 لشركة R&D.\n\nوأضاف المدير أن الموسم جيد.",
)


def lines(text: str) -> list[Record]:
    return list(read_json_lines(io.StringIO(text), MAPPING))


def documents(text: str) -> list[Record]:
    return list(read_collection(io.StringIO(text)))


def reason(record: Record) -> str:
    assert isinstance(record.fields, LoadError), record
    return str(record.fields)


def text_of(record: Record) -> str | None:
    assert isinstance(record.fields, Fields), record
    return record.fields.text


class TestJson:
    def test_one_object(self) -> None:
        assert parse_json(json.dumps(ONE), MAPPING) == [Record(Fields(id="1", text="One."))]

    @pytest.mark.parametrize("wrapped", [[ONE, ONE], {"articles": [ONE, ONE]}, {"status": "ok", "data": [ONE, ONE]}])
    def test_many_objects(self, wrapped: object) -> None:
        fields = Fields(id="1", text="One.")
        assert parse_json(json.dumps(wrapped), MAPPING) == [Record(fields, 1), Record(fields, 2)]

    def test_a_list_inside_an_article_is_not_a_list_of_articles(self) -> None:
        text = json.dumps({**ONE, "images": [{"text": "caption"}]})
        assert parse_json(text, MAPPING) == [Record(Fields(id="1", text="One."))]

    def test_one_bad_object_is_one_failure(self) -> None:
        first, second, third = parse_json('[{"title": "x", "story": "y"}, 3, {"text": null}]', MAPPING)
        assert reason(first) == (
            "It has no 'text'; its keys: title, story. Name the one with the text by the mapping text=KEY."
        )
        assert reason(second) == "It is not a JSON object: write the article as {...} with a text in it."
        assert reason(third) == "Its 'text' is empty: add the text, or leave the article out."

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[]", "It holds no article"),
            ("3", "It holds no article"),
            ("{", "It is not JSON: Expecting property name"),
            ("{} {}", "if it has one object a line, name it .jsonl"),
            ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
            ('{"text": ' + "9" * 5000 + "}", "a number too long"),
        ],
    )
    def test_what_is_not_articles(self, text: str, message: str) -> None:
        with pytest.raises(LoadError, match=message):
            parse_json(text, MAPPING)


class TestJsonLines:
    def test_a_bad_line_stops_nothing(self) -> None:
        records = lines('{"text": "a"}\n\n{"text": \n["b"]\n{"text": null}\n' + '{"a":' * 50_000 + '\n{"text": "z"}')
        assert [(record.number, record.line) for record in records] == [(n, n) for n in (1, 3, 4, 5, 6, 7)]
        assert (text_of(records[0]), text_of(records[-1])) == ("a", "z")
        assert reason(records[1]).startswith("It is not JSON: Expecting value")
        assert reason(records[2]).startswith("It is not a JSON object")
        assert reason(records[3]).startswith("Its 'text' is empty")
        assert reason(records[4]).startswith("Its JSON is nested too deeply")

    def test_a_line_that_is_too_long_is_passed_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(streams, "MAX_RECORD", 40)
        records = lines('{"text": "a"}\n{"text": "' + "b" * 3000 + '"}\n{"text": "c"}')
        assert [record.number for record in records] == [1, 2, 3]
        assert "is longer than" in reason(records[1])
        assert text_of(records[2]) == "c"

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=5))
    def test_texts_come_back_as_they_were(self, texts: list[str]) -> None:
        written = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
        expected = [text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd") for text in texts]
        assert [text_of(record) for record in lines(written)] == expected

    @pytest.mark.parametrize(
        ("beginning", "are_lines"),
        [
            ('{"a": 1}\n{"b": ', True),
            ('\ufeff{"a": 1}\r\n{"b": 2}\n', True),
            ('{"a": 1}\n', False),
            ('{"a":\n{"b": 2}}', False),
            ('[{"a": 1},\n{"b": 2}]', False),
        ],
    )
    def test_json_lines_are_told_from_json(self, beginning: str, are_lines: bool) -> None:
        assert is_json_lines(beginning) is are_lines


class TestCollection:
    def test_a_document_keeps_every_word(self) -> None:
        assert documents(DOC) == [Record(DOC_FIELDS, 1, 1)]

    def test_many_documents_with_and_without_a_root(self) -> None:
        expected = [Record(DOC_FIELDS, 1, 1), Record(DOC_FIELDS, 2, 19), Record(DOC_FIELDS, 3, 37)]
        assert documents((DOC + "\n") * 3) == expected
        rooted = documents('<?xml version="1.0"?>\n<docs>\n' + DOC * 2 + "</docs>")
        assert [(record.fields, record.line) for record in rooted] == [(DOC_FIELDS, 3), (DOC_FIELDS, 20)]

    def test_documents_longer_than_a_block_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = documents(DOC * 5)
        for size in (1, 7, 64, 1000):
            monkeypatch.setattr(streams, "_BLOCK", size)
            assert documents(DOC * 5) == whole

    def test_paragraph_tags_literal_sections_and_several_texts(self) -> None:
        found = documents(
            "<doc id='3'><headline><![CDATA[R&D <b>]]></headline><text><P>\nOne <b>two</b>.\n</P>\n<P>Three.</P></text>"
            "<text>Four.</text></doc>"
        )
        assert found == [Record(Fields(title="R&D <b>", text="One two.\n\nThree.\nFour."), 1, 1)]

    def test_unclosed_tags_end_with_their_line_or_document(self) -> None:
        found = documents("<DOC><DOCNO>1\n<TITLE>A title\n<TEXT>One.\nTwo.\n<DOC><DOCNO>2</DOCNO><TEXT>Three.</TEXT>")
        assert [record.fields for record in found] == [
            Fields(id="1", title="A title", text="One.\nTwo."),
            Fields(id="2", text="Three."),
        ]

    def test_a_document_without_text_is_named(self) -> None:
        bad, good = documents(f"<DOC><DOCNO>7</DOCNO><TEXT>\n</TEXT></DOC>\n{DOC}")
        assert reason(bad) == (
            "This <DOC> (7) has no text between <TEXT> and </TEXT>: add it, or leave the document out."
        )
        assert good.fields == DOC_FIELDS

    def test_a_document_that_is_too_long_is_passed_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(streams, "MAX_RECORD", 1000)
        monkeypatch.setattr(streams, "_BLOCK", 300)
        bad, good = documents("<DOC><TEXT>" + "word\n" * 2000 + f"</TEXT></DOC>\n{DOC}")
        assert "This <DOC> is longer than" in reason(bad)
        assert (good.fields, good.line) == (DOC_FIELDS, 2002)
