"""Arabizi read: the Arabic question that a typed one stands for, with the library's own names among the words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from index import Library
from index.text.normalisation import fold
from index.text.scripts import ARABIC
from qa.rewriting.arabizi.channel import LetterChannel, plain
from qa.rewriting.arabizi.decoding import Decoder, WordReading
from qa.rewriting.arabizi.lexicon import Lexicon, Neighbours
from qa.rewriting.arabizi.telling import ArabiziTeller
from qa.rewriting.arabizi.telling import fitted as fitted_teller

_FILE = Path(__file__).parent / "reading.npz"
# So many names of a library are known, those in most articles first, each word of them as likely as this.
_NAMES, _NAME = 2000, -10.0
# A question of which fewer words are known is asked as it stands.
_LEAST_KNOWN = 0.5
_TOKEN = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*['’]?")
_ARABIC_WORD = re.compile(f"(?:{ARABIC.letters.pattern})+")


@dataclass(frozen=True)
class ArabiziModel:
    """What was learned: the channel, the shipped lexicon, the prefixes, and which words follow each other."""

    channel: LetterChannel
    lexicon: Lexicon
    prefixes: Sequence[tuple[str, float]]
    neighbours: Neighbours

    @classmethod
    def load(cls, file: Path) -> "ArabiziModel":
        """Read what `save` wrote."""
        with np.load(file) as stored:
            spelt: dict[str, dict[str, float]] = {}
            for line, share in zip(_lines(stored["spelt"]), stored["spelt_shares"].tolist(), strict=True):
                letter, latin = line.split("\t")
                spelt.setdefault(letter, {})[latin] = share
            put_in: dict[str, dict[str, float]] = {}
            for line, share in zip(_lines(stored["put_in"]), stored["put_in_shares"].tolist(), strict=True):
                kind, latin = line.split("\t")
                put_in.setdefault(kind, {})[latin] = share
            stop = dict(zip(_lines(stored["stop"]), stored["stop_shares"].tolist(), strict=True))
            channel = LetterChannel(spelt, put_in, stop)
            words = _lines(stored["words"])
            written = [other or word for word, other in zip(words, _lines(stored["written"]), strict=True)]
            lexicon = Lexicon(words, stored["word_shares"].astype(float).tolist(), written)
            prefixes = list(zip(_lines(stored["prefixes"]), stored["prefix_shares"].tolist(), strict=True))
            pairs = {
                (words[first] if first >= 0 else "", words[second]): share
                for (first, second), share in zip(
                    stored["pairs"].tolist(), stored["pair_shares"].astype(float).tolist(), strict=True
                )
            }
        return cls(channel, lexicon, prefixes, Neighbours(pairs))

    def save(self, file: Path) -> None:
        """Write it: probabilities in half precision, words as lines."""
        spelt = [(letter, latin, share) for letter, own in self.channel.spelt.items() for latin, share in own.items()]
        put_in = [(kind, latin, share) for kind, own in self.channel.put_in.items() for latin, share in own.items()]
        # What a question begins with comes after no word: -1.
        places = {"": -1, **{word: place for place, word in enumerate(self.lexicon.words)}}
        pairs = [
            (places[before], places[after], share)
            for (before, after), share in self.neighbours.pairs.items()
            if before in places and after in places
        ]
        words = self.lexicon.words
        shapes = [own if own != word else "" for word, own in zip(words, self.lexicon.written, strict=True)]
        arrays: dict[str, Any] = {
            "spelt": _bytes([f"{letter}\t{latin}" for letter, latin, _ in spelt]),
            "spelt_shares": np.array([share for *_, share in spelt], dtype=np.float16),
            "put_in": _bytes([f"{kind}\t{latin}" for kind, latin, _ in put_in]),
            "put_in_shares": np.array([share for *_, share in put_in], dtype=np.float16),
            "stop": _bytes(list(self.channel.stop)),
            "stop_shares": np.array(list(self.channel.stop.values()), dtype=np.float16),
            "words": _bytes(list(words)),
            "written": _bytes(shapes),
            "word_shares": np.array(self.lexicon.shares, dtype=np.float16),
            "prefixes": _bytes([prefix for prefix, _ in self.prefixes]),
            "prefix_shares": np.array([share for _, share in self.prefixes], dtype=np.float16),
            "pairs": np.array([pair[:2] for pair in pairs], dtype=np.int32).reshape(-1, 2),
            "pair_shares": np.array([share for *_, share in pairs], dtype=np.float16),
        }  # fmt: skip
        np.savez_compressed(file, **arrays)

    def decoder(self, names: Sequence[str] = ()) -> Decoder:
        """Return what reads typed words, with the Arabic words of names beside the shipped ones."""
        found = {fold(word): (_NAME, word) for name in names for word in _ARABIC_WORD.findall(name)}
        lexicons = [self.lexicon, Lexicon.of(found)] if found else [self.lexicon]
        return Decoder(self.channel, lexicons, self.prefixes, self.neighbours)


class ArabiziReader:
    """Reads questions that are Arabic in Latin letters; the names of a library count as words."""

    def __init__(self, library: Library | None = None, *, teller: ArabiziTeller | None = None) -> None:
        self._library = library
        self._teller = teller
        # By what whoever asks may see: nobody is shown a name that is in no article of theirs.
        self._decoders: dict[frozenset[str] | None, tuple[int, Decoder]] = {}

    def read(self, question: str) -> str | None:
        """Return the question in Arabic letters; None where it is no Arabizi, or too little of it is understood."""
        teller = self._teller or fitted_teller()
        if not teller.tells(question):
            return None
        typed = [word for token in _TOKEN.findall(question) if (word := plain(token))]
        readings = self._decoder().question(typed)
        return written(readings, question) if is_understood(readings) else None

    def _decoder(self) -> Decoder:
        if self._library is None:
            return fitted().decoder()
        with self._library.snapshot() as generation:
            visible = self._library.visible
            known = self._decoders.get(visible)
            if known is None or known[0] != generation:
                names = [spelt for entry in self._library.names.offered(_NAMES) for spelt in entry.spellings]
                self._decoders[visible] = known = (generation, fitted().decoder(names))
        return known[1]


def is_understood(readings: Sequence[WordReading]) -> bool:
    """Tell whether enough words of a question are known."""
    letters = sum(len(reading.folded) for reading in readings)
    known = sum(len(reading.folded) for reading in readings if reading.known)
    return bool(letters) and known >= _LEAST_KNOWN * letters


def written(readings: Sequence[WordReading], question: str) -> str:
    """Return a question as it is written; what is not known is a name as it was typed, with a capital.

    A word of one letter is written together with the next one: "ب انفجار" is "بانفجار".
    """
    text = ""
    for reading, following in zip(readings, [*readings[1:], None], strict=True):
        text += reading.written if reading.known else reading.written.capitalize()
        joins = reading.known and reading.written.isalpha() and len(reading.written) == 1
        text += "" if following is None or (joins and following.known) else " "
    return text + ("؟" if question.rstrip().endswith(("?", "؟")) else "")


def _bytes(lines: Sequence[str]) -> np.ndarray[Any, Any]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def _lines(stored: np.ndarray[Any, Any]) -> list[str]:
    return stored.tobytes().decode().split("\n")


@cache
def fitted() -> ArabiziModel:
    """Return the model that comes with Khabar."""
    return ArabiziModel.load(_FILE)
