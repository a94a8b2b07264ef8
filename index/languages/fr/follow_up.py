"""French follow-up questions: what shows that one hangs on the turns before, and what takes its place."""

import re
from collections.abc import Sequence

from index.languages.fr.lexicon import is_title
from index.languages.fr.mentions import tokens_in
from index.languages.fr.reporting_verbs import asked_verb
from index.languages.grammar import Context
from index.languages.parts.latin import capitalised, is_name
from index.text.normalisation import Span, fold, word_set

_LEADING = re.compile(r"^(?:(?:et|mais|alors|donc|puis|ensuite|ok|bon|sinon|du coup)\b[,\s]*)+(?=\S)", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(?:qu['’]en\s+est[- ]il\s+(?:de\s+(?:l['’]|la\s+)?|du\s+|des\s+|d['’])|quid\s+(?:de\s+(?:l['’]|la\s+)?|du\s+|des\s+|d['’])|pour\s+|concernant\s+)"
    r"(?P<what>.+?)[?!. ]*$",
    re.IGNORECASE,
)
_WH = word_set("qui que qu' quoi quel quelle quels quelles lequel laquelle quand comment pourquoi combien ou")
_AUXILIARIES = word_set(
    "est sont etait etaient sera seront fut a ont avait avaient aura auront est-ce ete etre avoir peut peuvent doit doivent va vont fait font"
)
# A question of nothing but these and question words asks about the question before it.
_EMPTY = (
    _WH
    | _AUXILIARIES
    | word_set(
        "ca cela c' ce exactement precisement encore dit d' autre autres est-ce qu' que il t passe lieu arrive produit "
        "la depuis jusqu' jusqu'a de en a au moment eu s'est s' se passe-t-il donc bien au juste y"
    )
)
_IMPERSONAL = word_set("y faut vrai possible probable passe arrive produit question")
# "Que s'est-il passé au port": what is left says nothing.
_HAPPENED = word_set("ou s'est s'etait passe arrive produit lieu eu")
_EVENTS = word_set("passe arrive produit lieu")
_PERSONAL = word_set("il elle ils elles lui eux")
_SUBJECTS = word_set("il elle ils elles")
_POINTING = word_set("la-bas celui-ci celle-ci ceux-ci")
_DEMONSTRATIVES = word_set("le la l' les cette ce cet ces")
_POSSESSIVE = word_set("son sa ses leur leurs")
_PREPOSITIONS = word_set(
    "en à a au aux dans de du des d' pour avec par sur chez contre depuis pendant vers entre sous lors"
)
_PLACE = re.compile(
    r"(?<![^\W_])(?:en|à|au|aux|dans)\s+(?:l['’]|la\s+|les\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]*(?:[\s-]+[A-ZÀ-ÖØ-Þ][\w'’-]*)*"
)
_NAME = re.compile(
    r"(?<!\w)(?:[A-ZÀ-ÖØ-Þ][\w'’-]*)(?:\s+(?:(?:de|du|des|d'|al|el|ben|bin|le|la)\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]*)*"
)
_MONTH = "(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_DAY = "(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_YEAR = "(?:1[5-9]|20)[0-9]{2}"
# Years, days and months as they are typed, with the preposition before them.
_TIME = re.compile(
    rf"(?:(?:en|le|depuis|pendant|dès|fin|début|mi)[\s-]+)?(?:(?:{_DAY}\s+)?(?:[0-3]?\d(?:er)?\s+)?\b{_MONTH}\b(?:\s+{_YEAR})?"
    rf"|\b{_YEAR}\b|\b{_DAY}\b|\b(?:l['’]an|la semaine|le mois)\s+(?:dernier|dernière|prochain|prochaine|passée?)\b|\b(?:hier|aujourd['’]hui|demain)\b)",
    re.IGNORECASE,
)
_INVERTED = re.compile(r"-(?:t-)?(?:ils?|elles?)\b")
_MARKS = "?!. "
_MOST_ABOUT = 8
_MOST_ELLIPTIC = 5


def follow_up(question: str, context: Context) -> str | None:
    """Return a French question made to stand alone, None where it does already."""
    core = _LEADING.sub("", question)
    led = core != question
    words = _folded(core)
    if not words:
        return None
    about = _ABOUT.match(core)
    if about and led and len(about["what"].split()) <= _MOST_ABOUT:
        return _instead(about["what"], context)
    asks = words[0] in _WH or (words[0] in _PREPOSITIONS and len(words) > 1 and words[1] in _WH)
    if all(word in _EMPTY for word in words) and (asks or led):
        return _bare(core, words, context)
    pointed = _pointing(core, context)
    if pointed is not None:
        return pointed
    if led and len(words) <= _MOST_ELLIPTIC and not any(word in _WH | _AUXILIARIES for word in words):
        return _instead(core.rstrip(_MARKS), context)
    if led and not _names_in(core) and not _TIME.search(core):
        return _with_topic(core, context.topic if context.asked_who else context.matter)
    return None


def without_joint(question: str) -> str:
    """Return a question without the "et" that it begins with."""
    return _LEADING.sub("", question)


def asking_on(question: str) -> str:
    """Return a question with "et" before it."""
    return f"et {without_joint(question)}"


def topic(question: str) -> str:
    """Return what a question is about: what it says without its question words and the verb of saying."""
    words = matter(question).split()
    while words and (fold(words[0]) in _AUXILIARIES | _PERSONAL or asked_verb(fold(words[0]))):
        words.pop(0)
    while words and fold(words[0]) in _PREPOSITIONS:
        words.pop(0)
    return " ".join(words) or question


def matter(question: str) -> str:
    """Return what a question says without its question words and auxiliaries."""
    stripped = re.sub(
        r"^(?:qu['’]est-ce qu(?:e\s+|['’]|i\s+)|est-ce qu(?:e\s+|['’])|qu['’])", "", question, flags=re.IGNORECASE
    )
    stripped = _INVERTED.sub("", stripped)
    kept = [word for word in stripped.split() if not _asks_or_helps(word)]
    while kept and fold(kept[0]) in _HAPPENED:
        kept.pop(0)
    return " ".join(kept) or question


def _asks_or_helps(word: str) -> bool:
    """Tell whether a word is a question word or an auxiliary; "à" is none, although "a" is."""
    bare = word.lower().strip(",;:")
    return bare != "à" and fold(bare) in (_WH - {"ou"}) | _AUXILIARIES


def asked_for(question: str) -> str | None:
    """Return "le ministre" of "quel ministre a …": somebody by a title, before the verb."""
    first, *words = question.split() or [""]
    article = {"quel": "le", "quelle": "la"}.get(first.lower())
    if article is None or not words or not is_title(words[0].lower()):
        return None
    verbs = word_set("qui s'est n'a l'a") | _AUXILIARIES
    ends = (place for place, word in enumerate(words) if fold(word) in verbs or asked_verb(fold(word)))
    end = next(ends, len(words))
    elided = words[0][0].lower() in "aeiouéèêîh"
    return f"{'l’' if elided else article + ' '}{' '.join(words[:end])}" if 0 < end < len(words) else None


def _folded(text: str) -> list[str]:
    return [fold(token.folded) for token in tokens_in(text, Span(0, len(text))) if token.is_word]


def _names_in(text: str) -> list[re.Match[str]]:
    """Return the runs of capitalised words that are not just the first word."""
    return [match for match in _NAME.finditer(text) if match.start() > 0 or " " in match.group()]


def _bare(core: str, words: Sequence[str], context: Context) -> str:
    """Ask the new question word of the earlier question."""
    ask = next((word for word in words if word in _WH), words[0])
    ask = "où" if ask == "ou" else ask
    same = context.language == "fr"
    if ask == "qui" and "dit" in words:
        return f"Qui a dit : {context.topic} ?"
    if context.asked_who and not _EVENTS.isdisjoint(words):
        # What was spoken of happened, not that somebody spoke.
        return f"{capitalised(core.rstrip(_MARKS))} ({context.topic}) ?"
    if same and ask in ("quand", "où", "pourquoi", "comment"):
        moved = _moved(ask, context)
        if moved is not None:
            return moved
    told = context.topic if context.asked_who else context.matter
    who = f"{context.person}, " if context.asked_who and context.person else ""
    return f"{capitalised(core.rstrip(_MARKS))} : {who}{told} ?"


def _moved(ask: str, context: Context) -> str | None:
    """Put a question word in the place of the earlier question's own: "qui a démenti X" asked with "quand"."""
    words = context.question.split()
    first = fold(words[0])
    if first in ("quand", "pourquoi", "comment") or words[0].lower() == "où":
        return f"{capitalised(ask)} {' '.join(words[1:])} ?"
    if first.startswith("est-ce"):
        return f"{capitalised(ask)} {context.question[:1].lower()}{context.question[1:]} ?"
    if first == "qui" and len(words) > 2 and not fold(words[1]).startswith("est"):
        return f"{capitalised(ask)} est-ce que {context.person or 'quelqu’un'} {' '.join(words[1:])} ?"
    return None


def _instead(what: str, context: Context) -> str:
    """Ask the earlier question of something else: a time, a place or a name takes the place of the one it had."""
    what = what.strip()
    base = context.question
    if _TIME.fullmatch(what):
        had = _TIME.search(base)
        if had and had.group().strip():
            return f"{base[: had.start()]}{_as_had(what, had.group())}{base[had.end() :]} ?"
        return f"{base} {_as_had(what, 'en 2000')} ?"
    if _PLACE.fullmatch(what):
        had = _PLACE.search(base)
        return f"{base[: had.start()]}{what}{base[had.end() :]} ?" if had else f"{base} {what} ?"
    names = _names_in(base) if context.language == "fr" else []
    bare = re.sub(r"^(?:l['’]|la\s+|le\s+|les\s+|d['’])", "", what)
    if is_name(bare) and names:
        last = next((name for name in names if context.person and name.group() in context.person), names[-1])
        return f"{base[: last.start()]}{bare}{base[last.end() :]} ?"
    return f"{capitalised(what)} : {context.topic} ?"


def _as_had(what: str, had: str) -> str:
    """Give a time the preposition of the one whose place it takes."""
    first = had.split()[0].lower()
    bare_year = re.fullmatch(_YEAR, what) is not None
    return f"{first} {what}" if bare_year and first in ("en", "depuis", "fin", "début") else what


def _pointing(core: str, context: Context) -> str | None:
    """Say in brackets what pronouns mean that have nothing to stand for in their own question; a subject is replaced."""
    points = _pointers(core)
    if points is None:
        return None
    who = _somebody(context) if points == "person" else None
    first = core.split()[0].lower()
    text = core.rstrip(_MARKS)
    if who is not None and first in _SUBJECTS:
        text = f"{who}{text[len(first) :]}"
    elif who is not None:
        return _with_topic(text, f"{who}, {context.topic}" if context.topic and context.topic not in who else who)
    return _with_topic(text, context.topic if context.asked_who or who else context.matter)


def _pointers(core: str) -> str | None:
    """Tell whether a question points back to a "person" or a "thing" of the turns before; None where it does not."""
    tokens = [token for token in tokens_in(core, Span(0, len(core))) if token.is_word]
    folded = [fold(token.folded) for token in tokens]
    found = None
    for place, word in enumerate(folded):
        following = folded[place + 1] if place + 1 < len(folded) else ""
        personal = word in _PERSONAL and not _is_expletive(folded, place)
        if personal or (word in _POSSESSIVE and following not in ("a", "ont")):
            return "person"
        if word in _POINTING or (word in ("cela", "ca") and place):
            found = "thing"
        if word == "y" and following in ("a", "est") and place == 0:
            return None
        names = (place > 0 and tokens[place].is_capital) or (word in _DEMONSTRATIVES and bool(following))
        # "La Tarsanie l'a-t-elle libéré": the pronoun has something to stand for.
        if names and not (place + 1 < len(tokens) and tokens[place + 1].is_joined):
            return found
    return found


def _is_expletive(folded: Sequence[str], place: int) -> bool:
    """Tell "il y a", "il est vrai que", "que s'est-il passé": this "il" stands for nothing."""
    before = folded[place - 1] if place else ""
    following, after = [*folded[place + 1 : place + 3], "", ""][:2]
    if folded[place] != "il":
        return False
    said = following in _IMPERSONAL or (following == "est" and after in _IMPERSONAL)
    return said or (before == "est" and following in _IMPERSONAL)


def _somebody(context: Context) -> str | None:
    """Return whom a pronoun stands for: who was quoted, or, where nobody or only a body was, who was asked for."""
    unnamed = context.person is None or context.is_body
    return context.asked_for if unnamed and context.asked_for else context.person


def _with_topic(text: str, topic: str) -> str:
    bare = text.rstrip(_MARKS)
    return f"{capitalised(bare)} ({topic}) ?" if topic else f"{capitalised(bare)} ?"
