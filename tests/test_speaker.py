"""Who said a sentence, what it does with a claim, and what kind of statement a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.folding import Span
from index.text import sentences
from qa.answer import Speaker
from qa.datelines import after_dateline
from qa.speaker import Stance, asks_for_speaker, attribute, stance_asked, stance_of
from qa.stance import refuses

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
    ("sentence", "name"),
    [
        ("Marta Ruiz, the foreign minister of Belland, said Russia fired the missile that hit Sarn.", "Marta Ruiz"),
        ("Rania Haddad, a spokeswoman for the ministry, said Hezbollah shelled the town.", "Rania Haddad"),
        ("Judge Toure, who led the inquiry, blamed the operator.", "Toure"),
        ("The border was open, said John Kelly.", "John Kelly"),
        ("The border was open, said John Kelly on Monday.", "John Kelly"),
        ("“The border is open,” said John Kelly, the interior minister.", "John Kelly"),
    ],
)
def test_whoever_speaks_is_told_from_whom_is_spoken_of(sentence: str, name: str) -> None:
    (found,) = speakers(sentence)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "sentence",
    [
        "Iran has not condemned the attack on the embassy.",
        "Iran hasn't condemned the attack on the embassy.",
        "لم تعلن إسرائيل مسؤوليتها عن الغارة على مطار قمرة.",
        "ولم تهنّئ روسيا بيتريسكو.",
    ],
)
def test_what_was_not_done_is_nobody_s_statement(sentence: str) -> None:
    assert speakers(sentence) == [None]


@pytest.mark.parametrize(
    ("sentence", "stance", "refused"),
    [
        ("Iran has not condemned the attack.", Stance.CONDEMNED, True),
        ("Iran has not condemned the attack, which Turkey condemned.", Stance.CONDEMNED, False),
        ("Turkey condemned the attack and did not name the attackers.", Stance.CONDEMNED, False),
        ("Iran did not condemn the attack.", Stance.DENIED, False),
        ("لم تعلن إسرائيل مسؤوليتها عن الغارة.", Stance.ANNOUNCED, True),
        ("أعلنت إسرائيل مسؤوليتها عن الغارة.", Stance.ANNOUNCED, False),
    ],
)
def test_a_refusal_is_told_from_the_deed(sentence: str, stance: Stance, refused: bool) -> None:
    assert refuses(sentence, stance) is refused


def test_a_title_that_ends_in_a_clubs_name_belongs_to_the_one_named_after_it() -> None:
    (found,) = speakers("أما مدرب نجوم سمهر، الإسباني خافيير روميرو، فاعترض على ركلة الجزاء، وأكد أن فريقه سيشكو.")
    assert found is not None
    assert (found.name, found.role) == ("خافيير روميرو", "مدرب نجوم سمهر")


SENTENCES = {
    "نفى الوزير صحة الأنباء المتداولة.": {Stance.DENIED},
    "نفت الوزارة أن تكون قد اتخذت القرار.": {Stance.DENIED},
    "كذّب الناطق باسم الحكومة الخبر.": {Stance.DENIED},
    "فنّد عضو الحزب ما يروج من أخبار.": {Stance.DENIED},
    "دحض الخبير هذه النظرية.": {Stance.DENIED},
    "رفض الرئيس الاتهامات الموجهة إليه.": {Stance.DENIED},
    "استبعد الدكتور صبري ربيحات أن تأتي القمة بمفاجآت.": {Stance.DENIED},
    "شكك النائب في نتائج التحقيق.": {Stance.DENIED},
    "قلل السفير من شأن التحذيرات.": {Stance.DENIED},
    "أكد المتحدث أن العصابات لا تشكل خطرا على البلاد.": {Stance.CONFIRMED, Stance.DENIED},
    "قال المدير إنه لا صحة لما ينشر.": {Stance.SAID, Stance.DENIED},
    "أوضحت الوزيرة أن القرار ليس نهائيا.": {Stance.SAID, Stance.DENIED},
    "وأضاف أن بلاده لن تنسحب من الاتفاق.": {Stance.SAID, Stance.DENIED},
    "وقال إن الطائرة لم تسقط بفعل صاروخ.": {Stance.SAID, Stance.DENIED},
    "اعتبر النائب أن المعلومات غير صحيحة.": {Stance.SAID, Stance.DENIED},
    "أكد الوزير أن الحدود مؤمنة، لا سيما في الشمال.": {Stance.CONFIRMED},
    "قال المدير إن العمل لا يزال متواصلا.": {Stance.SAID},
    "قال الخبير إنه لا بد من إصلاح السد.": {Stance.SAID},
    "ولم تعلق السفارة على الخبر.": set(),
    "حذر الخبير من عودة التنظيم.": {Stance.WARNED},
    "أدانت المنظمة الهجوم.": {Stance.CONDEMNED},
    "رحبت الحكومة بالاتفاق.": {Stance.WELCOMED},
    "دعت النقابة إلى إضراب عام.": {Stance.CALLED_FOR},
    "أعلنت الشركة عن أرباحها.": {Stance.ANNOUNCED},
    "اتهم الحزب الحكومة بالفساد.": {Stance.ACCUSED},
    "تعهد الرئيس بخفض الأسعار.": {Stance.PROMISED},
    "رجح الخبير ارتفاع الأسعار، محذرا من التضخم.": {Stance.EXPECTED, Stance.WARNED},
    "The minister denied the report.": {Stance.DENIED},
    "Analysts disputed the figures.": {Stance.DENIED},
    "The mayor played down the danger.": {Stance.DENIED},
    "The union rejected the offer and called for a strike.": {Stance.DENIED, Stance.CALLED_FOR},
    "The spokesman said the group is not a threat.": {Stance.SAID, Stance.DENIED},
    "The army confirmed that there was no threat to the city.": {Stance.CONFIRMED, Stance.DENIED},
    "He said the story was false.": {Stance.SAID, Stance.DENIED},
    "“It doesn't worry us,” she added.": {Stance.SAID, Stance.DENIED},
    "The ministry said not only the bridge but the road was closed.": {Stance.SAID},
    "He said no doubt remained.": {Stance.SAID},
    "The embassy declined to comment.": set(),
    "The minister did not deny the report.": set(),
    "The embassy warned that the group was spreading.": {Stance.WARNED},
    "The union welcomed the decision.": {Stance.WELCOMED},
    "The company admitted the leak.": {Stance.ADMITTED},
    "The claim is in question.": set(),
    "Oil prices fell on Monday.": set(),
    "تراجعت أسعار النفط.": set(),
    "": set(),
    "؟!": set(),
}
QUESTIONS = {
    "who disputed the ISIS threat?": Stance.DENIED,
    "Who denied the report?": Stance.DENIED,
    "Who dismissed the warning?": Stance.DENIED,
    "Who played down the risk?": Stance.DENIED,
    "Which minister rejected the accusation?": Stance.DENIED,
    "Who confirmed the death toll?": Stance.CONFIRMED,
    "Who warned of a flood?": Stance.WARNED,
    "Who was it that said the dam was safe?": Stance.SAID,
    "Who is the official who said the dam was safe?": Stance.SAID,
    "Which minister announced the rate cut?": Stance.ANNOUNCED,
    "Which official said the border was open?": Stance.SAID,
    "Which historian was quoted as saying so?": Stance.SAID,
    "According to whom were the gates opened?": Stance.SAID,
    "By whom was the claim denied?": Stance.DENIED,
    "Who said the minister denied the report?": Stance.SAID,
    "Who has called for an inquiry?": Stance.CALLED_FOR,
    "Who was accused of fraud?": None,
    "What did the minister deny?": None,
    "Who won the final?": None,
    "Which minister resigned after the president said so?": None,
    "Which country is expected to win?": None,
    "How many people died?": None,
    "Where is the dam?": None,
    "من نفى خطر داعش؟": Stance.DENIED,
    "من كذّب الخبر؟": Stance.DENIED,
    "من شكك في خطر داعش؟": Stance.DENIED,
    "من فنّد رواية الشرطة؟": Stance.DENIED,
    "من أكد سقوط الطائرة؟": Stance.CONFIRMED,
    "من حذر من الفيضان؟": Stance.WARNED,
    "من قال إن الحدود مؤمنة؟": Stance.SAID,
    "من هو الوزير الذي صرح بذلك؟": Stance.SAID,
    "من المسؤول الذي أعلن القرار؟": Stance.ANNOUNCED,
    "أي وزير صرح بأن السد آمن؟": Stance.SAID,
    "أي منظمة أدانت الهجوم؟": Stance.CONDEMNED,
    "أي حزب طالب بفتح تحقيق؟": Stance.CALLED_FOR,
    "ما الجهة التي أعلنت مسؤوليتها؟": Stance.ANNOUNCED,
    "بحسب من أغلقت المكاتب؟": Stance.SAID,
    "من فاز بالكأس؟": None,
    "أي وزير استقال بعدما قال الرئيس ذلك؟": None,
    "أي بلد يتوقع أن يفوز؟": None,
    "ماذا قال الوزير؟": None,
    "كم عدد القتلى؟": None,
    "": None,
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_stances_of_a_sentence(sentence: str) -> None:
    assert stance_of(sentence) == SENTENCES[sentence]


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_question_asks_for(question: str) -> None:
    assert stance_asked(question) == QUESTIONS[question]
    assert asks_for_speaker(question) is (QUESTIONS[question] is not None)


# The first sentence of a text, its speaker and role.
ATTRIBUTED = {
    'وقعت الرسائل تحت طائلة القانون وفق ما أكده المحامي الفرنسي "برنارد لامون".': ("برنارد لامون", "المحامي الفرنسي"),
    "وكان رئيس الوزراء الأسبق، سعيد الحلبي، كشف أنه نصح صديقه.": ("سعيد الحلبي", "رئيس الوزراء الأسبق"),
    "قال سمير الهاشمي رئيس حزب الوفاق إن الحوار مستمر.": ("سمير الهاشمي", "رئيس حزب الوفاق"),
    "وأضاف، خلدون قباني، المستشار الإعلامي للبلدية: «استقبلتها».": ("خلدون قباني", "المستشار الإعلامي للبلدية"),
    "حذر اليوم الاثنين كمال العوني عضو مجلس المدينة، من الفيضان.": ("كمال العوني", "عضو مجلس المدينة"),
    "نفت وزيرة المالية ليلى الحداد أن تكون قد صرحت بذلك.": ("ليلى الحداد", "وزيرة المالية"),
    "أعلن المدير الجهوي لشركة الكهرباء، حمادي عقيل، أن التيار عاد.": ("حمادي عقيل", "المدير الجهوي لشركة الكهرباء"),
    'ونقلت وكالة الأنباء عن إيمانويل غارسيا، كبير الباحثين قوله "ندرس الأمر".': ("إيمانويل غارسيا", "كبير الباحثين"),
    "الوزير نبيل سالم، الذي زار المدينة، قال إن الجسر سيفتح.": ("نبيل سالم", "الوزير"),
    "أكد والد سلمان العبيدي أن ابنه بريء.": ("والد سلمان العبيدي", None),
    "توقفت الرحلات، بحسب بيان لوزارة النقل.": ("وزارة النقل", None),
    "دعا حزب المؤتمر من أجل الجمهورية النيابة العمومية إلى فتح تحقيق.": ("حزب المؤتمر من أجل الجمهورية", None),
    "John Kelly, the interior minister, denied the claim.": ("John Kelly", "interior minister"),
    "The head of the central bank, Asma al-Khalifi, said rates would stay.": (
        "Asma al-Khalifi",
        "head of the central bank",
    ),
    "“It is early,” said Sara Mansour, a surgeon at the hospital.": ("Sara Mansour", "surgeon at the hospital"),
    "Three people died, according to the Health Ministry.": ("the Health Ministry", None),
    "Maria Lopez, who runs a shop, said she had lost everything.": ("Maria Lopez", None),
    "The claim was disputed by analysts.": ("analysts", None),
    "The company rejected the accusation.": ("The company", None),
    "وتراجعت أسعار النفط في الأسواق العالمية.": None,
    "واصل اللاعب التونسي تألقه في البطولة.": None,
    "Oil prices are expected to fall.": None,
    "The report was denied.": None,
}


@pytest.mark.parametrize("sentence", ATTRIBUTED)
def test_the_speaker_a_sentence_names(sentence: str) -> None:
    speaker = speakers(sentence)[0]
    assert (speaker and (speaker.name, speaker.role)) == ATTRIBUTED[sentence]


# A sentence, and where in it the name of its speaker ends.
ENDING = {
    "اتهم الرئيس سامر خليل روسيا بإطلاق الصاروخ على ميناء سارن.": "سامر خليل",
    "انتقد النائب نادر قاسم القرار.": "نادر قاسم",
    "طالبت المحامية ليلى عطية بتعويض الأسر.": "ليلى عطية",
    "طالب النائب بدر جوبر بمحاسبة المسؤولين.": "بدر جوبر",
    "دعا الوزير كمال سوفي لانتخابات مبكرة.": "كمال سوفي",
    "تعهد الرئيس نور الدين بأحد الحلول.": "نور الدين",
    "أكد خالد بن عبد الله مدير عام التجارة أن السوق مفتوحة.": "خالد بن عبد الله",
    "انتقد النائب عبد الله الاتفاق الجديد.": "عبد الله",
    "وصفت القاضية كوثر كنو الوضع العام بالمقلق.": "كوثر كنو",
    "اعتبر رئيس الشبكة، جوهر بن مبارك الوضع صعبا.": "جوهر بن مبارك",
    "وصف الوزير ويبر روس الضربة بالقوية.": "ويبر روس",
    "دعا النائب حسين جوان مؤسسات الدولة إلى الحوار.": "حسين جوان",
    "أعلن الوزير سمير العروي إطلاق الخدمة.": "سمير العروي",
    "نفى المدير خالد الأطرش الأخبار المتداولة.": "خالد الأطرش",
}
WHOLE = (
    "بدر الشمري|ليلى السوداني|كمال العبادي|لطفي عبد الله|بسام بوعلي|راشد بن عمر"
    "|عبد الكريم بلحاج|نور الدين بالطيب|سمير بوقرة|لمياء بنت سعيد|نادر لعبيدي|شكري بلعيد"
    "|فلاديمير بوتين|هيلاري كلينتون|ألكسندر لوكاشينكو|جون كيري|سامر خليل المعايطة"
    "|عمر هاني الخصاونة|صبري ربيحات|محمد ضياء الحق|سلمان فهد العودة|فيصل الأول"
    "|سيف الإسلام القذافي|نجيب التكريتي|عبد الفتاح محمد السيسي|عبد الله الوزير|ديان براي|ستيفاني جيه لندن"
)


@pytest.mark.parametrize("sentence", ENDING)
def test_a_name_ends_before_what_its_bearer_speaks_of(sentence: str) -> None:
    speaker = speakers(sentence)[0]
    assert (speaker and speaker.name) == ENDING[sentence]


@pytest.mark.parametrize("name", WHOLE.split("|"))
def test_a_name_keeps_all_its_parts(name: str) -> None:
    speaker = speakers(f"قال الوزير {name} إن الجسر سيفتح.")[0]
    assert (speaker and (speaker.name, speaker.role)) == (name, "الوزير")


# Texts that begin with a dateline, and who speaks in their first sentence.
DATELINED = {
    "BAGHDAD (Reuters) - The health ministry raised the toll, adding that 12 were missing.": "The health ministry",
    "LONDON, March 3 (AP) — The mayor lost the vote, saying the count was wrong.": "The mayor",
    "Basra, 3 Nov. - The governor closed the port, saying that the pier would fall.": "The governor",
    "WASHINGTON/BEIJING (Reuters) - The company closed a plant, saying demand was weak.": "The company",
    "ABU DHABI, United Arab Emirates (AP) — The bank cut its rate, noting that prices fell.": "The bank",
    "UNITED NATIONS — The council met on Friday, insisting that the truce held.": "The council",
    "Baghdad – INA: The army left the city, stressing that roads were safe.": "The army",
    "NEW YORK (AP) _ Oil prices fell on Monday.": None,
    "بغداد (رويترز) - قالت وزارة الصحة إن 12 شخصا في عداد المفقودين.": "وزارة الصحة",
    "بغداد/ واع/ أعلنت وزارة الصحة ارتفاع الحصيلة.": "وزارة الصحة",
    "بغداد – واع: الوزير نبيل سالم قال إن الجسر سيفتح.": "نبيل سالم",
    "القاهرة - أ ف ب: الوزير نبيل سالم قال إن الجسر سيفتح.": "نبيل سالم",
    "لندن - المحافظ نبيل سالم قال إن الجسر سيفتح.": "نبيل سالم",
    "الوزير نبيل سالم (بغداد) - قال إن الجسر سيفتح.": "نبيل سالم",
    "BAGHDAD (Reuters) -": None,
    "بغداد – واع": None,
}


@pytest.mark.parametrize("text", DATELINED)
def test_a_dateline_speaks_for_nobody(text: str) -> None:
    speaker = speakers(text)[0]
    assert (speaker and speaker.name) == DATELINED[text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Al-Qaim, Sunday (Reuters) - Rain fell.", "Rain fell."),
        ("(Reuters) - Oil fell.", "Oil fell."),
        ("LONDON—The mayor spoke.", "The mayor spoke."),
        ("القاهرة (أ.ف.ب) - هطل المطر.", "هطل المطر."),
        ("نور سلطان (رويترز) - هطل المطر.", "هطل المطر."),
        *(
            (text, text)
            for text in (
                "OPEC - the group of producers - met.",
                "John Kelly (Republican) - a former minister - spoke.",
                "BAGHDAD-based companies grew.",
                "COVID-19 cases rose.",
                "May 3 - The governor spoke.",
                "السفارة (واشنطن) - قالت ذلك.",
                "فرنسا - التي ترأس المجلس - قالت ذلك.",
                "",
            )
        ),
    ],
)
def test_what_stands_after_a_dateline(text: str, said: str) -> None:
    assert after_dateline(text, Span(0, len(text))).slice(text) == said


def test_a_verb_goes_on_with_a_speaker_of_its_gender() -> None:
    found = speakers("قال الوزير نبيل سالم إن السد آمن.\nورحبت المنظمة بالقرار.\nوأضاف أن العمل مستمر.")
    assert [speaker and speaker.name for speaker in found] == ["نبيل سالم", "المنظمة", "نبيل سالم"]


def test_a_long_quotation_belongs_to_the_one_who_opened_it() -> None:
    found = speakers("قال المهندس رامي قباني: «السد آمن.\nوالبوابات تعمل.\nولا خوف على المدينة».\nوهطل المطر.")
    assert [speaker and speaker.name for speaker in found] == ["رامي قباني"] * 3 + [None]


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
