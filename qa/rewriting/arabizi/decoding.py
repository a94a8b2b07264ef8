"""What typed words stand for: the likeliest by the channel, the lexicons, and which words follow each other."""

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from qa.rewriting.arabizi.channel import ARTICLE, FIRST, LAST, LONGEST, MOST_PUT_IN, WITHIN, LetterChannel, gap
from qa.rewriting.arabizi.lexicon import Lexicon, Neighbours, Node

# So many beginnings are followed at each place of a typed word, and so many words are kept of it.
_BEAM = 50
# What is so much less likely than the best, as a logarithm, is not followed; nor is a prefix that is less likely typed.
_WIDTH, _LEAST_BEGUN = 9.0, -8.0
_KEPT = 8
# How much the frequency of a word counts beside how it is typed.
_PRIOR = 0.9
# A word that is not known: what it costs, and each of its characters.
_UNKNOWN, _PER_CHARACTER = -10.0, -2.2
# So many typed words may be one, all but the last of so few characters: "bi el mina".
_JOINED, _SHORT = 3, 4
_LONGEST_WORD = 24
# The last letter is so many characters at most, with what is put in before it and after it.
_ENDING = LONGEST + 2 * MOST_PUT_IN


@dataclass(frozen=True, slots=True)
class WordReading:
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


# A beginning that is followed: its log probability, where it is in a lexicon, which one, and behind which prefix.
_State = tuple[float, Node, int, int]
# By the node, which is of one lexicon alone, and the prefix.
_States = dict[tuple[int, int], _State]


@dataclass(frozen=True)
class Decoder:
    """Reads typed words; `prefixes` are what is written together with a word, each with its log probability."""

    channel: LetterChannel
    lexicons: Sequence[Lexicon]
    prefixes: Sequence[tuple[str, float]]
    neighbours: Neighbours

    @cached_property
    def _prefixes(self) -> tuple[tuple[str, float], ...]:
        return ("", 0.0), *self.prefixes

    def words(self, typed: str) -> list[WordReading]:
        """Return the likeliest words that a plain typed one stands for, the best first."""
        word = _Typed(self.channel, typed)
        beam: list[_States] = [{} for _ in word.options]
        for at, (prefix, share) in enumerate(self._prefixes):
            for place, score in _begun(word, prefix):
                for number, lexicon in enumerate(self.lexicons):
                    _keep(beam[place], (score + _PRIOR * share, lexicon.root, number, at))
        ended: _States = {}
        for place in range(len(word.options)):
            if beam[place]:
                self._follow(word, beam, place, ended)
        readings: dict[str, WordReading] = {}
        for state in ended.values():
            reading = self._reading(state)
            if reading.folded not in readings or readings[reading.folded].score < reading.score:
                readings[reading.folded] = reading
        return heapq.nlargest(_KEPT, readings.values(), key=lambda reading: reading.score)

    def _follow(self, word: "_Typed", beam: list[_States], place: int, ended: _States) -> None:
        """Go on from the best beginnings at a place of the typed word, by a letter of Arabic each."""
        waiting = heapq.nlargest(_BEAM, beam[place].values(), key=itemgetter(0))
        least = waiting[0][0] - _WIDTH
        while waiting:
            score, node, number, prefix = waiting.pop()
            if score < least:
                continue
            lexicon = self.lexicons[number]
            words, depth = lexicon.words[node.low], node.depth
            before = words[depth - 1] if depth else self._prefixes[prefix][0][-1:]
            begins = depth == 0 or (depth == len(ARTICLE) and words.startswith(ARTICLE))
            children = lexicon.children(node)
            for length, letter, share in word.steps(place, before, FIRST if begins else WITHIN):
                if (child := children.get(letter)) is not None:
                    gone = (score + share, child, number, prefix)
                    if _keep(beam[place + length], gone) and not length:
                        waiting.append(gone)
            # The only letter of a word is spelt as a first one.
            for letter, share in word.endings(place, before, FIRST if begins else LAST):
                child = children.get(letter)
                if child is not None and child.share is not None:
                    _keep(ended, (score + share, child, number, prefix))

    def _reading(self, state: _State) -> WordReading:
        score, node, number, at_prefix = state
        prefix, share = self._prefixes[at_prefix]
        lexicon, at, typed = self.lexicons[number], node.low, score - _PRIOR * share
        return WordReading(prefix + lexicon.words[at], prefix + lexicon.written[at], typed, lexicon.shares[at] + share)

    def question(self, typed: Sequence[str]) -> list[WordReading]:
        """Return the words that typed ones, plain, stand for together; several may be one."""
        spans: dict[str, list[WordReading]] = {}
        best: list[dict[str, tuple[float, tuple[WordReading, ...]]]] = [{} for _ in range(len(typed) + 1)]
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

    def _readings(self, typed: str) -> list[WordReading]:
        unknown = WordReading(typed, typed, _UNKNOWN + _PER_CHARACTER * len(typed), 0.0, known=False)
        if typed.isdigit():
            return [WordReading(typed, typed, 0.0, 0.0)]
        return [unknown, *self.words(typed)] if len(typed) <= _LONGEST_WORD else [unknown]

    def _go_on(
        self, best: list[dict[str, tuple[float, tuple[WordReading, ...]]]], start: int, end: int, reading: WordReading
    ) -> None:
        for before, (score, path) in best[start].items():
            after = reading.alone
            if reading.alone:
                after = self.neighbours.share(before, reading.folded, reading.alone)
            reached = score + reading.typed + _PRIOR * after
            kept = best[end].get(reading.folded)
            if kept is None or kept[0] < reached:
                best[end][reading.folded] = (reached, (*path, reading))


