"""What typed words stand for: the likeliest by the channel, the lexicons, and which words follow each other."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.rewriting.arabizi.channel import FIRST, LAST, LONGEST, WITHIN, Channel, Options
from qa.rewriting.arabizi.lexicon import Lexicon, Neighbours, Node

# So many beginnings are followed at each place of a typed word, and so many words are kept of it.
_BEAM = 50
_KEPT = 8
# How much the frequency of a word counts beside how it is typed.
_PRIOR = 0.6
# A word that is not known: what it costs, and each of its characters.
_UNKNOWN, _PER_CHARACTER = -7.0, -1.6
# So many typed words may be one, all but the last of so few characters: "bi el mina".
_JOINED, _SHORT = 3, 4
_LONGEST_WORD = 24
# So many characters are put in at most after the last letter.
_ENDING = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """A word that is read: `folded`, and as it is `written`.

    `typed` and `alone` are log probabilities: that it is typed so, and that it is the word. Where it is not `known`, it
    is left as it was typed.
    """

    folded: str
    written: str
    typed: float
    alone: float
    known: bool = True

    @property
    def score(self) -> float:
        """How likely it is, wherever it stands."""
        return self.typed + _PRIOR * self.alone


@dataclass(frozen=True, slots=True)
class _State:
    score: float
    node: Node
    lexicon: int
    prefix: int

    @property
    def key(self) -> tuple[int, int, int, int]:
        return self.node.low, self.node.depth, self.lexicon, self.prefix


@dataclass(frozen=True)
class Decoder:
    """Reads typed words; `prefixes` are what is written together with a word, each with its log probability."""

    channel: Channel
    lexicons: Sequence[Lexicon]
    prefixes: Sequence[tuple[str, float]]
    neighbours: Neighbours

    @cached_property
    def _prefixes(self) -> tuple[tuple[str, float], ...]:
        return ("", 0.0), *self.prefixes

    def words(self, typed: str) -> list[Reading]:
        """Return the likeliest words that a plain typed one stands for, the best first."""
        options = self.channel.options(typed)
        beam: list[dict[tuple[int, ...], _State]] = [{} for _ in options]
        for at, (prefix, share) in enumerate(self._prefixes):
            for place, score in self._begun(typed, options, prefix):
                for number, lexicon in enumerate(self.lexicons):
                    _keep(beam[place], _State(score + _PRIOR * share, lexicon.root, number, at))
        ended: dict[tuple[int, ...], _State] = {}
        for place in range(len(options)):
            self._follow(typed, options, beam, place, ended)
        readings: dict[str, Reading] = {}
        for state in ended.values():
            reading = self._reading(state)
            if reading.folded not in readings or readings[reading.folded].score < reading.score:
                readings[reading.folded] = reading
        return heapq.nlargest(_KEPT, readings.values(), key=lambda reading: reading.score)

    def _begun(self, typed: str, options: Sequence[Options], prefix: str) -> Iterator[tuple[int, float]]:
        """Yield where a prefix may end in the typed word, and how likely it is typed so."""
        places = {0: 0.0}
        for at, letter in enumerate(prefix):
            after: dict[int, float] = {}
            for place, score in places.items():
                for length, share in options[place][WITHIN if at else FIRST].get(letter, ()):
                    reached = score + share + (self.channel.stop if at else 0.0)
                    after[place + length] = max(reached, after.get(place + length, reached))
            for place in sorted(after):
                if place < len(typed) and (put := self.channel.put_in.get(typed[place])) is not None:
                    after[place + 1] = max(after[place] + put, after.get(place + 1, after[place] + put))
            places = after
        yield from places.items()

    def _follow(
        self, typed: str, options: Sequence[Options], beam: list[dict[tuple[int, ...], _State]], place: int,
        ended: dict[tuple[int, ...], _State],
    ) -> None:  # fmt: skip
        """Go on from the best beginnings at a place of the typed word, by a letter of Arabic each."""
        end, here = len(typed), options[place]
        waiting = heapq.nlargest(_BEAM, beam[place].values(), key=lambda state: state.score)
        while waiting:
            state = waiting.pop()
            is_first = state.node.depth == 0 and state.prefix == 0
            score = state.score + (0.0 if is_first else self.channel.stop)
            if not is_first and place < end and (put := self.channel.put_in.get(typed[place])) is not None:
                _keep(beam[place + 1], _State(state.score + put, state.node, state.lexicon, state.prefix))
            children = self.lexicons[state.lexicon].children(state.node)
            for letter, spellings in here[FIRST if is_first else WITHIN].items():
                if (child := children.get(letter)) is not None:
                    for length, share in spellings:
                        gone = _State(score + share, child, state.lexicon, state.prefix)
                        if _keep(beam[place + length], gone) and not length:
                            waiting.append(gone)
            if end - place > LONGEST + _ENDING:
                continue
            # The only letter of a word is spelt as a first one.
            for letter, spellings in here[FIRST if is_first else LAST].items():
                child = children.get(letter)
                if child is None or child.share is None:
                    continue
                for length, share in spellings:
                    if (after := self._put_in(typed[place + length :])) is not None:
                        _keep(ended, _State(score + share + after, child, state.lexicon, state.prefix))

    def _put_in(self, rest: str) -> float | None:
        """Return how likely all the rest of a typed word is put in after its last letter; None where it is too long."""
        if not rest:
            return 0.0
        shares = [self.channel.put_in.get(character) for character in rest[: _ENDING + 1]]
        return None if len(rest) > _ENDING or None in shares else sum(share for share in shares if share is not None)

    def _reading(self, state: _State) -> Reading:
        prefix, share = self._prefixes[state.prefix]
        lexicon, at = self.lexicons[state.lexicon], state.node.low
        typed = state.score - _PRIOR * share
        return Reading(prefix + lexicon.words[at], prefix + lexicon.written[at], typed, lexicon.shares[at] + share)

    def question(self, typed: Sequence[str]) -> list[Reading]:
        """Return the words that typed ones, plain, stand for together; several may be one."""
        spans: dict[str, list[Reading]] = {}
        best: list[dict[str, tuple[float, tuple[Reading, ...]]]] = [{} for _ in range(len(typed) + 1)]
        best[0][""] = (0.0, ())
        for start in range(len(typed)):
            for end in _ends(typed, start):
                joined = "".join(typed[start:end])
                if joined not in spans:
                    spans[joined] = self._readings(joined)
                for reading in spans[joined]:
                    if end - start == 1 or reading.known:
                        self._go_on(best, start, end, reading)
            best[start] = {}
        return list(max(best[-1].values(), key=lambda item: item[0])[1]) if typed else []

    def _readings(self, typed: str) -> list[Reading]:
        unknown = Reading(typed, typed, _UNKNOWN + _PER_CHARACTER * len(typed), 0.0, known=False)
        if typed.isdigit():
            return [Reading(typed, typed, 0.0, 0.0)]
        return [unknown, *self.words(typed)] if len(typed) <= _LONGEST_WORD else [unknown]

    def _go_on(
        self, best: list[dict[str, tuple[float, tuple[Reading, ...]]]], start: int, end: int, reading: Reading
    ) -> None:
        for before, (score, path) in best[start].items():
            after = reading.alone
            if reading.alone:
                after = self.neighbours.share(before, reading.folded, reading.alone)
            reached = score + reading.typed + _PRIOR * after
            kept = best[end].get(reading.folded)
            if kept is None or kept[0] < reached:
                best[end][reading.folded] = (reached, (*path, reading))


def _ends(typed: Sequence[str], start: int) -> Iterator[int]:
    yield start + 1
    for end in range(start + 2, min(start + _JOINED, len(typed)) + 1):
        if len(typed[end - 2]) > _SHORT or any(word.isdigit() for word in typed[start:end]):
            return
        yield end


def _keep(states: dict[tuple[int, ...], _State], state: _State) -> bool:
    """Keep a state where it is new or better than the one that is as far."""
    kept = states.get(state.key)
    if kept is not None and kept.score >= state.score:
        return False
    states[state.key] = state
    return True
