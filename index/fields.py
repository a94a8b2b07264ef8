"""The fields of an article as files give them: under many names, as text, not yet checked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache

from index.article import Article
from index.dates import parse_date
from index.errors import SettingsError
from index.folding import fold


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


# The names that formats and sources use, in the order of preference; Arabic ones as header lines have them.
_ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("docno", "docid", "المعرف"),
    "text": ("body", "content", "articlebody", "article_body", "النص"),
    "title": ("headline", "العنوان"),
    "source": ("src", "outlet", "publisher", "sitename", "site_name", "المصدر", "الوكالة"),
    "url": ("link", "الرابط"),
    "byline": ("author", "authors", "by", "writer", "الكاتب", "بقلم", "كتب", "المحرر", "المراسل"),
    "category": ("section", "cat", "القسم", "التصنيف"),
    "published": (
        *("date", "published_at", "publishedat", "datepublished", "date_published", "pubdate", "publication_date"),
        *("date_time", "datetime", "time", "التاريخ", "تاريخ النشر"),
    ),
    "language": ("lang", "اللغة"),
}
_LANGUAGES = {
    "ara": "ar", "arabic": "ar", "العربية": "ar", "عربي": "ar",
    "eng": "en", "english": "en", "الإنجليزية": "en", "الانجليزية": "en",
}  # fmt: skip
_ARTICLE = fold("ال")
_DEFAULT = FieldMapping()
# How much of a value a message repeats (characters).
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one article, each as its file gives it; None where it does not."""

    id: str | None = None
    text: str | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    byline: str | None = None
    category: str | None = None
    published: str | None = None
    language: str | None = None

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
        return cls(**{field: text for field, (_, text) in found.items()})

    def article(self, default_id: str) -> Article:
        """Make the article, under `default_id` when it has no id of its own.

        A date or a language that cannot be read counts as not given; `problem` tells of the date. Raises `ArticleError`
        when there is no text.
        """
        return Article.create(
            id=(self.id or "").strip() or default_id,
            text=self.text or "",
            title=" ".join((self.title or "").split()),
            source=self.source,
            url=self.url,
            byline=self.byline,
            category=self.category,
            published=parse_date(self.published.strip()) if self.published else None,
            language=language_code(self.language),
        )

    @property
    def problem(self) -> str | None:
        """What of the fields the article does without, and what to do; None when it has them all."""
        published = (self.published or "").strip()
        if not published or parse_date(published):
            return None
        shown = published if len(published) <= _LONGEST_SHOWN else f"{published[:_LONGEST_SHOWN]}…"
        return f"Its date {shown!r} is no day that can be read, so it has none. Write it as 2025-09-28."


def field_named(name: str) -> str | None:
    """Tell which field of an article a key of a header or of front matter stands for, in English or Arabic."""
    at = _fields_at(name, _DEFAULT)
    return at[0][0] if at else None


def language_code(name: str | None) -> str | None:
    """Return the ISO 639-1 code in "AR", "ar-IQ" or "Arabic"; None where there is none."""
    if not name:
        return None
    name = name.strip().lower()
    code = _LANGUAGES.get(name) or name.replace("_", "-").partition("-")[0]
    code = _LANGUAGES.get(code, code)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


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
    names = [fold(alias) for alias in (field, *_ALIASES[field])]
    # Arabic labels are written with and without the article: «العنوان:», «عنوان:».
    return tuple(dict.fromkeys([*names, *(name.removeprefix(_ARTICLE) for name in names)]))


def _as_text(value: object, separator: str) -> str | None:
    if isinstance(value, list | tuple):
        return separator.join(filter(None, map(_scalar, value)))
    return _scalar(value)


def _scalar(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None
