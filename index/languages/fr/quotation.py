"""Reporting verbs and their subjects as French writes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.languages.fr.lexicon import DETERMINERS, PRONOUNS
from index.languages.fr.mentions import phrase_at, phrase_before
from index.languages.fr.reporting_verbs import PHRASES, past_of, verb_of
from index.languages.grammar import Form, Mention, MentionKind, Reporting, Stance, Statement, Token
from index.languages.parts.quotation import first_reported, quoted_in
from index.text.normalisation import Span, word_set

_HAVE = word_set("a ai ont avait avaient aura auront aurait auraient ayant eut eurent")
_BE = word_set("est sont était étaient sera seront serait seraient fut furent été")
_CLITICS = word_set("l' le la les lui leur en y se s' ne n' me m' nous vous")
_ADVERBS = word_set(
    "aussi également déjà ensuite encore toujours notamment ainsi ailleurs en revanche d'ailleurs pourtant toutefois cependant alors "
    "hier jeudi lundi mardi mercredi vendredi samedi dimanche soir matin enfin bien même elle-même lui-même eux-mêmes tout "
    "quant pour sa part quant récemment finalement publiquement officiellement immédiatement formellement catégoriquement"
)
_NOT = word_set("pas plus jamais guère point nullement aucunement rien")
_MARKS = frozenset('«»"“”')
# What follows a doubtful verb where it reports; after one that calls for or promises, what is called for.
_TOLD = frozenset(("que", "qu'", ":", "si")) | _MARKS
_TOWARDS = frozenset(("à", "au", "aux", "de", "d'"))
_CLAIMS = word_set(
    "hypothèse hypothèses idée idées thèse piste scénario possibilité accusation accusations allégations rumeur rumeurs information "
    "informations reproche reproches critiques risque menace danger"
)
_NO_VERB_AFTER = DETERMINERS | word_set("de du des d' à au aux en par sans pour cette toute")


@dataclass(frozen=True, slots=True)
class Group:
    """A reporting verb with its auxiliary and clitics, `tokens[first:last]`; its lexical verb is `tokens[at]`."""

    verb: Reporting
    at: int
    first: int
    last: int
    is_negated: bool = False
    is_passive: bool = False
    pronoun: str | None = None


def statement_in(tokens: Sequence[Token]) -> Statement | None:
    """Read what a French sentence reports: its first reporting verb outside quotations, and that verb's subject."""
    quoted = quoted_in(tokens, _MARKS)
    found = first_reported(tokens, quoted, lambda i: _according(tokens, i) or _reporting(tokens, i, quoted))
    return found or _headed(tokens)


def group_at(tokens: Sequence[Token], i: int) -> Group | None:
    """Read the group of a reporting verb at its lexical verb: "n'a pas démenti", "s'est dit", "a-t-il ajouté"."""
    word = tokens[i].folded
    length, stance = _phrase(tokens, i)
    j, negated, pronoun = _back(tokens, i - 1)
    aux = tokens[j].folded if j >= 0 and tokens[j].is_word else ""
    if aux in _HAVE | _BE:
        k, reflexive, denied = _clitics(tokens, j - 1)
        passive = (aux in _BE and not reflexive) or aux == "été"
        verb = _reporting_verb(past_of(f"se_{word}" if reflexive else word), stance)
        if verb is None:
            return None
        first = k + 1
        if aux == "été" and k >= 0 and tokens[k].folded in _HAVE:
            first, _, denied = _clitics(tokens, k - 1)
            first += 1
        return Group(verb, i, first, i + length, negated or denied, passive, pronoun)
    joined = tokens[i + 1] if i + 1 < len(tokens) and tokens[i + 1].is_joined else None
    k, reflexive, denied = _clitics(tokens, i - 1)
    verb = _reporting_verb(verb_of(f"se_{word}" if reflexive else word), stance)
    if verb is None and i > 1 and tokens[i - 1].folded in ("et", "ou") and _shares_auxiliary(tokens, i):
        verb = _reporting_verb(past_of(word), stance)
    if verb is None or (joined is None and _is_noun(tokens, i, k, reflexive=reflexive)):
        return None
    return Group(verb, i, k + 1, i + max(length, 2 if joined else 1), denied, False, joined.folded if joined else None)


def _shares_auxiliary(tokens: Sequence[Token], i: int) -> bool:
    """Tell "a rejeté l'offre et appelé à la grève", where the second participle has the first one's auxiliary."""
    earlier = range(max(0, i - 12), i - 1)
    return any(tokens[j].folded in _HAVE and past_of(tokens[j + 1].folded) is not None for j in earlier)


def _phrase(tokens: Sequence[Token], i: int) -> tuple[int, Stance | None]:
    for length in (3, 2):
        stance = PHRASES.get(" ".join(token.folded for token in tokens[i : i + length]))
        if stance is not None:
            return length, stance
    return 1, None


