"""A chat model's text, sentence by sentence as it streams: checked, its markers put right."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.analysis import question_language
from index.analysis.entities import EntityKind, entities_of
from index.analysis.terms import is_stopword
from index.languages.messages import Messages
from index.search import Candidate
from qa.answer import Answer, Checked, SupportVerdict, WrittenSentence
from qa.answering.extractive import written
from qa.errors import WriterBudgetError, WriterBusyError, WriterError, WriterTimeoutError
from qa.evidence import Evidence
from qa.generation.prompts import UNKNOWN
from qa.markers import Resolved, cut_sentences, markers, plain, with_markers, without_markers
from qa.question import Question
from qa.verification.support import Support, SupportChecker

# What goes on longer than this without an end is no sentence.
_LONGEST = 800


@dataclass(frozen=True, slots=True)
class VerifiedSentence:
    """A finished sentence: as it was written, its verdict, and the offered passages, from 1, it rests on."""

    text: str
    verdict: SupportVerdict
    passages: tuple[int, ...]
    supports: tuple[Support, ...] = ()
    reason: str | None = None

    def shown(self, numbers: Sequence[int]) -> WrittenSentence:
        """Give it its citations' numbers: `numbers[n - 1]` is the passage cited as [n]."""
        cited = tuple(sorted(numbers.index(passage) + 1 for passage in self.passages if passage in numbers))
        marked = "".join(f"[{number}]" for number in cited)
        return WrittenSentence(with_markers(self.text, marked), cited, self.verdict, self.reason)


@dataclass(slots=True)
class CitedDraft:
    """Takes a model's pieces and gives its finished sentences, judged."""

    checker: SupportChecker
    offered: Sequence[Evidence]
    words: Messages
    judged: list[VerifiedSentence] = field(default_factory=list)
    _rest: str = ""

    @classmethod
    def of(cls, checker: SupportChecker, question: Question) -> "CitedDraft":
        """Begin the draft of what a chat model writes to a question."""
        assert question.writing is not None
        return cls(checker, question.writing.offered, question.words)

    def take(self, piece: str) -> Iterator[VerifiedSentence]:
        """Take a piece of text; yield the sentences that it finishes."""
        self._rest += piece
        found = cut_sentences(self._rest)
        # A marker after the full stop belongs to the sentence before: one is finished once the next has begun.
        if len(found) > 1:
            self._rest = found[-1]
            yield from self._judge(found[:-1])
        elif len(self._rest) > _LONGEST:
            yield from self.end()

    def end(self) -> Iterator[VerifiedSentence]:
        """Yield what is left."""
        found, self._rest = cut_sentences(self._rest), ""
        yield from self._judge(found)

    def shown(self, found: Iterable[VerifiedSentence]) -> Iterator[Checked]:
        """Give finished sentences as events, with the numbers of their citations so far."""
        for item in found:
            yield Checked(item.shown(self.numbers()))

    def numbers(self) -> list[int]:
        """Return the offered passages that are cited by what stands, in the order of appearance."""
        return list(
            dict.fromkeys(n for item in self.judged if item.verdict is SupportVerdict.VERIFIED for n in item.passages)
        )

    def evidence(self, number: int) -> Evidence:
        """Return an offered passage with the sentence that supports the first written sentence that cites it."""
        own = self.offered[number - 1]
        for item in self.judged:
            if number in item.passages and item.verdict is SupportVerdict.VERIFIED and item.supports:
                best = item.supports[item.passages.index(number)].best
                return replace(own, sentence=best) if best else own
        return own

    def _judge(self, texts: Sequence[str]) -> Iterator[VerifiedSentence]:
        for text in texts:
            clean = plain(text)
            if not any(character.isalnum() for character in without_markers(clean)):
                continue
            item = verify_sentence(clean, self.offered, self.checker, self.words)
            self.judged.append(item)
            yield item


