"""Noun phrases as French writes its speakers: titles, names and institutions."""

import re
from collections.abc import Iterator, Sequence

from index.languages.fr.lexicon import (
    DETERMINERS,
    FEMININE,
    HONORIFICS,
    INNER,
    MASCULINE,
    PARTICLES,
    PLURAL,
    PRONOUNS,
    is_institution,
    is_plural_title,
    is_title,
)
from index.languages.fr.reporting_verbs import verb_of
from index.languages.grammar import Mention, MentionKind, Token
from index.text.normalisation import Span, word_set

_PRONOUN = r"(?:t-)?(?:ils?|elles?|on|je|nous|vous|ce|tu)\b"
_TOKEN = re.compile(
    r"(?:MM?|Dr|Pr|Mgr|St)\.|(?<![^\W_])[A-ZÉ]\.(?=\s?[A-ZÀ-ÖØ-Þ])"
    r"|[Aa]ujourd['’]hui|(?<![^\W_])(?:[cdjlmnstCDJLMNST]|[Qq]u|[Ll]orsqu|[Pp]uisqu|[Jj]usqu)['’](?=[^\W_])"
    rf"|(?<=[^\W_])-{_PRONOUN}"
    rf"|[^\W_]+(?:(?:-(?!{_PRONOUN})|(?<=[A-Z])['’](?=[A-Z]))[^\W_]+)*|[^\w\s]"
)
_STOPS = word_set(
    "et mais ou or donc ni car que qu' qui quoi dont où si comme lorsque lorsqu' quand puisque puisqu' parce tandis alors pendant après "
    "avant depuis lors contre sans sous sur par pour dans chez entre vers avec selon malgré envers dès ainsi aussi même mêmes "
    "je tu il elle on nous vous ils elles se s' ne n' y en me m' te t' lui eux ça cela ceci c' a ai as ont avait avaient aura auront "
    "aurait auraient ayant est sont était étaient sera seront serait soit été être avoir fait font va vont pas plus jamais très "
    "bien trop voici voilà également déjà encore toujours hier aujourd'hui demain jusqu' lundi mardi mercredi jeudi vendredi samedi "
    "dimanche matin soir midi nuit janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
)
# Words that begin a sentence with a capital and are no names.
_CAPITAL_STOPS = (
    _STOPS
    | DETERMINERS
    | word_set(
        "à au aux de du d' interrogé interrogée présent présente cependant pourtant toutefois enfin ensuite puis or néanmoins "
        "celui celle ceux celles ce c' outre face faute grâce suite voilà tout toute rien personne lire"
    )
)
_FEMININE_ENDINGS = ("trice", "euse", "esse", "ière", "ienne", "ente", "ante", "ale", "ée")
_FEMININE_TITLES = word_set("femme mère soeur sœur fille veuve reine cheffe procureure ingénieure docteure")
_MASCULINE_ENDINGS = ("teur", "eur", "ier", "ien", "ent", "ant", "al", "if")
_LONGEST_PHRASE = 14
_LONGEST_NAME = 5


def tokens_in(text: str, span: Span) -> tuple[Token, ...]:
    """Cut a span of the text into words and marks, in small letters with their accents.

    A pronoun that is written on to its verb, "-t-il", is a word of its own: `is_joined` tells it.
    """
    found = []
    for match in _TOKEN.finditer(text, span.start, span.end):
        raw = match.group()
        if raw[0] == "-" and len(raw) > 1:
            found.append(Token(match.start(), match.end(), raw.rpartition("-")[2], True, is_joined=True))
        else:
            capital = raw[0].isupper() or (raw[:3] in ("al-", "el-") and raw[3:4].isupper())
            found.append(Token(match.start(), match.end(), raw.lower().replace("’", "'"), raw[0].isalnum(), capital))
    return tuple(found)


def mentions_in(tokens: Sequence[Token]) -> Iterator[Mention]:
    """Yield the people and bodies a sentence names in full, with the title beside the name."""
    i = 0
    while i < len(tokens):
        mention = phrase_at(tokens, i) if _may_begin(tokens, i) else None
        if mention is not None and mention.kind is not MentionKind.TITLE:
            yield mention
            i = max(mention.last, i + 1)
        else:
            i += 1


