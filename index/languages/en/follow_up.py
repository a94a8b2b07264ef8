"""English follow-up questions: what shows that one hangs on the turns before, and what takes its place."""

import itertools
import re
from collections.abc import Sequence

from index.languages.en.lexicon import is_title
from index.languages.en.reporting_verbs import verb_of
from index.languages.grammar import Context
from index.languages.parts.latin import capitalised, is_name
from index.text.normalisation import word_set

_LEADING = re.compile(r"^(?:(?:and|but|so|then|also|ok|okay|well|now)\b[,\s]*)+(?=\S)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_WH = word_set("who whom whose what when where why how which")
_MEASURES = word_set("many much long far often old soon big")
_AUXILIARIES = word_set(
    "is are was were be been being am do does did has have had will would can could shall should may might must"
    " isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't won't wouldn't can't couldn't"
)
_DEMONSTRATIVES = word_set("that this these those it so")
# A question of nothing but these and question words asks about the question before it.
_EMPTY = (
    _WH
    | _AUXILIARIES
    | _DEMONSTRATIVES
    | word_set(
        "exactly precisely else more not then there they he she happen happened happening do done occur occurred"
        " take took place say said says claim claimed now by since until to from for in"
        " at about come came one ones people"
    )
)
_HAPPENS = word_set("happen happened happening occur occurred place")
_PERSONAL = word_set("he she him himself his they them their her hers")
# Those that stand for one human being.
_HUMAN = word_set("he she him himself his her hers")
_MODALS = word_set("would will could can should may might must")
# "Arab" or "French" before a small letter tells what kind of thing is meant, and is no name of one.
_PEOPLE = re.compile(
    r"(?:[A-Z][a-z]+(?:ians?|cans?|eans?|ish|ese|aqi|emi|ani|ati|aeli|audi)|Arab|French|German|Dutch|Greek|Swiss|Czech|Western"
    r"|Eastern|Northern|Southern)(?=\s+[a-z])"
)
_PREPOSITIONS = word_set(
    "in on at of to for from with by about against after before since during over under between into near among"
)
_DETERMINERS = word_set("the a an his her their its our your my this that these those")
_STARTS = word_set("the a an")
_FUNCTION = (
    _WH
    | _AUXILIARIES
    | _PREPOSITIONS
    | word_set(
        "and or but if than as not no what's who's also there then so because while that happen happened say said says"
        " tell told make made take took get got give gave it he she they i we you me us him them many much any all"
        " ever still yet just only"
    )
)
_IRREGULAR = word_set(
    "spoke paid gave won lost led left met held kept sent shot fell fled rose ran sold bought built brought caught "
    "found drew flew grew hit hurt cut put read saw sought stood struck swore threw wrote became began broke chose"
)
_ABOUT = re.compile(r"^(?:what|how)\s+about\s+(?P<what>.+?)[?!. ]*$", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w])(?:[A-Z][\w'’\-]*)(?:\s+(?:(?:of|the|al|de|bin|ben|van|von|el)\s+)?[A-Z][\w'’\-]*)*")
# Names that were carried over from an article in another script.
_FOREIGN = r"(?:[^\W\d_A-Za-zÀ-ɏ][\u064b-\u065f]*)+"
_FOREIGN_RUN = re.compile(rf"{_FOREIGN}(?:\s+{_FOREIGN})*")
# "Is it true that …", "was it possible to …": this "it" stands for nothing.
_EXPLETIVE = re.compile(r"\s+\w+(?:\s+\w+)?\s+(?:that|to|when|if)\b")
# Years, days and months as they are typed, with the preposition before them.
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = "(?:1[5-9]|20)[0-9]{2}|[١٢][٠-٩]{3}"
_TIME = re.compile(
    rf"(?:(?:in|on|since|during|by)\s+)?(?:the\s+)?(?:(?:{_DAY},?\s+)?(?:[0-3]?\d(?:st|nd|rd|th)?\s+(?:of\s+)?)?"
    rf"\b{_MONTH}\b(?:\s+[0-3]?\d(?:st|nd|rd|th)?\b)?(?:,?\s+(?:{_YEAR}))?|\b(?:{_YEAR})\b|\b{_DAY}\b"
    r"|\b(?:last|this|next)\s+(?:year|month|week)\b|\byesterday\b|\btoday\b|\btomorrow\b)"
)
_MOST_ABOUT = 8
_MOST_ELLIPTIC = 5


