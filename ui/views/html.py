"""Answers and articles as HTML; pure functions.

Everything out of an article is escaped by `ui.views.markup`; only http(s) addresses become links.
"""

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from index.analysis import direction
from index.article import Article
from index.languages.messages import DEFAULT, Messages, messages_for
from qa.answer import Answer, ArticleRef, Citation, Role, Segment, SegmentKind, State, SupportVerdict, WrittenSentence
from ui.views import phrases
from ui.views.article_body import Gloss, NameAnchor, body_lines, sheet_html
from ui.views.markup import HARMFUL, NOTHING, block, button, element, filled, isolated, join, known, spoken, text
from ui.views.segments import Quoted, carried_line, embedded, paragraphs

_LOOKS = {
    State.ANSWERED: "khabar-answer",
    State.PERHAPS: "khabar-answer khabar-perhaps",
    State.NOT_FOUND: "khabar-answer khabar-abstained",
}

# What is shown below a quote, as HTML.
Below = Callable[[Citation], Markup]
# What stands in there when it says something, and is no button alone.
_BELOW_SAID = ('class="khabar-translation"', 'role="status"')


def answer_html(answer: Answer, *, key: str = "0", below: Below = lambda _: NOTHING) -> Markup:
    """Render an answer, or an abstention as help: one HTML element on one line.

    A [n] marker is a button whose value is `key:n`; `key` tells the answers of a page apart. `below` gives what is
    shown below each quote.
    """
    words = messages_for(answer.language)
    body = (_abstention if answer.abstained else _answered)(answer, words, key, below)
    notes = (element("p", note, class_="khabar-note") for note in answer.notes)
    return spoken("section", _LOOKS[answer.state], words, _understood(answer, words), *body, *notes)


def article_html(
    article: Article,
    citations: Iterable[Citation],
    current: Citation | None,
    *,
    language: str = DEFAULT,
    notice: str = "",
    after_notice: Markup = NOTHING,
    before_text: Markup = NOTHING,
    glosses: Sequence[Gloss] = (),
    file: str | None = None,
    sheet: str | None = None,
    names: Sequence[NameAnchor] = (),
) -> Markup:
    """Render a whole article with its quotes marked: the current one strongly, with id `khabar-quote`.

    Citations of other articles are passed over; `notice` is a sentence shown above the article, `after_notice` HTML
    that belongs to it, `before_text` HTML shown before the article's text, in whose current quote `glosses` are
    marked; `file` is where the page hands out the file it was read from, `sheet` where a picture of the page that the
    current quote stands on; `names` lead from one mention to the next. The text of the `khabar-body` element is the
    article's text, character for character.
    """
    words = messages_for(language)
    mine = [citation for citation in citations if citation.article.id == article.id]
    reference = ArticleRef.of(article)
    changed = words.say("article.modified", day=words.day(article.modified)) if article.modified else ""
    original = link(article.url, words.say("article.original"))
    stored = element("a", words.say("article.file"), href=file, target="_blank", rel="noopener") if file else NOTHING
    meta = [_source_line(reference, words, byline=True), changed, _embargo(reference, words), original, stored]
    picture = sheet_html(file, sheet, current, words)
    return spoken(
        "article",
        "khabar-article",
        words,
        element("p", notice, " ", after_notice, class_="khabar-note", role="status") if notice else NOTHING,
        block("p", article.kicker, article.language, "khabar-kicker") if article.kicker else NOTHING,
        block("h2", article.title or words.say("article.untitled"), article.language, "khabar-title"),
        element("p", join([part for part in meta if part], " · "), class_="khabar-meta"),
        before_text,
        element("div", *body_lines(article, mine, current, glosses, words, picture, names), class_="khabar-body"),
        _repaired(article, words),
    )


def _repaired(article: Article, words: Messages) -> Markup:
    """Say what was put right in the letters of the article's file, or nothing where it is as it was."""
    if article.repair is None:
        return NOTHING
    return element("p", words.say(f"article.repaired_{article.repair}"), class_="khabar-note")


def quoted_html(citation: Citation, *, language: str = DEFAULT, notice: str = "") -> Markup:
    """Render a quote by itself, as its answer holds it, where the article is no longer there to be shown."""
    words, article = messages_for(language), citation.article
    return spoken(
        "article",
        "khabar-article",
        words,
        element("p", notice, class_="khabar-note", role="status") if notice else NOTHING,
        block("h2", article.title or words.say("article.untitled"), article.language, "khabar-title"),
        element("p", _source_line(article, words, byline=True), class_="khabar-meta"),
        element("div", block("blockquote", citation.quote, citation.language, "khabar-whole"), class_="khabar-figure"),
    )


def visible(text: str) -> str:
    """Replace the characters that could act on a terminal or reorder a line by their code points in brackets."""
    return HARMFUL.sub(lambda match: f"⟦U+{ord(match[0]):04X}⟧", text.replace("\r\n", "\n").replace("\r", "\n"))


