"""Arabic in Latin letters: told from other languages, read word by word, and asked as the Arabic question."""

from pathlib import Path

import pytest

from index import Article, Library
from qa import Assistant, Turn
from qa.rewriting.arabizi.channel import plain
from qa.rewriting.arabizi.reader import ArabiziReader, fitted
from qa.rewriting.arabizi.telling import fitted as fitted_teller
from tests.support.small_encoder import SmallEncoder

ARABIZI = (
    "wen 2a3ed el safir halla2?",
    "meen elly katab el maqal da",
    "chkoun 3tahom el floss",
    "shgad dam el hareeq bil soug",
    "man qarrara ighlaq al matar?",
)
OTHERS = (
    "who fired at the airport?",
    "Hassan Nasrallah Beirut",
    "what did al-Sadr say in Najaf",
    "combien de blessés à Tell al-Rumman ?",
    "¿Quién cerró el aeropuerto?",
    "wer hat den Flughafen geschlossen",
    "havalimanini kim kapatti",
    "siapa yang menutup bandara",
    "che kasi foroodgah ra bast",
    "MH370",
    "",
)


@pytest.mark.parametrize("text", ARABIZI)
def test_arabizi_is_told(text: str) -> None:
    assert fitted_teller().tells(text)


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_in_another_language_or_a_name_alone_is_left_as_it_is(text: str) -> None:
    assert ArabiziReader().read(text) is None


def test_arabic_letters_are_never_read_again() -> None:
    assert fitted_teller().probability("kam wa7ed mat فلسطين") == 0.0


@pytest.mark.parametrize(
    ("typed", "arabic"),
    [
        ("kam wa7ad mat bel 7ari2?", "كام واحد مات بالحريق؟"),
        ("min 2atal el sa7afi", "مين قتل الصحفي"),
        ("chkoun rba7 el match?", "شكون ربح الماتش؟"),
        ("limatha istaqala al wazir fi 2019?", "لماذا استقال الوزير في 2019؟"),
    ],
)
def test_a_question_is_read_word_by_word(typed: str, arabic: str) -> None:
    assert ArabiziReader().read(typed) == arabic


def test_one_word_has_several_spellings() -> None:
    decoder = fitted().decoder()
    for typed in ("khabar", "5abar", "el5abar", "5aber"):
        assert any(reading.folded.endswith("خبر") for reading in decoder.words(plain(typed))), typed


def test_a_name_that_nobody_knows_is_left_as_it_was_typed() -> None:
    assert "Zxqvorp" in (ArabiziReader().read("min 2atal el sa7afi bi zxqvorp?") or "")


def test_names_of_the_library_are_words(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        reader = ArabiziReader(library)
        assert "قشتروب" not in (reader.read("shu 2al 9ashtarob 3an el sad?") or "")
        library.add(
            [Article.create("a", "قال الوزير سمير قشتروب إن السد سليم. ونفى سمير قشتروب الخبر.", language="ar")]
        )
        assert "قشتروب" in (reader.read("shu 2al 9ashtarob 3an el sad?") or "")


def test_it_is_asked_as_the_arabic_question_and_says_so(samples: Assistant) -> None:
    answer = samples.ask("min nafa 5atar da3esh?")
    assert (answer.question, answer.standalone, answer.language) == (
        "min nafa 5atar da3esh?",
        "مين نفى خطر داعش؟",
        "ar",
    )
    assert answer.is_respelt
    assert answer.used[0].quote.startswith("نفى المتحدث")
    assert answer.used == samples.ask("مين نفى خطر داعش؟").used


def test_a_follow_up_that_takes_an_arabic_name_is_no_arabizi(samples: Assistant) -> None:
    first = samples.ask("Who disputed the ISIS threat?")
    answer = samples.ask("and when?", history=[Turn(first.question, first)])
    assert answer.standalone is not None
    assert not answer.is_respelt


def test_a_follow_up_in_arabizi_hangs_on_the_question_before_it(samples: Assistant) -> None:
    first = samples.ask("kam wa7ed mat b infijar el mina")
    second = samples.ask("w leish?", history=[Turn("kam wa7ed mat b infijar el mina", first)])
    alone = samples.ask("وليش؟", history=[Turn(first.standalone or "", samples.ask(first.standalone or ""))])
    assert second.standalone == alone.standalone
