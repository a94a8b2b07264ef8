"""Dossiers over REST: what each call does, whose dossiers it reaches, and that no other caller's are reached."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from docx import Document
from jsonschema import Draft202012Validator

from index import Article
from index.store.access.roles import AccessRole
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.pages import Served
from tests.support.people import let_in
from tests.support.rest_calls import client
from tests.ui.rest.conftest import shelf
from ui.server.signin import SignIn
from ui.views.dossiers.exporting import MEDIA_TYPES, DossierForm

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

WORD = "long enough"
QUOTE = "the harbour master Lena Ortiz said"
RATE = "سعر الفائدة ثابت 🏦"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page behind a sign-in with two readers and an admin."""
    people: Path = tmp_path_factory.mktemp("people") / "people"
    for name, role in (("layla", AccessRole.READER), ("omar", AccessRole.READER), ("noor", AccessRole.ADMIN)):
        let_in(people, name, WORD, role)
    sign_in = SignIn.open(people)
    with shelf(tmp_path_factory.mktemp("desk")) as library:
        page = Served(Assistant(library, reader=NothingRead()), auth=sign_in, roles=sign_in.role, client=False)
        yield page
        page.close()


@contextmanager
def signed_in(page: Served, name: str) -> Iterator[httpx.Client]:
    with client(page.url) as caller:
        assert caller.post(f"{page.url}login", data={"username": name, "password": WORD}).status_code == 200
        yield caller


def made(caller: httpx.Client, name: str) -> str:
    given = caller.post("/dossiers", json={"name": name})
    assert given.status_code == 201, given.text
    assert given.headers["location"] == f"/api/v1/dossiers/{given.json()['id']}"
    return str(given.json()["id"])


def pinned(caller: httpx.Client, id: str, **fields: Any) -> dict[str, Any]:
    given = caller.post(f"/dossiers/{id}/pins", json={"article": "ferry-1", "quote": QUOTE, **fields})
    assert given.status_code == 201, given.text
    return dict(given.json())


def test_a_dossier_is_made_filled_put_in_order_and_deleted(desk: Served) -> None:
    with signed_in(desk, "layla") as caller:
        id = made(caller, "Port")
        ferry = pinned(caller, id, note="Call her.")
        rate = pinned(caller, id, article="bank-1", quote=RATE)
        assert (ferry["quote"], ferry["note"], ferry["standing"], ferry["stands"]) == (
            QUOTE,
            "Call her.",
            "current",
            True,
        )
        assert caller.get("/articles/bank-1").json()["text"][rate["start"] : rate["end"]] == RATE
        address = f"/dossiers/{id}/pins/{rate['id']}"
        changed = caller.patch(address, json={"place": 1, "note": "اسأله"}).json()
        assert [(pin["quote"], pin["note"]) for pin in changed["pins"]] == [(RATE, "اسأله"), (QUOTE, "Call her.")]
        assert caller.patch(f"/dossiers/{id}", json={"name": "The port"}).json()["name"] == "The port"
        assert caller.get("/dossiers/The%20port").json() == caller.get(f"/dossiers/{id}").json()
        assert [entry["quotes"] for entry in caller.get("/dossiers").json()["dossiers"]] == [2]
        assert caller.delete(address).status_code == 204
        assert [pin["quote"] for pin in caller.get(f"/dossiers/{id}").json()["pins"]] == [QUOTE]
        assert caller.delete(f"/dossiers/{id}").status_code == 204
        assert caller.get(f"/dossiers/{id}").status_code == 404
        assert caller.get("/dossiers").json() == {"dossiers": []}


def test_a_quote_of_an_answer_is_pinned_by_what_its_citation_says(desk: Served) -> None:
    with signed_in(desk, "layla") as caller:
        found = caller.get("/search", params={"question": "When did the Samhar ferry resume?"}).json()["passages"][0]
        id = made(caller, "answers")
        place = {name: found[name] for name in ("start", "end", "revision")}
        assert pinned(caller, id, article=found["id"], quote=None, **place)["quote"] == found["text"]
        caller.delete(f"/dossiers/{id}")


