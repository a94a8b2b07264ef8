"""Compiling what languages need: `python -m index.languages.catalogues` makes of each messages.po a messages.mo.

Translators work on the .po files, whose messages are English texts with the key as their context. Compiled, a message
is found by its key alone, and what CLDR knows of the language stands beside it: the names of the months and the
direction of writing; and the keys of what errors say. So nothing but a small file is read when Khabar speaks. `cldr.json` has the names of months and
weekdays that texts in the packs' languages use.
"""

from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from index.languages import cldr, languages

_FOLDER = Path(__file__).parent


def read(language: str) -> Catalog:
    """Read the catalogue that translators work on."""
    with (_FOLDER / language / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(language: str) -> Catalog:
    """Return the catalogue as it is found at run time: by keys, with the language's months and direction."""
    source = read(language)
    made = Catalog(locale=language, creation_date=source.creation_date, revision_date=source.revision_date)
    for message in source:
        if message.context is not None and message.string is not None:
            key = message.context
            made.add((key, key) if message.pluralizable else key, message.string)
    months = made.get("months")
    locales = str(months.string).split() if months else []
    names = [Locale.parse(locale).months["format"]["wide"] for locale in locales]
    for month in range(1, 13):
        made.add(f"month.{month}", "/".join(dict.fromkeys(name[month] for name in names)))
    made.add("errors", " ".join(sorted(str(message.id) for message in made if str(message.id).startswith("error."))))
    made.add("direction", "rtl" if Locale.parse(language).character_order == "right-to-left" else "ltr")
    return made


def main() -> None:
    """Compile every catalogue, and the names of months and weekdays."""
    for path in sorted(_FOLDER.glob("*/messages.po")):
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, compiled(path.parent.name))
    cldr.FILE.write_text(cldr.compiled(locales()), encoding="utf-8")


def locales() -> list[str]:
    """Return the locales whose months and weekdays texts in the packs' languages use."""
    return [locale for pack in languages() for locale in pack.orthography.dates.locales]


if __name__ == "__main__":
    main()
