"""Who said a sentence of an article, from what the sentences before it say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import sentences
from index.languages.grammar import Stance
from qa.answer import Speaker
from qa.attribution.attribution import attribute

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


def test_a_title_that_ends_in_a_clubs_name_belongs_to_the_one_named_after_it() -> None:
    (found,) = speakers("أما مدرب نجوم سمهر، الإسباني خافيير روميرو، فاعترض على ركلة الجزاء، وأكد أن فريقه سيشكو.")
    assert found is not None
    assert (found.name, found.role) == ("خافيير روميرو", "مدرب نجوم سمهر")


def test_a_verb_goes_on_with_a_speaker_of_its_gender() -> None:
    found = speakers("قال الوزير نبيل سالم إن السد آمن.\nورحبت المنظمة بالقرار.\nوأضاف أن العمل مستمر.")
    assert [speaker and speaker.name for speaker in found] == ["نبيل سالم", "المنظمة", "نبيل سالم"]


def test_a_long_quotation_belongs_to_the_one_who_opened_it() -> None:
    found = speakers("قال المهندس رامي قباني: «السد آمن.\nوالبوابات تعمل.\nولا خوف على المدينة».\nوهطل المطر.")
    assert [speaker and speaker.name for speaker in found] == ["رامي قباني"] * 3 + [None]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Transport minister Salem al-Kinani met us on Wednesday.\nMinister, will the toll be raised?\n"
            "No. The toll stays.\nHas the contractor been paid?\nHe got 41 million dollars.\nRain fell on Basra.",
            "Salem al-Kinani",
        ),
        (
            "التقينا وزير النقل سالم الكناني يوم الأربعاء.\nهل سترتفع الرسوم؟\nكلا. تبقى الرسوم على حالها.\n"
            "هل دُفع للمقاول؟\nحصل على 41 مليون دولار.\nوهطل المطر.",
            "سالم الكناني",
        ),
        (
            "Le ministre Salim Kinani nous a reçus mercredi.\nLe péage va-t-il augmenter ?\nNon. Le péage reste.\n"
            "Le chantier est-il payé ?\nIl a reçu 41 millions.\nIl pleuvait sur Bassora.",
            "Salim Kinani",
        ),
    ],
)
def test_in_an_interview_whoever_is_asked_says_the_replies(text: str, name: str) -> None:
    found = [speaker and speaker.name for speaker in speakers(text)]
    assert found[-6:] == [None, name, name, None, name, None]


def test_one_question_makes_no_interview() -> None:
    text = "Minister Salem al-Kinani opened the bridge.\nWill the toll be raised?\nThe toll stays."
    assert speakers(text)[1:] == [None, None]


def test_a_place_that_is_no_sentence_is_an_error() -> None:
    with pytest.raises(IndexError):
        attribute("قال الوزير إن السد آمن.", sentences("قال الوزير إن السد آمن."), 3)


@given(st.text(alphabet='قالأكد وزير النعمان، إن«»“”. said he John Kelly,\n"', max_size=120))
def test_name_and_verb_are_always_slices_of_the_text(text: str) -> None:
    spans = sentences(text)
    for place in range(len(spans)):
        speaker = attribute(text, spans, place)
        if speaker is not None:
            assert text[speaker.start : speaker.end] == speaker.name
            assert speaker.role is None or speaker.role in text
            assert speaker.verb is None or speaker.verb in text
