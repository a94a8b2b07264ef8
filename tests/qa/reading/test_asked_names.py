"""Whether an article has any of the names that a question asks about."""

import pytest

from qa.reading.asked_names import has_any

TITLE, TEXT = "Marrin Bridge collapses", "At least 14 Iraqis were killed in Port Halvia when it fell on Monday."


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
