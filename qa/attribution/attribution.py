"""Who said a sentence of an article: rules over reporting verbs, names, titles and the sentences before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

from index.analysis import is_question, language_of, language_within
from index.article import Article
from index.languages import Grammar, Language, language
from index.languages.grammar import Mention, MentionKind, Stance, Statement, Token
from index.languages.parts.tokens import tokenise
from index.text.normalisation import Span
from qa.answer import Speaker

_LONGEST_QUOTATION = 6  # sentences a quotation that was opened may go on for
_RECENT = 4
_FEWEST_QUESTIONS = 2


def attribute(text: str, sentences: Sequence[Span], position: int, code: str | None = None) -> Speaker | None:
    """Return who said sentence `position` of an article, or None when it is attributed to nobody.

    `sentences` are the spans of the article's sentences, in order; the speakers of earlier ones are carried
    over to "وأضاف" or "she said"; `code` is the article's language, found in its text where it is None. The name, role
    and verb are slices of `text`. Raises `IndexError` when there is no such sentence.
    """
    return _told(text, tuple(sentences), code or language_of(text).code).speakers[position]


def speaker_of(article: Article, sentence: Span) -> Speaker | None:
    """Return who said a sentence of an article, or None where the article does not tell."""
    spans = article.sentences
    place = next((place for place, span in enumerate(spans) if span.start <= sentence.start < span.end), None)
    if place is None:
        return None
    return attribute(article.text, spans, place, article.language_of(spans[place].start))


def people_in(article: Article) -> tuple[Span, ...]:
    """Return where an article names people by at least two words, in the order of the text."""
    return _told(article.text, article.sentences, article.language).people


@dataclass(frozen=True, slots=True)
class _Told:
    """Who says each sentence of an article, and where it names people in full."""

    speakers: tuple[Speaker | None, ...]
    people: tuple[Span, ...]


@lru_cache(maxsize=128)
def _told(text: str, sentences: tuple[Span, ...], code: str) -> _Told:
    reading = _Reading(text, sentences, language(code))
    speakers = reading.speakers()
    named = dict.fromkeys(person.name for person in reading.people if len(person.keys) > 1)
    return _Told(speakers, tuple(named))


@dataclass(frozen=True, slots=True)
class _Person:
    """A name in the article, with the role given at its place."""

    keys: tuple[str, ...]
    name: Span
    role: Span | None
    role_keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Interview:
    """Who answers in an interview, and where the sentences of the answers begin."""

    person: _Person
    places: frozenset[int]


@dataclass(slots=True)
class _Recent:
    """A speaker who may be carried over, and the gender of the verb that introduced it."""

    name: Span
    role: Span | None
    gender: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What a sentence says, in the language it is written in."""

    tokens: tuple[Token, ...]
    grammar: Grammar

    @classmethod
    def of(cls, text: str, span: Span, home: Language) -> "_Sentence":
        written = span.slice(text)
        grammar = language_within(written, home).grammar
        said = Span(span.start + grammar.dateline(written), span.end)
        return cls(grammar.tokens(text, said), grammar)

    def statement(self, known: frozenset[str]) -> Statement | None:
        return self.grammar.statement(self.tokens, known)

    def mentions(self) -> Iterator[Mention]:
        return self.grammar.mentions(self.tokens)