def _reporting_verb(verb: Reporting | None, stance: Stance | None) -> Reporting | None:
    return Reporting(stance, Form.FINITE) if stance is not None else verb


def _back(tokens: Sequence[Token], at: int) -> tuple[int, bool, str | None]:
    """Pass back over adverbs, "pas" and a pronoun between an auxiliary and its participle."""
    negated, pronoun = False, None
    while at >= 0 and tokens[at].is_word:
        folded = tokens[at].folded
        if folded in _NOT:
            negated = True
        elif tokens[at].is_joined:
            pronoun = folded
        elif not (folded in _ADVERBS or folded.endswith("ment")):
            break
        at -= 1
    return at, negated, pronoun


def _clitics(tokens: Sequence[Token], at: int) -> tuple[int, bool, bool]:
    """Pass back over the pronouns before a verb; tell whether one makes it reflexive, and whether one negates it."""
    reflexive = negated = False
    while at >= 0 and tokens[at].folded in _CLITICS and not tokens[at].is_capital:
        reflexive = reflexive or tokens[at].folded in ("se", "s'")
        negated = negated or tokens[at].folded in ("ne", "n'")
        at -= 1
    return at, reflexive, negated


def _is_noun(tokens: Sequence[Token], i: int, k: int, *, reflexive: bool) -> bool:
    """Tell "l'annonce", "une demande", "par accuse" from the verb."""
    before = tokens[i - 1].folded if i else ""
    if reflexive or before in ("ne", "n'", "lui", "leur", "y"):
        return False
    if before in ("l'", "le", "la", "les"):
        # "comme le souligne …", "il l'affirme".
        return not (k >= 0 and tokens[k].folded in ("comme", "qui", "il", "elle", "que", "ainsi", "ils", "elles"))
    return before in _NO_VERB_AFTER or tokens[i].is_capital


def _according(tokens: Sequence[Token], i: int) -> Statement | None:
    """Read "selon le ministre", "d'après l'agence", "selon elle", "de l'avis de …"."""
    folded = tokens[i].folded
    if (folded == "après" and i and tokens[i - 1].folded == "d'") or folded == "selon":
        at = i + 1
    else:
        return None
    if at >= len(tokens) or not tokens[at].is_word:
        return None
    if tokens[at].folded in ("lui", "elle", "eux", "elles"):
        gender = {"lui": "m", "elle": "f"}.get(tokens[at].folded, "p")
        return Statement(Stance.SAID, None, None, gender)
    mention = phrase_at(tokens, at)
    return Statement(Stance.SAID, None, mention, mention.gender) if mention is not None else None


def _reporting(tokens: Sequence[Token], i: int, quoted: Sequence[bool]) -> Statement | None:
    group = group_at(tokens, i)
    if group is None or group.is_negated:
        return None
    span = Span(tokens[group.at].start, tokens[group.last - 1 if group.pronoun is None else group.at].end)
    if group.is_passive:
        return _agent(tokens, group, span)
    if group.verb.form is Form.PARTICIPLE:
        return _adding(tokens, group, span)
    if group.pronoun is not None:
        told = not group.verb.doubtful or _after_quotation(tokens, group.first, quoted)
        return Statement(group.verb.stance, span, None, PRONOUNS.get(group.pronoun, "")) if told else None
    at = _back_over(tokens, group.first - 1)
    inverted = _inverted(tokens, group, quoted)
    if inverted is not None:
        return Statement(group.verb.stance, span, inverted, inverted.gender)
    if group.verb.doubtful and not _tells(tokens, group):
        return None
    if at >= 0 and tokens[at].is_word and not quoted[at] and tokens[at].folded in (*PRONOUNS, "qui"):
        return _pronoun(tokens, at, group, span)
    subject = _subject(tokens, at, quoted)
    if subject is not None:
        return Statement(group.verb.stance, span, subject, subject.gender)
    return None


def _tells(tokens: Sequence[Token], group: Group) -> bool:
    """Tell whether what is said follows: "que", a colon, a quotation."""
    following = [token.folded for token in tokens[group.last : group.last + 6]]
    if any(word in _TOLD for word in following) or any(word in ("n'", "ne") for word in following[:1]):
        return True
    if group.verb.stance is Stance.CALLED_FOR:
        return any(word in _TOWARDS for word in following)
    if group.verb.stance is Stance.DENIED:
        return any(word in _CLAIMS for word in following)
    return following[:1] != [] and following[0] in _TOWARDS


def _after_quotation(tokens: Sequence[Token], first: int, quoted: Sequence[bool]) -> bool:
    """Tell whether a quotation, or a comma after one, ends just before a verb."""
    before = first - 1
    if before >= 0 and tokens[before].folded in (",", "?", "!"):
        before -= 1
    return before >= 0 and quoted[before]


