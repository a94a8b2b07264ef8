"""Noun phrases as English writes its speakers: titles, names and institutions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.languages.en.lexicon import is_institution, is_plural_title, is_title
from index.languages.en.reporting_verbs import verb_of
from index.languages.grammar import Mention, MentionKind, Token
from index.text.normalisation import Span, fold, word_set

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Sen|Rep|Gov|St|Rev|Hon)\.|(?<![^\W_])[A-Z]\.(?=\s[A-Z])"
    r"|[^\W_]+(?:['’‑-][^\W_]+)*|[^\w\s]"
)
PRONOUNS = {"he": "m", "she": "f", "it": "n", "they": "p", "who": ""}
_ARTICLES = word_set("the a an")
DETERMINERS = _ARTICLES | word_set(
    "his her its their our my this that these those one another some several two three many any no each every"
)
_PARTICLES = word_set("al el bin ben ibn abu de da di du del della la le van von der den dos bint o st")
_INNER = word_set("of for in at to on from")
_STOPS = word_set(
    "and but or nor so yet that which who whom whose when while as after before because if since though although "
    "unless until where how why what with without by from about against between during into through over under "
    "than then there here he she it they we i you him them us me is are was were be been being has have had do "
    "does did will would can could should may might must not in on at to for of also just only even such like "
    "despite amid among toward towards following according per via says said"
)
_CAPITAL_STOPS = word_set(
    "the a an in on at by for from to of but and or if as when while after before he she it they we i you his her "
    "its their our this that these those there here however meanwhile yet so still also now then both all some "
    "many most one no not what who why how where according monday tuesday wednesday thursday friday saturday "
    "sunday january february march april may june july august september october november december today yesterday "
    "speaking asked earlier later last with under since despite during following"
)
_HONORIFICS = word_set("dr mr mrs ms mx sir lady")
_PAST = word_set(
    "began bought broke brought built chose cut drew fell fought found gave grew held kept led left let lost made met "
    "opened paid put ran rose sent set shut sold spent spoke struck took went withdrew won"
)
_LONGEST_PHRASE = 12
_LONGEST_NAME = 5


def tokens_in(text: str, span: Span) -> tuple[Token, ...]:
    """Cut a span of the text into words and marks."""
    found = []
    for match in _TOKEN.finditer(text, span.start, span.end):
        raw = match.group()
        if raw[0].isalnum():
            found.append(Token(match.start(), match.end(), fold(raw).rstrip("."), True, _is_capital(raw)))
        else:
            found.append(Token(match.start(), match.end(), raw, False))
    return tuple(found)


def _is_capital(raw: str) -> bool:
    """Tell whether a word is written as a name is: "Numan", "al-Numan"."""
    particle, _, rest = raw.partition("-")
    return raw[0].isupper() or (particle in _PARTICLES and rest[:1].isupper())


def mentions_in(tokens: Sequence[Token]) -> Iterator[Mention]:
    """Return the people an English sentence names in full, with the title beside the name."""
    i = 0
    while i < len(tokens):
        if not _can_name(tokens, i):
            i += 1
            continue
        end = _run_end(tokens, i)
        first = i
        while first > 0 and i - first < 3 and _titles_on(tokens[first - 1]):
            first -= 1
        mention = _analyse(tokens, first, end)
        if mention is not None and mention.kind is not MentionKind.TITLE:
            yield with_role_after(tokens, mention)
        i = max(end, i + 1)


def _titles_on(token: Token) -> bool:
    return token.is_word and not token.is_capital and (is_title(token.folded) or token.folded.endswith("'s"))


def phrase_before(tokens: Sequence[Token], last: int) -> Mention | None:
    """Read the noun phrase that ends with a word."""
    first = last
    while first > 0 and last - first < _LONGEST_PHRASE and tokens[first - 1].is_word:
        before = tokens[first - 1]
        if before.folded in DETERMINERS:
            first -= 1
            if first >= 2 and tokens[first - 1].folded in _INNER and _takes_complement(tokens, first - 2):
                continue
            break
        if before.folded in _INNER and first >= 2 and _takes_complement(tokens, first - 2):
            first -= 1
        elif (
            before.folded in _STOPS
            or (before.folded in _CAPITAL_STOPS and not before.is_capital)
            or ((verb := verb_of(before.folded)) is not None and not verb.doubtful)
        ):
            break
        first -= 1
    while first < last and tokens[first].folded in _CAPITAL_STOPS and tokens[first].folded not in _ARTICLES:
        first += 1
    return _analyse(tokens, first, last + 1)


def _takes_complement(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    return token.is_word and (
        is_title(token.folded)
        or is_institution(token.folded)
        or (token.is_capital and token.folded not in _CAPITAL_STOPS)
    )


def phrase_at(tokens: Sequence[Token], first: int) -> Mention | None:
    """Read the noun phrase that begins with a word, and the title that may follow a name."""
    end = first
    while end < len(tokens) and tokens[end].is_word and end - first < _LONGEST_PHRASE:
        token = tokens[end]
        if end > first and tokens[end - 1].folded in _INNER and token.folded in DETERMINERS:
            end += 1
            continue
        if token.folded in _INNER and end > first and _takes_complement(tokens, end - 1):
            if token.folded in ("to", "on") or (end + 1 < len(tokens) and _in_a_statement(tokens, end + 1)):
                break
            end += 1
            continue
        stops = token.folded in _STOPS or ((verb := verb_of(token.folded)) is not None and not verb.doubtful)
        if stops and not (token.is_capital and end > first):
            break
        if end > first and not token.is_capital and (_ends_with_name(tokens, first, end) or _acts(tokens, end)):
            break
        end += 1
    while end > first and tokens[end - 1].folded in _INNER | DETERMINERS:
        end -= 1
    mention = _analyse(tokens, first, end) if end > first else None
    return with_role_after(tokens, mention) if mention is not None else None


def _acts(tokens: Sequence[Token], at: int) -> bool:
    """Tell "the health ministry raised the toll", where a body or an office does something, by the verb's past."""
    before, word = _singular(tokens[at - 1]), tokens[at].folded
    return (is_title(before) or is_institution(before)) and (word in _PAST or word.endswith("ed"))


