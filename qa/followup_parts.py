"""What a conversation has come to, as far as a follow-up question needs it."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last question, made to stand alone and without its question mark, and what it was about.

    `topic` is the things it names, `matter` all it says beside its question words; `person` is who was quoted last,
    and `is_body` tells whether that is an institution, which is no "he" or "she"; `asked_for` is what it asked for in
    words of its own ("the French lawyer" of "which French lawyer"); `asked_who` tells whether it asked for a speaker.
    """

    question: str
    arabic: bool
    topic: str
    matter: str
    person: str | None
    asked_who: bool
    is_body: bool = False
    asked_for: str | None = None


# Years, days and months as they are typed, with the preposition before them.
_MONTH_EN = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAY_EN = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = "(?:1[5-9]|20)[0-9]{2}|[١٢][٠-٩]{3}"
TIME_EN = re.compile(
    rf"(?:(?:in|on|since|during|by)\s+)?(?:the\s+)?(?:(?:{_DAY_EN},?\s+)?(?:[0-3]?\d(?:st|nd|rd|th)?\s+(?:of\s+)?)?"
    rf"\b{_MONTH_EN}\b(?:\s+[0-3]?\d(?:st|nd|rd|th)?\b)?(?:,?\s+(?:{_YEAR}))?|\b(?:{_YEAR})\b|\b{_DAY_EN}\b"
    r"|\b(?:last|this|next)\s+(?:year|month|week)\b|\byesterday\b|\btoday\b|\btomorrow\b)"
)
_MONTH_AR = (
    "(?:يناير|كانون الثاني|جانفي|فبراير|شباط|فيفري|مارس|[آا]ذار|[أا]بريل|نيسان|[أا]فريل"
    "|مايو|[أا]يار|ماي|يونيو|حزيران|جوان"
    "|يوليو|تموز|جويلية|[أا]غسطس|[آا]ب|[أا]وت|سبتمبر|[أا]يلول|[أا]كتوبر"
    "|تشرين ال[أا]ول|نوفمبر|تشرين الثاني|ديسمبر|كانون ال[أا]ول)"
)
TIME_AR = re.compile(
    rf"(?:(?:في|خلال|منذ)\s+)?(?:(?:يوم|شهر|عام|سنة)\s+)?(?:(?:[0-9٠-٩]{{1,2}}\s+)?(?<!\w){_MONTH_AR}(?!\w)(?:\s*/\s*{_MONTH_AR})?"
    rf"(?:\s+(?:عام\s+|سنة\s+)?(?:{_YEAR}))?|(?<!\w)(?:{_YEAR})(?!\w)"
    r"|(?:العام|السنة|الشهر|الأسبوع)\s+(?:الماضي|الماضية|المقبل|المقبلة|الحالي|الجاري)|(?<!\w)(?:أمس|اليوم|غدا)(?!\w))"
)


def capitalised(text: str) -> str:
    """Return a sentence with its first letter a capital."""
    return text[:1].upper() + text[1:]
