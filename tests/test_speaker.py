"""Who said a sentence, what it does with a claim, and what kind of statement a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import sentences
from qa.answer import Speaker
from qa.speaker import Stance, asks_for_speaker, attribute, stance_asked, stance_of

ARTICLE = (
    "أعربت السفارة الأمريكية في بغداد، يوم السبت، عن قلقها من تمدد التنظيم.\n"
    "وتراجعت أسعار النفط في الأسواق العالمية.\n"
    "أكد المتحدث باسم القائد العام للقوات المسلحة العراقية صباح النعمان، السبت، أن العصابات لا تشكل خطرا على البلاد.\n"
    "وقال النعمان لوكالة الأنباء العراقية إن “قواتنا الأمنية متمكنة وعلى أهبة الاستعداد“.\n"
    "وأضاف أن “الحدود مؤمنة بالكامل“.\n"
    "وتابع أن “المخاوف الدولية لا ترتبط بالوضع العراقي“."
)
ENGLISH = (
    "Interior Minister John Kelly said the border was open. "
    "He added that two crossings would close on Friday. "
    "Oil prices fell on Monday."
)


def speakers(text: str) -> list[Speaker | None]:
    spans = sentences(text)
    return [attribute(text, spans, place) for place in range(len(spans))]


def test_arabic_speakers_are_named_and_carried_on() -> None:
    found = speakers(ARTICLE)
    assert found[0] is not None
    assert found[0].name == "السفارة الأمريكية في بغداد"
    assert found[1] is None
    role = "المتحدث باسم القائد العام للقوات المسلحة العراقية"
    for speaker in found[2:]:
        assert speaker is not None
        assert (speaker.name, speaker.role) == ("صباح النعمان", role)
    assert [speaker and speaker.verb for speaker in found[2:]] == ["أكد", "قال", "أضاف", "تابع"]
    assert found[2] is not None
    assert found[2].kind == Stance.CONFIRMED


def test_english_speakers_are_named_and_carried_on() -> None:
    first, second, third = speakers(ENGLISH)
    assert first is not None
    assert second is not None
    assert (first.name, first.role, first.kind) == ("John Kelly", "Interior Minister", "said")
    assert second.name == "John Kelly"
    assert third is None


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("نفى الوزير صحة الأنباء المتداولة.", Stance.DENIED),
        ("أكد المتحدث أن العصابات لا تشكل خطرا على البلاد.", Stance.DENIED),
        ("رفض الرئيس الاتهامات الموجهة إليه.", Stance.DENIED),
        ("حذر الخبير من عودة التنظيم.", Stance.WARNED),
        ("أدانت المنظمة الهجوم.", Stance.CONDEMNED),
        ("رحبت الحكومة بالاتفاق.", Stance.WELCOMED),
        ("The minister denied the report.", Stance.DENIED),
        ("The spokesman said the group is not a threat.", Stance.DENIED),
        ("The embassy warned that the group was spreading.", Stance.WARNED),
        ("The union welcomed the decision.", Stance.WELCOMED),
    ],
)
def test_the_stance_of_a_sentence(sentence: str, stance: Stance) -> None:
    assert stance in stance_of(sentence)


@pytest.mark.parametrize("sentence", ["Oil prices fell on Monday.", "تراجعت أسعار النفط.", "", "؟!"])
def test_a_sentence_that_reports_nothing_has_no_stance(sentence: str) -> None:
    assert stance_of(sentence) == frozenset()


@pytest.mark.parametrize(
    ("question", "stance", "who"),
    [
        ("who disputed the ISIS threat?", Stance.DENIED, True),
        ("Who denied the report?", Stance.DENIED, True),
        ("من نفى خطر داعش؟", Stance.DENIED, True),
        ("من شكك في خطر داعش؟", Stance.DENIED, True),
        ("Who warned of a flood?", Stance.WARNED, True),
        ("من حذر من الفيضان؟", Stance.WARNED, True),
        ("Which minister announced the rate cut?", Stance.ANNOUNCED, True),
        ("How many people died?", None, False),
        ("كم عدد القتلى؟", None, False),
        ("Where is the dam?", None, False),
    ],
)
def test_what_a_question_asks_for(question: str, stance: Stance | None, who: bool) -> None:
    assert stance_asked(question) == stance
    assert asks_for_speaker(question) is who


@given(st.text(alphabet='قالأكد وزير النعمان، إن«»“”. said he John Kelly,\n"', max_size=120))
def test_name_and_verb_are_always_slices_of_the_text(text: str) -> None:
    spans = sentences(text)
    for place in range(len(spans)):
        speaker = attribute(text, spans, place)
        if speaker is not None:
            assert text[speaker.start : speaker.end] == speaker.name
            assert speaker.role is None or speaker.role in text
            assert speaker.verb is None or speaker.verb in text