def safe_url(url: str | None) -> str | None:
    """Return an address that may be linked to (http or https), or None."""
    if not url or HARMFUL.search(url):
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        # Such as a bracket without its pair: articles may state anything as their address.
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def link(url: str | None, label: str) -> Markup:
    """Link to an article's original, or nothing where its address may not be linked to."""
    address = safe_url(url)
    if address is None:
        return NOTHING
    return element("a", label, href=address, target="_blank", rel="noopener noreferrer nofollow")


def reference_text(citation: Citation, words: Messages) -> str:
    """Write a quote with its speaker, title, outlet, date and address, to be pasted elsewhere as plain text."""
    article, speaker = citation.article, citation.speaker
    said = speaker.name if speaker else ""
    if speaker and speaker.role:
        said = words.say("named", name=speaker.name, role=speaker.role)
    named = [
        said,
        article.title,
        phrases.place(words, citation) or "",
        article.source or "",
        phrases.day(words, article.published),
        safe_url(article.url) or "",
    ]
    quoted = messages_for(citation.language, words.language).say("quoted", quote=citation.quote)
    return f"{quoted}\n— {' · '.join(part for part in named if part)}"


def _button(number: int, words: Messages, key: str) -> Markup:
    return button("khabar-cite", f"[{number}]", value=f"{key}:{number}", title=words.say("citation.show"))


def _understood(answer: Answer, words: Messages) -> Markup:
    """Show the question as it was searched for, where it hung on earlier ones or was typed in other letters."""
    if answer.standalone is None:
        return NOTHING
    key = "answer.read_as" if answer.is_respelt else "answer.understood"
    said = filled(words.template(key), question=isolated(answer.standalone))
    return element("p", said, class_="khabar-understood")


def _checks(answer: Answer, words: Messages) -> Markup:
    """Show what checking the sentences that a chat model wrote came to; nothing where none wrote."""
    if not answer.sentences:
        return NOTHING
    lines = (
        element(
            "li",
            words.say(f"sentence.{sentence.verdict}"),
            " ",
            _struck(sentence),
            f" — {sentence.reason}" if sentence.reason else "",
            class_=f"khabar-{sentence.verdict.value}",
        )
        for sentence in answer.sentences
    )
    share = words.say("percent", number=round(100 * (answer.verified or 0)))
    summary = element("summary", words.say("sentence.share", share=share))
    return element("details", summary, element("ul", *lines), class_="khabar-checks")


def _struck(sentence: WrittenSentence) -> Markup:
    shown = isolated(sentence.text)
    return element("del", shown) if sentence.verdict is SupportVerdict.UNSUPPORTED else shown


def _answered(answer: Answer, words: Messages, key: str, below: Below) -> list[Markup]:
    parts = [_shorts(answer, words, key)]
    for paragraph in paragraphs(answer):
        if isinstance(paragraph, Quoted):
            parts.append(_quote(answer, paragraph.citation, words, key, below, in_text=True))
        else:
            parts.append(_line(paragraph, words, key))
    shown = embedded(answer)
    parts += [_quote(answer, c, words, key, below, in_text=False) for c in answer.used if c.number not in shown]
    rest = [citation for citation in answer.citations if citation.role is not Role.USED]
    if rest:
        listed = join(_listed(citation, words, key, below) for citation in rest)
        summary = element("summary", f"{words.say('citation.also')} ({len(rest)})")
        # What was asked for below a quote in the list is not folded away with it when the answer is shown anew.
        opened = any(mark in listed for mark in _BELOW_SAID)
        parts.append(element("details", summary, element("ul", listed), class_="khabar-more", open=opened))
    return [*parts, _checks(answer, words)]


def _shorts(answer: Answer, words: Messages, key: str) -> Markup:
    """Show the few words that answer; where the articles differ, those of each."""
    languages = {citation.number: citation.language for citation in answer.citations}
    shown = [
        element(
            "span",
            element("strong", isolated(short.text, languages.get(short.number, "und"))),
            " ",
            _button(short.number, words, key),
        )
        for short in answer.shorts
    ]
    return element("p", join(shown, " · "), class_="khabar-short") if shown else NOTHING


def _abstention(answer: Answer, words: Messages, key: str, below: Below) -> list[Markup]:
    parts = [_line(paragraph, words, key) for paragraph in paragraphs(answer) if not isinstance(paragraph, Quoted)]
    if scope := phrases.scope(words, answer):
        parts.append(element("p", scope, class_="khabar-scope"))
    if answer.citations:
        parts.append(element("p", words.say("citation.closest"), class_="khabar-label"))
        listed = (_listed(citation, words, key, below) for citation in answer.citations)
        parts.append(element("ul", *listed, class_="khabar-closest"))
    advice = (element("li", line) for line in phrases.advice(words, answer.reason, answer.filters))
    return [*parts, element("ul", *advice, class_="khabar-advice")]