@dataclass(slots=True)
class _Reading:
    text: str
    sentences: tuple[Span, ...]
    pack: Language
    people: list[_Person] = field(default_factory=list)
    bodies: list[_Person] = field(default_factory=list)
    recent: list[_Recent] = field(default_factory=list)

    def speakers(self) -> tuple[Speaker | None, ...]:
        read = [_Sentence.of(self.text, span, self.pack) for span in self.sentences]
        for each in read:
            self._register(each.mentions())
        known = self._known()
        subjects = (statement.speaker for each in read if (statement := each.statement(known)))
        self._register([subject for subject in subjects if subject is not None])
        self.people.sort(key=lambda person: person.name.start)
        self.bodies.sort(key=lambda body: body.name.start)
        known = self._known()
        answering = self._answering()
        found: list[Speaker | None] = []
        open_for = 0
        for span, each in zip(self.sentences, read, strict=True):
            statement = each.statement(known)
            speaker = self._speaker(statement) if statement else None
            begins_quoted = self.text[span.start] in '"“«'
            if speaker is None and self.recent and (open_for or (begins_quoted and found and found[-1])):
                last = self.recent[-1]
                speaker = self._made(last.name, last.role, None, Stance.SAID)
            if speaker is None and answering and span.start in answering.places:
                speaker = self._made(answering.person.name, answering.person.role, None, Stance.SAID)
            open_for = self._open_for(span, open_for, speaker)
            found.append(speaker)
        return tuple(found)

    def _answering(self) -> "_Interview | None":
        """Return who is interviewed: the first whom the text names in full before two or more lines that ask."""
        lines = [list(line) for _, line in groupby(self.sentences, lambda span: self.text.count("\n", 0, span.start))]
        asking = [is_question(line[-1].slice(self.text)) for line in lines]
        first = asking.index(True) if sum(asking) >= _FEWEST_QUESTIONS else 0
        named = (person for person in self.people if first and person.name.start < lines[first][0].start)
        person = next((person for person in named if len(person.keys) > 1), None)
        if person is None:
            return None
        replies = (
            line for line, asks, follows in zip(lines[1:], asking[1:], asking, strict=False) if follows and not asks
        )
        return _Interview(person, frozenset(span.start for line in replies for span in line))

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
            if mention.kind is MentionKind.PERSON:
                self.people.append(person)
            elif mention.kind is MentionKind.INSTITUTION:
                self.bodies.append(person)

    def _known(self) -> frozenset[str]:
        """Return the surnames of the people the article names, each without an article that is written on to it."""
        return frozenset(person.keys[-1] for person in self.people if person.keys)

    def _person(self, mention: Mention) -> _Person:
        role = mention.role if mention.kind is MentionKind.PERSON else mention.name
        return _Person(
            tuple(self._keys(mention.name)),
            mention.name,
            mention.role,
            frozenset(self._keys(role)) if role else frozenset(),
        )

    def _keys(self, span: Span) -> Iterator[str]:
        bare = self.pack.grammar.bare
        return (bare(token.folded) for token in tokenise(self.text, span) if token.is_word)

    def _speaker(self, statement: Statement) -> Speaker | None:
        mention = statement.speaker
        if mention is None or mention.kind is MentionKind.SAME:
            last = self._last(statement.gender if mention is None else "")
            if last is None:
                return None
            return self._made(last.name, last.role, statement.cue, statement.stance)
        if mention.kind is MentionKind.PERSON:
            name, role = self._full_name(mention)
        elif mention.kind is MentionKind.TITLE:
            name, role = self._holder(mention)
        else:
            name, role = self._body(mention), None
        gender = statement.gender or mention.gender
        self.recent = [*self.recent[1 - _RECENT :], _Recent(name, role, gender)]
        return self._made(name, role, statement.cue, statement.stance)

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
        keys = frozenset(self._keys(mention.name)) - self.pack.grammar.articles
        definite = self.pack.grammar.is_definite(mention.name.slice(self.text))
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
        return self._full_name(Mention(MentionKind.PERSON, chosen.name, chosen.role, 0, 0))

    def _body(self, mention: Mention) -> Span:
        """Return the fuller name an institution was given before: "السفارة" may be "السفارة الأمريكية في بغداد"."""
        keys = tuple(self._keys(mention.name))
        grammar = self.pack.grammar
        with_article = len(keys) == 2 and keys[0] in grammar.articles
        if len(keys) != 1 and not with_article:
            return mention.name
        before = [body for body in self.bodies if body.name.start < mention.name.start]
        if with_article:
            called = [body.name for body in before if grammar.is_called(body.keys, keys[1])]
            return called[-1] if called else mention.name
        fuller = [body.name for body in before if body.keys[0] == keys[0] and len(body.keys) > 1]
        spoken = [recent.name for recent in reversed(self.recent) if recent.name in fuller]
        return (spoken + fuller)[0] if fuller else mention.name

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


def _extends(full: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    """Tell whether a name is a fuller form of another: the other is its end, or its first name alone."""
    if len(full) <= len(keys):
        return False
    return full[-len(keys) :] == keys or (len(keys) == 1 and full[0] == keys[0] and len(full) == 2)


def _nearest(people: Sequence[_Person], before: int) -> _Person | None:
    """Return the first of the people named before a place, else the first named after it."""
    earlier = [person for person in people if person.name.start < before]
    return earlier[-1] if earlier else (people[0] if people else None)
