"""Reporting verbs and their subjects as English writes them."""

from collections.abc import Sequence

from index.languages.en.mentions import DETERMINERS, PRONOUNS, phrase_at, phrase_before, with_role_after
from index.languages.en.reporting_verbs import PHRASES, verb_of
from index.languages.grammar import Form, Mention, MentionKind, Reporting, Stance, Statement, Token
from index.languages.parts.quotation import first_reported, quoted_in
from index.text.normalisation import Span, word_set

_TOGGLES = frozenset('"“”„')
_ADVERBS = word_set(
    "has have had also later then previously repeatedly strongly earlier already again quickly first flatly publicly officially "
    "reportedly however never not did does do could would will have both all itself himself herself still once immediately firmly "
    "categorically privately today yesterday separately meanwhile further openly on monday tuesday wednesday thursday friday saturday sunday"
)
_AFTER_SPEAKER = word_set(
    "on in at during after before when while as who whose yesterday today late early last this from speaking adding and"
)
_WITH_OBJECT = word_set(
    "blamed blames told tells mocked mocks described describes quoted quotes asked asks called calls"
)
_BE = word_set("is are was were be been being am isn't wasn't weren't aren't 's")


def statement_in(tokens: Sequence[Token]) -> Statement | None:
    """Read what an English sentence reports: its first reporting verb outside quotations, and that verb's subject."""
    quoted = quoted_in(tokens, _TOGGLES)
    found = first_reported(tokens, quoted, lambda i: _according(tokens, i) or _reporting(tokens, i, quoted))
    return found or _headed(tokens)


def _headed(tokens: Sequence[Token]) -> Statement | None:
    """Read "Sara Hamid: “…”", a name with a colon and a quotation after it."""
    colon = next((i for i in range(len(tokens) - 1) if tokens[i].folded == ":" and tokens[i + 1].folded in _TOGGLES), 0)
    mention = _topic(tokens, colon) if colon > 1 else None
    is_name = mention is not None and mention.kind is MentionKind.PERSON and mention.last == colon
    return Statement(Stance.SAID, None, mention, mention.gender) if mention is not None and is_name else None


def _according(tokens: Sequence[Token], i: int) -> Statement | None:
    if tokens[i].folded != "according" or i + 2 >= len(tokens) or tokens[i + 1].folded != "to":
        return None
    mention = phrase_at(tokens, i + 2)
    return Statement(Stance.SAID, None, mention) if mention is not None else None


def _reporting(tokens: Sequence[Token], i: int, quoted: Sequence[bool]) -> Statement | None:
    following = tokens[i + 1].folded if i + 1 < len(tokens) else ""
    phrase = PHRASES.get((tokens[i].folded, following))
    verb = verb_of(tokens[i].folded)
    if (verb is None and phrase is None) or _is_of_a_name(tokens, i):
        return None
    verb = verb or Reporting(phrase or Stance.SAID, Form.FINITE)
    before = tokens[i - 1].folded if i else ""
    if verb.form is Form.PARTICIPLE and phrase is None:
        return _adding(tokens, i, verb) if before == "," else None
    if before in _BE and following == "by" and i + 2 < len(tokens):
        agent = phrase_at(tokens, i + 2)
        return Statement(verb.stance, Span(tokens[i].start, tokens[i].end), agent, agent.gender) if agent else None
    if before in _BE | DETERMINERS | {"to", "of"}:
        return None
    stance = phrase or verb.stance
    if verb.doubtful and phrase is None and following in ("", ".", ",", "of", "by"):
        return None
    span = Span(tokens[i].start, tokens[i].end)
    at = _back_over(tokens, i - 1)
    if any(tokens[j].folded in ("not", "never") for j in range(at + 1, i)):
        return None
    if at >= 0 and tokens[at].is_word and tokens[at].folded in PRONOUNS and not quoted[at]:
        return _pronoun(tokens, at, stance, span)
    subject = _subject(tokens, i, at, quoted, stance)
    if subject is not None:
        return Statement(stance, span, subject, subject.gender)
    if at >= 0 and tokens[at].folded in ("and", "but") and not verb.doubtful:
        topic = _topic(tokens, at)
        return Statement(stance, span, topic, topic.gender if topic else "")
    return None


