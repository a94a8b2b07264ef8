"""Articles by a part of their titles, alike in both engines, however the letters are written."""

from pathlib import Path

from index import Article, Library
from tests.support.small_encoder import SmallEncoder


def test_titles_are_looked_for_alike(tmp_path: Path, served_at: str | None) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=served_at) as library:
        titles = ("Élysée", "élan", "Zebra 100%", "apple", "ميناء أم القصر", "Apple", "")
        library.add(Article.create(str(n), "Text.", title=title, language="fr") for n, title in enumerate(titles))
        assert [article.title for article in library.articles()] == sorted(titles)
        assert [article.title for article in library.articles(text="APPLE")] == ["Apple", "apple"]
        for written in ("Élysée", "elysee", "E\u0301LYSE\u0301E", "ély"):
            assert [article.title for article in library.articles(text=written)] == ["Élysée"]
        for written in ("أم القصر", "ام القصر", "إمّ القصـر", "ميناء ام"):
            assert [article.title for article in library.articles(text=written)] == ["ميناء أم القصر"]
        assert [article.title for article in library.articles(text="é", limit=2, offset=1)] == ["Zebra 100%", "apple"]
        assert library.articles(text="é", limit=2, offset=10**30) == []
        assert [article.title for article in library.articles(text="0%")] == ["Zebra 100%"]


def test_titles_are_looked_for_as_the_library_is_now(tmp_path: Path, served_at: str | None) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder(), catalog=served_at) as library:

        def found(text: str) -> list[str]:
            return [article.id for article in library.articles(text=text)]

        library.add([Article.create("a", "Text.", title="Résumé"), Article.create("b", "Text.", title="Port")])
        assert found("resume") == ["a"]
        library.add([Article.create("a", "Another.", title="Bridge"), Article.create("c", "Text.", title="resume")])
        assert (found("resume"), found("bridge")) == (["c"], ["a"])
        library.remove(["c", "a"])
        assert (found("resume"), found("bridge"), found("port")) == ([], [], ["b"])
        with Library.open(tmp_path, encoder=SmallEncoder(), catalog=served_at) as other:
            other.add([Article.create("d", "Text.", title="Bridges")])
        assert found("bridge") == ["d"]
