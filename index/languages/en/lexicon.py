"""English words of speakers: titles and institutions; and of orders to a language model."""

import re

from index.text.normalisation import word_set

_TITLES = word_set(
    "president vice-president minister secretary secretary-general chancellor premier prime spokesman spokeswoman spokesperson director "
    "manager lawyer attorney deputy commander ambassador adviser advisor expert governor mayor senator congressman "
    "congresswoman representative lawmaker mp chief chair chairman chairwoman chairperson head leader officer official judge justice "
    "prosecutor king queen prince princess emir sheikh pope bishop archbishop rabbi imam professor researcher analyst "
    "doctor dr mr mrs ms sir lord lady dame engineer journalist reporter correspondent writer author director filmmaker actor actress singer "
    "coach player striker goalkeeper captain activist coordinator envoy delegate commissioner founder owner executive ceo "
    "general colonel major lieutenant sergeant admiral brigadier marshal student teacher scientist historian economist "
    "farmer resident witness survivor source speaker rapporteur operator mother father brother sister son daughter wife husband "
    "widow neighbour neighbor shopkeeper trader dean rector inspector detective sheriff constable veteran organiser organizer "
    "campaigner editor consul diplomat fisherman driver pilot nurse surgeon"
)
_PLURAL_TITLES = word_set(
    "officials sources police experts analysts researchers scientists witnesses residents diplomats doctors lawyers ministers "
    "prosecutors investigators authorities activists critics supporters lawmakers opponents rescuers organisers organizers medics "
    "economists observers aides spokesmen engineers farmers traders villagers protesters"
)
_INSTITUTIONS = word_set(
    "ministry embassy government army police agency council committee commission authority party movement organisation organization "
    "association union company firm corporation bank university institute centre center court tribunal parliament senate congress house "
    "kremlin pentagon office department bureau board group coalition alliance front newspaper paper channel network station website "
    "statement report study survey inquiry panel club team federation league foundation fund force forces command navy "
    "administration presidency assembly cabinet mission consulate directorate hospital school airport operator airline militia faction "
    "opposition syndicate utility regulator watchdog charity prosecution brigade municipality city un nato eu us who imf isis authorities "
    "nations states"
)
# What speaks to a language model rather than to a reader: an order to forget, to obey, to become another, or to say a
# certain thing.
ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|discard|skip)\b.{0,40}"
    r"\b(?:above|previous|prior|preceding|earlier|instructions?|rules?|prompts?|passages?|guidelines?|everything)\b"
    r"|\b(?:you are now|act as|pretend to be|roleplay as|behave as)\b.{0,20}"
    r"\b(?:assistant|model|ai|bot|dan|developer)\b"
    r"|\b(?:new|updated|real|actual|hidden|secret|system)\s+(?:instructions?|prompts?|task|rules?|messages?|orders?)\s*:"
    r"|^\s*question\s*:"
    r"|\b(?:language model|ai model|ai assistant|chatbot|llms?|assistant|gpt|claude|gemini)s?\b.{0,60}"
    r"\b(?:must|should|shall|reading|reads?|answer|say|write|reply|respond|output|print|repeat|note|attention)\b"
    r"|\b(?:answer|say|write|reply|respond|output|print|repeat|state|claim|tell)\b.{0,25}"
    r"\b(?:only|instead|exactly|with the words?|the following|the user|the readers?|that the answer|verbatim)\b"
    r"|^\s*(?:system|assistant|user|developer|human)\s*:"
    r"|\b(?:end of|begin(?:ning)? of)\s+(?:the\s+)?(?:passages?|context|document|prompt|articles?|quoted material)\b"
    r"|\bcite\s+(?:passage|article|source|number|this|it)\b|\b(?:append|include|add)\b.{0,30}\b(?:link|url|image)\b"
)


def is_title(folded: str) -> bool:
    """Tell whether a folded English word is a title or a trade: "minister", "spokeswoman"."""
    return folded in _TITLES or folded in _PLURAL_TITLES


def is_plural_title(folded: str) -> bool:
    """Tell whether a folded English word names several speakers: "officials"."""
    return folded in _PLURAL_TITLES


def is_institution(folded: str) -> bool:
    """Tell whether a folded English word names a body that makes statements: "ministry", "embassy"."""
    return folded in _INSTITUTIONS
