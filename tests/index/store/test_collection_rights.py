"""Roles that are held by collection: how they are written, and what whoever has them may change."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index import (
    Article,
    ArticleNotFoundError,
    Library,
    SettingsError,
)
from index.errors import AccessError
from index.store.access.actors import Actor, Way, acting
from index.store.access.audit import AuditAction
from index.store.access.grants import NOTHING, CollectionRoles, collections_of, grant_of, together
from index.store.access.roles import AccessGrant, AccessRole
from index.store.access.scopes import collection_name
from index.store.catalog import Catalog
from tests.support.collected import BUDGET, EDITOR, FERRY, as_, filled
from tests.support.small_encoder import SmallEncoder


@pytest.fixture
def library(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield filled(opened)


# What somebody may.


@pytest.mark.parametrize(
    ("written", "visible", "editable"),
    [
        ("reader@sport", {"sport"}, set()),
        ("reader@politics,reader@sport,editor@wire", {"politics", "sport", "wire"}, {"wire"}),
        ("reader,editor@wire", None, {"wire"}),
        ("reader@سياسة", {"سياسة"}, set()),
        ("editor@Économie", {"économie"}, {"économie"}),
        ("reader@a,editor@a", {"a"}, {"a"}),
        ("none", set(), set()),
    ],
)
def test_a_role_may_be_held_by_collection(written: str, visible: set[str] | None, editable: set[str]) -> None:
    grant = grant_of(written)
    assert grant.scope is not None
    assert (grant.scope.visible, grant.scope.editable) == (visible, editable)
    assert grant_of(grant.value) == grant
    assert grant.includes(AccessRole.EDITOR) is bool(editable) and not grant.includes(AccessRole.ADMIN)
    assert collections_of(grant) == (visible or set()) | editable


@pytest.mark.parametrize("role", list(AccessRole))
def test_a_role_of_everything_stays_what_it_was(role: AccessRole) -> None:
    assert grant_of(role.value) is role
    assert role.scope is None


@pytest.mark.parametrize(
    "written",
    ["", "@", "reader@", "@sport", "owner@sport", "admin@sport", "reader@a b", "reader@a:b", "reader,editor",
     "reader@a,,reader@b", "none,reader@a", "reader@-a", "reader@" + "a" * 61, "reader@a\u202eb", "reader @a"],
)  # fmt: skip
def test_what_is_no_role_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match="is no role"):
        grant_of(written)


def test_several_grants_allow_what_each_of_them_does() -> None:
    assert together([grant_of("reader@a"), grant_of("editor@a,reader@b")]) == grant_of("editor@a,reader@b")
    assert together([grant_of("reader@a"), AccessRole.EDITOR]) is AccessRole.EDITOR
    assert together([NOTHING, NOTHING]) == CollectionRoles(None, ())


def test_one_name_is_written_in_several_ways() -> None:
    assert collection_name(" Politics ") == collection_name("POLITICS") == "politics"
    assert collection_name("E\u0301conomie") == collection_name("économie") == "économie"


# Who may change what.


def new(id: str) -> Article:
    return Article.create(id, "The bridge of Samhar opens on Tuesday.", title="Bridge opens")


def test_an_editor_of_one_collection_adds_to_it_alone(library: Library) -> None:
    with acting(EDITOR):
        assert library.add([new("bridge")]).added == 1
        assert library.add([new("named")], collections=["wire"]).added == 1
        for wrong in (["sport"], ["wire", "sport"], [], ["politics"]):
            with pytest.raises(AccessError, match="You may only add to collections that you are an editor of"):
                library.add([new("wrong")], collections=wrong)
        with pytest.raises(AccessError, match="Only an editor of all collections"):
            library.move_collection("sport", ["wire"])
    assert library.collections.of("bridge") == library.collections.of("named") == {"wire"}
    with acting(as_("editor@wire,editor@sport")), pytest.raises(AccessError, match="the article belongs: sport, wire"):
        library.add([new("which")])
    assert not library.has("wrong") and not library.has("which")


@pytest.mark.parametrize("id", ["budget", "match", "partout", "ferry"])
def test_an_editor_of_one_collection_replaces_nothing_of_others(library: Library, id: str) -> None:
    before = library.generation
    with acting(EDITOR):
        report = library.add([new(id)])
        assert library.may_change(id) is False
    assert [failure.reason for failure in report.failures] == [
        "Its id belongs to an article that is not yours to change. Give it another id."
    ]
    assert library.generation == before and library.article(id).title != "Bridge opens"


def test_an_editor_of_one_collection_withdraws_from_it_alone(library: Library) -> None:
    library.add([new("bridge")], collections=["wire"])
    library.add([new("both")], collections=["wire", "sport"])
    with acting(EDITOR):
        for id in ("ferry", "match", "both"):
            with pytest.raises(AccessError, match="not in your collections alone"):
                library.remove([id])
            with pytest.raises(AccessError, match="not in your collections alone"):
                library.assign([id], ["wire"])
        with pytest.raises(AccessError, match="You may only add"):
            library.assign(["bridge"], [])
        assert library.remove(["bridge"]) == 1
    assert library.has("both")


def test_an_id_of_an_article_that_was_withdrawn_from_another_collection_stays_taken(library: Library) -> None:
    library.remove(["budget"])
    with acting(EDITOR):
        assert library.add([new("budget")]).failures
    assert not library.has("budget")


# Dossiers, and the log.


def test_a_quote_of_an_article_that_may_not_be_seen_any_more_is_not_in_the_dossier(library: Library) -> None:
    both, one = as_("reader@sport,reader@politics"), as_("reader@sport")
    with acting(both):
        made = library.dossiers.add("Ferries")
        for article in (FERRY, BUDGET):
            library.dossiers.pin(made.id, article.id, 0, 10)
    for _ in range(2):
        with acting(one):
            seen = library.dossiers.find(made.id)
            assert [pin.article.title for pin in seen.pins] == ["Ferry resumes"]
            assert seen.quotes == 1 and library.dossiers.all()[0].quotes == 1
            with pytest.raises(ArticleNotFoundError):
                library.dossiers.pin(made.id, "budget", 0, 10)
        if library.has("budget"):
            # Nor when it is here no more.
            library.remove(["budget"])
    with acting(both):
        assert len(library.dossiers.find(made.id).pins) == 2


def test_the_log_says_who_put_what_where(library: Library) -> None:
    with acting(Actor(Way.COMMAND, "noor")):
        library.collections.add("desk")
        library.assign(["ferry"], ["desk", "wire"])
        library.assign(["ferry"], [])
        library.remove_collection("desk")
    with acting(EDITOR):
        library.add([new("bridge")])
    lines = [(line.actor.name, line.action, line.object) for line in library.audit.entries(limit=6)]
    assert lines == [
        ("layla", AuditAction.ADDED, "bridge"),
        ("layla", AuditAction.ASSIGNED, "bridge → wire"),
        ("noor", AuditAction.COLLECTION_REMOVED, "desk"),
        ("noor", AuditAction.ASSIGNED, "ferry → -"),
        ("noor", AuditAction.ASSIGNED, "ferry → desk, wire"),
        ("noor", AuditAction.COLLECTION_ADDED, "desk"),
    ]
    assert library.audit.entries(limit=1)[0].actor == EDITOR


def test_a_token_is_held_by_collection(library: Library) -> None:
    def held(grant: AccessGrant) -> AccessGrant:
        found = library.tokens.find(library.tokens.add(grant.value, None, grant))
        assert found is not None
        return found.role

    for written in ("reader@sport", "reader@politics,editor@wire", "none"):
        assert held(grant_of(written)) == grant_of(written)


def test_a_catalog_of_before_collections_may_be_read_where_it_cannot_be_written(tmp_path: Path) -> None:
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        assert catalog.collections.all() == [] and not catalog.collections.is_used
        assert catalog.collections.of("ferry") == set() and catalog.collections.open_articles() == 0