class _Typed:
    """A typed word, and what each place in it may be: found once for all the beginnings that come there."""

    def __init__(self, channel: LetterChannel, typed: str) -> None:
        self.options = channel.options(typed)
        self._length = len(typed)
        self._put_ins = {kind: channel.put_ins(typed, kind) for kind in channel.stop}
        self._steps: dict[tuple[int, str, int], list[tuple[int, str, float]]] = {}
        self._endings: dict[tuple[int, str, int], list[tuple[str, float]]] = {}

    def steps(self, place: int, before: str, spelt: int) -> list[tuple[int, str, float]]:
        """Return how many characters from a place on may be which letter, behind another one, and how likely."""
        key = place, gap(before, "ب") if before else "", spelt
        if key not in self._steps:
            self._steps[key] = list(self._found(place, before, spelt))
        return self._steps[key]

    def endings(self, place: int, before: str, spelt: int) -> list[tuple[str, float]]:
        """Return which last letter all the rest of the word may be, behind another one, and how likely."""
        key = place, gap(before, "ب") if before else "", spelt
        if self._length - place > _ENDING:
            return []
        if key not in self._endings:
            best: dict[str, float] = {}
            for length, letter, share in self._found(place, before, spelt):
                rest = self._length - place - length
                shares = self._put_ins[gap(letter, "")][place + length]
                if rest < len(shares):
                    best[letter] = max(share + shares[rest], best.get(letter, -math.inf))
            self._endings[key] = list(best.items())
        return self._endings[key]

    def _found(self, place: int, before: str, spelt: int) -> Iterator[tuple[int, str, float]]:
        for put in range(MOST_PUT_IN + 1 if before else 1):
            if place + put > self._length:
                return
            for letter, spellings in self.options[place + put][spelt].items():
                shares = self._put_ins[gap(before, letter)][place] if before else [0.0]
                if put < len(shares):
                    for length, share in spellings:
                        yield put + length, letter, share + shares[put]


def _begun(word: _Typed, prefix: str) -> list[tuple[int, float]]:
    """Return where a prefix may end in a typed word, and how likely it is typed so."""
    places, before = {0: 0.0}, ""
    for wanted in prefix:
        after: dict[int, float] = {}
        for place, score in places.items():
            for length, letter, share in word.steps(place, before, WITHIN if before else FIRST):
                if letter == wanted and score + share > _LEAST_BEGUN:
                    after[place + length] = max(score + share, after.get(place + length, -math.inf))
        places, before = after, wanted
    return list(places.items())


def _ends(typed: Sequence[str], start: int) -> Iterator[int]:
    yield start + 1
    for end in range(start + 2, min(start + _JOINED, len(typed)) + 1):
        if len(typed[end - 2]) > _SHORT or any(word.isdigit() for word in typed[start:end]):
            return
        yield end


def _keep(states: _States, state: _State) -> bool:
    """Keep a state where it is new or better than the one that is as far."""
    key = id(state[1]), state[3]
    kept = states.get(key)
    if kept is not None and kept[0] >= state[0]:
        return False
    states[key] = state
    return True
