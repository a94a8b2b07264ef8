"""What Khabar says to people, from the message catalogues of the languages it speaks."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

_FOLDER = Path(__file__).parent
# The languages that Khabar speaks: those whose folder holds a catalogue.
LANGUAGES = tuple(sorted(path.parent.name for path in _FOLDER.glob("*/messages.mo")))
# What it speaks where nobody says which language they read.
DEFAULT = "en"

_WEIGHT = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)")


class Messages:
    """What Khabar says in one language; `language` is its ISO 639-1 code, `direction` "ltr" or "rtl".

    Values are filled in by name. Numbers and days are written as the language writes them, text stays as it is.
    """

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue
        catalogue.add_fallback(_Nothing())
        self.direction = self.template("direction")

    def say(self, key: str, /, **values: object) -> str:
        """Return the message `key`, filled in; raises `KeyError` for one that is not in the catalogue."""
        return self.template(key).format_map({name: self._written(value) for name, value in values.items()})

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Return the message `key` in the plural form of a number, which fills in `{count}`."""
        form = self._catalogue.ngettext(key, key, number)
        return form.format_map({"count": self.number(number), **{k: self._written(v) for k, v in values.items()}})

    def template(self, key: str) -> str:
        """Return the message `key` as the catalogue has it, its names in braces."""
        return self._catalogue.gettext(key)

    def day(self, day: date) -> str:
        """Write a day, such as "28 September 2025"."""
        month = self.template(f"month.{day.month}")
        # As text: no language groups the digits of a year.
        key = "date_first" if day.day == 1 else "date"
        return self.say(key, day=str(day.day), month=month, year=str(day.year))

    def number(self, number: float) -> str:
        """Write a number, such as "1,234"; one with a fraction has one digit of it."""
        if isinstance(number, int) and 0 <= number < 1000:
            # Babel, which takes a tenth of a second to load, would write the same.
            return str(number)
        from babel.numbers import format_decimal

        return format_decimal(number, None if isinstance(number, int) else "#,##0.0", self.language)

    def listed(self, items: Iterable[str]) -> str:
        """Write items one after another."""
        return self.template("list_comma").join(items)

    def language_name(self, code: str) -> str:
        """Name a language, such as "Arabic" for "ar"; what is no language's code stays as it is."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(code).get_language_name(self.language) or code
        except (UnknownLocaleError, ValueError):
            # Articles may state anything as their language.
            return code

    def _written(self, value: object) -> object:
        if isinstance(value, date):
            return self.day(value)
        return self.number(value) if isinstance(value, int | float) else value


def messages_for(*languages: str) -> Messages:
    """Return what Khabar says in the first of the languages that it speaks, else in `DEFAULT`."""
    return _open(next((language for language in languages if language in LANGUAGES), DEFAULT))


def accepted(header: str) -> tuple[str, ...]:
    """Return the languages of an HTTP Accept-Language header as ISO 639-1 codes, the most wanted first."""
    wanted: list[tuple[float, str]] = []
    for part in header.lower().split(","):
        weight = _WEIGHT.search(part)
        wanted.append((float(weight[1]) if weight else 1.0, re.split("[-;]", part.strip())[0].strip()))
    return tuple(language for weight, language in sorted(wanted, key=lambda item: -item[0]) if weight)


def messages_accepted(header: str) -> Messages:
    """Return the messages in the most wanted language of an Accept-Language header that there are any in."""
    return messages_for(*accepted(header))


class _Nothing(NullTranslations):
    """What stands behind a catalogue: a message that is not in it is a fault of the code's."""

    def gettext(self, message: str) -> str:
        raise KeyError(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise KeyError(msgid1)


@cache
def _open(language: str) -> Messages:
    with (_FOLDER / language / "messages.mo").open("rb") as file:
        return Messages(language, GNUTranslations(file))