def verify_sentence(
    text: str, offered: Sequence[Evidence], checker: SupportChecker, words: Messages
) -> VerifiedSentence:
    """Judge one sentence: by the passages it marks, else by any other that supports it."""
    bare = without_markers(text).strip()
    marked = [number for number in markers(text) if 1 <= number <= len(offered)]
    if not _says_something(bare):
        return VerifiedSentence(bare, SupportVerdict.UNCHECKED, (), reason=words.say("sentence.nothing_to_check"))
    candidates: list[Candidate] = [item.ranked.candidate for item in offered]
    supports = checker.support(bare, candidates)
    holding = [number for number in marked if supports[number - 1].supported]
    if holding:
        return VerifiedSentence(bare, SupportVerdict.VERIFIED, tuple(holding), tuple(supports[n - 1] for n in holding))
    if len(marked) > 1 and _together([supports[number - 1] for number in marked]):
        return VerifiedSentence(bare, SupportVerdict.VERIFIED, tuple(marked), tuple(supports[n - 1] for n in marked))
    ranked = sorted(range(1, len(offered) + 1), key=lambda number: -supports[number - 1].probability)
    # A sentence that names nothing that can be looked up is at home in too many passages to be given one.
    facts = set(entities_of(bare, question_language(bare)))
    moved = next((n for n in ranked if supports[n - 1].supported and facts - set(supports[n - 1].lacking)), None)
    if moved is not None:
        return VerifiedSentence(bare, SupportVerdict.VERIFIED, (moved,), (supports[moved - 1],))
    nearest = max(marked or ranked[:1], key=lambda number: supports[number - 1].probability, default=None)
    reason = words.say("sentence.no_passage") if nearest is None else _reason(supports[nearest - 1], words)
    return VerifiedSentence(bare, SupportVerdict.UNSUPPORTED, (), reason=reason)


def answer_of(draft: CitedDraft, question: Question, *, quoted: Answer, strike: bool) -> Answer:
    """Make the answer of what stands, or keep the quoted one, with a plain word about what the model wrote."""
    words, judged, writing = draft.words, draft.judged, question.writing
    assert writing is not None
    if writing.error is not None:
        return replace(quoted, notes=(*quoted.notes, note_on(writing.error, words)))
    numbers = draft.numbers()
    sentences_ = tuple(item.shown(numbers) for item in judged)
    failed = sum(item.verdict is SupportVerdict.UNSUPPORTED for item in judged)
    text = " ".join(item.text for item in judged)
    if not numbers:
        note = words.say("answer.model_declined" if not judged or UNKNOWN in text else "answer.model_unsupported")
        kept = sentences_ if strike and UNKNOWN not in text else ()
        return replace(quoted, notes=(*quoted.notes, note), sentences=kept, tokens=writing.tokens)
    standing = [sentence for sentence in sentences_ if sentence.verdict is not SupportVerdict.UNSUPPORTED]
    resolved = Resolved(" ".join(sentence.text for sentence in standing), tuple(numbers))
    offered = [draft.evidence(number) for number in range(1, len(draft.offered) + 1)]
    answer = written(question, resolved, offered, writing.writer)
    note = words.count("answer.struck" if strike else "answer.removed", failed, all=len(judged))
    return replace(
        answer,
        question=quoted.question,
        standalone=quoted.standalone,
        sentences=sentences_ if strike else tuple(standing),
        tokens=writing.tokens,
        notes=(*quoted.notes, note) if failed else quoted.notes,
    )


def note_on(error: WriterError, words: Messages) -> str:
    """Say in plain words why a chat model did not write."""
    match error:
        case WriterTimeoutError():
            return words.say("answer.model_slow", error=error)
        case WriterBusyError():
            return words.say("answer.model_busy", error=error)
        case WriterBudgetError():
            return words.say("answer.model_budget", error=error)
    return words.say("answer.model_failed", error=error)


def _together(supports: Sequence[Support]) -> bool:
    """Tell whether passages that each lack something hold all of a sentence between them."""
    shared = set(supports[0].lacking).intersection(*(support.lacking for support in supports[1:]))
    return not shared and max(support.meaning for support in supports) >= 1.0


def _says_something(bare: str) -> bool:
    words = re.findall(r"[^\W_]+", bare)
    language = question_language(bare)
    return sum(not is_stopword(word, language) for word in words) >= 2


def _reason(support: Support, words: Messages) -> str:
    lacking = [fact for fact in support.lacking if fact.kind is not EntityKind.NAME]
    names = [fact for fact in support.lacking if fact.kind is EntityKind.NAME]
    if lacking:
        return words.say("sentence.lacks", fact=lacking[0].text)
    if support.signs.speaker:
        return words.say("sentence.other_speaker")
    if support.signs.negated:
        return words.say("sentence.contradicted")
    if names:
        return words.say("sentence.lacks", fact=names[0].text)
    return words.say("sentence.not_said")
