"""The time and the outlets that a question names, and what an answer makes of them."""

from datetime import date

import pytest

from index.analysis.days import days_in
from index.text.normalisation import Span
from qa import Assistant
from qa.understanding.outlet import outlets_in
from qa.understanding.time import period_in

# A Saturday; the library's newest article is of the year before.
TODAY, NEWEST = date(2026, 11, 28), date(2025, 11, 23)


@pytest.mark.parametrize(
    ("language", "question", "start", "end"),
    [
        ("en", "Who resigned on 7 May 2024?", "2024-05-07", "2024-05-07"),
        ("en", "who resigned on may 7th", "2025-05-07", "2025-05-07"),
        ("en", "what was decided in December?", "2024-12-01", "2024-12-31"),
        ("en", "what was decided in 2023", "2023-01-01", "2023-12-31"),
        ("en", "what was said before the 9th of June", None, "2025-06-08"),
        ("en", "prices since March 2025", "2025-03-01", None),
        ("en", "strikes between 3 March and 5 April", "2025-03-03", "2025-04-05"),
        ("en", "what happened yesterday?", "2026-11-27", "2026-11-27"),
        ("en", "news of last week", "2026-11-16", "2026-11-22"),
        ("en", "what happened last Tuesday", "2026-11-24", "2026-11-24"),
        ("en", "How many are missing today?", "2026-11-28", "2026-11-28"),
        ("en", "Today Paris voted: who won?", "2026-11-28", "2026-11-28"),
        ("en", "WHO WON TODAY?", "2026-11-28", "2026-11-28"),
        ("en", "who won in the last week of May 2025", "2025-05-01", "2025-05-31"),
        ("ar", "كم عدد القتلى اليوم؟", "2026-11-28", "2026-11-28"),
        ("ar", "ماذا حدث اليوم في البصرة؟", "2026-11-28", "2026-11-28"),
        ("ar", "ماذا حدث اليوم الأحد؟", "2026-11-28", "2026-11-28"),
        ("ar", "كم قتيلا حتى اليوم؟", None, "2026-11-28"),
        ("ar", "ماذا حدث أمس الأول؟", "2026-11-26", "2026-11-26"),
        ("ar", "ماذا حدث أول أمس؟", "2026-11-26", "2026-11-26"),
        ("en", "What happened between 3 and 5 November 2025?", "2025-11-03", "2025-11-05"),
        ("en", "from 3 to 5 November", "2025-11-03", "2025-11-05"),
        ("en", "from 3 until 5 November 2025", "2025-11-03", "2025-11-05"),
        ("en", "on November 3-5, 2024", "2024-11-03", "2024-11-05"),
        ("en", "strikes between 3 May and 5 May 2024", "2024-05-03", "2024-05-05"),
        ("en", "strikes between 3 May 2024 and 5 June", "2024-05-03", "2024-06-05"),
        ("en", "strikes from 30 December to 3 January 2024", "2023-12-30", "2024-01-03"),
        ("en", "strikes from 30 December to 3 January", "2024-12-30", "2025-01-03"),
        ("en", "strikes between 2020 and 2022", "2020-01-01", "2022-12-31"),
        ("en", "strikes between early March and late May 2024", "2024-03-01", "2024-05-31"),
        ("en", "strikes between March and yesterday", "2025-03-01", "2026-11-27"),
        ("en", "strikes after 7 October and before June 2024", "2023-10-08", "2024-05-31"),
        ("en", "strikes before the year 2024", None, "2023-12-31"),
        ("en", "strikes up to 5 May 2024", None, "2024-05-05"),
        ("en", "strikes since the beginning of 2024", "2024-01-01", None),
        ("en", "strikes before the end of March 2024", None, "2024-03-31"),
        ("ar", "ماذا حدث قبل عام 2024؟", None, "2023-12-31"),
        ("ar", "ماذا حدث بعد العام 2024؟", "2025-01-01", None),
        ("ar", "ماذا حدث منذ شهر مايو 2024؟", "2024-05-01", None),
        ("ar", "ماذا حدث ابتداء من 2024؟", "2024-01-01", None),
        ("ar", "ماذا حدث حتى نهاية عام 2024؟", None, "2024-12-31"),
        ("ar", "ماذا حدث من 3 إلى 5 نوفمبر؟", "2025-11-03", "2025-11-05"),
        ("ar", "ماذا حدث بين 3 و5 نوفمبر 2024؟", "2024-11-03", "2024-11-05"),
        ("ar", "ماذا حدث بين مارس ومايو 2024؟", "2024-03-01", "2024-05-31"),
        ("ar", "ماذا حدث بين عامي 2020 و2022؟", "2020-01-01", "2022-12-31"),
        ("ar", "ماذا حدث من 2020 حتى 2022؟", "2020-01-01", "2022-12-31"),
        ("ar", "من استقال يوم 7 أيار/مايو 2024؟", "2024-05-07", "2024-05-07"),
        ("ar", "ماذا تقرر في فيفري؟", "2025-02-01", "2025-02-28"),
        ("ar", "ماذا قيل قبل 9 حزيران", None, "2025-06-08"),
        ("ar", "شو صار مبارح", "2026-11-27", "2026-11-27"),
        ("ar", "أخبار الشهر الماضي", "2026-10-01", "2026-10-31"),
        ("fr", "qui a démissionné le 7 mai 2024 ?", "2024-05-07", "2024-05-07"),
        ("fr", "avant le 1er juin", None, "2025-05-31"),
        ("fr", "depuis fevrier", "2025-02-01", None),
        ("fr", "jusqu'au 5 mai 2024", None, "2024-05-05"),
        ("fr", "jusqu'à fin 2024", None, "2024-12-31"),
        ("fr", "dès le 3 mai 2024", "2024-05-03", None),
        ("fr", "à partir de 2024", "2024-01-01", None),
        ("fr", "à partir du mois de mai 2024", "2024-05-01", None),
        ("fr", "avant l'année 2024", None, "2023-12-31"),
        ("fr", "du 3 au 5 novembre", "2025-11-03", "2025-11-05"),
        ("fr", "du 3 jusqu'au 5 novembre 2024", "2024-11-03", "2024-11-05"),
        ("fr", "entre le 3 et le 5 novembre 2024", "2024-11-03", "2024-11-05"),
        ("fr", "de mars à mai 2024", "2024-03-01", "2024-05-31"),
        ("fr", "entre 2020 et 2022", "2020-01-01", "2022-12-31"),
        ("fr", "que s'est-il passé hier", "2026-11-27", "2026-11-27"),
        ("fr", "la semaine derniere", "2026-11-16", "2026-11-22"),
        ("fr", "Combien de morts aujourd'hui ?", "2026-11-28", "2026-11-28"),
        ("fr", "combien de cas cette semaine", "2026-11-23", "2026-11-29"),
    ],
)
def test_times_in_a_question(language: str, question: str, start: str | None, end: str | None) -> None:
    period = period_in(question, language, today=TODAY, newest=NEWEST)
    assert period is not None
    assert [day and day.isoformat() for day in (period.start, period.end)] == [start, end]


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "who won the 2022 cup?"),
        ("en", "may the miners march again"),
        ("en", "who spoke on Tuesday?"),
        ("en", "who won the 2022 and 2023 cups?"),
        ("en", "what happened on 31 February 2025"),
        ("en", "What does USA Today say of the strike?"),
        ("en", "who presents Last Week Tonight"),
        ("ar", "كم شخصا مات في 2500 غارة"),
        ("ar", "من مارس الضغط على الحكومة؟"),
        ("ar", "هل قتل أكثر من 2000 شخص؟"),
        ("ar", "كم عدد القتلى في اليوم الأول من الهجوم؟"),
        ("ar", "ماذا قال الوزير في اليوم العالمي للمياه؟"),
        ("ar", "من حضر احتفالات اليوم الوطني؟"),
        ("ar", "ماذا حدث اليوم التالي للزلزال؟"),
        ("ar", "من فاز في ذلك اليوم؟"),
        ("ar", "ماذا حدث في اليوم نفسه؟"),
        ("fr", "Combien cette semaine-là ?"),
        ("fr", "Combien de cas cette année-là ?"),
        ("fr", "qui a vu la planète mars"),
    ],
)
def test_what_is_no_time(language: str, question: str) -> None:
    assert period_in(question, language, today=TODAY, newest=NEWEST) is None


