"""Whether an article has any of the names that a question asks about."""

import pytest

from qa.named import has_any, names_asked

TITLE, TEXT = "Marrin Bridge collapses", "At least 14 Iraqis were killed in Port Halvia when it fell on Monday."


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How many people were killed in the Solvane collapse?", ("solvane",)),
        ("What did Grace Okafor's office say on Monday?", ("grace", "okafor")),
        ("Solvane: what happened?", ()),
        ("what happened in solvane?", ()),
        ("How Many Died In Solvane?", ()),
        ("What did the UN and ISIS say?", ()),
        ("كم قتل في سولفان؟", ()),
        ("", ()),
    ],
)
def test_names_have_a_capital_where_not_everything_has(question: str, names: tuple[str, ...]) -> None:
    assert names_asked(question) == names


@pytest.mark.parametrize(
    ("names", "there"),
    [
        (("marrin",), True),
        (("marin",), True),
        (("iraq",), True),
        (("halvian",), True),
        (("solvane", "halvia"), True),
        (("solvane",), False),
        (("world", "cup"), False),
    ],
)
def test_an_ending_and_a_slip_of_the_pen_do_not_matter(names: tuple[str, ...], there: bool) -> None:
    assert has_any(names, TITLE, TEXT) is there
