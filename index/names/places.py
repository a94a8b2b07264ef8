"""Countries and cities by their names in CLDR, each with one id: `python -m index.names.places` compiles them.

Babel takes longer to load than an article takes to be read.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from index.languages import PACKS, languages
from index.text.normalisation import fold

FILE = Path(__file__).with_name("places.json")
# Territories that are none: the world, outlying Oceania, made-up locales, an unknown region.
_NO_PLACES = ("001", "QO", "XA", "XB", "ZZ")
# Bodies that CLDR has among the territories.
BODIES = frozenset({"UN", "EU", "EZ"})
_ARTICLE = "ال"


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place in a line of words: it is `words[first:last]`, and has the id of CLDR: "DE", "150", "Asia/Baghdad"."""

    id: str
    first: int
    last: int


def known_places(words: Sequence[str]) -> Iterator[KnownPlace]:
    """Yield the known places in a line of folded words, the longest first where several begin at one word."""
    table = _table()
    at = 0
    while at < len(words):
        found = next(
            (
                KnownPlace(id, at, at + length)
                for word in _bare(words[at])
                for length, id in _longest(table.get(word, {}), word, words, at)
            ),
            None,
        )
        if found is not None:
            yield found
        at = found.last if found is not None else at + 1


def compiled() -> str:
    """Return what `places.json` holds: the names of each id in the packs' languages."""
    from babel import Locale
    from babel.core import get_global

    names: dict[str, dict[str, None]] = {}
    # A time zone stands for its largest city; "Etc" and its like stand for none.
    zones = sorted({zone for listed in get_global("territory_zones").values() for zone in listed if "/" in zone})
    for code in PACKS:
        locale = Locale.parse(code)
        for id, name in locale.territories.items():
            if id not in _NO_PLACES:
                names.setdefault(id, {})[name] = None
        for zone in zones:
            city = locale.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
            names.setdefault(zone, {})[city] = None
    content = {id: list(own) for id, own in sorted(names.items()) if not id.startswith("Etc/")}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"') + "\n"


@cache
def names_of() -> Mapping[str, tuple[str, ...]]:
    """Return the names of each known place, in the languages of the packs, by its id."""
    content: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {id: tuple(names) for id, names in content.items()}


@cache
def _table() -> dict[str, dict[tuple[str, ...], str]]:
    """Return the ids of known places by their words, under the first of these."""
    table: dict[str, dict[tuple[str, ...], str]] = {}
    for id, names in names_of().items():
        for name in names:
            # Countries come before cities that are called the same.
            first, *others = fold(name).replace("-", " ").split()
            table.setdefault(first, {}).setdefault((first, *others), id)
    return table


def _longest(
    under: Mapping[tuple[str, ...], str], word: str, words: Sequence[str], at: int
) -> Iterator[tuple[int, str]]:
    for known, id in sorted(under.items(), key=lambda item: -len(item[0])):
        if (word, *words[at + 1 : at + len(known)]) == known:
            yield len(known), id


@lru_cache(maxsize=1 << 16)
def _bare(word: str) -> tuple[str, ...]:
    """Return a folded word, and without what is written on to its front, where a known place begins with that."""
    found = [word]
    for pack in languages():
        if not pack.script.has_case and pack.script.letters.match(word):
            found += [spelt for base in pack.orthography.bases(word) for spelt in (base, _ARTICLE + base)]
    return tuple(spelt for spelt in dict.fromkeys(found) if spelt in _table())


def main() -> None:
    """Compile the names."""
    FILE.write_text(compiled(), encoding="utf-8")


if __name__ == "__main__":
    main()
