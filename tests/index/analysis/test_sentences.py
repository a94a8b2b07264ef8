"""Where sentences end."""

import gzip
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import sentences
from tests.support.any_text import TEXTS
from tests.support.paths import SHARED

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the evaluation data and the corpus in ../shared")


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["彼は来た。", "そして去った。", "他走了！"],
        ["जहाज़ आया।", "सब खुश थे।"],
        ["Er kam am 3. Oktober an.", "Er blieb."],
        ["Das war im 19. Jahrhundert üblich, z.B. in Berlin.", "Es blieb so."],
    ],
)
def test_sentences(expected: list[str]) -> None:
    assert cut(" ".join(expected)) == expected
    assert cut("  " + "\n".join(expected) + " \n") == expected


def test_a_line_break_always_ends_a_sentence() -> None:
    assert cut("عنوان الخبر\nتونس - «عاد الميناء\r\nإلى العمل»") == ["عنوان الخبر", "تونس - «عاد الميناء", "إلى العمل»"]


def test_a_missing_space_does_not_hide_the_end_of_a_sentence() -> None:
    assert cut("انتهى الأمر.وقال آخر إن الميناء مفتوح؟نعم") == ["انتهى الأمر.", "وقال آخر إن الميناء مفتوح؟", "نعم"]
    assert cut("It ended.The rest stayed.") == ["It ended.", "The rest stayed."]


def test_a_long_quotation_has_sentences_of_its_own() -> None:
    inner = ["عاد الميناء إلى العمل بعد أشهر طويلة من الإصلاح والترميم والانتظار."] * 6
    assert len(cut(f"قال: «{' '.join(inner)}»")) == 6


def test_a_quotation_that_never_closes_holds_nothing_together() -> None:
    assert len(cut("قال: «عاد الميناء. عادت السفن. عاد الصيادون.")) == 3


def test_marks_without_words_join_the_sentence_before() -> None:
    assert cut("Done. ***\n***") == ["Done. ***", "***"]


def test_a_part_of_a_text_is_cut_in_offsets_of_the_whole() -> None:
    text = "Zero. One. Two. Three."
    assert [span.slice(text) for span in sentences(text, 6, 15)] == ["One.", "Two."]
    assert sentences(text, 5, 6) == []


@given(TEXTS, st.data())
def test_sentences_are_in_order_trimmed_and_leave_out_only_white_space(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = sentences(text, start, end)
    covered = [start, *(at for span in spans for at in (span.start, span.end)), end]
    assert covered == sorted(covered)
    for before, after in zip(covered[::2], covered[1::2], strict=True):
        assert not text[before:after].strip()
    for span in spans:
        assert span.slice(text) == span.slice(text).strip() != ""
    for one, other in pairwise(spans):
        assert one.end <= other.start


@needs_shared
@pytest.mark.parametrize("language", ["en", "ar", "es", "ru", "tr"])
def test_real_answers_lie_within_one_sentence(language: str) -> None:
    content = json.loads((SHARED / "eval" / f"xquad.{language}.dev.json").read_text(encoding="utf-8"))
    paragraphs = [paragraph for article in content["data"] for paragraph in article["paragraphs"]]
    within = total = 0
    for paragraph in paragraphs:
        spans = sentences(paragraph["context"])
        for answer in (item["answers"][0] for item in paragraph["qas"]):
            start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
            within += any(span.start <= start and end <= span.end for span in spans)
            total += 1
    assert within / total >= 0.99
    assert sum(len(sentences(paragraph["context"])) for paragraph in paragraphs) > 4 * len(paragraphs)


@needs_shared
def test_real_evidence_lies_within_one_sentence() -> None:
    with gzip.open(SHARED / "corpus" / "ant.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = {article["id"]: article["text"] for article in map(json.loads, lines)}
    questions = map(json.loads, (SHARED / "eval" / "news.dev.jsonl").read_text(encoding="utf-8").splitlines())
    evidence = [(texts[item["article"]], item["sentence"]) for item in questions if item["article"]]
    lengths = []
    for text, sentence in evidence:
        start = text.index(sentence.strip())
        end = start + len(sentence.strip())
        lengths += [span.end - span.start for span in sentences(text) if span.start <= start and end <= span.end]
    assert len(lengths) / len(evidence) > 0.9
    assert sum(lengths) < 1.2 * sum(len(sentence) for _, sentence in evidence)