def _line(paragraph: tuple[Segment, ...], words: Messages, key: str) -> Markup:
    inner: list[Markup] = []
    for part in paragraph:
        match part.kind:
            case SegmentKind.MARKER if part.number:
                inner.append(_button(part.number, words, key))
            case SegmentKind.SPEAKER | SegmentKind.QUESTION:
                inner.append(element("strong", isolated(part.text)))
            case SegmentKind.NAME:
                inner.append(isolated(part.text))
            case _:
                inner.append(text(part.text))
    return element("p", *inner)


def _quote(answer: Answer, citation: Citation, words: Messages, key: str, below: Below, *, in_text: bool) -> Markup:
    quote, article = citation.quote, citation.article
    inner = text(quote)
    for short in answer.shorts:
        if short.number != citation.number or not citation.start <= short.start < short.end <= citation.end:
            continue
        start, end = short.start - citation.start, short.end - citation.start
        inner = join([quote[:start], element("strong", quote[start:end]), quote[end:]])
    quoted = element("blockquote", element("q", inner), dir=direction(quote), lang=known(citation.language))
    caption = element(
        "figcaption",
        _button(citation.number, words, key),
        " ",
        NOTHING if in_text else _speaker(citation, words),
        element("cite", _title(article, words), class_="khabar-headline"),
        _place(citation, words),
        NOTHING if in_text else join([" · ", _source_line(article, words)]),
        join([" · ", held]) if (held := _embargo(article, words)) else NOTHING,
        _days(citation, words),
    )
    return element("figure", quoted, caption, below(citation), also_in_html(citation, words), class_="khabar-figure")


def _place(citation: Citation, words: Messages) -> Markup:
    """Render the page or the row that a quote stands on, or nothing where its file has none."""
    place = phrases.place(words, citation)
    return join([" · ", element("span", place, class_="khabar-place")]) if place else NOTHING


def _days(citation: Citation, words: Messages) -> Markup:
    """Render which days a quote means by "Tuesday" or "yesterday", or nothing where it names none."""
    template = words.template("citation.day")
    named = [
        filled(template, word=isolated(word, citation.language), day=words.day(day))
        for word, day in citation.day_words()
    ]
    line = element("bdi", join(named, " · "), dir=words.direction, lang=words.language)
    return join([" · ", element("small", line, class_="khabar-days")]) if named else NOTHING


def _speaker(citation: Citation, words: Messages) -> Markup:
    if citation.speaker is None:
        return NOTHING
    name = element("strong", isolated(citation.speaker.name, citation.language))
    if citation.speaker.role:
        name = filled(words.template("named"), name=name, role=isolated(citation.speaker.role))
    return join([name, " · "])


def _listed(citation: Citation, words: Messages, key: str, below: Below) -> Markup:
    article = citation.article
    return element(
        "li",
        _button(citation.number, words, key),
        " ",
        join([element("cite", _title(article, words)), _place(citation, words)]),
        " · ",
        join([part for part in (_source_line(article, words), _embargo(article, words)) if part], " · "),
        block("blockquote", citation.quote, citation.language, "khabar-brief"),
        below(citation),
        also_in_html(citation, words),
    )


def also_in_html(citation: Citation, words: Messages) -> Markup:
    """Render a closed list of the other articles of a citation's story, or nothing where there are none.

    Each is a button of the class `khabar-open` whose value is the article's id.
    """
    carried = carried_line(citation, words)
    if carried is None:
        return NOTHING
    items = (element("li", _openable(article, words)) for article in citation.also_in)
    return element("details", element("summary", carried), element("ul", *items), class_="khabar-also-in")


def _openable(article: ArticleRef, words: Messages) -> Markup:
    opens = button("khabar-open", _title(article, words), value=article.id)
    return join([opens, _source_line(article, words)], " · ")


def _title(article: ArticleRef, words: Messages) -> Markup:
    return isolated(article.title or words.say("article.untitled"), article.language)


def _source_line(article: ArticleRef, words: Messages, *, byline: bool = False) -> Markup:
    named = [
        article.source or words.say("article.unknown_source"),
        *((article.byline, article.category) if byline else ()),
    ]
    parts = [isolated(name) for name in named if name]
    day = text(phrases.day(words, article.published))
    if article.published:
        day = element("time", day, datetime=article.published.isoformat())
    return join([*parts, day], " · ")


def _embargo(article: ArticleRef, words: Messages) -> Markup:
    """Say until when an article was not to be published, or nothing where it does not say."""
    held = phrases.embargo(words, article)
    return element("span", isolated(held), class_="khabar-embargo") if held else NOTHING