def test_a_pin_tells_that_its_article_was_changed_and_withdrawn(desk: Served) -> None:
    library = desk.assistant.library
    library.add([Article.create("port-1", "The port reopens on Sunday.", title="Port reopens")])
    with signed_in(desk, "layla") as caller:
        id = made(caller, "changes")
        pinned(caller, id, article="port-1", quote="on Sunday")
        told = []
        for text in ("The port of Samhar reopens on Sunday.", "The port stays closed."):
            library.add([Article.create("port-1", text, title="Port reopens")])
            (pin,) = caller.get(f"/dossiers/{id}").json()["pins"]
            told.append((pin["standing"], pin["stands"]))
        library.remove(["port-1"])
        (pin,) = caller.get(f"/dossiers/{id}").json()["pins"]
        assert [*told, (pin["standing"], pin["stands"])] == [
            ("changed", True),
            ("changed", False),
            ("withdrawn", False),
        ]
        assert (pin["quote"], pin["article"]["title"]) == ("on Sunday", "Port reopens")
        caller.delete(f"/dossiers/{id}")


@pytest.mark.parametrize("form", DossierForm)
def test_each_form_is_handed_out_as_a_file(desk: Served, form: DossierForm) -> None:
    with signed_in(desk, "layla") as caller:
        id = made(caller, "الميناء")
        pinned(caller, id, article="bank-1", quote=RATE)
        given = caller.get(f"/dossiers/{id}/export", params={"form": form.value, "language": "fr"})
        assert given.status_code == 200
        assert given.headers["content-type"] == MEDIA_TYPES[form]
        assert given.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%D8%A7%D9%84")
        assert "default-src 'none'" in given.headers["content-security-policy"]
        if form is DossierForm.DOCX:
            assert RATE in [paragraph.text for paragraph in Document(io.BytesIO(given.content)).paragraphs]
        else:
            assert RATE in given.text
        assert ("récupéré le" in given.text) == (form in (DossierForm.MARKDOWN, DossierForm.HTML))
        caller.delete(f"/dossiers/{id}")
    with signed_in(desk, "noor") as admin:
        lines = admin.get("/audit", params={"who": "layla", "action": "exported", "limit": 1}).json()["lines"]
    assert lines[0]["object"] == f"dossier {id[:8]}"


