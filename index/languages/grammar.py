"""What the languages' grammars speak of: words, speakers, statements, what a question asks for."""

from dataclasses import dataclass
from enum import StrEnum

from index.text.normalisation import Span


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark, `text[start:end]`, folded.

    `is_capital` is whether it is written as a name is; `is_joined` whether its first letter is seen to be a word of
    its own.
    """

    start: int
    end: int
    folded: str
    is_word: bool
    is_capital: bool = False
    is_joined: bool = False


class Stance(StrEnum):
    """Kinds of statement, as a reporting verb tells them apart."""

    SAID = "said"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    WARNED = "warned"
    ACCUSED = "accused"
    WELCOMED = "welcomed"
    CONDEMNED = "condemned"
    CALLED_FOR = "called_for"
    ANNOUNCED = "announced"
    EXPECTED = "expected"
    ADMITTED = "admitted"
    PROMISED = "promised"
    CLAIMED = "claimed"


class Form(StrEnum):
    """The forms of a reporting verb that matter here."""

    FINITE = "finite"
    PARTICIPLE = "participle"
    WITH_OBJECT = "with_object"
    NOUN = "noun"


@dataclass(frozen=True, slots=True)
class Reporting:
    """A form of a reporting verb.

    `gender` is "m", "f" or "" where the form leaves it open; `doubtful` forms are as often another word,
    and count only where a clause begins; `transitive` verbs may have their object where a subject could stand.
    """

    stance: Stance
    form: Form
    gender: str = ""
    doubtful: bool = False
    transitive: bool = False
    lemma: str = ""


class Toll(StrEnum):
    """Whom a figure counts."""

    DEAD = "dead"
    INJURED = "injured"
    MISSING = "missing"
    DISPLACED = "displaced"
    ARRESTED = "arrested"
    RESCUED = "rescued"


class MentionKind(StrEnum):
    """What a speaker is called by: a name, a title alone, an institution, or "the same"."""

    PERSON = "person"
    TITLE = "title"
    INSTITUTION = "institution"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Mention:
    """A speaker mentioned by `tokens[first:last]`; `name` and `role` are spans of the text.

    `gender` is "m", "f", "p" for several, "n" for a body, "h" for anyone human, "" where it is open.
    """

    kind: MentionKind
    name: Span
    role: Span | None
    first: int
    last: int
    gender: str = ""
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence reports: the verb that shows it (`cue`) and who speaks; `speaker` None is someone named before.

    `gender` is the verb's, as in `Mention`.
    """

    stance: Stance
    cue: Span | None
    speaker: Mention | None
    gender: str = ""


@dataclass(frozen=True, slots=True)
class KnownName:
    """A known name as it stands in a text; `key` is the same for all its forms, in every language.

    It is certain unless its word is a common one as well.
    """

    span: Span
    key: str
    is_certain: bool = True


class Shape(StrEnum):
    """What kind of answer a question asks for."""

    FACT = "fact"
    WHETHER = "whether"
    COUNT = "count"
    SPEAKER = "speaker"
    TIMELINE = "timeline"
    COMPARISON = "comparison"
    STATEMENTS = "statements"


@dataclass(frozen=True, slots=True)
class Request:
    """What a question asks for.

    `stance` is the kind of statement whose speaker it asks for, None where it asks for no speaker; `toll` is whom it
    asks to count, None for nobody or for several; `is_negated` tells whether it asks who did not do something;
    `names` are the names in it, in lower case, where its script marks them. Of a question for several articles,
    `about` is what to search for, `people` whose words are asked for and `topic` what they speak of.
    """

    shape: Shape = Shape.FACT
    stance: Stance | None = None
    toll: Toll | None = None
    is_negated: bool = False
    names: tuple[str, ...] = ()
    about: str = ""
    topic: str = ""
    people: tuple[str, ...] = ()

    @property
    def asks_whether(self) -> bool:
        """Tell whether it asks for yes or no."""
        return self.shape is Shape.WHETHER

    @property
    def asks_for_speaker(self) -> bool:
        """Tell whether it asks who made a statement."""
        return self.stance is not None

    @property
    def is_overview(self) -> bool:
        """Tell whether it asks for more than one article: a timeline, a comparison, what somebody said."""
        return self.shape in (Shape.TIMELINE, Shape.COMPARISON, Shape.STATEMENTS)


@dataclass(frozen=True, slots=True)
class Context:
    """The last question, made to stand alone and without its question mark, and what it was about.

    `language` is the code of its language; `topic` is the things it names, `matter` all it says beside its question
    words; `person` is who was quoted last, and `is_body` tells whether that is an institution, which is no "he" or
    "she"; `asked_who` tells whether it asked for a speaker; `asked_for` is what it asked for in words of its own
    ("the French lawyer" of "which French lawyer").
    """

    question: str
    language: str
    topic: str
    matter: str
    person: str | None = None
    asked_who: bool = False
    is_body: bool = False
    asked_for: str | None = None
