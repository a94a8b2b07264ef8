"""What a French question asks for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.languages.fr.figures import FIGURES, HOW_MANY
from index.languages.fr.lexicon import is_institution, is_title
from index.languages.fr.mentions import tokens_in
from index.languages.fr.reporting_verbs import PHRASES, asked_verb
from index.languages.grammar import Request, Shape, Stance
from index.languages.parts.latin import names_asked
from index.languages.parts.questions import overview, request_of
from index.text.normalisation import Span, fold, word_set

# Questions are often typed without accents: what is compared here is folded.
WH = word_set("qui que qu' quoi quel quelle quels quelles lequel laquelle combien quand comment pourquoi")
_WHETHER = re.compile(r"^(?:est[- ]ce (?:que\b|qu')|y a[- ]t[- ]il\b)")
_INVERTED = re.compile(r"\w-(?:t-)?(?:il|elle|ils|elles|on|ce)\b")
_WHERE = re.compile(r"^(?:d'|par )?ou\b")
_OVERVIEWS = {
    Shape.TIMELINE: re.compile(
        r"^(?:(?:donne[zr]?|fai[ts]|faites|montre[zr]?|dresse[zr]?|établi[sr]?|écri[st]|écrivez)(?:[- ](?:moi|nous))?\s+)?(?:une?\s+|l[ae]\s+)?"
        r"(?:chronologie|frise(?:\s+chronologique)?)\s+(?:des?\s+(?:la\s+|l['’])?|du\s+|d['’]|sur\s+)(?P<about>.+)",
        re.IGNORECASE,
    ),
    Shape.COMPARISON: re.compile(
        r"^compare[zr]?\s+(?P<about>.+)|^(?:quelles?\s+(?:est\s+la\s+|sont\s+les\s+)?différences?|quelles?\s+différences?\s+y\s+a[- ]t[- ]il)\s+entre\s+(?P<differ>.+)"
        r"|^en\s+quoi\s+(?P<differs>.+?)\s+diffèrent.*",
        re.IGNORECASE,
    ),
    Shape.STATEMENTS: re.compile(
        r"^(?:résume[zr]?|resume[zr]?|liste[zr]?|rassemble[zr]?)\s+(?:tout\s+)?ce\s+qu(?:e\s+|['’])(?P<who>.+?)\s+(?:a|ont|avait)\s+(?:dit|déclaré|affirmé)e?"
        r"(?:\s+(?:sur|de|à\s+propos\s+de|au\s+sujet\s+de)\s+(?P<about>.+))?$",
        re.IGNORECASE,
    ),
}
# What people are compared by: "compare ce que A et B ont dit sur T".
_SAYINGS = re.compile(
    r"^(?:ce\s+qu(?:e\s+|['’])|les\s+(?:propos|déclarations)\s+d(?:e\s+|['’]))(?P<who>.+?)(?:\s+(?:a|ont|pensent?|disent|dit)(?:\s+(?:dit|déclaré))?)?"
    r"(?:\s+(?:sur|à\s+propos\s+de|au\s+sujet\s+de|de)\s+(?P<about>.+))?$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*,\s*(?:et\s+)?|\s+et\s+", re.IGNORECASE)
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)
_HAVE = word_set("a ont avait avaient aurait auraient aura ait")
_BE = word_set("est sont etait etaient sera fut")
_SKIPPED = word_set(
    "n' ne s' se l' le la les lui leur en y pas jamais aussi deja ensuite finalement publiquement recemment toujours encore bien "
    "egalement d' abord fermement officiellement"
)
_BARRIERS = word_set("apres avant quand parce car si que qu' dont ou comment pourquoi combien et pendant lorsque")
_KINDS = word_set(
    "homme femme marchand personne gens camp pays organisation organisme personnalite figure individu institution etat joueur celebrite parent "
    "candidat star societe media famille membre artiste voix personnalites intellectuel"
)
# Verbs that do as often something else than say: "qui a lancé", "qui a trouvé".
_TOO_BROAD = word_set(
    "lancer glisser poursuivre poursuit continuer attribuer citer observer analyser relever avancer menacer presser inviter "
    "sommer balayer applaudir louer repousser lacher lâcher penser conter rapporter tabler"
)


def request(question: str) -> Request:
    """Return what a question asks for."""
    words = [fold(token.folded) for token in tokens_in(question, Span(0, len(question)))]
    folded = fold(" ".join(question.split()))
    asked = request_of(
        question,
        overview(question, _OVERVIEWS, _SAYINGS, _AND),
        _stance_asked(words),
        whether=_asks_whether(folded, words),
        counts=HOW_MANY.search(folded) is not None,
        toll=FIGURES.toll,
    )
    negated = any(word in ("ne", "n'") for word in words) and any(word in ("pas", "jamais") for word in words)
    return replace(asked, is_negated=negated, names=names_asked(_ELIDED.sub(" ", question), frozenset()))


def _asks_whether(folded: str, words: Sequence[str]) -> bool:
    """Tell "est-ce que …", "la Tarsanie a-t-elle …" from questions with a question word."""
    if _WHETHER.match(folded):
        return True
    return (
        not any(word in WH for word in words) and _WHERE.match(folded) is None and _INVERTED.search(folded) is not None
    )


def _stance_asked(words: Sequence[str]) -> Stance | None:
    """Return the kind of statement whose speaker is asked for, None where no speaker is."""
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        if word in ("qui", "lequel", "laquelle") and (
            before in ("selon", "par") or words[max(0, i - 2) : i] == ["d'", "apres"]
        ):
            return _only_stance(words)
        opens = i == 0 or not before[0].isalnum() or before in ("et", "mais", "alors", "sais", "savoir", "dis-moi")
        if word == "qui" and opens:
            return _after_qui(words, i + 1)
        if word in ("quel", "quelle", "quels", "quelles", "lequel", "laquelle") and opens:
            return _after_quel(words, i + 1)
    return None


def _only_stance(words: Sequence[str]) -> Stance:
    """Return the stance of a question's last reporting verb, `SAID` when it has none."""
    stances = [verb.stance for word in words if (verb := asked_verb(word)) and not verb.doubtful]
    return stances[-1] if stances else Stance.SAID


