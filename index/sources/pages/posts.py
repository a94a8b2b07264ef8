"""Embedded posts of social networks: their words and their author, for those that the article itself quotes."""

import re
from dataclasses import dataclass
from typing import Any

from index.languages.parts.page_words import POSTED_BY
from index.sources.markup import block_text
from index.text.normalisation import fold, normalise

NETWORKS = re.compile(
    r"//(?:www\.|mobile\.|m\.)?(?:twitter|x|instagram|facebook|tiktok|threads|bsky|t)\.(?:com|me|net|app)/"
)
_POST = re.compile(
    r"(?:^|[\s_-])(?:twitter-tweet|tweet|instagram-media|fb-post|fb-xfbml-parse-ignore|tiktok-embed|text-post-media|"
    r"bluesky-embed|mastodon-embed|telegram-post|threads-embed)(?:$|[\s_-])"
)
_ACCOUNT = re.compile(r"\(?\s*(?P<handle>@[\w.]{2,40})\s*\)?")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DASH = re.compile(r"^\s*(?:—|–|--|-)\s*")
_LONGEST_NAME, _MOST_WORDS = 60, 7
# A name of which only one word has this many letters is told by that word alone in the article's text.
_LONG_WORD = 4
_INTRODUCES = (":", "：", "…:")


@dataclass(frozen=True, slots=True)
class Post:
    """An embedded post: what it says, and the name and the account of who wrote it; `handle` may be empty."""

    text: str
    author: str
    handle: str

    def quoted(self) -> str:
        """Return the post as a quotation with its author before it."""
        return f"{self.author}: “{self.text}”"


def is_post(element: Any) -> bool:
    """Tell whether an element is an embedded post."""
    if element.tag not in ("blockquote", "div"):
        return False
    named = bool(_POST.search(element.get("class", "")))
    return named or (element.tag == "blockquote" and any(NETWORKS.search(value) for value in element.attrib.values()))


def post_of(element: Any) -> Post | None:
    """Read an embedded post; None where it has no text or does not say who wrote it."""
    lines = _DIRECTIONS.sub("", block_text(element)).split("\n")
    # The credit is the last line with an account or a link to the post; the lines before it are the post's.
    for place in range(len(lines) - 1, -1, -1):
        if found := _credit(lines[place]):
            before, author, handle = found
            text = " ".join([*lines[:place], before]).strip(' “”"«»')
            return Post(text.replace("“", "‘").replace("”", "’"), author, handle) if text and author else None
    return None


def is_quoted(post: Post, element: Any, story: str) -> bool:
    """Tell whether the article quotes a post: it names who wrote it, or leads to it with a colon.

    `story` is the folded text of the article without any posts.
    """
    if any(_is_word_of(name, story) for name in (fold(post.author), post.handle.lstrip("@").lower()) if name):
        return True
    return _text_before(element).rstrip().endswith(_INTRODUCES)


def _credit(line: str) -> tuple[str, str, str] | None:
    """Read who wrote a post: "— Sara Hamid (@sara) October 5, 2025", "A post shared by Sara Hamid (@sara)"."""
    folded = normalise(line)
    phrase = next((phrase for phrase in POSTED_BY if folded.text.startswith(phrase)), None)
    account = _ACCOUNT.search(line)
    if phrase is not None:
        rest = line[folded.to_original(0, len(phrase)).end :].strip(" :")
        account = _ACCOUNT.search(rest)
        name = rest[: account.start()] if account else re.split(r"\s+(?:on|le|في|·|\|)\s+", rest)[0]
        return "", _name(name) or (account["handle"] if account else ""), account["handle"] if account else ""
    if account is None:
        return None
    before, dash, name = line[: account.start()].rpartition("—")
    if not dash:
        before, name = "", _DASH.sub("", line[: account.start()])
    return before.strip(), _name(name) or account["handle"], account["handle"]


def _name(text: str) -> str:
    name = text.strip(" ()—–-·|:،,")
    is_name = name and len(name) <= _LONGEST_NAME and len(name.split()) <= _MOST_WORDS
    return name if is_name and any(character.isalpha() for character in name) else ""


def _is_word_of(name: str, story: str) -> bool:
    """Tell whether a text has a name in it, whole or by its last word of some length."""
    words = [word for word in re.findall(r"\w+", name) if len(word) >= _LONG_WORD]
    wholes = [name, *(words[-1:] if len(words) > 1 else ())]
    return any(re.search(rf"(?<!\w){re.escape(whole)}(?!\w)", story) for whole in wholes)


def _text_before(element: Any) -> str:
    """Return the text of the block before an element, over wrappers that hold nothing else."""
    at = element
    while at is not None:
        before = at.getprevious()
        while before is not None and not (isinstance(before.tag, str) and "".join(before.itertext()).strip()):
            before = before.getprevious()
        if before is not None:
            return (before.tail or "").strip() or " ".join("".join(before.itertext()).split())
        around = at.getparent()
        if around is None or (around.text or "").strip():
            return (around.text or "").strip() if around is not None else ""
        at = around
    return ""
