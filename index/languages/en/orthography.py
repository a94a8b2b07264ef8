"""How English is written: small words, abbreviations, numbers, bylines, the keys of files."""

import re

from index.languages.neutral import NeutralOrthography
from index.languages.orthography import CreditWords, DateWords, NumberWords, OutletWords, TimeWords
from index.languages.parts.jalali import JALALI_MONTHS
from index.text.normalisation import folded_words, valued, word_set

_STOP_WORDS = word_set(
    "a about after all also am an and any are as at be because been before being but by can could d did do does doing "
    "for from had has have having he her here hers him his how i if in into is it its just ll m me more most my no nor "
    "not now of off on once only or other our out over own re s same she should so some such t than that the their "
    "them then there these they this those through to too under until up ve very was we were what when where which "
    "while who whom whose why will with would you your"
)
# Words that German, Dutch, French or Spanish hardly write, so that an English question never waits for the language
# identifier.
_HINTS = re.compile(
    r"(?<![a-zß-öø-ɏḁ-ỿ])(?:the|of|and|is|were|are|what|who|whom|whose|which|when|where|why|how|did|does|do|have|had|been"
    r"|for|with|from|that|this|these|those|at|about|after|before|into|her|its|their|they|it|by|she|would|could|should"
    r"|said|says|has|there|than|them|other|such|not|you|your|our|because|through|while|will|but|his|he|more|we)(?![a-zß-öø-ɏḁ-ỿ])"
)
_ABBREVIATIONS = word_set(
    "mr mrs ms mx dr prof rev hon gen col lt sgt capt cmdr maj adm gov sen rep pres st sr jr messrs mme mlle vs etc "
    "inc ltd co corp bros dept univ no nos vol fig figs approx est al cf ca eg ie e.g i.e a.m p.m jan feb mar apr jun "
    "jul aug sep sept oct nov dec mt ft"
)
_OPENERS = word_set(
    "The A An He She It They We I You In On At But And However This That These Those There Its His Her Their As After "
    "Before When While Although For From By Some Many Most Other One If Since During With"
)
_POSSESSIVE = re.compile("['’]s$")
_NUMBERS = NumberWords(
    cardinals=valued(
        {
            **dict(
                enumerate(
                    (
                        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
                        *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
                        "nineteen",
                    )
                )
            ),
            20: "twenty",
            30: "thirty",
            40: "forty",
            50: "fifty",
            60: "sixty",
            70: "seventy",
            80: "eighty",
            90: "ninety",
        }
    )
    | {"dozen": 12, "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50},
    ordinals={
        "first": 1,
        "second": 2,
        "third": 3,
        "fourth": 4,
        "fifth": 5,
        "sixth": 6,
        "seventh": 7,
        "eighth": 8,
        "ninth": 9,
        "tenth": 10,
    },
    scales=valued(
        {
            100: "hundred hundreds",
            1000: "thousand thousands",
            10**6: "million millions",
            10**9: "billion billions",
        }
    ),
    joins=frozenset({"and"}),
    half=re.compile(r"[\s-]+and[\s-]+a[\s-]+half\b"),
    ordinal="th",
)
_DATES = DateWords(
    locales=("en",),
    months={"sept": 9},
    weekdays={"tues": 1, "thur": 3, "thurs": 3},
    of=("of",),
    at=("at",),
    halves=tuple(f"{half}{mark}" for half in ("am", "a.m", "pm", "p.m") for mark in ("", ".")),
    zones=("local time", "bst", "est", "edt", "et", "pst", "pdt", "cet", "cest", "eet"),
    first=("st", "nd", "rd", "th"),
    hijri_months={
        1: ("muharram",),
        2: ("safar",),
        3: ("rabi' al-awwal", "rabi' al-awal", "rabi' i", "rabi'ul awwal"),
        4: ("rabi' al-thani", "rabi' ath-thani", "rabi' al-akhir", "rabi' ii"),
        5: ("jumada al-awwal", "jumada al-ula", "jumada al-oula", "jumada i"),
        6: ("jumada al-thani", "jumada al-akhirah", "jumada al-akhira", "jumada ii"),
        7: ("rajab",),
        8: ("sha'ban", "shaaban"),
        9: ("ramadan", "ramadhan"),
        10: ("shawwal",),
        11: ("dhu al-qa'dah", "dhu al-qi'dah", "dhu al-qadah", "dhul-qa'dah", "dhul qadah"),
        12: ("dhu al-hijjah", "dhul-hijjah", "dhu al-hijja", "dhul hijja"),
    },
    jalali_months=JALALI_MONTHS,
    hijri_marks=("AH", "A.H", "H"),
    jalali_marks=("SH", "A.P", "AP"),
    common_marks=("AD", "CE"),
    equals=("corresponding to",),
)
_CREDITS = CreditWords(
    by=("by",),
    outlets=word_set(
        "agence agencies agency ap afp bbc bloomberg broadcasting bulletin channel chronicle cnn courier daily "
        "dispatch examiner gazette guardian herald inquirer journal ledger magazine media monitor network news "
        "newspaper newswire observer online post press radio report reuters review sentinel telegraph television "
        "times tribune tv weekly wire"
    ),
    small=word_set("and of the for in de la le el al van von bin ibn du da di &"),
    published=frozenset({"published", "published on", "posted", "posted on"}),
    updated=frozenset(
        f"{word}{on}"
        for word in ("updated", "last updated", "modified", "last modified", "update", "last update")
        for on in ("", " on", " at")
    ),
    kickers=frozenset(
        (
            *(
                "breaking",
                "breaking news",
                "urgent",
                "alert",
                "news alert",
                "newsflash",
                "exclusive",
                "just in",
                "update",
            ),
            *("developing", "developing story", "wrapup", "rpt", "corrected", "refile", "factbox", "timeline", "watch"),
            *("video", "listen", "in pictures", "for immediate release", "embargoed", "under embargo"),
        )
    ),
    sections=frozenset(
        (
            *(
                "analysis",
                "opinion",
                "editorial",
                "commentary",
                "comment",
                "interview",
                "explainer",
                "feature",
                "profile",
            ),
            *(
                "obituary",
                "review",
                "press release",
                "news release",
                "politics",
                "business",
                "economy",
                "world",
                "culture",
            ),
            *("sport", "sports", "science", "health", "technology"),
        )
    ),
    embargo=frozenset({"embargo", "embargoed", "under embargo", "release", "for release"}),
    embargo_until=frozenset(
        f"{word} {until}"
        for word in (
            *(
                "embargoed",
                "strictly embargoed",
                "embargo",
                "under embargo",
                "under strict embargo",
                "hold for release",
            ),
            *("not for release", "not for publication", "do not publish", "embargoed for release", "hold"),
        )
        for until in ("until", "till", "before")
    ),
)
# Keys of JSON, front matter and TREC files, which are English whatever language the article is in.
_ALIASES = {
    "id": ("docno", "docid", "guid", "uri", "story_id"),
    "text": (
        *("body", "content", "articlebody", "article_body", "maintext", "bodytext", "body_text", "body_html"),
        *("content_text", "content_html", "full_text", "fulltext", "article_text"),
    ),
    "title": ("headline", "webtitle"),
    "source": (
        *("src", "outlet", "publisher", "sitename", "site_name", "media_name", "source_domain", "source_name"),
        *("domain", "hostname", "provider"),
    ),
    "url": ("link", "weburl", "web_url", "canonical_url", "canonical_link", "article_url", "permalink"),
    "byline": ("author", "authors", "by", "writer", "creator"),
    "category": ("section", "cat", "sectionname", "section_name", "categories"),
    "published": (
        *("date", "published_at", "publishedat", "datepublished", "date_published", "pubdate", "publication_date"),
        *("publish_date", "date_publish", "pub_date", "webpublicationdate", "firstcreated", "published_date"),
        *("date_time", "datetime", "time", "versioncreated"),
    ),
    "language": ("lang", "meta_lang"),
    "modified": (
        *("updated", "datemodified", "date_modified", "updated_at", "updatedat", "date_modify", "modified_at"),
        "last_modified",
    ),
    "kicker": ("overline", "eyebrow", "overtitle"),
    "embargo": ("embargoed", "embargo_until", "embargoed_until", "embargodate", "embargo_date", "embargoed until"),
}
_QUESTION_COLUMNS = {
    "question": ("question", "questions"),
    "language": ("language", "languages"),
    "source": ("source", "sources", "outlet", "outlets"),
    "category": ("category", "categories", "section"),
    "collection": ("collection", "collections"),
    "after": ("after", "since"),
    "before": ("before", "until"),
}
_TIMES = TimeWords(
    at=word_set("in on of during by from for since before after until till year month"),
    before=word_set("before"),
    after=word_set("after"),
    since=word_set("since from"),
    until=word_set("until till up"),
    between=word_set("between from"),
    to=word_set("and to through"),
    articles=word_set("the of to year years month months"),
    parts=word_set("start beginning early mid middle late end"),
    last=word_set("last past"),
    ahead=word_set("will would next coming due scheduled tomorrow upcoming shall"),
    relative={"1 day ago": ("last night",)},
    # "The last week of May" is not the one before this.
    unlike=re.compile(r"\b(?:last|next) (?:week|month|year) of\b"),
)
_NAMED_OUTLETS = OutletWords(
    generic=word_set("the news newspaper paper agency press channel tv radio network site website"),
    naming=word_set("to by in from per said says say reported report reports did does has"),
    agencies=folded_words(
        "Reuters AP AFP UPI DPA Xinhua TASS INA TAP MENA SANA WAFA KUNA SPA WAM "
        "Petra IRNA Anadolu AA Bloomberg EFE ANSA Shafaq"
    ),
)


class EnglishOrthography(NeutralOrthography):
    """English: Snowball's stems, and names without their possessive."""

    __slots__ = ()

    def name_bases(self, word: str) -> tuple[str, ...]:
        """Return the word without a possessive, as it is written otherwise."""
        return (_POSSESSIVE.sub("", word),)


ORTHOGRAPHY = EnglishOrthography(
    "en",
    stop_words=_STOP_WORDS,
    hints=_HINTS,
    abbreviations=_ABBREVIATIONS,
    open_abbreviations=word_set("etc no al co"),
    openers=_OPENERS,
    dates=_DATES,
    numbers=_NUMBERS,
    # Capitalised without being the name of anybody; Arabic translates them.
    not_names=word_set("mr mrs ms dr president minister prime king state university national international"),
    particles=word_set("le la de di da do du del van von ben bin abu abou bou abd abdel abdul abdal san saint mac mc"),
    # "Tunisian", "Libyan", "American" name the place.
    demonym=re.compile("(?<=...)(?:(?P<vowel>[iey](?P<end>an))|(?<=c)(?P<ending>an))$"),
    credits=_CREDITS,
    times=_TIMES,
    outlets=_NAMED_OUTLETS,
    field_aliases=_ALIASES,
    question_columns=_QUESTION_COLUMNS,
)
