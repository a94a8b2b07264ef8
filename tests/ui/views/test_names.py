"""Names in an article lead from one mention to the next, and the text stays what it was."""

import re
from html import unescape

from index import Article
from index.languages.messages import messages_for
from index.names import NameKind
from index.store.names import ArticleName
from ui.views.html import article_html
from ui.views.names.anchors import anchors_of

TEXT = "Rim Tazarout <mayor> spoke in Tellouna.\nTazarout said Rim Tazarout & Sons was sold."
PERSON, PLACE = NameKind.PERSON, NameKind.PLACE


def named(start: int, end: int, kind: NameKind, name: str) -> ArticleName:
    return ArticleName(start, end, kind, name, 3)


NAMES = (
    named(0, 12, PERSON, "Rim Tazarout"), named(30, 38, PLACE, "Tellouna"), named(40, 48, PERSON, "Rim Tazarout"),
    named(54, 66, PERSON, "Rim Tazarout"),
)  # fmt: skip


def test_each_mention_leads_to_the_next_and_the_last_to_the_first() -> None:
    anchors = anchors_of(NAMES, messages_for("en"))

    assert [(one.own, one.next) for one in anchors] == [
        ("khabar-name-0", "khabar-name-2"), ("khabar-name-2", "khabar-name-3"), ("khabar-name-3", "khabar-name-0"),
    ]  # fmt: skip
    assert anchors[0].note == "Rim Tazarout · Person · 3 articles"


def test_the_text_of_the_article_is_as_it_was_and_safe() -> None:
    article = Article.create("a", TEXT, language="en")

    html = str(article_html(article, (), None, names=anchors_of(NAMES, messages_for("en"))))

    body = html[html.index('class="khabar-body"') :]
    body = body[body.index(">") + 1 :]
    plain = re.sub(r"</?(?:a|p|div)\b[^>]*>", "", body[: body.index("</div>")])
    assert unescape(plain) == TEXT
    assert '<a id="khabar-name-2" href="#khabar-name-3"' in body