def _may_begin(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if not token.is_word or (at and tokens[at - 1].is_word and tokens[at - 1].is_capital and token.is_capital):
        return False
    return token.folded in HONORIFICS or is_title(token.folded) or is_institution(token.folded) or can_name(token)


def can_name(token: Token) -> bool:
    """Tell whether a word may begin a name."""
    return token.is_word and token.is_capital and token.folded not in _CAPITAL_STOPS and token.folded not in PRONOUNS


def phrase_before(tokens: Sequence[Token], last: int) -> Mention | None:
    """Read the longest noun phrase that ends with a word and names a speaker."""
    for first in range(max(0, last - _LONGEST_PHRASE), last + 1):
        if tokens[first].is_word and not tokens[first].is_joined and _end_at(tokens, first) == last + 1:
            inner = first > 0 and (tokens[first - 1].folded in INNER or tokens[first - 1].folded in ("à", "au", "aux"))
            mention = _analyse(tokens, first, last + 1)
            if mention is not None:
                return None if inner else mention
    return None


def phrase_at(tokens: Sequence[Token], first: int) -> Mention | None:
    """Read the noun phrase that begins with a word, and the name or the title that follows it between commas."""
    if first >= len(tokens) or not tokens[first].is_word:
        return None
    end = _end_at(tokens, first)
    mention = _analyse(tokens, first, end) if end > first else None
    return with_apposition(tokens, mention) if mention is not None else None


def _end_at(tokens: Sequence[Token], first: int) -> int:
    """Return where the noun phrase that begins with a word ends."""
    i = first
    while i < len(tokens) and tokens[i].folded in DETERMINERS and not (tokens[i].is_capital and i > first):
        i += 1
    named = False
    while i < len(tokens) and tokens[i].is_word and i - first < _LONGEST_PHRASE:
        step = _step(tokens, first, i, named=named)
        if step == 0:
            break
        named = named or (can_name(tokens[i]) and not _is_complement(tokens, i) and not _is_common(tokens[i]))
        i += step
    while i > first and (
        tokens[i - 1].folded in INNER | DETERMINERS or tokens[i - 1].folded in ("à", "au", "aux", "en")
    ):
        i -= 1
    return i


def _step(tokens: Sequence[Token], first: int, i: int, *, named: bool) -> int:
    """Return how many words belong to the phrase from a word on, 0 where it ends."""
    token, begins = tokens[i], i == first
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    stops = token.folded in _STOPS and token.folded != "en" and not (token.is_capital and not begins)
    if token.is_joined or (stops and not (token.is_capital and token.folded in HONORIFICS)):
        return 0
    if token.folded in INNER or token.folded in ("à", "au", "aux", "en"):
        return _complement_step(tokens, first, i, following, named=named)
    if token.folded in DETERMINERS and not token.is_capital:
        return 0
    if not token.is_capital:
        verb = verb_of(token.folded)
        if verb is not None and not is_title(token.folded) and not is_institution(token.folded):
            return 0
        if named and not is_institution(tokens[i - 1].folded) and not is_title(tokens[i - 1].folded):
            return 0
    return 1


def _complement_step(tokens: Sequence[Token], first: int, i: int, following: Token | None, *, named: bool) -> int:
    """Take "de l'Intérieur", "des opérations", "à Taghiza": what belongs to a title, a body or a name with "de"."""
    if following is None or not following.is_word or i == first:
        return 0
    if tokens[i].folded in INNER:
        if named and not _is_common(tokens[i - 1]) and not following.is_capital:
            return 0 if following.folded not in DETERMINERS else (2 if _follows_capital(tokens, i + 1) else 0)
        return 2 if following.folded in DETERMINERS else 1
    if not (
        is_title(tokens[i - 1].folded)
        or is_institution(tokens[i - 1].folded)
        or tokens[i - 1].folded in ("chargé", "chargée")
    ):
        return 0
    # "ambassadeur en France", "instituteur à Taghiza"; but "le maire à la presse".
    return 1 if following.is_capital and not following.folded.isupper() else 0


def _follows_capital(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].is_capital


def _is_common(token: Token) -> bool:
    """Tell whether a capital begins no name: "Premier ministre", "Banque centrale"."""
    return is_title(token.folded) or is_institution(token.folded) or token.folded in HONORIFICS


def _is_complement(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a capitalised word goes with "de" or an article before it: "de l'Intérieur", "la Tarsanie"."""
    before = tokens[at - 1].folded if at else ""
    return before in INNER or before in DETERMINERS or before in ("à", "au", "aux", "en")


def _analyse(tokens: Sequence[Token], first: int, end: int) -> Mention | None:
    """Tell what a noun phrase is: a name with or without a title, a title alone, an institution, or nothing."""
    begin = first
    while begin < end and tokens[begin].folded in DETERMINERS:
        begin += 1
    if begin == end:
        return None
    determiners = {token.folded for token in tokens[first:begin]}
    head = next((j for j in range(begin, end) if tokens[j].folded in INNER or _is_common(tokens[j])), end)
    head = head if head < end and _is_common(tokens[head]) else end
    honorific = HONORIFICS.get(tokens[begin].folded)
    name = (
        begin + 1 if honorific else _name_start(tokens, begin, end, titled=head < end and is_title(tokens[head].folded))
    )
    gender = honorific or _gender(tokens, determiners, head, end)
    if name < end and (honorific or not determiners or head < end) and _is_whole_name(tokens, name, end):
        if head < name and is_institution(tokens[head].folded) and not is_title(tokens[head].folded):
            return Mention(MentionKind.INSTITUTION, _span(tokens, first, end), None, first, end, "n")
        role = _span(tokens, begin, name) if name > begin and not honorific else None
        return Mention(MentionKind.PERSON, _span(tokens, name, end), role, first, end, gender)
    if honorific:
        return None
    if head < end and is_title(tokens[head].folded):
        return Mention(MentionKind.TITLE, _span(tokens, first, end), None, first, end, gender)
    if head < end or (determiners and can_name(tokens[begin]) and determiners <= FEMININE | MASCULINE | {"l'", "les"}):
        return Mention(MentionKind.INSTITUTION, _span(tokens, first, end), None, first, end, "n")
    return None


def _name_start(tokens: Sequence[Token], begin: int, end: int, *, titled: bool) -> int:
    """Return where the run of capitals that closes a phrase begins to be a name, `end` where it is none."""
    name = end
    while name > begin and tokens[name - 1].is_word:
        before = tokens[name - 1]
        inner = before.folded in PARTICLES and name < end and name - 2 >= begin and tokens[name - 2].is_capital
        if not (before.is_capital or (inner and not _is_common(tokens[name - 2]))):
            break
        name -= 1
    while name < end and (not tokens[name].is_capital or _is_common(tokens[name])):
        name += 1
    if name < end and tokens[name - 1].folded in HONORIFICS and name - 2 >= begin and _is_complement(tokens, name - 1):
        # "l'avocat de M. Qatrani": the honorific is another's.
        return end
    if name < end and name > begin and _is_complement(tokens, name):
        # "ministre des Finances Osman Terkaz": the first capital is the ministry's.
        rest = name + 1
        while rest < end and tokens[rest].folded in PARTICLES and not tokens[rest].is_capital:
            return end
        return rest if titled and end - rest >= 2 else end
    return name


def _is_whole_name(tokens: Sequence[Token], name: int, end: int) -> bool:
    parts = [token for token in tokens[name:end] if token.is_capital]
    if not parts or len(parts) > _LONGEST_NAME or not can_name(tokens[name]):
        return False
    return not any(
        token.folded in INNER and not tokens[place + 1].is_capital for place, token in enumerate(tokens[name:end], name)
    )


def _gender(tokens: Sequence[Token], determiners: set[str], head: int, end: int) -> str:
    if determiners & PLURAL or (head < end and is_plural_title(tokens[head].folded)):
        return "p"
    if determiners & FEMININE:
        return "f"
    if determiners & MASCULINE:
        return "m"
    words = [token.folded for token in tokens[head : min(head + 2, end)]]
    if any(word.endswith(_FEMININE_ENDINGS) or word in _FEMININE_TITLES for word in words):
        return "f"
    return "m" if any(word.endswith(_MASCULINE_ENDINGS) for word in words) else "h"


def with_apposition(tokens: Sequence[Token], mention: Mention) -> Mention:
    """Add the name or the title that follows between commas: "sa porte-parole, Amina Derrour,", "Ali Sid, maire de Lorvik,"."""
    at = mention.last
    if at + 1 >= len(tokens) or tokens[at].folded != ",":
        return mention
    end = _end_at(tokens, at + 1)
    inner = _analyse(tokens, at + 1, end) if end > at + 1 else None
    closes = end >= len(tokens) or tokens[end].folded in (",", ".", ")", "»", ";", ":")
    if inner is None or not closes:
        return mention
    if mention.kind is MentionKind.TITLE and inner.kind is MentionKind.PERSON and mention.gender != "p":
        begin = mention.first
        while tokens[begin].folded in DETERMINERS:
            begin += 1
        gender = mention.gender if mention.gender in ("m", "f") else inner.gender
        return Mention(MentionKind.PERSON, inner.name, _span(tokens, begin, at), mention.first, end, gender)
    if mention.kind is MentionKind.PERSON and mention.role is None and inner.kind is MentionKind.TITLE:
        begin = at + 1
        while tokens[begin].folded in DETERMINERS:
            begin += 1
        return Mention(MentionKind.PERSON, mention.name, _span(tokens, begin, end), mention.first, end, inner.gender)
    return mention


def _span(tokens: Sequence[Token], first: int, end: int) -> Span:
    return Span(tokens[first].start, tokens[end - 1].end)
