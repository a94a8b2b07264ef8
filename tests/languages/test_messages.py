"""The message catalogues: complete in every language, compiled as they are written, and all that the code says."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import date
from gettext import GNUTranslations
from itertools import product
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Message

import index
from index.article import Filters, Repair
from index.errors import QueryError
from index.languages.catalogues import compiled, read
from index.languages.errors import error_in
from index.languages.grammar import Toll
from index.languages.messages import LANGUAGES, accepted, messages_for
from index.names import NameKind
from index.store.access.roles import AccessRole
from index.store.feedback import ReaderVerdict
from index.store.queue import JobKind, JobState
from qa.answer import State, SupportVerdict
from qa.batch import Across
from qa.standing import Aspect
from qa.stories.figures import MEASURED
from ui.state.batch import TABLE
from ui.state.filters import DAYS, MANY
from ui.views.batch.panel import COLUMNS

ROOT = Path(index.__file__).parents[1]
# What fills in the keys that the code puts together: all of these are said somewhere.
FILLED = {
    "sentence.": tuple(SupportVerdict),
    "verdict.": (*ReaderVerdict, "good_abstained"),
    "filter.": (*MANY, *DAYS),
    "scope.": (*MANY, *DAYS),
    "name.": tuple(NameKind),
    "took.": ("search", "read", "write"),
    "month.": tuple(map(str, range(1, 13))),
    "article.repaired_": tuple(Repair),
    "aspect.": tuple(Aspect),
    "state.": tuple(State),
    "role.": tuple(role.value for role in AccessRole),
    "job.": tuple(JobKind),
    "job_state.": tuple(JobState),
    "story.figure_": (*Toll, *MEASURED),
    "standing.": ("pause", "resume"),
    "standing.told_": ("webhook", "mail"),
    "batch.": (TABLE, *Across),
    "batch.column_": COLUMNS,
}
# What only the compiled catalogue has, taken from CLDR.
COMPILED = {"direction", "errors", *(f"month.{month}" for month in range(1, 13))}
AND_CLDR = {"months"}


def entries(language: str) -> dict[str, Message]:
    return {message.context: message for message in read(language) if message.id}


def texts(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def in_words(text: str) -> bool:
    return re.search("[a-z]{2}", re.sub("{.*?}", "", text)) is not None


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def said() -> Iterator[str]:
    """Yield every key that the code asks a catalogue for."""
    known = entries("en").keys()
    for package in ("index", "qa", "ui"):
        for file in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            yield from (text for text in strings if isinstance(text, str) and text in known)
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield from asked(node) if node.func.attr in ("say", "count", "template") else ()


def sentences() -> Iterator[str]:
    """Yield every text in the code as a sentence with {} in the place of its values."""
    for package in ("index", "qa", "ui"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield re.sub("{.*?}", "{}", node.value)
                elif isinstance(node, ast.JoinedStr):
                    yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)


def asked(call: ast.Call) -> Iterator[str]:
    """Yield the keys of one call whose first argument is written out, or written out to its last part."""
    match call.args:
        case [ast.Constant(value=str(key)), *_]:
            # `text.count("\n")` counts something else.
            yield from [key] if re.fullmatch(r"[a-z_.]+", key) else ()
        case [ast.JoinedStr(values=[ast.Constant(value=str(group)), ast.FormattedValue()]), *_]:
            yield from (f"{group}{value}" for value in FILLED[group])
        case [ast.IfExp(body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other))), *_]:
            yield from (one, other)


def test_three_languages_are_spoken() -> None:
    assert LANGUAGES == ("ar", "en", "fr")


def test_the_code_says_all_that_the_catalogues_have_and_nothing_else() -> None:
    errors = {key for key in entries("en") if key.startswith("error.")}
    assert set(said()) | AND_CLDR | errors == set(entries("en")) | COMPILED


def test_each_error_in_the_catalogues_is_one_that_the_code_raises() -> None:
    raised = set(sentences())
    known = {re.sub("{.*?}", "{}", message.id) for key, message in entries("en").items() if key.startswith("error.")}
    assert known - raised == set()


def test_an_error_is_said_in_the_reader_s_language_with_its_values() -> None:
    with pytest.raises(QueryError) as raised:
        Filters.of(after="2025-10-02", before="2025-10-01")
    said = str(raised.value)
    assert error_in(messages_for("en"), said) == said
    assert (
        error_in(messages_for("ar"), said) == "لا يبقى شيء بين التاريخين: بعد 2025-10-02 وقبل 2025-10-01. بدّل بينهما."
    )
    assert error_in(messages_for("fr"), said) == (
        "Ces dates ne laissent rien\u00a0: après le 2025-10-02 et avant le 2025-10-01. Échangez-les."
    )
    assert error_in(messages_for("ar"), "Something that no catalogue has.") == "Something that no catalogue has."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_message_once(language: str) -> None:
    expected = [(message.context, message.id) for message in read("en") if message.id]
    assert [(message.context, message.id) for message in read(language) if message.id] == expected
    assert len({context for context, _ in expected}) == len(expected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_there_in_all_its_plural_forms(language: str) -> None:
    catalogue = read(language)
    assert not catalogue.fuzzy and not [message.context for message in catalogue if message.fuzzy]
    for key, message in entries(language).items():
        assert all(text.strip() for text in texts(message)), key
        assert len(texts(message)) == (catalogue.num_plurals if message.pluralizable else 1), key
        assert not list(message.check(catalogue)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_names_are_filled_in_everywhere(language: str) -> None:
    for key, message in entries(language).items():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = set.union(*map(names, ids))
        for text in texts(message):
            # "مقالان" says how many by itself.
            assert names(text) in (wanted, wanted - {"count"}), (key, text)


def test_english_messages_are_their_own_ids() -> None:
    for key, message in entries("en").items():
        assert message.string == message.id, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plural_forms_are_those_of_cldr(language: str) -> None:
    """A form for each category, chosen alike, and each of Arabic's six shows in how it counts articles."""
    words, cldr = messages_for(language), Locale.parse(language).plural_form
    forms = {number: words.count("articles", number).replace(words.number(number), "") for number in range(1200)}
    for one, other in product(range(0, 1200, 7), repeat=2):
        if cldr(one) == cldr(other):
            assert forms[one] == forms[other], (one, other)
    assert len(set(forms.values())) == {"ar": 6, "en": 2, "fr": 2}[language]
    assert read(language).num_plurals == len({*cldr.rules, "other"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_up_to_date(language: str) -> None:
    """`make messages` makes it anew."""
    with (ROOT / "index" / "languages" / language / "messages.mo").open("rb") as file:
        found = GNUTranslations(file)
    for message in compiled(language):
        if isinstance(message.id, str) and message.id:
            assert found.gettext(message.id) == message.string, message.id
        elif message.id:
            key = message.id[0]
            shown = {found.ngettext(key, key, number) for number in (0, 1, 2, 3, 11, 100, 1_000_000)}
            assert shown == set(message.string), key
    assert (found.info()["language"], "nplurals" in found.info()["plural-forms"]) == (language, True)


def test_a_message_that_is_in_no_catalogue_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"page\.nothing"):
        messages_for("fr").say("page.nothing")
    with pytest.raises(KeyError, match=r"page\.nothing"):
        messages_for("fr").count("page.nothing", 2)


def test_a_message_is_in_the_letters_of_its_language() -> None:
    arabic = re.compile("[\u0600-\u06ff]")
    # What is not in words at all: a pattern, a CLDR name, a mark.
    bare = {
        key
        for key, message in entries("en").items()
        if not re.search("[a-z]{2}", re.sub("{.*?}", "", texts(message)[0]))
    }
    for key in set(entries("en")) - bare - AND_CLDR:
        assert all(arabic.search(text) for text in texts(entries("ar")[key])), key
    for language in ("en", "fr"):
        assert not [key for key, message in entries(language).items() if arabic.search("".join(texts(message)))]


def test_days_are_written_as_the_language_does() -> None:
    days = (date(2025, 9, 28), date(2026, 1, 1))
    written = {language: [messages_for(language).day(day) for day in days] for language in LANGUAGES}
    assert written == {
        "ar": ["28 أيلول/سبتمبر 2025", "1 كانون الثاني/يناير 2026"],
        "en": ["28 September 2025", "1 January 2026"],
        "fr": ["28 septembre 2025", "1er janvier 2026"],
    }


def test_numbers_are_written_as_the_language_does() -> None:
    written = {
        language: [messages_for(language).number(number) for number in (7, 12_345, 2.34)] for language in LANGUAGES
    }
    assert written == {
        "ar": ["7", "12,345", "2.3"],
        "en": ["7", "12,345", "2.3"],
        "fr": ["7", "12\u202f345", "2,3"],
    }


def test_french_is_set_as_french() -> None:
    """A space that does not break stands before what is high, and within guillemets; no straight apostrophe."""
    for key, message in entries("fr").items():
        for text in texts(message):
            assert "'" not in text, key
            for place, sign in enumerate(text):
                before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
                if sign in ";!?%»" and place:
                    assert before in ("\u202f", "\u00a0"), (key, text)
                if sign == ":" and place and after != "/":
                    assert before == "\u00a0", (key, text)
                if sign == "«":
                    assert after == "\u00a0", (key, text)


def test_languages_are_named_in_the_language() -> None:
    assert [messages_for(language).language_name("de") for language in LANGUAGES] == ["الألمانية", "German", "allemand"]
    assert messages_for("fr").language_name("und?") == "und?"


def test_a_language_that_is_not_spoken_leaves_the_word_to_the_next() -> None:
    assert [messages_for(*wanted).language for wanted in ((), ("de",), ("de", "fr"), ("ar", "fr"))] == [
        "en",
        "en",
        "fr",
        "ar",
    ]


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("", ("",)),
        ("ar-IQ,ar;q=0.9,en;q=0.5", ("ar", "ar", "en")),
        ("en;q=0.3, fr-CA , de;q=0", ("fr", "en")),
        ("*;q=x, FR;q=0.25", ("*", "fr")),
    ],
)
def test_what_a_browser_reads_is_told_in_order(header: str, languages: tuple[str, ...]) -> None:
    assert accepted(header) == languages