def follow_up(question: str, context: Context) -> str | None:
    """Return an English question made to stand alone, None where it does already."""
    core = _LEADING.sub("", question)
    led = core != question
    words = [word.lower() for word in _WORD.findall(core)]
    if not words:
        return None
    about = _ABOUT.match(core)
    if about and len(about["what"].split()) <= _MOST_ABOUT:
        return _instead(about["what"], context)
    asks = words[0] in _WH or (words[0] in _PREPOSITIONS and words[1:2] and words[1] in _WH)
    if all(word in _EMPTY for word in words) and (asks or led):
        return _bare(core, words, context)
    if led and len(words) <= _MOST_ELLIPTIC and not any(word in _WH | _AUXILIARIES for word in words):
        return _instead(core.rstrip("?!. "), context)
    pointed = _pointing(core, context)
    if pointed is not None:
        return pointed
    if led and not names_in(_PEOPLE.sub("", core)) and not _TIME.search(core):
        return _with_topic(core, _about(context))
    return None


def without_joint(question: str) -> str:
    """Return a question without the "and" that it begins with."""
    return _LEADING.sub("", question)


def asking_on(question: str) -> str:
    """Return a question with "and" before it."""
    return f"and {without_joint(question)}"


def topic(question: str) -> str:
    """Return what a question is about: its noun phrases with an article or a name, in order."""
    found: list[str] = []
    run: list[str] = []

    def close() -> None:
        while run and run[-1].lower() in _PREPOSITIONS | _DETERMINERS:
            run.pop()
        if run:
            found.append(" ".join(run))
        run.clear()

    words = question.split()
    for place, raw in enumerate(words):
        word = raw.strip(',;:?!."“”()').lower()
        opens = word in _STARTS or (place > 0 and is_name(raw)) or word[:1].isdigit()
        joins = bool(run) and word in ("of", "in", "at", "for", "from", "on", "between", "with", "and")
        if joins and not _opens_phrase(words, place + 1):
            close()
        elif (run and word not in _FUNCTION and (_is_owned(run) or not _reports(word))) or opens or joins:
            run.append(raw.strip(';:?!."“”()').rstrip(","))
            if raw.endswith((",", ";", ":")):
                close()
        else:
            close()
    close()
    return ", ".join(found) or matter(question)


def names_in(text: str) -> list[re.Match[str]]:
    """Return the runs of capitalised words that are not just the first word, and runs of another script."""
    names = [match for match in _NAME.finditer(text) if match.start() > 0 or " " in match.group()]
    return sorted([*names, *_FOREIGN_RUN.finditer(text)], key=lambda match: match.start())


def _is_owned(run: Sequence[str]) -> bool:
    """Tell whether what follows is somebody's: "tweets" is no verb in "Le Pen's tweets"."""
    return run[-1].endswith(("'s", "’s", "s'", "s’"))


def _reports(word: str) -> bool:
    verb = verb_of(word)
    return verb is not None and not verb.doubtful


def _opens_phrase(words: Sequence[str], place: int) -> bool:
    if place >= len(words):
        return False
    following = words[place].lower()
    return following in _STARTS or is_name(words[place]) or following not in _FUNCTION


def matter(question: str) -> str:
    """Return what a question says without its question words and auxiliaries."""
    return " ".join(word for word in question.split() if word.lower() not in _WH | _AUXILIARIES | _MEASURES)


def asked_for(question: str) -> str | None:
    """Return "the French lawyer" of "which French lawyer spoke …": somebody by a title, before the verb."""
    first, *words = question.split() or [""]
    found = list(itertools.takewhile(lambda word: word.lower() not in _FUNCTION and not _is_past(word), words))
    if first.lower() not in ("which", "what") or not found or not is_title(found[-1].lower()):
        return None
    return f"the {' '.join(found)}"


