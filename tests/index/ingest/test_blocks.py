"""An article in several languages: each block, passage, filter and quote in its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Article, Filters, Library
from index.analysis import language_blocks
from index.ingest.chunking import chunk
from tests.support.small_encoder import SmallEncoder

ARABIC = "أعلن وزير النقل سالم الكناني يوم الثلاثاء افتتاح الجسر الجديد على شط العرب بعد ثلاث سنوات من العمل."
ENGLISH = "The transport ministry opened a bridge over the Shatt al-Arab in Basra on Tuesday after three years of work."
FRENCH = "Le ministère des transports a ouvert mardi un pont sur le Chatt al-Arab à Bassora après trois ans de travaux."
RUSSIAN = "Министерство транспорта открыло во вторник новый мост через Шатт-эль-Араб в Басре после трёх лет работ."
PERSIAN = "وزیر راه پل جدید را پس از سه سال کار در شهر بصره افتتاح کرد و گفت که هزینهٔ آن چهل میلیون دلار بوده است."


@pytest.mark.parametrize(
    ("home", "lines", "told"),
    [
        ("ar", [ARABIC, "Summary", ENGLISH, "", ENGLISH, ARABIC], ["ar", "en", "en", "en", "en", "ar"]),
        ("en", [ENGLISH, FRENCH, "1.", FRENCH, ENGLISH], ["en", "fr", "fr", "fr", "en"]),
        ("fr", [FRENCH, ENGLISH], ["fr", "en"]),
        ("ar", [ARABIC, RUSSIAN, PERSIAN], ["ar", "ru", "fa"]),
        ("ru", [RUSSIAN, ENGLISH, RUSSIAN], ["ru", "en", "ru"]),
        # Stated to be English, and all of it Arabic.
        ("en", [ARABIC, ARABIC], ["ar", "ar"]),
    ],
)
def test_the_language_of_each_line_is_its_own(home: str, lines: list[str], told: list[str]) -> None:
    article = Article.create("a", "\n".join(lines), language=home)
    places = [sum(len(line) + 1 for line in lines[:count]) for count in range(len(lines))]
    assert [article.language_of(min(place, len(article.text) - 1)) for place in places] == told


@pytest.mark.parametrize(
    ("home", "text"),
    [
        ("en", f"{ENGLISH}\nSee https://news.example.org/2025/10/05/a-bridge-over-the-shatt-al-arab-opens-in-basra"),
        ("ar", f"{ARABIC}\nCopyright 2025 Agence France-Presse. All rights reserved.\n{ARABIC}"),
        ("ar", f"{ARABIC} وقال: “We will rebuild it.” ثم غادر.\n{ARABIC}"),
        ("en", f"{ENGLISH}\n“Oui,” he said, “c'est la vie.”\n{ENGLISH}"),
        ("es", "El ministerio de transportes abrió el martes un puente sobre el Shatt al-Arab después de tres años."),
        ("und", "1 2 3"),
        ("en", ""),
    ],
)
def test_a_few_words_of_another_language_make_no_block(home: str, text: str) -> None:
    assert language_blocks(text, home) == ()


def test_a_passage_is_in_one_language() -> None:
    article = Article.create("a", f"{ARABIC}\n{ARABIC}\n{ENGLISH}\n{ENGLISH}\n{ARABIC}")
    passages = chunk(article)
    assert "".join(passage.slice(article.text) for passage in passages) == article.text
    assert [article.language_of(passage.start) for passage in passages] == ["ar", "en", "ar"]
    assert [span.slice(article.text).strip() for span in article.sentences] == [ARABIC] * 2 + [ENGLISH] * 2 + [ARABIC]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as opened:
        opened.add([
            Article.create("mixed", f"{ARABIC}\n{ARABIC}\nSummary in English\n{ENGLISH}", title="افتتاح جسر"),
            Article.create("arabic", ARABIC),
        ])  # fmt: skip
        yield opened


def test_a_filter_finds_the_block_in_its_language(library: Library) -> None:
    english = library.search("bridge Basra", filters=Filters.of(language="en"))
    assert [(found.article.id, found.language, found.text) for found in english] == [
        ("mixed", "en", f"Summary in English\n{ENGLISH}")
    ]
    arabic = library.search("الجسر", filters=Filters.of(language="ar"))
    assert {(found.article.id, found.language) for found in arabic} == {("mixed", "ar"), ("arabic", "ar")}
    assert library.search("bridge", filters=Filters.of(language="fr")) == []


def test_what_is_listed_and_counted_for_a_language_has_the_article(library: Library) -> None:
    listed = {
        code: {article.id for article in library.articles(filters=Filters.of(language=code))}
        for code in ("ar", "en", "fr")
    }
    assert listed == {"ar": {"mixed", "arabic"}, "en": {"mixed"}, "fr": set()}
    assert library.extent(Filters.of(language="en")).articles == 1
    assert [Filters.of(language=code).match(library.article("mixed")) for code in ("ar", "en", "fr")] == [
        True,
        True,
        False,
    ]


def test_blocks_are_kept_with_every_revision_and_in_a_rebuilt_library(library: Library) -> None:
    kept = library.article("mixed")
    assert kept.blocks == ((0, "ar"), (kept.text.index("Summary"), "en"))
    library.add([Article.create("mixed", ENGLISH)])
    assert library.article("mixed").blocks == ()
    assert library.article("mixed", 1) == kept