def _after_qui(words: Sequence[str], at: int) -> Stance | None:
    """Read on after "qui": a verb, "est-ce qui" and a verb, "est celui qui" and a verb; after ", au parti," too."""
    if at < len(words) and words[at] == "," and "," in words[at + 1 :]:
        at = words.index(",", at + 1) + 1
    relative = next((i for i in range(at, min(at + 8, len(words))) if words[i] == "qui"), None)
    if at < len(words) and (words[at] in _BE or words[at].startswith("est-ce")) and relative is not None:
        return _after_qui(words, relative + 1)
    return _verb_asked(words, at, broad=False)


def _after_quel(words: Sequence[str], at: int) -> Stance | None:
    """Read on after "quel": a kind of speaker, then its verb."""
    kind = False
    if at < len(words) and words[at] in _BE:
        relative = next((i for i in range(at, min(at + 12, len(words))) if words[i] == "qui"), None)
        described = relative is not None and any(_is_kind(word) for word in words[at:relative])
        return _verb_asked(words, relative + 1, broad=True) if relative is not None and described else None
    for i in range(at, min(at + 14, len(words))):
        if words[i] in _BARRIERS or not words[i][0].isalnum():
            return None
        if kind:
            stance = _verb_asked(words, i, broad=True)
            if stance is not None:
                # "Quels ministres X cite-t-il": another one speaks.
                inverted = any(word in ("il", "elle", "ils", "elles", "on") for word in words[i + 1 : i + 2])
                return None if inverted else stance
            if words[i] in _HAVE:
                return None
        kind = kind or _is_kind(words[i])
    return None


def _verb_asked(words: Sequence[str], at: int, *, broad: bool) -> Stance | None:
    """Return the stance of a verb with its clitics and auxiliary, None for another verb or a passive one."""
    i, reflexive, auxiliary = at, False, ""
    while i < len(words) and (words[i] in _SKIPPED or words[i] in _HAVE | _BE or _is_adverb(words[i])):
        reflexive = reflexive or words[i] in ("s'", "se")
        auxiliary = words[i] if words[i] in _HAVE | _BE else auxiliary
        i += 1
    if i >= len(words) or (auxiliary in _BE and not reflexive) or words[i] == "ete":
        return None
    for length in (3, 2):
        phrase = _phrases().get(" ".join(words[i : i + length]))
        if phrase is not None:
            return phrase
    verb = asked_verb(f"se_{words[i]}" if reflexive else words[i])
    if verb is None or (verb.lemma in _TOO_BROAD and not broad):
        return None
    return verb.stance


def _is_adverb(word: str) -> bool:
    return word.endswith("ment") and asked_verb(word) is None


def _phrases() -> dict[str, Stance]:
    return {fold(words): stance for words, stance in PHRASES.items()}


def _is_kind(word: str) -> bool:
    """Tell whether a folded word names a kind of speaker."""
    return (
        word in _KINDS
        or word.removesuffix("s") in _KINDS
        or _folded_title(word)
        or word.endswith(
            ("iste", "istes", "logue", "logues", "teur", "trice", "teurs", "cien", "cienne", "eur", "eure")
        )
    )


def _folded_title(word: str) -> bool:
    return is_title(word) or is_institution(word) or word in _ACCENTED


# Titles and bodies that lose an accent when they are folded.
_ACCENTED = word_set(
    "president presidente depute deputee senateur senatrice prefet chercheur medecin ingenieur secretaire general ministere armee elu elue "
    "delegue federation confederation etat entraineur tresorier lycee ecole societe chaine epoux mere pere frere eveque pretre chanceliere "
    "premiere conseillere officiere coordonnateur academie eglise representant realisateur redacteur employe salarie specialiste"
)
