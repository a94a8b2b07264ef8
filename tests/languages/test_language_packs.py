"""Every language pack against its file of cases: who speaks, what is asked for, what a follow-up hangs on."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import language_of, question_language, sentences
from index.analysis.injections import speaks_to_a_model
from index.analysis.requests import request_of
from index.languages import PACKS, language
from index.languages.grammar import Context, Stance, Toll
from index.languages.neutral import NeutralGrammar
from index.text.normalisation import Span
from qa.answer import Speaker
from qa.attribution.attribution import attribute
from qa.reading.casualties import rightly_counted
from qa.rewriting.follow_ups import RuleRewriter
from tests.support.turns import turn

CASES = {code: tomllib.loads((Path(__file__).parent / f"{code}.toml").read_text("utf-8")) for code in PACKS}
KINDS = {
    "news", "whole_names", "stand_alone", "stances", "asked", "speakers", "named", "refusals", "after_dateline",
    "tolls", "dead_and_injured", "reached", "names_asked", "negated", "follow_ups", "shapes", "orders", "measures",
    "known_names", "orthography", "taken_back",
}  # fmt: skip


def cases(kind: str) -> list[Any]:
    """Return the cases of a kind: a language, a text and what is expected of it."""
    found = []
    for code, packed in CASES.items():
        listed = packed.get(kind, {})
        pairs = listed.items() if isinstance(listed, dict) else ((case, None) for case in listed)
        for text, expected in pairs:
            found.append(pytest.param(code, text, expected, id=f"{code}-{str(text)[:60]}"))
    return found


def speaker_of_first(text: str) -> Speaker | None:
    return attribute(text, sentences(text), 0)


@pytest.mark.parametrize("code", PACKS)
def test_a_pack_has_cases_and_no_others(code: str) -> None:
    assert CASES[code].keys() <= KINDS
    assert {"stances", "asked", "speakers", "tolls", "follow_ups", "stand_alone"} <= CASES[code].keys()
    assert language(code).code == code


@pytest.mark.parametrize(("code", "sentence", "stances"), cases("stances"))
def test_the_stances_of_a_sentence(code: str, sentence: str, stances: list[str]) -> None:
    assert language(code).grammar.stances(sentence) == {Stance(stance) for stance in stances}


@pytest.mark.parametrize(("code", "question", "stance"), cases("asked"))
def test_whose_statement_a_question_asks_for(code: str, question: str, stance: str) -> None:
    request = language(code).grammar.request(question)
    assert request.stance == (Stance(stance) if stance else None)
    assert request.asks_for_speaker is bool(stance)


@pytest.mark.parametrize(("code", "question", "_"), cases("asked"))
def test_a_question_is_read_by_its_own_grammar(code: str, question: str, _: str) -> None:
    assert question_language(question) == (code if question else "und")
    assert request_of(question) == language(code).grammar.request(question)


@pytest.mark.parametrize(("code", "question", "shape"), cases("shapes"))
def test_the_shape_of_what_is_asked_for(code: str, question: str, shape: dict[str, Any]) -> None:
    request = language(code).grammar.request(question)
    assert (str(request.shape), request.topic, list(request.people)) == (
        shape["shape"],
        shape.get("topic", ""),
        shape.get("people", []),
    )


@pytest.mark.parametrize(("code", "sentence", "speaker"), cases("speakers"))
def test_the_speaker_a_sentence_names(code: str, sentence: str, speaker: dict[str, str]) -> None:
    found = speaker_of_first(sentence)
    assert (found and {"name": found.name, **({"role": found.role} if found.role else {})}) == (speaker or None)


@pytest.mark.parametrize(("code", "text", "name"), cases("named"))
def test_whoever_speaks_is_told_from_what_is_spoken_of(code: str, text: str, name: str) -> None:
    found = speaker_of_first(text)
    assert (found.name if found else "") == name


@pytest.mark.parametrize(("code", "sentence", "case"), cases("refusals"))
def test_a_refusal_is_told_from_the_deed(code: str, sentence: str, case: dict[str, Any]) -> None:
    assert language(code).grammar.refuses(sentence, Stance(case["stance"])) is case["refused"]
    assert language_of(sentence).code == code


@pytest.mark.parametrize(("code", "sentence", "takes_back"), cases("taken_back"))
def test_a_sentence_that_takes_back_the_one_before_it(code: str, sentence: str, takes_back: bool) -> None:
    assert language(code).grammar.takes_back(sentence) is takes_back


@pytest.mark.parametrize(("code", "text", "said"), cases("after_dateline"))
def test_what_stands_after_a_dateline(code: str, text: str, said: str) -> None:
    assert text[language(code).grammar.dateline(text) :] == said


@pytest.mark.parametrize(("code", "question", "toll"), cases("tolls"))
def test_a_question_asks_for_one_toll_or_none(code: str, question: str, toll: str) -> None:
    assert request_of(question).toll == (Toll(toll) if toll else None)


@pytest.mark.parametrize(("code", "sentence", "figures"), cases("dead_and_injured"))
def test_each_figure_counts_what_the_nearest_word_says(code: str, sentence: str, figures: list[str]) -> None:
    for answer in figures:
        start = sentence.index(answer)
        for toll, figure in zip((Toll.DEAD, Toll.INJURED), figures, strict=True):
            found = rightly_counted(sentence, Span(start, start + len(answer)), toll)
            assert found is not None
            assert found.slice(sentence) == figure


@pytest.mark.parametrize(("code", "sentence", "figure"), cases("reached"))
def test_a_toll_is_the_figure_that_it_comes_to(code: str, sentence: str, figure: str) -> None:
    for answer in ("three", "nine", "تسعة", "neuf", "trois", figure):
        if (start := sentence.find(answer)) >= 0:
            found = rightly_counted(sentence, Span(start, start + len(answer)), Toll.DEAD)
            assert found is not None
            assert found.slice(sentence) == figure


@pytest.mark.parametrize(("code", "question", "names"), cases("names_asked"))
def test_names_have_a_capital_where_not_everything_has(code: str, question: str, names: list[str]) -> None:
    assert list(language(code).grammar.request(question).names) == names


@pytest.mark.parametrize(("code", "sentence", "negated"), cases("negated"))
def test_whether_a_sentence_negates(code: str, sentence: str, negated: bool) -> None:
    assert language(code).grammar.is_negated(sentence) is negated
    assert language_of(sentence).code == code


@pytest.mark.parametrize(("code", "figure", "measure"), cases("measures"))
def test_what_a_figure_measures(code: str, figure: str, measure: str) -> None:
    assert language(code).grammar.measure(figure) == measure


@pytest.mark.parametrize(("code", "sentence", "_"), cases("news"))
def test_news_is_not_taken_for_an_order(code: str, sentence: str, _: None) -> None:
    assert not speaks_to_a_model(sentence)


@pytest.mark.parametrize(("code", "sentence", "_"), cases("orders"))
def test_an_order_to_a_model_is_told(code: str, sentence: str, _: None) -> None:
    assert speaks_to_a_model(sentence)


@pytest.mark.parametrize(("code", "text", "keys"), cases("known_names"))
def test_names_that_languages_do_not_spell_alike(code: str, text: str, keys: list[str]) -> None:
    assert [name.key for name in language(code).grammar.known_names(text)] == keys


@pytest.mark.parametrize(("code", "name", "_"), cases("whole_names"))
def test_a_name_keeps_all_its_parts(code: str, name: str, _: None) -> None:
    found = speaker_of_first(f"قال الوزير {name} إن الجسر سيفتح.")
    assert (found and (found.name, found.role)) == (name, "الوزير")


@pytest.mark.parametrize(
    "case", [case for packed in CASES.values() for case in packed["follow_ups"]], ids=lambda case: case["asked"]
)
def test_what_the_turns_before_said_is_carried(case: dict[str, str]) -> None:
    history = [turn(case["before"], case.get("speaker"))]
    assert RuleRewriter().rewrite(case["asked"], history) == case["alone"]


@pytest.mark.parametrize(("code", "asked", "_"), cases("stand_alone"))
def test_a_question_that_stands_alone_is_left_exactly_as_it_is(code: str, asked: str, _: None) -> None:
    first = turn("Who disputed the ISIS threat?", "مهند الزيدي")
    other = turn("ماذا قالت سولهايم عن داعش؟", "سولهايم")
    own = turn(CASES[code]["follow_ups"][0]["before"])
    for before in (first, other, own):
        assert RuleRewriter().rewrite(asked, [before]) is None


@pytest.mark.parametrize(
    "text",
    [
        "Der Minister sagte am Montag, die Brücke sei sicher und werde nicht geschlossen.",
        "El ministro dijo el lunes que el puente era seguro y que no se cerraría.",
        "وزیر خارجه گفت که پل باز است و بسته نمی‌شود.",
        "Министр заявил, что мост безопасен и не будет закрыт.",
    ],
)
def test_a_language_without_a_pack_is_read_as_no_other(text: str) -> None:
    pack = language_of(text)
    assert pack.code not in PACKS
    assert type(pack.grammar) is NeutralGrammar
    assert speaker_of_first(text) is None
    assert pack.grammar.stances(text) == frozenset()
    assert not pack.grammar.is_negated(text)


@pytest.mark.parametrize("code", PACKS)
@given(text=st.text(alphabet="قالأكد وزيرلم،؟ said he Kelly'denied la ministre a-t-il démenti n«».,:\"", max_size=60))
def test_any_text_is_read_without_failing(code: str, text: str) -> None:
    grammar = language(code).grammar
    spans = sentences(text)
    for place in range(len(spans)):
        speaker = attribute(text, spans, place, code)
        assert speaker is None or text[speaker.start : speaker.end] == speaker.name
    assert 0 <= grammar.dateline(text) <= len(text)
    assert grammar.stances(text) <= set(Stance)
    request = grammar.request(text)
    context = Context(text, code, grammar.topic(text), grammar.matter(text), asked_for=grammar.asked_for(text))
    asked = grammar.follow_up(text, context) if text.strip() else None
    assert asked is None or asked.strip()
    assert request == grammar.request(text)