def test_nobody_reaches_another_s_dossier_and_an_admin_all(desk: Served) -> None:
    token = desk.assistant.library.tokens.add("layla", None, AccessRole.EDITOR)
    with signed_in(desk, "layla") as caller:
        id = made(caller, "secret")
        pin = pinned(caller, id, note="hidden")["id"]
    others = [{"authorization": f"Bearer {token}"}, {}]
    for headers in others:
        with client(desk.url, headers=headers) if headers else signed_in(desk, "omar") as own:
            assert own.get("/dossiers").json() == {"dossiers": []}
            for key in (id, id[:8], id.upper(), "secret", f"{id}%00", f"{id}' OR '1'='1", "%", "_", "*"):
                for method, address, body in (
                    ("GET", f"/dossiers/{key}", None),
                    ("PATCH", f"/dossiers/{key}", {"name": "mine"}),
                    ("DELETE", f"/dossiers/{key}", None),
                    ("GET", f"/dossiers/{key}/export?form=html", None),
                    ("POST", f"/dossiers/{key}/pins", {"article": "ferry-1", "quote": QUOTE}),
                    ("PATCH", f"/dossiers/{key}/pins/{pin}", {"note": "mine", "place": 1}),
                    ("DELETE", f"/dossiers/{key}/pins/{pin}", None),
                ):
                    given = own.request(method, address, json=body)
                    assert given.status_code in (404, 422), (method, address, given.text)
                    assert "hidden" not in given.text and "Ortiz" not in given.text
                assert own.post("/dossiers", json={"name": key, "owner": "layla"}).status_code == 422
            # The quote is not reached through a dossier of one's own either.
            mine = made(own, "secret")
            assert own.patch(f"/dossiers/{mine}/pins/{pin}", json={"note": "mine"}).status_code == 404
            assert own.delete(f"/dossiers/{mine}/pins/{pin}").status_code == 404
            own.delete(f"/dossiers/{mine}")
    with client(desk.url) as nobody:
        for address in ("/dossiers", f"/dossiers/{id}", f"/dossiers/{id}/export?form=html"):
            assert nobody.get(address).status_code == 401
    with signed_in(desk, "noor") as admin:
        (pin_seen,) = admin.get(f"/dossiers/{id}").json()["pins"]
        assert (pin_seen["note"], admin.get("/dossiers").json()["dossiers"][0]["owner"]) == ("hidden", "layla")
        assert admin.delete(f"/dossiers/{id}").status_code == 204


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("POST", "/dossiers", {"name": " "}, 422),
        ("POST", "/dossiers", {"name": "x" * 201}, 422),
        ("POST", "/dossiers", {"name": "known"}, 422),
        ("POST", "/dossiers", {}, 422),
        ("POST", "/dossiers/known/pins", {"article": "ferry-1"}, 422),
        ("POST", "/dossiers/known/pins", {"article": "ferry-1", "quote": "nobody said so"}, 422),
        ("POST", "/dossiers/known/pins", {"article": "ferry-1", "start": 5, "end": 2}, 422),
        ("POST", "/dossiers/known/pins", {"article": "ferry-1", "start": 0, "end": 2**52}, 422),
        ("POST", "/dossiers/known/pins", {"article": "ferry-1", "start": -1, "end": 2}, 422),
        ("POST", "/dossiers/known/pins", {"article": "nothing", "quote": QUOTE}, 404),
        ("POST", "/dossiers/known/pins", {"article": "\ud83c", "quote": QUOTE}, 422),
        ("POST", "/dossiers/known/pins", {"article": "ferry-1", "quote": QUOTE, "revision": 9}, 404),
        ("POST", "/dossiers/known/pins", {"article": "ferry-1", "quote": QUOTE, "note": "x" * 10_001}, 422),
        ("PATCH", "/dossiers/known/pins/ffffffff", {"note": "x"}, 404),
        ("PATCH", "/dossiers/known/pins/ffffffff", {"place": 0}, 422),
        ("GET", "/dossiers/known/export", None, 422),
        ("GET", "/dossiers/known/export?form=pdf", None, 422),
    ],
)
def test_what_cannot_be_done_is_told(desk: Served, method: str, address: str, body: Any, status: int) -> None:
    with signed_in(desk, "omar") as caller:
        if not caller.get("/dossiers").json()["dossiers"]:
            made(caller, "known")
        sent = None if body is None else json.dumps(body).encode()
        given = caller.request(method, address, content=sent, headers={"content-type": "application/json"})
        assert (given.status_code, given.headers["content-type"]) == (status, "application/problem+json"), given.text
        assert caller.get("/dossiers/known").json()["pins"] == []


def test_what_is_answered_is_as_the_openapi_document_says(desk: Served) -> None:
    with signed_in(desk, "layla") as caller:
        document = caller.get("/openapi.json").json()
        id = made(caller, "described")
        pin = pinned(caller, id)["id"]
        calls: list[tuple[str, str, Any]] = [
            ("/dossiers", "get", None), ("/dossiers", "post", {"name": "another"}), ("/dossiers/{id}", "get", None),
            ("/dossiers/{id}", "patch", {"name": "renamed"}), ("/dossiers/{id}/pins/{pin}", "patch", {"place": 1}),
            ("/dossiers/{id}/pins", "post", {"article": "bank-1", "quote": RATE}),
            ("/dossiers/{id}/pins", "post", {"article": "nothing", "quote": RATE}),
        ]  # fmt: skip
        for path, method, body in calls:
            given = caller.request(method, path.replace("{id}", id).replace("{pin}", pin), json=body)
            described = document["paths"][path][method]["responses"][str(given.status_code)]["content"]
            schema = {**described[given.headers["content-type"]]["schema"], "components": document["components"]}
            jsonschema.validate(given.json(), schema, cls=Draft202012Validator)
        for entry in caller.get("/dossiers").json()["dossiers"]:
            caller.delete(f"/dossiers/{entry['id']}")


def test_where_nobody_signs_in_everybody_has_the_same_dossiers(own_page: Served) -> None:
    own_page.assistant.library.dossiers.add("made at the machine")
    with client(own_page.url) as one, client(own_page.url, "127.0.0.9") as other:
        id = made(one, "ours")
        pinned(other, id)
        assert {entry["name"] for entry in one.get("/dossiers").json()["dossiers"]} == {"made at the machine", "ours"}