def _is_past(word: str) -> bool:
    """Tell whether a word is likely a verb in the past: its ending shows it, or it reports."""
    return word in _IRREGULAR or (word.islower() and (word.endswith("ed") or verb_of(word) is not None))


def _about(context: Context) -> str:
    """Return what is added to a question that is about the same: of one that asked who, not what they did."""
    return context.topic if context.asked_who else context.matter


def _bare(core: str, words: Sequence[str], context: Context) -> str:
    """Ask the new question word of the earlier question."""
    asks = [word for word in words if word in _WH | _MEASURES] or [words[0]]
    asks = asks[:2] if len(asks) > 1 and asks[1] in _MEASURES else asks[:1]
    ask = " ".join(asks)
    if "who" in words and ("said" in words or "says" in words or "claimed" in words):
        return f"Who said {_lowered(context.question)}?" if context.language == "en" else f"Who said: {context.topic}?"
    if context.asked_who and not _HAPPENS.isdisjoint(words):
        return _happened(core, context)
    if context.language == "en" and ask in ("when", "where", "why", "how"):
        moved = _moved(ask, context)
        if moved is not None:
            return moved
    if "else" in words:
        return f"{capitalised(context.question)} (who or what else)?"
    return f"{capitalised(' '.join(_WORD.findall(core))).rstrip()}: {_with_person(context)}?"


def _happened(core: str, context: Context) -> str:
    """Ask "why did it happen?" of what was spoken of, not of who spoke."""
    thing = _thing(context)
    told = re.sub(r"\b(?:it|that|this)\b", lambda _: thing, core, count=1, flags=re.IGNORECASE) if thing else core
    return capitalised(told) if told != core else _with_topic(core, context.topic)


def _moved(ask: str, context: Context) -> str | None:
    """Put a question word in the place of the earlier question's own: "where did X happen" asked with when."""
    words = context.question.split()
    lowered = [word.lower().rstrip(",") for word in words]
    if lowered[0] in _AUXILIARIES:
        return f"{capitalised(ask)} {_lowered(context.question)}?"
    auxiliary = next((place for place, word in enumerate(lowered[:5]) if word in _AUXILIARIES), None)
    if lowered[0] not in _WH:
        return None
    if auxiliary is not None and (lowered[0] in ("when", "where", "why", "how") and auxiliary == 1):
        return f"{capitalised(ask)} {' '.join(words[auxiliary:])}?"
    if (
        auxiliary is not None
        and lowered[0] in ("what", "which", "whom")
        and lowered[auxiliary] in ("did", "does", "do")
    ):
        return f"{capitalised(ask)} {' '.join(words[auxiliary:])}?"
    verb = verb_of(lowered[1]) if len(words) > 2 and lowered[0] == "who" else None
    if verb is not None:
        subject = context.person or "someone"
        return f"{capitalised(ask)} did {subject} {verb.lemma} {' '.join(words[2:])}?"
    return None


def _instead(what: str, context: Context) -> str:
    """Ask the earlier question of something else: a time, a place or a name takes the place of the one it had."""
    what = what.strip()
    base = context.question
    if _TIME.fullmatch(what):
        had = _TIME.search(base)
        if had and had.group().strip():
            leading = "" if what.split()[0].lower() in _PREPOSITIONS else _preposition(had.group())
            return f"{base[: had.start()]}{leading}{what}{base[had.end() :]}?"
        leading = "" if what.split()[0].lower() in _PREPOSITIONS else "in "
        return f"{base} {leading}{what}?"
    first, *rest = what.split()
    if first.lower() in _PREPOSITIONS and rest:
        return _in_place_after(first.lower(), what, base)
    names = [] if context.language != "en" else names_in(base)
    if names_in(f"- {what}") and names:
        last = next((name for name in names if context.person and name.group() in context.person), names[-1])
        return f"{base[: last.start()]}{what}{base[last.end() :]}?"
    return f"What about {what}: {context.topic}?"


