"""French reporting verbs, and what kind of statement each makes."""

from functools import cache

from index.languages.grammar import Form, Reporting, Stance
from index.text.normalisation import fold

# Regular verbs in -er by their infinitive. A * marks verbs of which a form is as often a noun or has other objects:
# they count only before "que", a colon or a quotation, or after one.
_REGULAR = {
    Stance.SAID: (
        "déclarer ajouter expliquer préciser indiquer souligner noter* estimer juger* rappeler* raconter relater lancer* glisser* résumer* commenter "
        "insister* marteler ironiser tempérer* confier* témoigner* argumenter arguer répliquer rétorquer signaler* observer* remarquer "
        "affirmer considérer* penser* évoquer* regretter déplorer* espérer souhaiter* répéter réitérer relever* plaider lâcher* "
        "détailler* poursuivre* continuer* analyser* constater* rapporter* mentionner* conter* grincer plaisanter fulminer tonner* souffler* soupirer nuancer* articuler* "
        "s'inquiéter s'interroger s'étonner parler* twitter tweeter exposer* avancer* imputer* attribuer* citer* s'exclamer s'écrier"
    ),
    Stance.CONFIRMED: "confirmer assurer* attester* certifier corroborer",
    Stance.DENIED: (
        "nier réfuter contester rejeter récuser écarter* minimiser relativiser* désavouer dénier repousser* balayer* se_démarquer"
    ),
    Stance.WARNED: "alerter* menacer* s'alarmer",
    Stance.ACCUSED: "accuser incriminer reprocher* fustiger*",
    Stance.WELCOMED: "saluer* féliciter* se_féliciter louer* applaudir* s'enthousiasmer",
    Stance.CONDEMNED: "condamner* dénoncer critiquer* vilipender s'indigner s'insurger blâmer stigmatiser réprouver",
    Stance.CALLED_FOR: "demander réclamer exiger exhorter recommander* préconiser proposer appeler* inviter* sommer* presser* prôner",
    Stance.ANNOUNCED: "annoncer dévoiler* révéler* proclamer* divulguer",
    Stance.EXPECTED: "tabler* anticiper* pronostiquer redouter",
    Stance.ADMITTED: "avouer confesser concéder",
    Stance.PROMISED: "s'engager jurer",
    Stance.CLAIMED: "alléguer",
}
# Present, imperfect, past participle and present participle of the others, in the singular and the plural.
_IRREGULAR = {
    Stance.SAID: (
        "dit disent|disait disaient|dit|disant;répond répondent|répondait répondaient|répondu|répondant;"
        "soutient soutiennent|soutenait soutenaient|soutenu*|soutenant*;écrit écrivent*|écrivait|écrit*|écrivant*;"
        "rappelle* rappellent*|rappelait|rappelé|rappelant;conclut concluent|concluait|conclu*|concluant*;"
        "poursuit* poursuivent*|poursuivait*|poursuivi*|poursuivant*;croit* croient*|croyait*||;"
        "se_plaint se_plaignent|se_plaignait|se_plaint se_plainte|;se_dit se_disent|se_disait se_disaient|se_dit se_dite se_dits|;"
    ),
    Stance.DENIED: (
        "dément démentent|démentait démentaient|démenti démentie démentis démenties|démentant;exclut excluent|excluait|exclu*|excluant;"
        "contredit contredisent|contredisait|contredit|contredisant;se_défend se_défendent|se_défendait|se_défendu se_défendue|"
    ),
    Stance.WARNED: "prévient préviennent|prévenait|prévenu*|;avertit avertissent|avertissait|averti|avertissant",
    Stance.ADMITTED: (
        "reconnaît reconnait reconnaissent|reconnaissait|reconnu*|reconnaissant;admet admettent|admettait|admis*|admettant"
    ),
    Stance.PROMISED: "promet promettent|promettait|promis|promettant",
    Stance.CLAIMED: "prétend prétendent|prétendait prétendaient|prétendu*|prétendant",
    Stance.EXPECTED: "prévoit* prévoient*|prévoyait*|prévu*|;prédit prédisent|prédisait|prédit|;craint* craignent*|craignait*||",
    Stance.CALLED_FOR: "requiert requièrent||requis|;appelle* appellent*|appelait*||",
    Stance.WELCOMED: (
        "se_réjouit se_réjouissent|se_réjouissait|se_réjoui se_réjouie se_réjouis|;applaudit applaudissent||applaudi|"
    ),
}
# Words that make a verb of their own stance with what follows them.
PHRASES = {
    "fait savoir": Stance.SAID,
    "font savoir": Stance.SAID,
    "fait valoir": Stance.SAID,
    "fait remarquer": Stance.SAID,
    "font remarquer": Stance.SAID,
    "font valoir": Stance.SAID,
    "fait état": Stance.SAID,
    "font état": Stance.SAID,
    "met en garde": Stance.WARNED,
    "mettent en garde": Stance.WARNED,
    "mis en garde": Stance.WARNED,
    "mise en garde": Stance.WARNED,
    "mis en cause": Stance.ACCUSED,
    "met en cause": Stance.ACCUSED,
    "mis en doute": Stance.DENIED,
    "met en doute": Stance.DENIED,
    "rend hommage": Stance.WELCOMED,
    "rendu hommage": Stance.WELCOMED,
    "pris acte": Stance.SAID,
    "laissé entendre": Stance.SAID,
}
_ENDINGS = (
    ("e", Form.FINITE),
    ("ent", Form.FINITE),
    ("ait", Form.FINITE),
    ("aient", Form.FINITE),
    ("a", Form.FINITE),
    ("èrent", Form.FINITE),
)


