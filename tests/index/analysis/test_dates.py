"""Dates in the forms of news sources."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.dates import find_day, parse_date
from index.languages import cldr
from index.languages.catalogues import locales

DAY = date(2025, 9, 28)


@pytest.mark.parametrize(
    "text",
    [
        *("2025-09-28", "2025/09/28", "20250928", "2025-09-28T10:00:00Z", "2025-09-28 23:59:00.5"),
        *("28/09/2025", "28.9.2025", "28-09-2025", "09/28/2025"),
        *("28 de septiembre de 2025", "28. September 2025"),
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
    ("text", "code"),
    [
        ("28 września 2025", "pl"),
        ("28 Σεπτεμβρίου 2025", "el"),
        ("28 de setembre de 2025", "ca"),
        ("28. září 2025", "cs"),
        ("28 вересня 2025", "uk"),
    ],
)
def test_months_of_any_language_of_cldr(text: str, code: str) -> None:
    assert parse_date(text, code) == DAY


def test_the_compiled_names_are_those_of_cldr() -> None:
    assert cldr.FILE.read_text(encoding="utf-8") == cldr.compiled(locales())
    assert cldr.names("ar_TN", "months", "wide")[0] == cldr.read("ar_TN", "months", "wide")[0] == (1, "جانفي")
    assert (0, "poniedziałek") in cldr.names("pl", "days", "wide")


def test_a_language_that_is_none_has_no_months() -> None:
    assert parse_date("28 września 2025", "xx") is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "12:30", "2025", "1759017600"),
        *("31/02/2025", "2025-02-30", "1447-04-05", "9" * 500),
    ],
)
def test_what_is_no_certain_day_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "written", "day"),
    [
        ("2025-11-04T10:30:00Z", "2025-11-04T10:30:00Z", "2025-11-04"),
        ("31/02/2025", "31/02/2025", "31/02/2025"),
    ],
)
def test_a_day_is_found_where_it_is_written(text: str, written: str, day: str) -> None:
    found = find_day(text)
    assert found is not None
    assert (text[found.start : found.end], found.text) == (written, day)


@pytest.mark.parametrize("text", ["", "10.20.30", "1/2/20255", "12025-11-04"])
def test_what_is_no_whole_day_is_not_found(text: str) -> None:
    assert find_day(text) is None


@given(st.dates(min_value=date(1500, 1, 1)))
def test_iso_dates_are_read_back(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_date(day.strftime("%Y%m%d").zfill(8)) == day


@given(st.text(max_size=40) | st.text("0123456789/-.: سبتمبرأيلولSeptembrdhaoT,+", max_size=30))
def test_any_text_gives_a_day_or_none(text: str) -> None:
    assert isinstance(parse_date(text), date | None)


# Other calendars: 28 September 2025 is 6 Rabi' al-Thani 1447 and 6 Mehr 1404.


@pytest.mark.parametrize(
    "text",
    [
        *("6 ربيع الآخر 1447 هـ", "٦ ربيع الثاني ١٤٤٧هـ", "الأحد 6 ربيع الآخر 1447", "1447/04/06 هـ", "06/04/1447هـ"),
        *("6 Rabi' al-Thani 1447", "6 Rabi‘ al-Akhir 1447 AH", "6th Rabi al Thani, 1447 AH", "6 rabia ath-thani 1447"),
        *("6 مهر 1404", "۶ مهر ۱۴۰۴", "6 Mehr 1404", "6 mehr 1404", "1404/07/06 هـ.ش"),
        "الأحد 6 ربيع الآخر 1447 هـ الموافق 28 سبتمبر 2025 م",
        "28 أيلول 2025 الموافق لـ 6 ربيع الآخر 1447",
    ],
)
def test_days_of_the_hijri_and_the_persian_calendar(text: str) -> None:
    assert parse_date(text) == DAY


def test_figures_of_such_years_are_read_in_persian_alone() -> None:
    assert parse_date("۱۴۰۴/۰۷/۰۶", "fa") == DAY
    assert parse_date("1404/07/06") is None


@pytest.mark.parametrize("text", ["6 ربيع الآخر 1900", "31 رمضان 1447", "32/13/1447 هـ", "6 رجب"])
def test_what_such_a_calendar_has_not_is_no_day(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        *(("28 كانون الثاني 2025", 1), ("28 شباط 2025", 2), ("28 آذار 2025", 3), ("28 نيسان 2025", 4)),
        *(("28 أيار 2025", 5), ("28 حزيران 2025", 6), ("28 تموز 2025", 7), ("28 آب 2025", 8), ("28 أيلول 2025", 9)),
        *(("28 تشرين الأول 2025", 10), ("28 تشرين ثاني 2025", 11), ("28 كانون أول 2025", 12)),
    ],
)
def test_the_months_of_iraq_and_the_levant(text: str, month: int) -> None:
    assert parse_date(text) == date(2025, month, 28)


@pytest.mark.parametrize(
    ("text", "place", "day"),
    [
        ("في 6 ربيع الآخر 1447 هـ.", "6 ربيع الآخر 1447 هـ", "6 ربيع الآخر 1447 هـ"),
        ("الأحد 6 ربيع الآخر 1447", None, "6 ربيع الآخر 1447"),
        ("6 ربيع الآخر 1447 هـ الموافق 28 سبتمبر 2025 م", None, "28 سبتمبر 2025"),
        ("28 سبتمبر 2025 م - 6 ربيع الآخر 1447 هـ", None, "28 سبتمبر 2025"),
        ("28 سبتمبر 2025 م", None, "28 سبتمبر 2025"),
        ("6 Mehr 1404 (28 September 2025)", "6 Mehr 1404 (28 September 2025", "28 September 2025"),
    ],
)
def test_one_day_in_two_calendars_is_found_as_one(text: str, place: str | None, day: str) -> None:
    found = find_day(text)
    assert found is not None
    assert (text[found.start : found.end], found.text) == (place or text, day)