def test_outlets_are_the_librarys_own() -> None:
    sources = ("Harbour Gazette", "وكالة الميدان", "Echo")
    told = outlets_in("according to the harbour gazette, how many died?", sources)
    assert [(outlet.source, outlet.is_asked) for outlet in told] == [("Harbour Gazette", True)]
    assert [(outlet.source, outlet.is_asked) for outlet in outlets_in("who owns the Harbour Gazette?", sources)] == [
        ("Harbour Gazette", False)
    ]
    assert [outlet.source for outlet in outlets_in("ماذا قالت وكالة الميدان عن المنجم", sources)] == ["وكالة الميدان"]
    # One word alone is a name only where it is said to tell.
    assert outlets_in("was there an echo in the mine?", sources) == ()
    assert [outlet.source for outlet in outlets_in("selon Echo, combien de morts ?", sources)] == ["Echo"]


@pytest.mark.parametrize(
    ("language", "text", "words", "days"),
    [
        ("en", "Two men fell on Monday, police said.", ["Monday"], ["2025-05-12"]),
        ("en", "The mine was closed yesterday.", ["yesterday"], ["2025-05-13"]),
        ("en", "The vote will be held on Friday.", [], []),
        ("ar", "سقط رجلان يوم الاثنين.", ["الاثنين"], ["2025-05-12"]),
        ("ar", "أغلق المنجم أمس.", ["أمس"], ["2025-05-13"]),
        ("fr", "Deux hommes sont tombés mercredi.", ["mercredi"], ["2025-05-14"]),
        ("fr", "La mine a fermé hier.", ["hier"], ["2025-05-13"]),
        ("en", "They met on Friday 2 May 2025.", [], []),
    ],
)
def test_days_in_an_article_are_those_of_its_date(language: str, text: str, words: list[str], days: list[str]) -> None:
    # A Wednesday.
    found = days_in(text, Span(0, len(text)), date(2025, 5, 14), language)
    assert [text[day.start : day.end] for day in found] == words
    assert [day.date.isoformat() for day in found] == days
    assert days_in(text, Span(0, len(text)), None, language) == ()


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        ("what happened on 22 October 2025?", "22 October 2025"),
        ("ماذا حدث يوم 22 أكتوبر 2025؟", "22 تشرين الأول/أكتوبر 2025"),
        ("que s'est-il passé le 22 octobre 2025 ?", "22 octobre 2025"),
    ],
)
def test_what_happened_on_a_day_is_in_its_articles(samples: Assistant, question: str, scope: str) -> None:
    answer = samples.ask(question)
    assert {citation.article.published for citation in answer.used} == {date(2025, 10, 22)}
    assert len(answer.notes) == 1 and scope in answer.notes[0]


def test_an_outlet_that_is_to_tell_is_the_only_one(samples: Assistant) -> None:
    answer = samples.ask("According to Rafidain Wire, how many died in the blast?")
    assert {citation.article.source for citation in answer.citations} == {"Rafidain Wire"}
    assert answer.notes == ("Only these articles were searched: Rafidain Wire.",)


def test_a_time_without_articles_is_told(samples: Assistant) -> None:
    answer = samples.ask("What happened in March 2019?")
    assert answer.notes == (
        "Nothing that answers was found here: 1 March 2019 to 31 March 2019. Other articles were searched as well.",
    )


def test_the_newest_comes_first(samples: Assistant) -> None:
    newest = samples.ask("آخر أخبار انفجار الميناء").used[0]
    assert newest.article.published == date(2025, 11, 13)


def test_days_of_a_quote_are_in_the_answer(samples: Assistant) -> None:
    quoted = samples.ask("How many people died in the Umm al-Nakhil port blast?").used[0]
    assert ("Monday", date(2025, 11, 3)) in quoted.day_words()
