"""English reporting verbs, and what kind of statement each makes."""

from functools import cache

from index.languages.grammar import Form, Reporting, Stance

_VERBS = {
    Stance.SAID: (
        "say says said saying|tell tells told telling|state states stated stating|add adds added adding"
        "|explain explains explained explaining|note notes noted noting|write writes wrote|tweet tweets tweeted tweeting"
        "|argue argues argued arguing|remark remarks remarked|comment comments commented|reply replies replied"
        "|respond responds responded|recall recalls recalled|stress stresses stressed stressing|insist insists insisted insisting"
        "|reiterate reiterates reiterated|believe believes believed|think thinks thought*|suggest suggests suggested suggesting"
        "|describe describes described describing|mention mentions mentioned|continue continues* continued*|point* points* pointed*"
        "|express expresses expressed expressing|voice* voices* voiced voicing|observe observes observed|call* calls* called*"
        "|quote* quotes* quoted|mock mocks mocked|report* reports* reported|blame* blames blamed blaming|attribute* attributes* attributed"
        "|conclude concludes concluded|complain complains complained|joke jokes joked|put* puts* |ask* asks* asked*|estimate* estimates* estimated|find* finds* found*"
    ),
    Stance.CONFIRMED: "confirm confirms confirmed confirming|affirm affirms affirmed|assert asserts asserted|verify verifies verified",
    Stance.DENIED: (
        "deny denies denied denying|dispute* disputes* disputed disputing|reject rejects rejected rejecting"
        "|dismiss dismisses dismissed dismissing|refute refutes refuted refuting|rebut rebuts rebutted"
        "|rebuff rebuffs rebuffed|contradict contradicts contradicted contradicting|downplay downplays downplayed downplaying"
        "|disagree disagrees disagreed|question* questions* questioned|doubt* doubts* doubted|contest* contests* contested"
        "|minimise minimises minimised|minimize minimizes minimized|disavow disavows disavowed|debunk debunks debunked"
        "|repudiate repudiates repudiated|discount* discounts* discounted|challenge* challenges* challenged"
    ),
    Stance.WARNED: "warn warns warned warning*|threaten threatens threatened|caution* cautions* cautioned|alert* alerts* alerted",
    Stance.ACCUSED: "accuse accuses accused* accusing",
    Stance.WELCOMED: "welcome* welcomes welcomed welcoming|praise* praises praised praising|hail* hails hailed|applaud applauds applauded|commend commends commended",
    Stance.CONDEMNED: "condemn condemns condemned condemning|denounce denounces denounced denouncing|criticise criticises criticised criticising|criticize criticizes criticized criticizing|slam slams slammed|decry decries decried|deplore deplores deplored",
    Stance.CALLED_FOR: "urge urges urged urging|demand* demands* demanded demanding*|recommend recommends recommended|propose proposes proposed*|advise advises advised|appeal* appeals* appealed|advocate* advocates* advocated",
    Stance.ANNOUNCED: "announce announces announced announcing|reveal reveals revealed revealing|disclose discloses disclosed|declare declares declared declaring|unveil unveils unveiled",
    Stance.EXPECTED: "expect expects expected* expecting|predict predicts predicted predicting|forecast* forecasts*|anticipate anticipates anticipated",
    Stance.ADMITTED: "admit admits admitted admitting|acknowledge acknowledges acknowledged acknowledging|concede concedes conceded|confess confesses confessed",
    Stance.PROMISED: "promise* promises* promised|pledge* pledges* pledged|vow* vows* vowed",
    Stance.CLAIMED: "claim* claims* claimed claiming|allege alleges alleged* alleging",
}
# Two words that make a verb of their own stance.
PHRASES = {
    ("played", "down"): Stance.DENIED,
    ("play", "down"): Stance.DENIED,
    ("plays", "down"): Stance.DENIED,
    ("playing", "down"): Stance.DENIED,
    ("ruled", "out"): Stance.DENIED,
    ("rule", "out"): Stance.DENIED,
    ("rules", "out"): Stance.DENIED,
    ("ruling", "out"): Stance.DENIED,
    ("brushed", "off"): Stance.DENIED,
    ("shrugged", "off"): Stance.DENIED,
    ("hit", "back"): Stance.DENIED,
    ("called", "for"): Stance.CALLED_FOR,
    ("call", "for"): Stance.CALLED_FOR,
    ("calls", "for"): Stance.CALLED_FOR,
    ("called", "on"): Stance.CALLED_FOR,
    ("calls", "on"): Stance.CALLED_FOR,
    ("call", "on"): Stance.CALLED_FOR,
    ("pointed", "out"): Stance.SAID,
    ("points", "out"): Stance.SAID,
    ("paid", "tribute"): Stance.WELCOMED,
    ("cast", "doubt"): Stance.DENIED,
    ("casts", "doubt"): Stance.DENIED,
    ("took", "issue"): Stance.DENIED,
}


def verb_of(folded: str) -> Reporting | None:
    """Look up a folded English word as a form of a reporting verb."""
    return _table().get(folded)


@cache
def _table() -> dict[str, Reporting]:
    table: dict[str, Reporting] = {}
    for stance, verbs in _VERBS.items():
        for verb in verbs.split("|"):
            forms = verb.split()
            for word in forms:
                bare = word.rstrip("*")
                form = Form.PARTICIPLE if bare.endswith("ing") else Form.FINITE
                table[bare] = Reporting(stance, form, "", word != bare, lemma=forms[0].rstrip("*"))
    return table
