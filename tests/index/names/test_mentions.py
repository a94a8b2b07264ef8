"""Names in one article: each mention has the fullest name that the article has for its bearer, of thousands too."""

from index import Article
from index.names import names_in


def test_a_surname_stands_for_the_nearest_fuller_name_before_it_else_for_the_first_after_it() -> None:
    text = (
        "Haddad spoke on Monday. Karim Haddad met Rim Tazarout in London. Haddad left London. "
        "Later Salma Haddad came to London. Haddad said nothing. Tazarout said Karim had left."
    )
    names = [one.name for one in names_in(Article.create("a", text, language="en")) if one.kind == "person"]
    assert names == [
        "Karim Haddad", "Karim Haddad", "Rim Tazarout", "Karim Haddad", "Salma Haddad", "Salma Haddad", "Rim Tazarout",
        "Karim Haddad",
    ]  # fmt: skip


def test_an_article_may_name_thousands() -> None:
    line = "President John Smith met Karim Haddad on Monday. Smith said Haddad had left London. "
    found = names_in(Article.create("a", line * 1500, language="en"))
    assert len(found) == 5 * 1500
    assert {one.name for one in found} == {"John Smith", "Karim Haddad", "London"}
