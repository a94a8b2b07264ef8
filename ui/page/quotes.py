"""The article of a quote that was kept outside the conversation, in the revision that was read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup

from index.errors import ArticleNotFoundError
from index.languages.messages import Messages
from ui.views.html import article_html, quoted_html

if TYPE_CHECKING:
    from index import Library
    from qa.answer import Citation


def quoted_article(
    library: "Library", citation: "Citation", citations: Iterable["Citation"], words: Messages
) -> Markup:
    """Show the article of a quote, with the other `citations` of it; of one that was withdrawn the quote alone."""
    try:
        article = library.article(citation.article.id, citation.revision)
    except ArticleNotFoundError:
        # Withdrawn since it was quoted, with all its revisions.
        return quoted_html(citation, language=words.language, notice=words.say("article.withdrawn"))
    place = (citation.article.id, citation.revision)
    same = [other for other in citations if (other.article.id, other.revision) == place]
    return article_html(article, same, citation, language=words.language)
