"""The words of a question and the words of a quote that they met."""

from hypothesis import given, settings
from hypothesis import strategies as st

from index import Encoder
from qa.verification.glosses import latin, matches

QUOTE = (
    "وأكد أن الحدود مع سوريا «مؤمنة بالكامل» بتحصينات طولها 615 كيلومتراً وأكثر من 900 كاميرا حرارية، مشيراً إلى أن "
    "آخر محاولة تسلل سُجلت في حزيران الماضي."
)


def pairs(encoder: Encoder, question: str, quote: str) -> set[tuple[str, str]]:
    found = matches(encoder, question, quote)
    return {(question[m.asked.start : m.asked.end], quote[m.met.start : m.met.end]) for m in found}


def test_words_meet_their_translations(encoder: Encoder) -> None:
    found = pairs(encoder, "How long are the fortifications on the border with Syria?", QUOTE)
    assert {("Syria", "سوريا"), ("border", "الحدود"), ("fortifications", "بتحصينات")} <= found


def test_names_and_numbers_meet_by_their_spelling(encoder: Encoder) -> None:
    question, quote = (
        "Was Raghad al-Hayali at the hearing of 14 October?",
        "ودعت النائبة رغد الحيالي إلى جلسة في 14 تشرين.",
    )
    assert {("Raghad", "رغد"), ("Hayali", "الحيالي"), ("14", "14")} <= pairs(encoder, question, quote)


def test_nothing_meets_nothing(encoder: Encoder) -> None:
    assert matches(encoder, "who is it?", QUOTE) == ()
    assert matches(encoder, "Syria", "…") == ()


@settings(max_examples=settings().max_examples // 6)
@given(question=st.text(max_size=60), quote=st.text(max_size=80))
def test_a_word_is_in_one_pair_at_most_and_ranges_are_words(encoder: Encoder, question: str, quote: str) -> None:
    found = matches(encoder, question, quote)
    assert len({m.asked for m in found}) == len({m.met for m in found}) == len(found)
    for m in found:
        assert question[m.asked.start : m.asked.end].strip() and quote[m.met.start : m.met.end].strip()


def test_a_name_is_written_in_latin_letters() -> None:
    assert latin("مهند الزيدي") == "Mhnd al-Zydy"
    assert latin("مُهَنَّد") == "Muhanad"
    assert latin("وكالة الضفاف") == "Wkala al-Dfaf"
    assert latin("Omar") == "Omar"