def _inverted(tokens: Sequence[Token], group: Group, quoted: Sequence[bool]) -> Mention | None:
    """Read the subject after its verb: "« … », a déclaré le ministre", "…, a annoncé jeudi X", "comme l'a dit X"."""
    before = tokens[group.first - 1].folded if group.first else ""
    after_mark = group.first > 0 and (before in (",", "?", "!", "–", "—") or quoted[group.first - 1])
    after_word = before in ("comme", "ainsi", "que", "qu'")
    if not after_mark and not after_word:
        return None
    may_report = group.verb.stance in (Stance.SAID, Stance.CONFIRMED, Stance.ANNOUNCED, Stance.ADMITTED, Stance.CLAIMED)
    if group.verb.doubtful and not (may_report or _after_quotation(tokens, group.first, quoted)):
        return None
    at = group.last
    while at < len(tokens) and tokens[at].is_word and _is_adverb(tokens[at]):
        at += 1
    mention = phrase_at(tokens, at)
    if mention is None:
        return None
    if before == "," and not _after_quotation(tokens, group.first, quoted):
        # "Le ministre, …, a salué la France": the subject of an apposition stands before its commas.
        ends = (
            mention.last >= len(tokens)
            or not tokens[mention.last].is_word
            or tokens[mention.last].folded in _AFTER_SPEAKER
        )
        if not ends or (not may_report and _subject(tokens, group.first - 1, quoted) is not None):
            return None
    return mention


_AFTER_SPEAKER = word_set(
    "lors à au aux dans devant sur après avant lundi mardi mercredi jeudi vendredi samedi dimanche hier qui dont et en cité"
)


def _is_adverb(token: Token) -> bool:
    return token.folded in _ADVERBS or (token.folded.endswith("ment") and not token.is_capital)


def _back_over(tokens: Sequence[Token], at: int) -> int:
    """Pass back over adverbs and days."""
    while at >= 0 and tokens[at].is_word and not tokens[at].is_joined and _is_adverb(tokens[at]):
        at -= 1
    return at


def _agent(tokens: Sequence[Token], group: Group, span: Span) -> Statement | None:
    """Read "a été démenti par le ministre"."""
    if group.verb.doubtful or group.last + 1 >= len(tokens) or tokens[group.last].folded != "par":
        return None
    agent = phrase_at(tokens, group.last + 1)
    return Statement(group.verb.stance, span, agent, agent.gender) if agent is not None else None


def _adding(tokens: Sequence[Token], group: Group, span: Span) -> Statement | None:
    """Read "…, ajoutant que …": the sentence's subject speaks."""
    before = tokens[group.first - 1].folded if group.first else ""
    topic = _topic(tokens, group.first) if before in (",", "en") else None
    if topic is None or group.verb.doubtful:
        return None
    return Statement(group.verb.stance, span, topic, topic.gender)


def _pronoun(tokens: Sequence[Token], at: int, group: Group, span: Span) -> Statement | None:
    """Read "elle a dit", which goes on with someone named before, and "Kelly, qui a dit", which does not."""
    if tokens[at].folded != "qui":
        return Statement(group.verb.stance, span, None, PRONOUNS[tokens[at].folded])
    last = at - 1 if at and tokens[at - 1].is_word else at - 2
    mention = phrase_before(tokens, last) if last >= 0 else None
    return Statement(group.verb.stance, span, mention, mention.gender) if mention is not None else None


def _subject(tokens: Sequence[Token], at: int, quoted: Sequence[bool]) -> Mention | None:
    """Read the subject that ends before a verb, at once or between commas, else the sentence's own before "et"."""
    if at < 0 or quoted[at]:
        return None
    if tokens[at].is_word and tokens[at].folded not in ("et", "mais", "puis"):
        return phrase_before(tokens, at)
    if tokens[at].folded in (",", ")"):
        opened = next((j for j in range(at - 1, max(-1, at - 24), -1) if tokens[j].folded in (",", "(")), -1)
        if opened > 0 and tokens[opened - 1].is_word and not quoted[opened - 1]:
            mention = phrase_before(tokens, opened - 1)
            whole = phrase_at(tokens, mention.first) if mention is not None else None
            return whole or mention
        return None
    return _topic(tokens, at) if tokens[at].folded in ("et", "mais", "puis") else None


def _topic(tokens: Sequence[Token], before: int) -> Mention | None:
    """Return the speaker a sentence begins with, where a later verb has no subject of its own."""
    mention = phrase_at(tokens, 0)
    return mention if mention is not None and mention.last <= before else None


def _headed(tokens: Sequence[Token]) -> Statement | None:
    """Read "X laisse planer le doute : « … »": who is the subject speaks."""
    colon = next(
        (i for i in range(len(tokens) - 1) if tokens[i].folded == ":" and tokens[i + 1].folded in _MARKS), None
    )
    mention = _topic(tokens, colon) if colon is not None else None
    if mention is None or mention.kind is not MentionKind.PERSON:
        return None
    # A lone capital may just begin the sentence: "Battu samedi, …".
    lone = mention.role is None and mention.last - mention.first < 2
    return None if lone else Statement(Stance.SAID, None, mention, mention.gender)
