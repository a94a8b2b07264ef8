"""Whose question is next: those who wait take turns, and so do one person's pages; without any of Gradio."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ui.page.queueing.overload import WAITING

# One person may have so many times as many questions waiting as there are places left: of an empty queue's three
# quarters, so that there is room for whoever comes next.
_SHARE = 3


# The visitors of one other site together may have as many waiting as there are places left: half of an empty queue's.
_SITES_SHARE = 1


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: `person` is a signed-in name or an address, `page` one of the person's open pages.

    What programs ask without a session has the page "". `site` is the origin of the other site where a visitor asks in
    a widget, "" where nobody does.
    """

    person: str
    page: str = ""
    site: str = ""


def has_room(waiting: Sequence[Asker], asker: Asker) -> bool:
    """Tell whether one more question may wait; who has many waiting, a person or a site, is turned away earlier."""
    left = WAITING - len(waiting)
    if asker.site and sum(other.site == asker.site for other in waiting) >= _SITES_SHARE * left:
        return False
    return sum(other.person == asker.person for other in waiting) < _SHARE * left


class Fairness:
    """Chooses who is next: of the people who wait, then of that person's pages, whoever has had the fewest turns."""

    def __init__(self) -> None:
        self._people = _Rounds()
        self._pages: dict[str, _Rounds] = {}

    def next(self, waiting: Sequence[Asker], answering: Collection[Asker]) -> int:
        """Return the place in `waiting`, which is not empty, of the question whose turn it is.

        Both are in the order in which they came. Who has the fewest questions in `answering` goes first, so that
        long answers use up no more than short ones.
        """
        people = [asker.person for asker in waiting]
        person = self._people.next(people, Counter(asker.person for asker in answering))
        # Who has nothing waiting is forgotten, so that this does not grow with everybody who ever came.
        self._pages = {name: self._pages[name] for name in dict.fromkeys(people) if name in self._pages}
        pages = self._pages.setdefault(person, _Rounds())
        page = pages.next(
            [asker.page for asker in waiting if asker.person == person],
            Counter(asker.page for asker in answering if asker.person == person),
        )
        return [(asker.person, asker.page) for asker in waiting].index((person, page))

    def took(self, asker: Asker) -> None:
        """Count a turn of whoever was chosen last, when the question is begun."""
        self._people.took(asker.person)
        self._pages.setdefault(asker.person, _Rounds()).took(asker.page)


class _Rounds:
    """Turns among names, by rounds: each has one in a round (start-time fair queueing, Goyal, Vin and Cheng 1996)."""

    def __init__(self) -> None:
        self._round = 0
        self._next: dict[str, int] = {}

    def next(self, waiting: Sequence[str], busy: Counter[str]) -> str:
        # Who comes anew begins in the round after this one: what one did not use before is not made up for, and a
        # stream of newcomers, each with one question, overtakes nobody for ever.
        self._next = {name: self._next.get(name, self._round + 1) for name in dict.fromkeys(waiting)}
        return min(self._next, key=lambda name: (busy[name], self._next[name]))

    def took(self, name: str) -> None:
        begun = self._next.get(name, self._round + 1)
        self._round = max(self._round, begun)
        self._next[name] = begun + 1
