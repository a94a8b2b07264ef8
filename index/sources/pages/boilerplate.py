"""What stands on an article's page and is no part of it: comments, posts of others, other stories, windows, walls."""

import re
from collections.abc import Iterator
from typing import Any

from index.languages.parts.page_words import COMMENTS, CONSENT, PAYWALL, RELATED
from index.sources.pages.hidden import hidden_elements
from index.sources.pages.posts import NETWORKS, is_post, is_quoted, post_of
from index.text.normalisation import fold

_FRAMES = ("iframe", "object", "embed", "amp-twitter", "amp-instagram", "amp-facebook", "amp-iframe", "form", "button")
# Parts of ids and classes, between hyphens, as the makers of pages all over the world choose them.
_NAMED = re.compile(
    r"(?:^|-)(?:"
    r"comments?|comment-?lists?|commentaires?|comentarios?|kommentare?|disqus|respond|livefyre|"
    r"tweet|twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|fb-video|reddit-card|reddit-embed-bq|"
    r"bluesky-embed|mastodon-embed|telegram-post|imgur-embed-pub|threads-embed|text-post-media|wp-block-embed|embedly-card|social-embed|"
    r"outbrain|taboola|jp-relatedposts|yarpp|newsletter|"
    r"gallery|slideshow|carousel|"
    r"cookies?|cookiebot|consent|gdpr|ccpa|onetrust|didomi|qc-cmp2?|sp-message|usercentrics|"
    # The message that a mail answers.
    r"gmail-quote|moz-cite-prefix|divrplyfwdmsg|yahoo-quoted|outlookmessageheader|protonmail-quote|"
    r"paywall|regwall|subscription-?(?:prompt|wall|offer)|tp-modal"
    r")(?:-|$)"
)
# What leads to other stories is called so, and at times what shows the rest of this one, or holds it and such leads.
_LEADS = re.compile(
    r"(?:^|-)(?:"
    r"related|related-?(?:posts|stories|articles|news)|recommend(?:ed|ations?)|read-?(?:more|also|next)|also-?read|"
    r"most-?(?:read|popular|viewed)|more-?(?:stories|news|articles)|other-?(?:stories|news|articles)|trending"
    r")(?:-|$)"
)
# It tells a story where it has so many characters, and at most this share of them in links.
_TELLS, _LINKED = 2_000, 0.2
# What is called so holds the story, whatever else it is called: "entry-content-read-more".
_CONTENT = re.compile(r"^(?:entry|article|post|story)-?(?:content|body|text)(?:-|$)")
# Sites call so what stands behind a wall as well as the wall; a story has so many characters.
_WALL, _STORY = re.compile(r"(?:^|-)(?:paywall|regwall)(?:-|$)"), 200
_OF_COMMENTS = re.compile(r"/(?:User)?Comments?$")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", "li", "div", "blockquote", "section", "span", *_HEADINGS)
_LONGEST_LEAD = 300
# A paragraph about consent or an account may be longer than one that leads to another story.
_LONGEST_ASKING = 600
_LONGEST_FOOTER = 1_000


def remove_foreign(tree: Any) -> None:
    """Take out of a page's tree what is no part of its article; what holds the headline or most of the text stays."""
    story = _Story(tree)
    for element in list(hidden_elements(tree)):
        if not story.is_in(element):
            _drop(element)
    _keep_quoted_posts(tree)
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and _is_foreign(element):
            if story.is_in(element) or _is_behind_wall(element):
                _clear(element)
            else:
                _drop(element)
    _remove_leads(tree, story)


def _keep_quoted_posts(tree: Any) -> None:
    """Put a quotation with its author in the place of each embedded post that the article itself quotes."""
    posts = [element for element in tree.iter() if is_post(element)]
    posts = [element for element in posts if not any(above in posts for above in element.iterancestors())]
    if not posts:
        return
    named = _in_named(tree)
    paragraphs = (paragraph for paragraph in tree.iter("p") if not _is_in_any(paragraph, posts))
    story = fold("\n".join("".join(paragraph.itertext()) for paragraph in paragraphs if paragraph not in named))
    for element in posts:
        post = post_of(element)
        if post is not None and is_quoted(post, element, story):
            tail = element.tail
            element.clear()
            element.tag, element.text, element.tail = "p", post.quoted(), tail


def _is_in_any(element: Any, others: list[Any]) -> bool:
    return any(above in others for above in element.iterancestors())


def _remove_leads(tree: Any, story: "_Story") -> None:
    """Take out what leads to other stories, with the lists under it, and what a newsletter ends with."""
    for link in list(tree.iter("a")):
        if "unsubscribe" in (link.get("href") or "").lower() and _is_in(link, tree):
            _drop(_footer(link, story))
    for element in list(tree.iter(*_BLOCKS)):
        if _is_in(element, tree) and _leads_away(element):
            for part in [*_under(element), element]:
                if not story.is_in(part):
                    _drop(part)


def _footer(link: Any, story: "_Story") -> Any:
    """Return what a newsletter puts around its link to unsubscribe: the largest short block that it lies in."""
    footer = link
    for above in link.iterancestors():
        if story.is_in(above) or _length(above) > min(_LONGEST_FOOTER, story.half or _LONGEST_FOOTER):
            break
        footer = above
    return footer


def is_foreign_line(line: str) -> bool:
    """Tell whether a paragraph of the text leads to another story, or asks for consent or an account."""
    folded = fold(line).strip(" \t:：«»\"'-–|·*")
    if len(line) <= _LONGEST_LEAD and (_begins(folded, RELATED) or folded in COMMENTS):
        return True
    return len(line) <= _LONGEST_ASKING and (_has(folded, PAYWALL) > 0 or _has(folded, CONSENT) > 1)