def _in_a_statement(tokens: Sequence[Token], at: int) -> bool:
    """Tell "the ministry in a statement", which ends the name, from "the embassy in Baghdad"."""
    return (tokens[at].folded in _ARTICLES and at + 1 < len(tokens) and not tokens[at + 1].is_capital) or not (
        tokens[at].is_capital
        or tokens[at].folded in _ARTICLES
        or is_institution(tokens[at].folded)
        or tokens[at - 1].folded in ("of", "for")
    )


def _ends_with_name(tokens: Sequence[Token], first: int, end: int) -> bool:
    """Tell whether the words so far close with a name, so that a small letter goes on with something else."""
    word = tokens[end - 1]
    small = tokens[end].folded in _PARTICLES or is_title(tokens[end].folded) or is_institution(tokens[end].folded)
    follows_small = any(
        tokens[j].is_word and (is_title(tokens[j].folded) or is_institution(tokens[j].folded))
        for j in range(end, min(end + 3, len(tokens)))
    )
    return (
        word.is_capital
        and not small
        and not (follows_small and end - first < 3 and tokens[first].folded in DETERMINERS)
    )


def _can_name(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    return token.is_word and token.is_capital and token.folded not in _CAPITAL_STOPS and token.folded not in PRONOUNS


def _run_end(tokens: Sequence[Token], at: int) -> int:
    """Return where a run of capitalised words ends, particles ("bin", "de") included."""
    i = at
    while i < len(tokens) and tokens[i].is_word:
        if tokens[i].is_capital or (
            tokens[i].folded in _PARTICLES and i + 1 < len(tokens) and tokens[i + 1].is_capital
        ):
            i += 1
        else:
            break
    return i


def _analyse(tokens: Sequence[Token], first: int, end: int) -> Mention | None:
    """Tell what a noun phrase is: a name with or without a title, a title alone, an institution, or nothing."""
    begin = first
    while begin < end and tokens[begin].folded in DETERMINERS:
        begin += 1
    if begin == end:
        return None
    name = end
    while name > begin and (tokens[name - 1].is_capital or tokens[name - 1].folded in _PARTICLES):
        name -= 1
    while name < end and not tokens[name].is_capital:
        name += 1
    titles = [j for j in range(begin, end) if is_title(_singular(tokens[j]))]
    bodies = [j for j in range(begin, end) if is_institution(_singular(tokens[j]))]
    last = titles[-1] if titles else -1
    if last >= name:
        name = last + 1
    if name == end or (titles and any(tokens[j].folded in ("for", "of", "in", "at") for j in range(last + 1, end))):
        return _unnamed(tokens, first, begin, end, titles, bodies)
    if bodies and bodies[-1] > last:
        return Mention(MentionKind.INSTITUTION, _span(tokens, first, end), None, first, end, "n")
    if end - name > _LONGEST_NAME or not _can_name(tokens, name) or tokens[end - 1].folded.endswith(("'s", "’s")):
        return None
    if name > begin and last < 0:
        # "the Shiite cleric Sadr": words before a name that are no title known here.
        plain = all(not tokens[j].is_capital for j in range(begin, name))
        return (
            Mention(MentionKind.PERSON, _span(tokens, name, end), None, first, end, "h")
            if plain and name - begin <= 3
            else None
        )
    role = _span(tokens, begin, name) if name > begin else None
    return Mention(MentionKind.PERSON, _span(tokens, name, end), role, first, end, _gender(tokens, titles))


def _unnamed(
    tokens: Sequence[Token], first: int, begin: int, end: int, titles: Sequence[int], bodies: Sequence[int]
) -> Mention | None:
    if not titles and not bodies:
        return None
    lone = end - first == 1 and not tokens[first].folded.endswith("s") and not tokens[first].is_capital
    if lone and tokens[first].folded not in ("police", "isis", "prosecution", "parliament"):
        return None
    if titles:
        plural = is_plural_title(tokens[titles[0]].folded)
        return Mention(
            MentionKind.TITLE, _span(tokens, first, end), None, first, end, "p" if plural else _gender(tokens, titles)
        )
    return Mention(MentionKind.INSTITUTION, _span(tokens, first, end), None, first, end, "n")


def _gender(tokens: Sequence[Token], titles: Sequence[int]) -> str:
    words = {tokens[j].folded for j in titles}
    if any(
        word.endswith("woman")
        or word in ("mrs", "ms", "queen", "princess", "mother", "sister", "daughter", "actress", "widow", "wife")
        for word in words
    ):
        return "f"
    return (
        "m"
        if any(
            word.endswith("man") or word in ("mr", "king", "prince", "father", "brother", "son", "husband")
            for word in words
        )
        else "h"
    )


def with_role_after(tokens: Sequence[Token], mention: Mention) -> Mention:
    """Add the title that follows a name between commas: "Samir Qaddouri, the dam's chief engineer,"."""
    at = mention.last
    if mention.kind is MentionKind.TITLE:
        return _with_name_after(tokens, mention)
    honorific = mention.role is not None and tokens[mention.first].folded in _HONORIFICS
    if (
        mention.kind is not MentionKind.PERSON
        or (mention.role is not None and not honorific)
        or at + 1 >= len(tokens)
        or tokens[at].folded != ","
    ):
        return mention
    begin = at + 1
    while begin < len(tokens) and tokens[begin].folded in _ARTICLES:
        begin += 1
    end = begin
    titled = False
    while (
        end < len(tokens)
        and tokens[end].is_word
        and end - begin < _LONGEST_PHRASE
        and tokens[end].folded not in ("who", "that", "which", "said", "told", "and")
    ):
        titled = titled or (is_title(_singular(tokens[end])) and end - begin < 6)
        end += 1
    if not titled or end == begin:
        return mention
    return replace(mention, role=_span(tokens, begin, end), is_sure=True)


def _with_name_after(tokens: Sequence[Token], mention: Mention) -> Mention:
    """Add the name that follows a title between commas: "the head of refereeing, Khalid Saad,"."""
    at = mention.last
    if at + 2 >= len(tokens) or tokens[at].folded != "," or not _can_name(tokens, at + 1):
        return mention
    end = _run_end(tokens, at + 1)
    closed = end < len(tokens) and tokens[end].folded == ","
    named = tokens[at + 1 : end]
    if not closed or not 2 <= len(named) <= _LONGEST_NAME or any(is_institution(token.folded) for token in named):
        return mention
    begin = mention.first + (tokens[mention.first].folded in _ARTICLES)
    return Mention(
        MentionKind.PERSON, _span(tokens, at + 1, end), _span(tokens, begin, at), mention.first, end, mention.gender
    )


def _singular(token: Token) -> str:
    return token.folded.removesuffix("'s").removesuffix("’s") if not token.folded.endswith(("'s", "’s")) else ""


def _span(tokens: Sequence[Token], first: int, end: int) -> Span:
    return Span(tokens[first].start, tokens[end - 1].end)
