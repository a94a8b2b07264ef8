"""What kind of question it is, and the short replies to small talk, with the real encoder on the samples."""

import pytest

from qa import Assistant, Turn
from qa.answer import Answer
from qa.understanding.kinds import Kind
from qa.understanding.understanding import Understanding

KINDS = {
    Kind.GREETING: ("hi, is anyone there?", "مرحبا بكم", "bonsoir à vous"),
    Kind.THANKS: ("thank you so much, bye", "شكرا على المساعدة", "merci bien, bonne soirée"),
    Kind.ABOUT_KHABAR: ("what are you able to do?", "ماذا تعرف أن تفعل؟", "qui t'a programmé ?"),
    Kind.BEYOND: ("write me a poem about rain", "اكتب لي قصيدة عن المطر", "écris-moi un poème sur la pluie"),
    Kind.TRANSLATION: ("translate this for me", "ترجم لي هذا النص", "traduis ce texte en anglais"),
    Kind.OVERVIEW: ("summarise the coal mine accident", "لخص أخبار منجم الفحم", "résume l'accident de la mine"),
    Kind.TIMELINE: ("timeline of the mine rescue", "التسلسل الزمني لإنقاذ عمال المنجم", "chronologie du sauvetage"),
    Kind.COMPARISON: (
        "compare what the owners and the miners said",
        "قارن بين ما قاله العمال وما قالته الشركة",
        "compare les versions des mineurs et de la direction",
    ),
    Kind.LATEST: ("what is the latest on the mine?", "ما آخر أخبار المنجم؟", "dernières nouvelles de la mine ?"),
    Kind.FACT: ("who runs the mine?", "من يدير المنجم؟", "combien de mineurs sont morts ?"),
}  # fmt: skip
# What is close to small talk in its words, and is a question about the news.
FACTS = (
    "who thanked the rescuers?",
    "who greeted the president at the airport?",
    "what can the villagers do about the dam?",
    "which languages does the new law protect?",
    "who translated the treaty?",
    "how many pages has the inspectors' report?",
    "من شكر رجال الإنقاذ؟",
    "كيف حال المصابين بعد الحادث؟",
    "qui a remercié les pompiers ?",
    "comment va le pilote blessé ?",
)


@pytest.fixture(scope="module")
def understanding(samples: Assistant) -> Understanding:
    return Understanding(samples.library)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_kinds_are_told_in_three_languages(understanding: Understanding, kind: Kind, text: str) -> None:
    assert understanding.kind(text) is kind


@pytest.mark.parametrize("text", FACTS)
def test_a_question_about_the_news_is_no_small_talk(understanding: Understanding, text: str) -> None:
    assert not understanding.kind(text).is_chat


@pytest.mark.parametrize(
    ("text", "language", "begins"),
    [
        ("hello there", "en", "Hello!"),
        ("أهلا", "ar", "مرحبًا!"),
        ("salut", "fr", "Bonjour"),
        ("merci !", "fr", "Je vous en prie."),
        ("شكرا جزيلا", "ar", "على الرحب والسعة."),
        ("who are you?", "en", "I am Khabar,"),
    ],
)
def test_small_talk_is_answered_in_its_language_without_a_search(
    samples: Assistant, text: str, language: str, begins: str
) -> None:
    answer = samples.ask(text)
    assert (answer.language, answer.abstained, answer.reason, answer.citations) == (language, False, None, ())
    assert answer.text.startswith(begins)
    assert [timing.stage for timing in answer.timings] == ["understand"]


def test_small_talk_streams_as_an_answer_does(samples: Assistant) -> None:
    *_, last = samples.stream("good morning")
    assert isinstance(last, Answer) and last.text.startswith("Hello!")


def test_a_question_hangs_on_the_turn_before_small_talk(samples: Assistant) -> None:
    history: list[Turn] = []
    for question in ("Who is the governor of the Dilmun central bank?", "thanks a lot"):
        history.append(Turn(question, samples.ask(question, history=history)))
    with_thanks, without = samples.ask("and when?", history=history), samples.ask("and when?", history=history[:1])
    assert with_thanks.standalone is not None
    assert with_thanks.standalone == without.standalone


NOW = ("who leads the inquiry now?", "كم بلغ عدد القتلى حتى الآن؟", "la route est-elle encore fermée ?")
DATED = ("who leads the inquiry in March 2024?", "كم عدد القتلى في عام 2023؟", "qui dirigeait l'enquête en mars 2024 ?")
TODAY = ("How many are missing today?", "كم عدد القتلى اليوم؟", "combien de disparus aujourd'hui ?")
THEN = ("how many people died in the quake in 1998?", "من افتتح الجسر؟", "qui a ouvert le pont en 2011 ?")


def test_what_holds_now_is_told_from_what_held_then(samples: Assistant) -> None:
    understanding = Understanding(samples.library)
    now, then = ([understanding.of(question).present for question in asked] for asked in (NOW, THEN))
    assert min(now) > 0.2 > max(then)
    assert [understanding.of(question).present for question in DATED] == [0.0, 0.0, 0.0]
    assert min(understanding.of(question).present for question in TODAY) > 0.2
