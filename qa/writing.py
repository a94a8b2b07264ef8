"""A chat model's text, sentence by sentence as it streams: checked, its markers put right."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.errors import WriterBudgetError, WriterBusyError, WriterError, WriterTimeoutError
from index.search import Candidate
from index.text import sentences
from index.words import is_stopword
from qa.answer import Answer, Verdict, WrittenSentence
from qa.checking import Checker, Support
from qa.citations import Resolved, markers, without_markers
from qa.composing import written
from qa.facts import FactKind, facts_of
from qa.prompts import UNKNOWN
from qa.question import Question
from qa.reader import Evidence
from qa.wording import Words
from qa.writer import ChatWriter, Writer

_LEADING_MARKERS = re.compile(r"^(?:\[[\d٠-٩\s,،]+\]\s*)+")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+|\d{1,2}[.)])\s+")
_URL = re.compile(r"\b(?:https?|ftp|file|data|javascript)\s*:\S*|\bwww\.\S+", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^)]*\)")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
# What goes on longer than this without an end is no sentence.
_LONGEST = 800


@dataclass(frozen=True, slots=True)
class Judged:
    """A finished sentence: as it was written, its verdict, and the offered passages, from 1, it rests on."""

    text: str
    verdict: Verdict
    passages: tuple[int, ...]
    supports: tuple[Support, ...] = ()
    reason: str | None = None

    def shown(self, numbers: Sequence[int]) -> WrittenSentence:
        """Give it its citations' numbers: `numbers[n - 1]` is the passage cited as [n]."""
        cited = tuple(sorted(numbers.index(passage) + 1 for passage in self.passages if passage in numbers))
        marked = "".join(f"[{number}]" for number in cited)
        return WrittenSentence(_marked(self.text, marked), cited, self.verdict, self.reason)


@dataclass(slots=True)
class Draftsman:
    """Takes a model's pieces and gives its finished sentences, judged."""

    checker: Checker
    offered: Sequence[Evidence]
    words: Words
    judged: list[Judged] = field(default_factory=list)
    _rest: str = ""

    def take(self, piece: str) -> Iterator[Judged]:
        """Take a piece of text; yield the sentences that it finishes."""
        self._rest += piece
        found = _cut(self._rest)
        # A marker after the full stop belongs to the sentence before: one is finished once the next has begun.
        if len(found) > 1:
            self._rest = found[-1]
            yield from self._judge(found[:-1])
        elif len(self._rest) > _LONGEST:
            yield from self.end()

    def end(self) -> Iterator[Judged]:
        """Yield what is left."""
        found, self._rest = _cut(self._rest), ""
        yield from self._judge(found)

    def numbers(self) -> list[int]:
        """Return the offered passages that are cited by what stands, in the order of appearance."""
        return list(dict.fromkeys(n for item in self.judged if item.verdict is Verdict.VERIFIED for n in item.passages))

    def evidence(self, number: int) -> Evidence:
        """Return an offered passage with the sentence that supports the first written sentence that cites it."""
        own = self.offered[number - 1]
        for item in self.judged:
            if number in item.passages and item.verdict is Verdict.VERIFIED and item.supports:
                best = item.supports[item.passages.index(number)].best
                return replace(own, sentence=best) if best else own
        return own

    def _judge(self, texts: Sequence[str]) -> Iterator[Judged]:
        for text in texts:
            clean = plain(text)
            if not any(character.isalnum() for character in without_markers(clean)):
                continue
            item = judge(clean, self.offered, self.checker, self.words)
            self.judged.append(item)
            yield item


def judge(text: str, offered: Sequence[Evidence], checker: Checker, words: Words) -> Judged:
    """Judge one sentence: by the passages it marks, else by any other that supports it."""
    bare = without_markers(text).strip()
    marked = [number for number in markers(text) if 1 <= number <= len(offered)]
    if not _says_something(bare):
        return Judged(bare, Verdict.UNCHECKED, (), reason=words.nothing_to_check)
    candidates: list[Candidate] = [item.ranked.candidate for item in offered]
    supports = checker.support(bare, candidates)
    holding = [number for number in marked if supports[number - 1].supported]
    if holding:
        return Judged(bare, Verdict.VERIFIED, tuple(holding), tuple(supports[n - 1] for n in holding))
    if len(marked) > 1 and _together([supports[number - 1] for number in marked]):
        return Judged(bare, Verdict.VERIFIED, tuple(marked), tuple(supports[n - 1] for n in marked))
    ranked = sorted(range(1, len(offered) + 1), key=lambda number: -supports[number - 1].probability)
    # A sentence that names nothing that can be looked up is at home in too many passages to be given one.
    facts = set(facts_of(bare))
    moved = next((n for n in ranked if supports[n - 1].supported and facts - set(supports[n - 1].lacking)), None)
    if moved is not None:
        return Judged(bare, Verdict.VERIFIED, (moved,), (supports[moved - 1],))
    nearest = max(marked or ranked[:1], key=lambda number: supports[number - 1].probability, default=None)
    reason = words.no_passage if nearest is None else _reason(supports[nearest - 1], words)
    return Judged(bare, Verdict.UNSUPPORTED, (), reason=reason)