def _is_foreign(element: Any) -> bool:
    if element.tag in _FRAMES or element.get("role", "") in ("dialog", "alertdialog", "complementary"):
        return True
    if element.get("aria-modal") == "true" or element.tag == "aside":
        return True
    if element.tag == "blockquote" and (
        element.get("type") == "cite" or any(NETWORKS.search(value) for value in element.attrib.values())
    ):
        return True
    if element.get("itemprop") == "comment" or _OF_COMMENTS.search(element.get("itemtype", "")):
        return True
    return _is_named(element)


def _is_named(element: Any) -> bool:
    """Tell whether an element is called what is no part of a story, and not what a story is."""
    names = list(_names(element))
    if any(map(_CONTENT.search, names)):
        return False
    return any(map(_NAMED.search, names)) or (any(map(_LEADS.search, names)) and not _tells(element))


def _tells(element: Any) -> bool:
    """Tell whether an element has a story's text, and not one that links to others."""
    length = _length(element)
    return length >= _TELLS and sum(map(_length, element.iter("a"))) <= _LINKED * length


def _is_behind_wall(element: Any) -> bool:
    """Tell whether an element that is called a wall holds the text that is kept behind one."""
    if not any(map(_WALL.search, _names(element))):
        return False
    paragraphs = ("".join(paragraph.itertext()) for paragraph in element.iter("p"))
    told = (len(paragraph) for paragraph in paragraphs if not is_foreign_line(paragraph))
    return sum(told) >= _STORY


def _names(element: Any) -> Iterator[str]:
    """Yield an element's id and classes in small letters, their parts joined by hyphens."""
    for name in (element.get("id", ""), *element.get("class", "").split()):
        if name:
            parted = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name)
            yield re.sub(r"[^a-z0-9]+", "-", parted.lower()).strip("-")


def _leads_away(element: Any) -> bool:
    """Tell whether a short block is a link to another story, or the heading over such links or over comments."""
    if element.tag in ("div", "section", "span") and element.find(".//p") is not None:
        return False
    text = " ".join("".join(element.itertext()).split())
    if not text or len(text) > _LONGEST_LEAD:
        return False
    folded = fold(text).strip(" :：")
    if element.tag in _HEADINGS:
        return _begins(folded, RELATED) or _begins(folded, COMMENTS)
    return _begins(folded, RELATED) and (element.find(".//a") is not None or folded in RELATED)


def _under(element: Any) -> list[Any]:
    """Return the lists and boxes that follow a heading, up to the next paragraph or heading."""
    if element.tag not in _HEADINGS:
        return []
    found = []
    for after in element.itersiblings():
        if after.tag not in ("ul", "ol", "div", "nav", "dl", "article"):
            break
        found.append(after)
    return found


def _begins(folded: str, phrases: tuple[str, ...]) -> bool:
    return any(folded.startswith(phrase) and not folded[len(phrase) : len(phrase) + 1].isalpha() for phrase in phrases)


def _has(folded: str, phrases: tuple[str, ...]) -> int:
    return sum(phrase in folded for phrase in phrases)


class _Story:
    """Where a page's story is: with the headline, and where most of its paragraphs are."""

    def __init__(self, tree: Any) -> None:
        paragraphs = {paragraph: _length(paragraph) for paragraph in tree.iter("p")}
        named = _in_named(tree)
        bare = {paragraph: length for paragraph, length in paragraphs.items() if paragraph not in named}
        # Where a page has a headline and every paragraph is in something named so, the name says nothing.
        self._paragraphs = bare or (paragraphs if tree.find(".//h1") is not None else {})
        self.half = 0.5 * sum(self._paragraphs.values())

    def is_in(self, element: Any) -> bool:
        """Tell whether the story is in an element, or some of it that may not be lost."""
        if element.tag in ("html", "body", "main", "h1") or element.find(".//h1") is not None:
            return True
        if element.get("itemprop") == "articleBody" or element.find('.//*[@itemprop="articleBody"]') is not None:
            return True
        held = sum(self._paragraphs.get(paragraph, 0) for paragraph in element.iter("p"))
        return element.tag != "p" and self.half > 0 and held > self.half


def _in_named(tree: Any) -> set[Any]:
    """Return what is in something called what is no part of a story, and is no story behind a wall.

    Each element is looked at once, not once for each of its paragraphs: one may hold a whole long page.
    """
    found: set[Any] = set()
    for element in tree.iter():
        if not isinstance(element.tag, str) or element in found:
            continue
        if _is_named(element) and not _is_behind_wall(element):
            found.update(element.iter())
    return found


def _clear(element: Any) -> None:
    """Take away what an element is called, for the article is in it: others would drop it for its name."""
    element.tag = "div" if element.tag == "aside" else element.tag
    for name in ("id", "class", "role"):
        element.attrib.pop(name, None)


def _length(element: Any) -> int:
    return sum(map(len, element.itertext()))


def _is_in(element: Any, tree: Any) -> bool:
    return element is tree or any(around is tree for around in element.iterancestors())


def _drop(element: Any) -> None:
    """Take an element out; the text behind it stays where it is."""
    parent = element.getparent()
    if parent is None:
        return
    before, tail = element.getprevious(), element.tail
    if tail and tail.strip():
        if before is not None:
            before.tail = f"{before.tail or ''} {tail}"
        else:
            parent.text = f"{parent.text or ''} {tail}"
    parent.remove(element)