def verb_of(word: str) -> Reporting | None:
    """Look up a word in small letters as a finite form or a present participle; of a reflexive verb with "se_" before."""
    return _tables()[0].get(word)


def past_of(word: str) -> Reporting | None:
    """Look up a word in small letters as a past participle, which needs an auxiliary before it; "se_" as above."""
    return _tables()[1].get(word)


def asked_verb(folded: str) -> Reporting | None:
    """Look up a folded word of a question, which is often typed without its accents, as any form of a reporting verb."""
    return _folded().get(folded)


@cache
def _tables() -> tuple[dict[str, Reporting], dict[str, Reporting]]:
    finite: dict[str, Reporting] = {}
    past: dict[str, Reporting] = {}
    for stance, verbs in _IRREGULAR.items():
        for verb in verbs.split(";"):
            present, imperfect, participle, gerund = (verb + "|||").split("|")[:4]
            for column, table, form in (
                (present, finite, Form.FINITE),
                (imperfect, finite, Form.FINITE),
                (participle, past, Form.FINITE),
                (gerund, finite, Form.PARTICIPLE),
            ):
                for word in column.split():
                    bare = word.rstrip("*")
                    table.setdefault(
                        bare, Reporting(stance, form, "", bare != word, lemma=present.split()[0].rstrip("*"))
                    )
    for stance, verbs in _REGULAR.items():
        for infinitive in verbs.split():
            _conjugate(infinitive, stance, finite, past)
    return finite, past


def _conjugate(infinitive: str, stance: Stance, finite: dict[str, Reporting], past: dict[str, Reporting]) -> None:
    lemma = infinitive.rstrip("*")
    doubtful = lemma != infinitive
    reflexive = lemma.startswith(("s'", "se_"))
    stem = lemma.removeprefix("s'").removeprefix("se_").removesuffix("er")
    open_stem = {"g": stem + "e", "c": stem[:-1] + "ç"}.get(stem[-1], stem)
    # "rejeter", "réitérer", "rappeler": the stem before a silent ending.
    silent = stem
    if stem[-2:] == "et":
        silent = stem + "t"
    elif len(stem) > 2 and stem[-2] in "ée" and stem[-1] not in "aeiou":
        silent = stem[:-2] + "è" + stem[-1]
    elif stem[-2:] in ("ay", "uy"):
        silent = stem[:-1] + "i"

    def add(table: dict[str, Reporting], word: str, form: Form) -> None:
        whole = f"se_{word}" if reflexive else word
        table.setdefault(whole, Reporting(stance, form, "", doubtful, lemma=lemma))

    for ending, form in _ENDINGS:
        base = silent if ending in ("e", "ent") else stem if ending == "èrent" else open_stem
        add(finite, base + ending, form)
    add(finite, open_stem + "ant", Form.PARTICIPLE)
    for ending in ("é", "ée", "és", "ées"):
        add(past, stem + ending, Form.FINITE)


@cache
def _folded() -> dict[str, Reporting]:
    finite, past = _tables()
    table: dict[str, Reporting] = {}
    for word, verb in (*finite.items(), *past.items()):
        table.setdefault(fold(word), verb)
    return table