def _preposition(time: str) -> str:
    first = time.split()[0].lower()
    return f"{first} " if first in _PREPOSITIONS else ""


def _in_place_after(preposition: str, what: str, base: str) -> str:
    """Put "in Egypt" where the earlier question has "in Tunisia", or at its end."""
    had = re.search(rf"\b{preposition}\s+((?:the\s+)?{_NAME.pattern})", base)
    if had is None:
        return f"{base} {what}?"
    return f"{base[: had.start()]}{what}{base[had.end() :]}?"


def _pointing(core: str, context: Context) -> str | None:
    """Put what they stand for in the place of pronouns that have nothing to stand for in their own question.

    Somebody takes the place of one pronoun; what else points back stays, and what it may mean is added.
    """
    words = list(_WORD.finditer(core))
    antecedent = named = False
    pieces: list[str] = []
    done, points = 0, False
    for place, match in enumerate(words):
        word = match.group().lower()
        following = words[place + 1].group().lower() if place + 1 < len(words) else ""
        pointer = _pointer(word, following, core[match.end() :], antecedent=antecedent)
        if pointer is None:
            antecedent = antecedent or (is_name(match.group()) and place > 0) or (word in _STARTS and bool(following))
            continue
        points = True
        if pointer == "person":
            stands_for, named = (None if named else _somebody(word, context)), True
        else:
            stands_for = _thing(context)
            # "How many were hurt there?"
            stands_for = f"in {stands_for}" if stands_for and word == "there" else stands_for
        if stands_for is not None:
            suffix = "'s" if _is_possessive(word, following, core[match.end() :]) else ""
            pieces += [core[done : match.start()], stands_for + suffix]
            done = match.end()
    if not points:
        return None
    text = "".join(pieces) + core[done:]
    told = context.topic in text or (names_in(core) and pieces)
    return capitalised(text) if told else _with_topic(text, _about(context))


def _somebody(word: str, context: Context) -> str | None:
    """Return whom a pronoun stands for: who was quoted, or, where nobody or only a body was, who was asked for."""
    unnamed = context.person is None or context.is_body
    return context.asked_for if unnamed and word in _HUMAN else context.person


def _thing(context: Context) -> str | None:
    """Return the one thing the earlier question names; with several, none can be told to be meant."""
    one = context.topic.lower().startswith("the ") and ", " not in context.topic
    return context.topic if one and context.language == "en" else None


def _pointer(word: str, following: str, rest: str, *, antecedent: bool) -> str | None:
    """Tell whether a word points back to a "person" or a "thing" of the turns before; None where it does not."""
    ends = not following or rest.lstrip()[:1] in ("?", "!", ".", ",")
    if word in _PERSONAL:
        return None if antecedent and not (ends and word in ("him", "her", "them")) else "person"
    if word in ("it", "its"):
        inside = (antecedent and not ends) or _EXPLETIVE.match(rest)
        return None if inside else "thing"
    if word in ("that", "this", "these", "those"):
        return "thing" if ends or (word in ("that", "this") and following in _MODALS) else None
    return "thing" if word == "there" and ends else None


def _is_possessive(word: str, following: str, rest: str) -> bool:
    ends = not following or rest.lstrip()[:1] in ("?", "!", ".", ",")
    return word in ("his", "their", "its") or (word == "her" and not ends and following not in _FUNCTION)


def _with_topic(text: str, topic: str) -> str:
    bare = text.rstrip("?!. ")
    return f"{capitalised(bare)} ({topic})?" if topic else f"{capitalised(bare)}?"


def _with_person(context: Context) -> str:
    if context.asked_who and context.person:
        return f"{context.person}, {context.topic}"
    return _about(context)


def _lowered(question: str) -> str:
    """Return a question to stand within another: its first word in small letters unless it is a name."""
    first = question.split()[0].lower()
    return question[:1].lower() + question[1:] if first in _WH | _AUXILIARIES | _STARTS else question
