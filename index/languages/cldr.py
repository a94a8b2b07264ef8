"""What CLDR calls months and weekdays: compiled in `cldr.json` for the packs, through Babel for any other language.

Babel takes longer to load than a question takes to be read.
"""

import json
from functools import cache
from pathlib import Path
from typing import Literal

Kind = Literal["months", "days"]
Width = Literal["wide", "abbreviated"]
FILE = Path(__file__).with_name("cldr.json")


def names(locale: str, kind: Kind, width: Width) -> list[tuple[int, str]]:
    """Return the names, as they are written within a text and alone, with their numbers: months from 1, Monday is 0.

    None of a locale that CLDR has not.
    """
    found = _compiled().get(locale)
    if found is None:
        return read(locale, kind, width)
    return [(number, name) for number, name in found[f"{kind} {width}"]]


def read(locale: str, kind: Kind, width: Width) -> list[tuple[int, str]]:
    """Return the same from Babel."""
    from babel.core import Locale, UnknownLocaleError

    try:
        tables = getattr(Locale.parse(locale), kind)
    except (UnknownLocaleError, ValueError):
        # "und", or a code that is none.
        return []
    found = [item for form in ("format", "stand-alone") for item in tables[form][width].items()]
    return list(dict.fromkeys(found))


def compiled(locales: list[str]) -> str:
    """Return what `cldr.json` holds for some locales."""
    kinds: tuple[Kind, ...] = ("months", "days")
    widths: tuple[Width, ...] = ("wide", "abbreviated")
    content = {
        locale: {f"{kind} {width}": read(locale, kind, width) for kind in kinds for width in widths}
        for locale in locales
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace('},"', '},\n"') + "\n"


@cache
def _compiled() -> dict[str, dict[str, list[tuple[int, str]]]]:
    content: dict[str, dict[str, list[tuple[int, str]]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return content