def finished(draft: Draftsman, question: Question, quoted: Answer, writer: Writer, *, strike: bool) -> Answer:
    """Make the answer of what stands, or keep the quoted one, with a plain word about what the model wrote."""
    words, judged = draft.words, draft.judged
    numbers = draft.numbers()
    sentences_ = tuple(item.shown(numbers) for item in judged)
    failed = sum(item.verdict is Verdict.UNSUPPORTED for item in judged)
    text = " ".join(item.text for item in judged)
    tokens = (
        writer.tokens(question.text, draft.offered, question.language, text) if isinstance(writer, ChatWriter) else None
    )
    if not numbers:
        note = words.model_declined if not judged or UNKNOWN in text else words.model_unsupported
        kept = sentences_ if strike and UNKNOWN not in text else ()
        return replace(quoted, notes=(*quoted.notes, note), sentences=kept, tokens=tokens)
    standing = [sentence for sentence in sentences_ if sentence.verdict is not Verdict.UNSUPPORTED]
    resolved = Resolved(" ".join(sentence.text for sentence in standing), tuple(numbers))
    offered = [draft.evidence(number) for number in range(1, len(draft.offered) + 1)]
    answer = written(question, resolved, offered, writer.name)
    note = (words.struck if strike else words.removed).format(count=failed, all=len(judged))
    return replace(
        answer,
        question=quoted.question,
        standalone=quoted.standalone,
        sentences=sentences_ if strike else tuple(standing),
        tokens=tokens,
        notes=(*quoted.notes, note) if failed else quoted.notes,
    )


def note_on(error: WriterError, words: Words) -> str:
    """Say in plain words why a chat model did not write."""
    match error:
        case WriterTimeoutError():
            return words.model_slow.format(error=error)
        case WriterBusyError():
            return words.model_busy.format(error=error)
        case WriterBudgetError():
            return words.model_budget.format(error=error)
    return words.model_failed.format(error=error)


def plain(text: str) -> str:
    """Take from a model's sentence what is no prose: bullets, emphasis, links, tags. No URL is left in it."""
    clean = _LINK.sub(r"\1", _BULLET.sub("", text))
    clean = _URL.sub("…", _TAG.sub("", clean))
    return " ".join(re.sub(r"\*\*|__|`+|~~", "", clean).split())


def _together(supports: Sequence[Support]) -> bool:
    """Tell whether passages that each lack something hold all of a sentence between them."""
    shared = set(supports[0].lacking).intersection(*(support.lacking for support in supports[1:]))
    return not shared and max(support.meaning for support in supports) >= 1.0


def _says_something(bare: str) -> bool:
    words = re.findall(r"[^\W_]+", bare)
    return sum(not is_stopword(word) for word in words) >= 2


def _reason(support: Support, words: Words) -> str:
    lacking = [fact for fact in support.lacking if fact.kind is not FactKind.NAME]
    names = [fact for fact in support.lacking if fact.kind is FactKind.NAME]
    if lacking:
        return words.lacks.format(fact=lacking[0].text)
    if support.signs.speaker:
        return words.other_speaker
    if support.signs.negated:
        return words.contradicted
    if names:
        return words.lacks.format(fact=names[0].text)
    return words.unsupported


def _cut(text: str) -> list[str]:
    """Cut a text into sentences, each with the markers that follow it."""
    found: list[str] = []
    for span in sentences(text):
        part = span.slice(text)
        leading = _LEADING_MARKERS.match(part)
        if leading and found:
            found[-1] += f" {leading.group().strip()}"
            part = part[leading.end() :]
        if part:
            found.append(part)
    return found


def _marked(text: str, marked: str) -> str:
    """Put markers before the full stop."""
    if not marked:
        return text
    match = re.search(r"[.!?؟。…]+[\"”»]?$", text)
    return f"{text[: match.start()].rstrip()} {marked}{match.group()}" if match else f"{text} {marked}"
