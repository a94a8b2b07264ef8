"""A dossier as one HTML page that stands by itself: it loads nothing, and runs nothing. Pure functions."""

from markupsafe import Markup

from index.languages.messages import Messages
from index.store.dossiers.pins import Dossier, Pin
from ui.views.dossiers import sayings
from ui.views.html import link, visible
from ui.views.markup import NOTHING, block, element, isolated, join, text

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = Markup(
    "body{font:1rem/1.6 system-ui,'Noto Sans','Noto Sans Arabic',sans-serif;color:#111827;background:#fff;"
    "max-width:44rem;margin:0 auto;padding:2rem 1rem;overflow-wrap:anywhere}"
    "ol{padding-inline-start:1.5rem}li{margin:0 0 2rem}figure{margin:0}"
    "blockquote{margin:0;padding:.5rem 1rem;border-inline-start:3px solid #0d9488;background:#f8fafc;"
    "white-space:pre-wrap;font-size:1.1rem}[lang=ar]{line-height:1.85}"
    ".note{white-space:pre-wrap}.became{font-weight:600}figcaption,small{color:#475569}small{display:block}"
    "@media print{body{max-width:none;padding:0}li{break-inside:avoid}}"
)


def dossier_page(dossier: Dossier, words: Messages) -> str:
    """Render a dossier as a whole page."""
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup('<meta http-equiv="Content-Security-Policy" content="') + _POLICY + Markup('">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup('<meta name="referrer" content="no-referrer">'),
        element("title", visible(dossier.name)),
        element("style", _STYLE),
    )
    main = element(
        "main",
        element("h1", isolated(dossier.name)),
        element("p", words.count("dossier.quotes", len(dossier.pins))),
        element("ol", *(_pin(pin, words) for pin in dossier.pins)),
    )
    page = element("html", head, element("body", main), lang=words.language, dir=words.direction)
    return f"<!DOCTYPE html>\n{page}\n"


def _pin(pin: Pin, words: Messages) -> Markup:
    article = pin.article
    named = [element("cite", isolated(sayings.title(article, words), article.language))]
    named += [isolated(part) for part in sayings.origin(article, words)]
    named += [original] if (original := link(article.url, words.say("article.original"))) else []
    caption = element("figcaption", join(named, " · "), element("small", sayings.proof(article, words)))
    said = sayings.became(pin, words)
    return element(
        "li",
        element("figure", block("blockquote", pin.quote, article.language, "quote"), caption),
        element("p", said, class_="became") if said else NOTHING,
        element("p", text(pin.note), class_="note", dir="auto") if pin.note else NOTHING,
    )
