"""Dossiers as they are kept: pinned quotes in their order, what became of their articles, and whose they are."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index import (
    Article,
    ArticleNotFoundError,
    Dossier,
    DossierNotFoundError,
    Library,
    Pin,
    QueryError,
    Standing,
    export_library,
    import_library,
)
from index.store.access.actors import Actor, Way, acting
from index.store.access.audit import AuditAction
from index.store.access.roles import AccessRole
from index.store.dossiers import dossiers as limits
from tests.support.small_encoder import SmallEncoder

TEXT = "The Samhar ferry resumed on Monday. Nobody was hurt, the harbour master Lena Ortiz said."
QUOTE = "Nobody was hurt"
FERRY = Article.create(
    "ferry-1", TEXT, title="Ferry service resumes", source="Harbour News", byline="Layla Haddad",
    published=date(2025, 11, 24), url="https://harbour.example/ferry",
)  # fmt: skip
BANK = Article.create("بنك", "قال محافظ البنك إن سعر الفائدة ثابت 🏦.", title="سعر الفائدة")
LAYLA, OMAR = Actor(Way.PAGE, "layla", AccessRole.READER), Actor(Way.REST, "omar", AccessRole.EDITOR)
ADMIN, TOKEN = Actor(Way.PAGE, "noor", AccessRole.ADMIN), Actor(Way.REST, "token layla", AccessRole.EDITOR)


@pytest.fixture
def news(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as library:
        library.add([FERRY, BANK])
        yield library


def pinned(library: Library, quote: str = QUOTE, article: str = "ferry-1", *, to: str = "port", note: str = "") -> Pin:
    """Pin a quote to a dossier, which is made where it is not there."""
    if to not in [entry.name for entry in library.dossiers.all()]:
        library.dossiers.add(to)
    return library.dossiers.pin(to, article, quote=quote, note=note)


def quotes(dossier: Dossier) -> list[str]:
    return [pin.quote for pin in dossier.pins]


def test_a_pin_holds_the_quote_and_all_that_it_is_cited_by(news: Library) -> None:
    pin = pinned(news, note=" Ask her again.\n")
    (revision,) = news.revisions("ferry-1")
    assert (pin.quote, pin.note, TEXT[pin.start : pin.end]) == (QUOTE, "Ask her again.", QUOTE)
    assert (pin.standing, pin.stands) == (Standing.CURRENT, True)
    cited = pin.article
    assert (cited.id, cited.revision, cited.title, cited.source) == ("ferry-1", 1, FERRY.title, "Harbour News")
    assert (cited.byline, cited.published, cited.url) == ("Layla Haddad", date(2025, 11, 24), FERRY.url)
    assert cited.text_hash == hashlib.sha256(TEXT.encode()).hexdigest()
    assert cited.retrieved == revision.added
    dossier = news.dossiers.find("port")
    assert dossier.pins == (pin,)
    assert dossier == news.dossiers.find(dossier.id) == news.dossiers.find(dossier.id[:8])


def test_a_pin_says_that_its_article_has_changed_and_whether_the_quote_still_stands(news: Library) -> None:
    first, arabic = pinned(news), pinned(news, "سعر الفائدة ثابت 🏦", "بنك")
    news.add([replace(FERRY, text=f"Update. {TEXT}"), replace(BANK, text="لم يقل المحافظ شيئا.")])
    kept, lost = news.dossiers.find("port").pins
    assert (kept.standing, kept.stands, kept.quote) == (Standing.CHANGED, True, QUOTE)
    assert (lost.standing, lost.stands, lost.quote) == (Standing.CHANGED, False, arabic.quote)
    # It is still that of the revision that was pinned.
    assert news.article("ferry-1", kept.article.revision).text[kept.start : kept.end] == QUOTE
    news.add([FERRY])
    assert news.dossiers.find("port").pins[0] == first
    news.remove(["ferry-1"])
    gone = news.dossiers.find("port").pins[0]
    assert (gone.standing, gone.stands, gone.article.title) == (Standing.WITHDRAWN, False, FERRY.title)
    # Another article under the old id and the old number is not taken for it.
    news.add([replace(FERRY, text="Something else.")])
    assert [pin.standing for pin in news.dossiers.find("port").pins] == [Standing.CHANGED] * 2


def test_an_earlier_revision_can_be_pinned(news: Library) -> None:
    news.add([replace(FERRY, text="It sank.")])
    news.dossiers.add("port")
    old = news.dossiers.pin("port", "ferry-1", 0, 35, revision=1)
    assert (old.quote, old.article.revision, old.standing) == (TEXT[:35], 1, Standing.CHANGED)
    assert news.dossiers.pin("port", "ferry-1", 0, 8).article.revision == 2


def test_quotes_are_put_in_order_annotated_and_taken_out(news: Library) -> None:
    one, two, three = (pinned(news, quote) for quote in ("The Samhar ferry", "Monday", "Lena Ortiz"))
    for pin, place, expected in (
        (three, 1, [three, one, two]), (three, 2, [one, three, two]), (one, 9, [three, two, one]),
        (one, 0, [one, three, two]), (two, 3, [one, three, two]),
    ):  # fmt: skip
        news.dossiers.move("port", pin.id, place)
        assert quotes(news.dossiers.find("port")) == [each.quote for each in expected]
    news.dossiers.note("port", two.name, "قديم\nold")
    news.dossiers.unpin("port", three.name)
    assert [(pin.quote, pin.note) for pin in news.dossiers.find("port").pins] == [
        ("The Samhar ferry", ""), ("Monday", "قديم\nold"),
    ]  # fmt: skip
    assert pinned(news, "hurt").quote == quotes(news.dossiers.find("port"))[-1]


def test_what_is_pinned_twice_is_there_once_with_its_newest_note(news: Library) -> None:
    first = pinned(news, note="one")
    assert pinned(news) == first
    assert pinned(news, note="two") == replace(first, note="two")
    assert len(news.dossiers.find("port").pins) == 1


def test_a_dossier_is_renamed_and_deleted_with_its_quotes(news: Library) -> None:
    pinned(news), pinned(news, to="other")
    news.dossiers.rename("port", "  The\nport ")
    with pytest.raises(DossierNotFoundError):
        news.dossiers.find("port")
    news.dossiers.remove("The port")
    assert [(entry.name, entry.quotes) for entry in news.dossiers.all()] == [("other", 1)]
    assert news.dossiers._db.all("SELECT count(*) FROM pin") == [(1,)]


@pytest.mark.parametrize("who", [LAYLA, OMAR, TOKEN])
def test_nobody_but_an_admin_has_to_do_with_somebody_else_s(news: Library, who: Actor) -> None:
    with acting(LAYLA if who is not LAYLA else OMAR):
        pin = pinned(news, to="secret")
        (secret,) = news.dossiers.all()
    table = news.dossiers
    with acting(who):
        assert table.all() == []
        for key in (secret.id, secret.id[:8], secret.name):
            for attempt in (
                lambda key=key: table.find(key),
                lambda key=key: table.rename(key, "mine"),
                lambda key=key: table.remove(key),
                lambda key=key: table.pin(key, "ferry-1", 0, 5),
                lambda key=key: table.note(key, pin.id, "x"),
                lambda key=key: table.move(key, pin.id, 1),
                lambda key=key: table.unpin(key, pin.id),
            ):
                with pytest.raises(DossierNotFoundError, match="There is no such dossier here"):
                    attempt()
        # A quote of another dossier is none of one's own, and a name may be had twice.
        mine = table.add("secret")
        for touch in (table.unpin, lambda key, id: table.note(key, id, "x"), lambda key, id: table.move(key, id, 1)):
            with pytest.raises(DossierNotFoundError, match="There is no such quote"):
                touch(mine.id, pin.id)
    with acting(ADMIN):
        assert {entry.id for entry in table.all()} == {secret.id, mine.id}
        assert quotes(table.find(secret.id)) == [QUOTE]
        with pytest.raises(QueryError, match="Name one by its id"):
            table.find("secret")


def test_who_has_no_name_and_is_no_admin_sees_nothing(news: Library) -> None:
    pinned(news)
    with acting(Actor(Way.PAGE, "", AccessRole.READER)):
        assert news.dossiers.all() == news.dossiers.own() == []


def test_one_s_own_dossiers_come_first_and_those_without_an_owner_are_an_admin_s_to_see(news: Library) -> None:
    news.dossiers.add("at the machine")
    news.dossiers.add("for layla", owner="layla")
    for who in (LAYLA, ADMIN):
        with acting(who):
            news.dossiers.add("own")
    with acting(ADMIN):
        assert [(entry.owner, entry.name) for entry in news.dossiers.all()] == [
            ("noor", "own"), ("", "at the machine"), ("layla", "for layla"), ("layla", "own"),
        ]  # fmt: skip
        assert news.dossiers.find("own").owner == "noor"
    with acting(LAYLA):
        assert [entry.name for entry in news.dossiers.all()] == ["for layla", "own"]


def test_what_cannot_be_kept_is_refused_and_says_what_to_do(news: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    table = news.dossiers
    pinned(news)
    for name in ("", " \n", "x" * 201, "port", "\tport "):
        with pytest.raises(QueryError, match="Choose another"):
            table.add(name)
    for start, end, quote in (
        (-1, 4, None),
        (0, 0, None),
        (5, 4, None),
        (0, len(TEXT) + 1, None),
        (3, 4, None),
        (0, 3, "the"),
    ):
        with pytest.raises(QueryError, match=r"Give another start and end\."):
            table.pin("port", "ferry-1", start, end, quote=quote)
    with pytest.raises(ArticleNotFoundError):
        table.pin("port", "nothing", 0, 4)
    with pytest.raises(ArticleNotFoundError):
        table.pin("port", "ferry-1", 0, 4, revision=7)
    for quote in ("nobody was hurt", " ", "", None):
        with pytest.raises(QueryError, match="word for word"):
            table.pin("port", "ferry-1", quote=quote)
    with pytest.raises(QueryError, match="Shorten it"):
        pinned(news, note="x" * 10_001)
    monkeypatch.setattr(limits, "MOST_QUOTES", 1)
    monkeypatch.setattr(limits, "MOST_DOSSIERS", 1)
    monkeypatch.setattr(limits, "LONGEST_QUOTE", 4)
    with pytest.raises(QueryError, match="Begin another one"):
        table.pin("port", "ferry-1", 0, 3)
    with pytest.raises(QueryError, match="Pin a part of it"):
        table.pin("port", "ferry-1", 0, 5)
    with pytest.raises(QueryError, match="Delete one first"):
        table.add("another")


def test_no_answer_hangs_on_a_dossier(news: Library) -> None:
    before = news.generation
    pinned(news)
    news.dossiers.remove("port")
    assert news.generation == before


def test_changes_and_exports_of_dossiers_are_written_down(news: Library) -> None:
    with acting(LAYLA):
        pin = pinned(news)
        dossier = news.dossiers.find("port")
        news.dossiers.record_export(dossier)
        news.dossiers.unpin("port", pin.id)
        news.dossiers.remove("port")
    lines = news.audit.entries(who="layla")
    assert [(line.action, line.object, line.count) for line in reversed(lines)] == [
        (AuditAction.DOSSIER_MADE, dossier.id[:8], 1),
        (AuditAction.PINNED, "ferry-1", 1),
        (AuditAction.EXPORTED, f"dossier {dossier.id[:8]}", 1),
        (AuditAction.UNPINNED, "ferry-1", 1),
        (AuditAction.DOSSIER_REMOVED, dossier.id[:8], 0),
    ]


@pytest.mark.parametrize("to", ["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def test_a_library_s_export_carries_its_dossiers(
    news: Library, tmp_path: Path, served_at: str | None, to: str, request: pytest.FixtureRequest
) -> None:
    other_at = request.getfixturevalue("postgres").schema() if to == "postgresql" else None
    with acting(LAYLA):
        pinned(news, note="«ملاحظة»"), pinned(news, "سعر الفائدة ثابت 🏦", "بنك")
        news.dossiers.add("empty")
        ours = [news.dossiers.find(entry.id) for entry in news.dossiers.all()]
    export_library(tmp_path / "library", tmp_path / "news.khabar", catalog=served_at)
    import_library(tmp_path / "news.khabar", tmp_path / "other", catalog=other_at)
    with Library.open(tmp_path / "other", encoder=SmallEncoder(), catalog=other_at) as other, acting(LAYLA):
        assert [other.dossiers.find(entry.id) for entry in other.dossiers.all()] == ours


def test_a_library_without_dossiers_has_none(news: Library) -> None:
    assert news.dossiers.all() == []
    for missing in ("", "port", "abcdef"):
        with pytest.raises(DossierNotFoundError):
            news.dossiers.remove(missing)