def _is_of_a_name(tokens: Sequence[Token], i: int) -> bool:
    """Tell "the Gulf States", which ends a name, from a verb: within a sentence no verb has a capital."""
    return tokens[i].is_capital and i > 0 and tokens[i - 1].is_word


def _adding(tokens: Sequence[Token], i: int, verb: Reporting) -> Statement | None:
    """Read "Saad defended him, saying that …": the sentence's subject speaks."""
    topic = _topic(tokens, i)
    if topic is None or verb.doubtful:
        return None
    return Statement(verb.stance, Span(tokens[i].start, tokens[i].end), topic, topic.gender)


def _pronoun(tokens: Sequence[Token], at: int, stance: Stance, span: Span) -> Statement | None:
    """Read "she said", which goes on with someone named before, and "Kelly, who said", which does not."""
    if tokens[at].folded != "who":
        return Statement(stance, span, None, PRONOUNS[tokens[at].folded])
    last = at - 1 if at and tokens[at - 1].is_word else at - 2
    mention = phrase_before(tokens, last) if last >= 0 else None
    return Statement(stance, span, mention, mention.gender) if mention is not None else None


def _back_over(tokens: Sequence[Token], at: int) -> int:
    """Pass back over auxiliaries, adverbs and "on Monday"."""
    while at >= 0 and tokens[at].is_word and (_is_adverb(tokens[at])):
        at -= 1
    return at


def _is_adverb(token: Token) -> bool:
    return token.folded in _ADVERBS or (token.folded.endswith("ly") and not token.is_capital)


def _subject(tokens: Sequence[Token], i: int, at: int, quoted: Sequence[bool], stance: Stance) -> Mention | None:
    if at >= 0 and tokens[at].is_word and not quoted[at]:
        return phrase_before(tokens, at) or _first_of_two(tokens, at)
    if i + 1 < len(tokens) and (at < 0 or quoted[at] or tokens[at].folded in ",?!"):
        inverted = phrase_at(tokens, i + 1)
        # After a quotation the speaker comes next; after a mere comma, as in "Kelly, the envoy, said Russia fired",
        # only where nothing goes on, and only what is said is told so: "…, blamed the operator" has its object there.
        told = stance is Stance.SAID and tokens[i].folded not in _WITH_OBJECT
        ends = at < 0 or quoted[at] or (told and inverted is not None and _ends(tokens, inverted.last))
        if inverted is not None and inverted.is_sure and ends:
            return inverted
    if at > 0 and tokens[at].folded in (",", ")"):
        opened = next((j for j in range(at - 1, max(-1, at - 24), -1) if tokens[j].folded in (",", "(")), -1)
        if opened > 0 and tokens[opened - 1].is_word and not quoted[opened - 1]:
            mention = phrase_before(tokens, opened - 1)
            return with_role_after(tokens, mention) if mention is not None else None
    return None


def _ends(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a clause ends with the words before a place, but for when or where it was said."""
    return at >= len(tokens) or not tokens[at].is_word or tokens[at].folded in _AFTER_SPEAKER


def _first_of_two(tokens: Sequence[Token], at: int) -> Mention | None:
    """Read "President Macron and his German counterpart" as the first of the two."""
    joined = next((j for j in range(at, max(0, at - 6), -1) if tokens[j].folded == "and"), 0)
    return _topic(tokens, joined) if joined else None


def _topic(tokens: Sequence[Token], before: int) -> Mention | None:
    """Return the speaker a sentence begins with, where a second verb has no subject of its own."""
    if not tokens or not tokens[0].is_word:
        return None
    mention = phrase_at(tokens, 0)
    return mention if mention is not None and mention.last <= before else None
