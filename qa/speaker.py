"""Who said a sentence of an article: rules over reporting verbs, names, titles and the sentences before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.folding import Span
from qa.answer import Speaker
from qa.arabic_names import Token, tokenise
from qa.datelines import after_dateline
from qa.english import english_statement
from qa.english_phrases import Word, english_mentions, tokenise_english
from qa.mentions import Kind, Mention
from qa.reporting import Stance
from qa.stance import asks_for_speaker, stance_asked, stance_of
from qa.statements import Statement, arabic_statement, bare, mentions_in

__all__ = ["Stance", "asks_for_speaker", "attribute", "stance_asked", "stance_of"]

_LONGEST_QUOTATION = 6  # sentences a quotation that was opened may go on for
_RECENT = 4


def attribute(text: str, sentences: Sequence[Span], position: int) -> Speaker | None:
    """Return who said sentence `position` of an article, or None when it is attributed to nobody.

    `sentences` are the spans of the article's sentences, in order; the speakers of earlier ones are carried
    over to "وأضاف" or "she said". The name, role and verb are slices of `text`. Raises `IndexError` when there
    is no such sentence.
    """
    return _speakers(text, tuple(sentences))[position]


@lru_cache(maxsize=128)
def _speakers(text: str, sentences: tuple[Span, ...]) -> tuple[Speaker | None, ...]:
    return _Reading(text, sentences).speakers()


@dataclass(frozen=True, slots=True)
class _Person:
    """A name in the article, with the role given at its place."""

    keys: tuple[str, ...]
    name: Span
    role: Span | None
    role_keys: frozenset[str]


@dataclass(slots=True)
class _Recent:
    """A speaker who may be carried over, and the gender of the verb that introduced it."""

    name: Span
    role: Span | None
    gender: str


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A sentence's tokens, in the language it is written in."""

    arabic: tuple[Token, ...]
    english: tuple[Word, ...]

    @classmethod
    def of(cls, text: str, span: Span) -> "_Tokens":
        span = after_dateline(text, span)
        letters = [letter for letter in span.slice(text) if letter.isalpha()]
        arabic = sum("\u0600" <= letter <= "\u06ff" for letter in letters)
        if 2 * arabic >= len(letters):
            return cls(tokenise(text, span), ())
        return cls((), tokenise_english(text, span))

    def statement(self, known: frozenset[str]) -> Statement | None:
        return english_statement(self.english) if self.english else arabic_statement(self.arabic, known)

    def mentions(self) -> Iterator[Mention]:
        return english_mentions(self.english) if self.english else mentions_in(self.arabic)


