"""Questions that people asked of tools like this one, over small articles made for them."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import pytest

from index import Encoder, Library
from qa import Answer, Assistant, State, Turn
from tests.support.paths import DATA, SHARED

CASES = SHARED / "cases"
Case = dict[str, object]
Opened = Callable[[str], Assistant]

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="needs the cases in ../shared/cases")


def _cases() -> Iterator[object]:
    for number, case in enumerate(tomllib.loads((DATA / "cases.toml").read_text(encoding="utf-8"))["case"], 1):
        fails = case.get("fails")
        # What is near the threshold is decided by how a processor rounds. So nothing could fail here, and they are
        # asked with `--runxfail` alone.
        marks = [pytest.mark.xfail(reason=fails, run=False)] if fails else []
        yield pytest.param(case, id=f"{number}-{case['of'].split('/')[0]}", marks=marks)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, samples: Assistant) -> Iterator[Opened]:
    """Opens an assistant over the articles of a case, once."""
    assistants: list[Assistant] = []

    @cache
    def open_(name: str) -> Assistant:
        if name == "samples":
            return samples
        library = Library.open(tmp_path_factory.mktemp("case") / "library", encoder=encoder)
        assert library.sync(CASES / name).ok
        assistants.append(Assistant(library))
        return assistants[-1]

    yield open_
    for assistant in assistants:
        assistant.close()


@pytest.mark.parametrize("case", list(_cases()))
def test_a_case_is_right(case: Case, opened: Opened) -> None:
    answer = _last(opened(str(case["of"])), case["asked"])
    quotes, speakers = [cited.quote for cited in answer.used], [cited.speaker for cited in answer.used]
    shorts = [short.text for short in answer.shorts]
    match case:
        case {"quote": str() | list() as wanted}:
            accepted = wanted if isinstance(wanted, list) else [wanted]
            assert any(one in each for one in accepted for each in quotes), answer.text
    match case:
        case {"speaker": str(name)}:
            assert [speaker.name if speaker else "" for speaker in speakers[:1]] == [name]
    match case:
        case {"short": str(short)}:
            assert shorts == [short]
    match case:
        case {"unsaid": str(words)}:
            assert not any(words in each for each in (*quotes, *shorts))
    match case:
        case {"day": date() as day}:
            assert day in [date for cited in answer.used for _, date in cited.day_words()]
    match case:
        case {"text": str(words)}:
            assert words in answer.text
    match case:
        case {"note": str(words)}:
            assert any(words in note for note in answer.notes)
    match case:
        case {"rewritten": str(words)}:
            assert answer.standalone == words
    if case.get("withheld"):
        assert answer.state is not State.ANSWERED
        assert shorts == []


def _last(assistant: Assistant, asked: object) -> Answer:
    """Ask one question after another, and return the last answer."""
    assert isinstance(asked, list)
    history: list[Turn] = []
    for question in asked:
        answer = assistant.ask(question, history=history)
        history.append(Turn(question, answer))
    return answer
