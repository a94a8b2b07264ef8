"""Whose question is next: people take turns, and so do the pages of one; nobody waits for ever or takes all room."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from ui.page.queueing.fairness import Asker, Fairness, has_room
from ui.page.queueing.overload import WAITING
from ui.page.queueing.queue import person_of

LAYLA, OMAR, NOOR = Asker("layla"), Asker("omar"), Asker("noor")


@dataclass
class Line:
    """Questions, each with a number, that are begun one after another, so many answered at a time."""

    at_a_time: int = 1
    waiting: list[tuple[Asker, int]] = field(default_factory=list)
    answering: list[Asker] = field(default_factory=list)
    begun: list[tuple[Asker, int]] = field(default_factory=list)
    fairness: Fairness = field(default_factory=Fairness)
    came: int = 0

    def come(self, asker: Asker, times: int = 1) -> None:
        for _ in range(times):
            self.came += 1
            self.waiting.append((asker, self.came))

    def begin(self, times: int = 1) -> None:
        """Begin so many questions; the one that was begun first is answered when there is no place."""
        for _ in range(times):
            if len(self.answering) == self.at_a_time:
                self.answering.pop(0)
            chosen = self.waiting.pop(self.fairness.next([asker for asker, _ in self.waiting], self.answering))
            self.fairness.took(chosen[0])
            self.answering.append(chosen[0])
            self.begun.append(chosen)

    def askers(self) -> list[Asker]:
        return [asker for asker, _ in self.begun]


def test_who_asks_one_thing_waits_for_none_of_the_thirty_that_wait_already() -> None:
    line = Line(at_a_time=4)
    line.come(LAYLA, 30)
    line.begin(6)
    line.come(OMAR)
    line.begin(2)
    assert line.askers()[6:] == [OMAR, LAYLA]


def test_those_who_wait_take_turns_in_the_order_in_which_they_came() -> None:
    line = Line()
    for asker in (LAYLA, OMAR, NOOR):
        line.come(asker, 3)
    line.begin(9)
    assert line.askers() == [LAYLA, OMAR, NOOR] * 3


def test_the_pages_of_one_person_take_turns_within_that_persons_turns() -> None:
    script, page = Asker("layla"), Asker("layla", "page")
    line = Line()
    line.come(script, 4)
    line.come(OMAR, 4)
    line.come(page, 2)
    line.begin(8)
    assert line.askers() == [script, OMAR, page, OMAR, script, OMAR, page, OMAR]


def test_newcomers_without_end_do_not_keep_those_who_wait_from_their_turn() -> None:
    line = Line()
    line.come(LAYLA, 3)
    for number in range(12):
        line.come(Asker(f"newcomer {number}"), 2)
        line.begin()
    assert line.askers().count(LAYLA) == 3


def test_who_has_long_answers_under_way_comes_after_who_has_none() -> None:
    line = Line(at_a_time=3)
    line.come(LAYLA, 5)
    line.begin(2)
    line.come(OMAR, 2)
    # Of three places Layla has two: both of Omar's go first, though by rounds she would be next after one of them.
    line.begin(1)
    assert line.fairness.next([asker for asker, _ in line.waiting], [LAYLA, LAYLA, OMAR]) == line.waiting.index(
        next(item for item in line.waiting if item[0] == OMAR)
    )


ASKERS = st.builds(Asker, st.sampled_from("abcd"), st.sampled_from(["", "x", "y"]))


@given(st.lists(st.tuples(ASKERS, st.integers(0, 3)), min_size=1, max_size=60), st.integers(1, 4))
def test_everybody_is_answered_once_in_order_and_between_two_turns_of_one_no_other_has_three(
    arrivals: list[tuple[Asker, int]], at_a_time: int
) -> None:
    line = Line(at_a_time)
    for asker, begin in arrivals:
        line.come(asker)
        line.begin(min(begin, len(line.waiting)))
    still_waiting = {asker.person for asker, _ in line.waiting}
    before = len(line.begun)
    line.begin(len(line.waiting))
    assert sorted(number for _, number in line.begun) == list(range(1, len(arrivals) + 1))
    for asker in {asker for asker, _ in arrivals}:
        own = [number for other, number in line.begun if other == asker]
        assert own == sorted(own)
    # From here on nobody came any more: as long as one waits, no other has two turns more than that one.
    people = [asker.person for asker in line.askers()[before:]]
    for person in still_waiting:
        last = len(people) - 1 - people[::-1].index(person)
        places = [-1, *(place for place, other in enumerate(people) if other == person and place <= last)]
        for begin, end in pairwise(places):
            between = people[begin + 1 : end]
            assert all(between.count(other) <= 2 + at_a_time for other in set(between))


def test_one_person_has_three_quarters_of_the_room_and_leaves_the_rest_to_others() -> None:
    waiting: list[Asker] = []
    while has_room(waiting, LAYLA):
        waiting.append(LAYLA)
    assert len(waiting) == WAITING * 3 // 4
    for number in range(WAITING - len(waiting)):
        assert has_room(waiting, Asker(f"newcomer {number}"))
        waiting.append(Asker(f"newcomer {number}"))
    assert not has_room(waiting, NOOR)


def visitors(site: str, numbers: range) -> list[Asker]:
    return [Asker(f"192.0.2.{number}", site=site) for number in numbers]


def test_the_visitors_of_one_site_have_half_of_the_room_together_and_leave_the_rest_to_others() -> None:
    site, other = "https://site.example", "https://other.example"
    waiting: list[Asker] = []
    for asker in visitors(site, range(WAITING)):
        if has_room(waiting, asker):
            waiting.append(asker)
    assert len(waiting) == WAITING // 2
    assert has_room(waiting, LAYLA)
    # Another site has its own share of what is left.
    (visitor,) = visitors(other, range(1))
    assert has_room([*waiting, *[OMAR] * 10], visitor)
    left = WAITING - len(waiting)
    assert not has_room([*waiting, *visitors(other, range(left // 2))], visitor)


def test_a_visitor_of_a_site_is_who_comes_from_the_same_address_to_the_page() -> None:
    one = Asker("192.0.2.1")
    waiting = [one] * (WAITING * 3 // 4)
    assert not has_room(waiting, Asker("192.0.2.1", site="https://site.example"))
    assert has_room(waiting, Asker("192.0.2.2", site="https://site.example"))


def test_visitors_of_a_site_take_turns_with_everybody_else() -> None:
    line = Line(1)
    first, second = visitors("https://site.example", range(2))
    for asker in (first, second, LAYLA):
        line.come(asker, 2)
    line.begin(6)
    assert line.askers() == [first, second, LAYLA] * 2


@pytest.mark.parametrize(
    ("address", "who"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("::ffff:192.0.2.7", "192.0.2.7")],
)
def test_a_network_that_one_customer_has_is_one_asker(address: str, who: str) -> None:
    request = Request({"type": "http", "client": (address, 1)})
    assert person_of(request, None) == who
    assert person_of(request, "layla") == "name layla"
