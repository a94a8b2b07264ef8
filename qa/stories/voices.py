"""Who said what in a story: the same person in several articles, whatever the script, is one voice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.analysis import name_keys, words
from qa.answer import Speaker
from qa.stories.account import Voice
from qa.stories.reports import CitationBook, StoryReport

_MOST_VOICES = 12
_MOST_QUOTES = 4


@dataclass(slots=True)
class _Heard:
    """One voice so far: the words of its fullest name by their keys, how it is called, and what it said."""

    keys: list[frozenset[str]]
    called: Counter[tuple[str, str]] = field(default_factory=Counter)
    role: str | None = None
    said: list[tuple[StoryReport, int]] = field(default_factory=list)

    def is_of(self, keys: Sequence[frozenset[str]]) -> bool:
        """Tell whether a name is this one's: one of the two has all of the other's words."""
        shorter, longer = sorted((self.keys, keys), key=len)
        return bool(shorter) and all(any(word & other for other in longer) for word in shorter)

    def hear(self, report: StoryReport, place: int, speaker: Speaker, keys: list[frozenset[str]]) -> None:
        """Take what it says."""
        self.keys = max(self.keys, keys, key=len)
        self.called[speaker.name, report.language_of(place)] += 1
        self.role = self.role or speaker.role
        self.said.append((report, place))

    @property
    def name(self) -> tuple[str, str]:
        """What it is called most often by more than one word, else at all, and in which language."""
        return max(self.called, key=lambda called: (" " in called[0], self.called[called]))


def voices_of(reports: Sequence[StoryReport], book: CitationBook) -> tuple[Voice, ...]:
    """Return who is quoted, those in most articles first, each with the first things said, the earliest first."""
    heard: list[_Heard] = []
    for report in reports:
        for place, speaker in enumerate(report.speakers):
            if speaker is None:
                continue
            keys = _keys(speaker.name, report.language_of(place))
            voice = next((voice for voice in heard if voice.is_of(keys)), None)
            if voice is None:
                voice = _Heard(keys)
                heard.append(voice)
            voice.hear(report, place, speaker, keys)
    heard.sort(key=lambda voice: -len({report.article.id for report, _ in voice.said}))
    return tuple(_voice(voice, book) for voice in heard[:_MOST_VOICES])


def _keys(name: str, code: str) -> list[frozenset[str]]:
    """Return the keys of each word of a name; of one that has none, the name itself."""
    keys = [frozenset(name_keys(word.text, code)) for word in words(name, code)]
    return [found for found in keys if found] or [frozenset({name})]


def _voice(voice: _Heard, book: CitationBook) -> Voice:
    """Cite what somebody said; the first of each article before anything else of one."""
    order = sorted(range(len(voice.said)), key=lambda number: (_turn(voice, number), number))[:_MOST_QUOTES]
    cited = (book.cite(*voice.said[number]) for number in sorted(order))
    name, language = voice.name
    return Voice(name, voice.role, language, tuple(dict.fromkeys(cited)))


def _turn(voice: _Heard, number: int) -> int:
    """Return how many of one's sentences the same article has before."""
    article = voice.said[number][0].article.id
    return sum(report.article.id == article for report, _ in voice.said[:number])
