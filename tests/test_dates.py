"""Dates in the forms of news sources."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_day, parse_date

DAY = date(2025, 9, 28)


@pytest.mark.parametrize(
    "text",
    [
        *("2025-09-28", "2025/09/28", "20250928", "2025-09-28T10:00:00Z", "2025-09-28 23:59:00.5"),
        *("28 September 2025", "September 28, 2025", "Sun, 28 Sep 2025 01:30:00 +0300", "Sept. 28, 2025 10:30 PM"),
        *("28/09/2025", "28.9.2025", "28-09-2025", "09/28/2025"),
        *("28 أيلول/سبتمبر 2025", "28 أيلول (سبتمبر) 2025", "الأحد 28 أيلول 2025", "٢٨ سبتمبر ٢٠٢٥"),
        *("الأحد، ٢٨ أيلول ٢٠٢٥ - 10:30", "28 من سبتمبر سنة 2025", "5 ربيع الآخر 1447 الموافق 28 سبتمبر 2025"),
        *("28 septembre 2025", "28 de septiembre de 2025", "28. September 2025"),
    ],
)
def test_one_day_in_many_forms(text: str) -> None:
    assert parse_date(text) == DAY


def test_in_figures_the_day_is_first_where_either_could_be() -> None:
    assert parse_date("03/04/2025") == parse_date("3.4.2025") == date(2025, 4, 3)


def test_the_day_is_the_one_of_the_stated_time_zone() -> None:
    assert parse_date("2025-09-28T00:30:00+03:00") == DAY
    assert parse_date("Sun, 28 Sep 2025 23:30:00 -0500") == DAY


@pytest.mark.parametrize(
    ("months", "number"),
    [
        ("يناير جانفي", 1),
        ("فبراير شباط فيفري", 2),
        ("مارس آذار", 3),
        ("أبريل نيسان أفريل", 4),
        ("مايو أيار ماي", 5),
        ("يونيو حزيران جوان", 6),
        ("يوليو تموز جويلية", 7),
        ("أغسطس آب أوت", 8),
        ("سبتمبر أيلول", 9),
        ("أكتوبر", 10),
        ("نوفمبر", 11),
        ("ديسمبر", 12),
    ],
)
def test_arabic_months_from_the_gulf_to_tunisia(months: str, number: int) -> None:
    for month in months.split():
        assert parse_date(f"7 {month} 2017") == date(2017, number, 7)


def test_months_of_two_words() -> None:
    assert parse_date("1 كانون الثاني 2026") == date(2026, 1, 1)
    assert parse_date("1 تشرين الأول 2026") == date(2026, 10, 1)
    assert parse_date("1 تشرين الثاني 2026") == date(2026, 11, 1)
    assert parse_date("1 كانون الأول 2026") == date(2026, 12, 1)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "yesterday", "10 minutes ago", "12:30", "2025", "September 2025", "1759017600"),
        *("31/02/2025", "2025-02-30", "31 فيفري 2025", "5 ربيع الآخر 1447 هـ", "1447-04-05", "9" * 500),
    ],
)
def test_what_is_no_certain_day_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "written", "day"),
    [
        ("Rain: 4 November 2025, London", "4 November 2025", "4 November 2025"),
        ("on Tuesday, Nov. 4, 2025 at 10:30 GMT", "Tuesday, Nov. 4, 2025 at 10:30 GMT", "Nov. 4, 2025"),
        ("2025-11-04T10:30:00Z", "2025-11-04T10:30:00Z", "2025-11-04"),
        ("31/02/2025", "31/02/2025", "31/02/2025"),
        (
            "بغداد – الثُلاثاء ٤ تشرين الثاني/نوفمبر ٢٠٢٥",
            "الثُلاثاء ٤ تشرين الثاني/نوفمبر ٢٠٢٥",
            "٤ تشرين الثاني/نوفمبر ٢٠٢٥",
        ),
    ],
)
def test_a_day_is_found_where_it_is_written(text: str, written: str, day: str) -> None:
    found = find_day(text)
    assert found is not None
    assert (text[found.start : found.end], found.text) == (written, day)


@pytest.mark.parametrize(
    "text", ["", "November 2025", "4 November", "10.20.30", "1/2/20255", "12025-11-04", "may 2025"]
)
def test_what_is_no_whole_day_is_not_found(text: str) -> None:
    assert find_day(text) is None


@given(st.dates(min_value=date(1500, 1, 1)))
def test_iso_dates_are_read_back(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_date(day.strftime("%Y%m%d").zfill(8)) == day


@given(st.text(max_size=40) | st.text("0123456789/-.: سبتمبرأيلولSeptembrdhaoT,+", max_size=30))
def test_any_text_gives_a_day_or_none(text: str) -> None:
    assert isinstance(parse_date(text), date | None)
