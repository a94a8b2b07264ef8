"""The fields of an article as files give them: under many names, as text, not yet checked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache, lru_cache
from typing import Any

from index.analysis import detect_language
from index.analysis.dates import parse_date
from index.article import Article, Repair
from index.errors import SettingsError
from index.languages import languages
from index.text.normalisation import fold


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Under which key of a JSON object each field of an article is found.

    A field left at its default is also looked for under its usual other names ("body", "headline", "date", …);
    one that is set is taken from that key alone.
    """

    id: str = "id"
    text: str = "text"
    title: str = "title"
    source: str = "source"
    url: str = "url"
    byline: str = "byline"
    category: str = "category"
    published: str = "published"
    language: str = "language"
    modified: str = "modified"
    kicker: str = "kicker"
    embargo: str = "embargo"

    @classmethod
    def parse(cls, text: str) -> "FieldMapping":
        """Read "text=body,title=headline". Raises `SettingsError` for an unknown or repeated field, or no key."""
        known = [field.name for field in fields(cls)]
        chosen: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, key = (piece.strip() for piece in part.partition("="))
            if name not in known:
                raise SettingsError(f"{name!r} is not a field of an article. The fields are {', '.join(known)}.")
            if not key or name in chosen:
                raise SettingsError(f"Give the field {name!r} one key, as in {name}=key, not {part!r}.")
            chosen[name] = key
        return cls(**chosen)


_DEFAULT = FieldMapping()
# How much of a value a message repeats (characters).
_LONGEST_SHOWN = 40
# Under which key an object that stands for a value says it: {"name": "Herald"}, {"main": "Bridge opens"}.
_NAMES = ("name", "title", "main", "original", "rendered", "href", "uri")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one article, each as its file gives it; None where it does not.

    `pages`, `row` and `repair` are those of `Article`. `copy_of` is the file beside it that a saved page names as its
    own: mirroring programs write that in the place of its address. `note` tells what of it was not read, or not surely.
    """

    id: str | None = None
    text: str | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    byline: str | None = None
    category: str | None = None
    published: str | None = None
    language: str | None = None
    modified: str | None = None
    pages: tuple[int, ...] = ()
    row: int | None = None
    repair: Repair | None = None
    kicker: str | None = None
    embargo: str | None = None
    copy_of: str | None = None
    note: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, object], mapping: FieldMapping = _DEFAULT) -> "Fields":
        """Pick the fields out of keys and values, such as those of a JSON object.

        A number becomes text, a list is joined (paragraphs of a text by line ends, names by commas), and of an
        object its "name" is taken.
        """
        found: dict[str, tuple[int, str]] = {}
        for key, value in values.items():
            for field, rank in _fields_at(key, mapping):
                text = _as_text(value, "\n" if field == "text" else ", ")
                if text and (field not in found or rank < found[field][0]):
                    found[field] = rank, text
        texts: dict[str, Any] = {field: text for field, (_, text) in found.items()}
        return cls(**texts)

    def article(self, default_id: str) -> Article:
        """Make the article, under `default_id` when it has no id of its own.

        A date or a language that cannot be read counts as not given; `problem` tells of the date. Raises `ArticleError`
        when there is no text.
        """
        language = language_code(self.language) or detect_language(self.text or "")
        return Article.create(
            id=(self.id or "").strip() or default_id,
            text=self.text or "",
            title=" ".join((self.title or "").split()),
            source=self.source,
            url=self.url,
            byline=self.byline,
            category=self.category,
            published=parse_date(self.published.strip(), language) if self.published else None,
            language=language,
            modified=parse_date(self.modified.strip(), language) if self.modified else None,
            pages=self.pages,
            row=self.row,
            repair=self.repair,
            kicker=self.kicker,
            embargo=self.embargo,
        )

    @property
    def problem(self) -> str | None:
        """What of the fields the article does without, and what to do; None when it has them all."""
        published = (self.published or "").strip()
        if not published or parse_date(published, language_code(self.language) or detect_language(self.text or "")):
            return None
        shown = published if len(published) <= _LONGEST_SHOWN else f"{published[:_LONGEST_SHOWN]}…"
        return f"Its date {shown!r} is no day that can be read, so it has none. Write it as 2025-09-28."


def field_named(name: str) -> str | None:
    """Tell which field of an article a key of a header or of front matter stands for, in any language with a pack."""
    at = _fields_at(name, _DEFAULT)
    return at[0][0] if at else None


def language_code(name: str | None) -> str | None:
    """Return the ISO 639-1 code in "AR", "ar-IQ" or "Arabic"; None where there is none."""
    if not name:
        return None
    name = name.strip().lower()
    code = name.replace("_", "-").partition("-")[0]
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    return _codes_by_name().get(fold(name)) or _codes_by_name().get(code)


@lru_cache(maxsize=1024)
def _fields_at(key: str, mapping: FieldMapping) -> tuple[tuple[str, int], ...]:
    """List the fields a key may hold, each with its rank among the keys for that field, best first."""
    name = fold(key).strip()
    found = []
    for field, own in asdict(mapping).items():
        if key == own:
            found.append((field, 0))
        elif own == field:
            names = _names_of(field)
            if name in names:
                found.append((field, 1 + names.index(name)))
    return tuple(found)


@lru_cache
def _names_of(field: str) -> tuple[str, ...]:
    aliases = (alias for pack in languages() for alias in pack.orthography.field_aliases.get(field, ()))
    return tuple(dict.fromkeys(map(fold, (field, *aliases))))


@cache
def _codes_by_name() -> dict[str, str]:
    """Return the two-letter codes of languages by their names in the packs' languages, and by codes of three."""
    from babel.core import Locale, get_global

    codes: dict[str, str] = {}
    for pack in languages():
        named = Locale.parse(pack.code).languages
        codes |= {fold(name): code for code, name in named.items() if _is_short(code)}
        codes |= pack.orthography.language_names
    return codes | {long: code for long, code in get_global("language_aliases").items() if _is_short(code)}


def _is_short(code: str) -> bool:
    return len(code) == 2


def _as_text(value: object, separator: str) -> str | None:
    if isinstance(value, list | tuple):
        return separator.join(filter(None, map(_scalar, value)))
    return _scalar(value)


def _scalar(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None