@dataclass(slots=True)
class _Reading:
    text: str
    sentences: tuple[Span, ...]
    people: list[_Person] = field(default_factory=list)
    bodies: list[_Person] = field(default_factory=list)
    recent: list[_Recent] = field(default_factory=list)

    def speakers(self) -> tuple[Speaker | None, ...]:
        tokens = [_Tokens.of(self.text, span) for span in self.sentences]
        for each in tokens:
            self._register(each.mentions())
        known = self._known()
        subjects = (statement.speaker for each in tokens if (statement := each.statement(known)))
        self._register([subject for subject in subjects if subject is not None])
        self.people.sort(key=lambda person: person.name.start)
        self.bodies.sort(key=lambda body: body.name.start)
        known = self._known()
        found: list[Speaker | None] = []
        open_for = 0
        for span, each in zip(self.sentences, tokens, strict=True):
            statement = each.statement(known)
            speaker = self._speaker(statement) if statement else None
            begins_quoted = self.text[span.start] in '"“«'
            if speaker is None and self.recent and (open_for or (begins_quoted and found and found[-1])):
                last = self.recent[-1]
                speaker = self._made(last.name, last.role, None, Stance.SAID)
            open_for = self._open_for(span, open_for, speaker)
            found.append(speaker)
        return tuple(found)

    def _open_for(self, span: Span, open_for: int, speaker: Speaker | None) -> int:
        """Return for how many more sentences a quotation may still be open."""
        marks = [mark for mark in span.slice(self.text) if mark in '"“”«»']
        inside = open_for > 0
        for mark in marks:
            inside = mark == "«" or (mark != "»" and not inside)
        if not inside or speaker is None:
            return 0
        return open_for - 1 if open_for else _LONGEST_QUOTATION

    def _register(self, mentions: Iterable[Mention]) -> None:
        for mention in mentions:
            person = self._person(mention)
            if not person.keys:
                continue
            if mention.kind is Kind.PERSON:
                self.people.append(person)
            elif mention.kind is Kind.INSTITUTION:
                self.bodies.append(person)

    def _known(self) -> frozenset[str]:
        """Return the surnames of the people the article names, with and without the article."""
        surnames = {bare(person.keys[-1]) for person in self.people if person.keys}
        return frozenset(surnames | {"ال" + name for name in surnames})

    def _person(self, mention: Mention) -> _Person:
        role = mention.role if mention.kind is Kind.PERSON else mention.name
        return _Person(
            tuple(self._keys(mention.name)),
            mention.name,
            mention.role,
            frozenset(self._keys(role)) if role else frozenset(),
        )

    def _keys(self, span: Span) -> Iterator[str]:
        return (bare(token.folded) for token in tokenise(self.text, span) if token.word)

    def _speaker(self, statement: Statement) -> Speaker | None:
        mention = statement.speaker
        if mention is None or mention.kind is Kind.SAME:
            last = self._last(statement.gender if mention is None else "")
            if last is None:
                return None
            return self._made(last.name, last.role, statement.verb, statement.stance)
        if mention.kind is Kind.PERSON:
            name, role = self._full_name(mention)
        elif mention.kind is Kind.TITLE:
            name, role = self._holder(mention)
        else:
            name, role = self._body(mention), None
        gender = statement.gender or mention.gender
        self.recent = [*self.recent[1 - _RECENT :], _Recent(name, role, gender)]
        return self._made(name, role, statement.verb, statement.stance)

    def _last(self, gender: str) -> _Recent | None:
        """Return the last speaker a verb of this gender may go on with."""
        for recent in reversed(self.recent):
            if _may_go_on(recent.gender, gender):
                return recent
        return None

    def _full_name(self, mention: Mention) -> tuple[Span, Span | None]:
        """Return the fullest name the article gives this person, and a role."""
        keys = tuple(self._keys(mention.name))
        fuller = [person for person in self.people if _extends(person.keys, keys)]
        spoken = [person for recent in reversed(self.recent) for person in fuller if person.name == recent.name]
        chosen = spoken[0] if spoken else _nearest(fuller, mention.name.start)
        if chosen is None:
            same = [person for person in self.people if person.keys == keys and person.role]
            return mention.name, mention.role or (same[0].role if same else None)
        roles = [person.role for person in fuller if person.keys == chosen.keys and person.role]
        return chosen.name, (roles[0] if roles else mention.role)

    def _holder(self, mention: Mention) -> tuple[Span, Span | None]:
        """Return the person who was named with this title before, or the title itself."""
        keys = frozenset(self._keys(mention.name)) - {"the"}
        definite = mention.name.slice(self.text).startswith(("ال", "the ", "The "))
        holders = [
            person
            for person in self.people
            if person.role
            and (keys <= person.role_keys if definite else len(keys) > 1 and keys == person.role_keys)
            and person.name.start < mention.name.start
        ]
        chosen = _nearest(holders, mention.name.start)
        if chosen is None:
            return mention.name, None
        return self._full_name(Mention(Kind.PERSON, chosen.name, chosen.role, 0, 0))

    def _body(self, mention: Mention) -> Span:
        """Return the fuller name an institution was given before: "السفارة" may be "السفارة الأمريكية في بغداد"."""
        keys = tuple(self._keys(mention.name))
        if keys[:1] == ("the",) and len(keys) == 2:
            return self._english_body(mention, keys[1])
        if len(keys) != 1:
            return mention.name
        fuller = [
            body.name
            for body in self.bodies
            if body.keys[0] == keys[0] and len(body.keys) > 1 and body.name.start < mention.name.start
        ]
        spoken = [recent.name for recent in reversed(self.recent) if recent.name in fuller]
        return (spoken + fuller)[0] if fuller else mention.name

    def _english_body(self, mention: Mention, head: str) -> Span:
        """Return the fuller name of "the embassy": the last institution named before with that word in it."""
        fuller = [
            body.name for body in self.bodies if _is_called(body.keys, head) and body.name.start < mention.name.start
        ]
        return fuller[-1] if fuller else mention.name

    def _made(self, name: Span, role: Span | None, verb: Span | None, stance: Stance) -> Speaker:
        return Speaker(
            name=name.slice(self.text),
            start=name.start,
            end=name.end,
            role=role.slice(self.text) if role else None,
            verb=verb.slice(self.text) if verb else None,
            kind=str(stance),
        )


def _may_go_on(speaker: str, verb: str) -> bool:
    """Tell whether a verb of one gender may have a speaker of another; "n" is a body, "h" anyone human."""
    if not verb or not speaker or speaker == verb or "p" in (speaker, verb):
        return True
    return speaker == "h" and verb in "mf"


def _is_called(keys: tuple[str, ...], head: str) -> bool:
    """Tell whether an institution goes by one word: "the embassy" of "Norvian embassy in Baghdad"."""
    if len(keys) < 2 or head not in keys or keys == ("the", head):
        return False
    after = keys[keys.index(head) + 1 :]
    return not after or after[0] in ("in", "of", "for", "at")


def _extends(full: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    """Tell whether a name is a fuller form of another: the other is its end, or its first name alone."""
    if len(full) <= len(keys):
        return False
    return full[-len(keys) :] == keys or (len(keys) == 1 and full[0] == keys[0] and len(full) == 2)


def _nearest(people: Sequence[_Person], before: int) -> _Person | None:
    """Return the first of the people named before a place, else the first named after it."""
    earlier = [person for person in people if person.name.start < before]
    return earlier[-1] if earlier else (people[0] if people else None)
