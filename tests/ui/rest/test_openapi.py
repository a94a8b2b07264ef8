"""The OpenAPI document: of its standard's form, and all that the API does."""

import re
from typing import Any

import jsonschema
import pytest
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator

from qa import Assistant
from tests.support.pages import Served
from tests.support.rest_calls import client
from tests.ui.rest.conftest import ODD

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def document(page: Served) -> dict[str, Any]:
    with client(page.url) as caller:
        given = caller.get("/openapi.json")
    assert (given.status_code, given.headers["content-type"]) == (200, "application/json")
    return dict(given.json())


def resolved(document: dict[str, Any], part: Any) -> Any:
    """Follow a reference."""
    if isinstance(part, dict) and "$ref" in part:
        found: Any = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        return found
    return part


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in references(value)]
    return [found for value in part for found in references(value)] if isinstance(part, list) else []


def checked(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """Check a value against a schema of the document."""
    jsonschema.validate(value, {**schema, "components": document["components"]}, cls=Draft202012Validator)


def test_it_is_a_document_of_openapi_3_1(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d", document["openapi"])
    OpenAPI.model_validate(document)
    assert document["info"]["title"] == "Khabar" and document["info"]["version"]
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in references(document):
        assert resolved(document, {"$ref": reference})
    used = {reference.rpartition("/")[2] for reference in references(document)}
    assert set(document["components"]["schemas"]) == used
    ids = [each["operationId"] for operations in document["paths"].values() for each in operations.values()]
    assert sorted(ids) == sorted(set(ids))


def test_it_describes_each_address_and_nothing_else(document: dict[str, Any], page: Served) -> None:
    described = {(path, method) for path, operations in document["paths"].items() for method in operations}
    assert described == {
        ("/ask", "post"),
        ("/search", "get"),
        ("/search", "post"),
        ("/articles", "get"),
        ("/articles", "post"),
        ("/articles/{id}", "get"),
        ("/articles/{id}", "delete"),
        ("/audit", "get"),
        ("/dossiers", "get"),
        ("/dossiers", "post"),
        ("/dossiers/{id}", "get"),
        ("/dossiers/{id}", "patch"),
        ("/dossiers/{id}", "delete"),
        ("/dossiers/{id}/export", "get"),
        ("/dossiers/{id}/pins", "post"),
        ("/dossiers/{id}/pins/{pin}", "patch"),
        ("/dossiers/{id}/pins/{pin}", "delete"),
        ("/shared/{id}", "get"),
        ("/stories", "get"),
        ("/stories/{id}", "get"),
        ("/names", "get"),
        ("/names/{bearer}", "get"),
        ("/names/{bearer}/said", "get"),
        ("/openapi.json", "get"),
    }
    with client(page.url) as caller:
        # The page is for reading only.
        for path, method in described - {("/articles/{id}", "delete")}:
            given = caller.request(method, path.format(id="ferry-1", pin="ffff", bearer="nobody"))
            assert given.status_code != 405 and "There is nothing at this address" not in given.text
    assert document["servers"] == [{"url": "/api/v1"}]
    assert document["security"] == [{"token": []}, {}]
    assert document["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}


def test_each_operation_tells_its_problems_and_no_other_kind_of_error(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"] and operation["description"]
            errors = {status: each for status, each in operation["responses"].items() if status >= "4"}
            assert {"401", "422", "503"} <= set(errors), path
            is_restricted = any(whom in operation["description"] for whom in ("For editors.", "For admins."))
            assert ("403" in errors) == is_restricted, path
            assert all(list(each["content"]) == ["application/problem+json"] for each in errors.values())
    assert set(document["paths"]["/ask"]["post"]["responses"]["200"]["content"]) == {
        "application/json",
        "text/event-stream",
    }


def test_what_is_answered_is_as_described(document: dict[str, Any], page: Served) -> None:
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("/ask", "post", {"json": {"question": "ما سعر الفائدة 🏦؟"}}),
        ("/search", "get", {"params": {"question": "Who said so?"}}),
        ("/search", "post", {"json": {"question": "Who said so?"}}),
        ("/articles", "get", {}),
        ("/articles/{id}", "get", {}),
        ("/ask", "post", {"json": {"question": 7, "unknown": 1}}),
        ("/articles", "get", {"params": {"limit": 0}}),
        ("/articles", "post", {"json": {"id": "", "text": "No id."}}),
        ("/articles", "post", {"content": b"{", "headers": {"content-type": "application/json"}}),
    ]
    with client(page.url) as caller:
        for path, method, options in calls:
            given = caller.request(method, path.replace("{id}", "ferry-1"), **options)
            described = document["paths"][path][method]["responses"][str(given.status_code)]["content"]
            checked(document, described[given.headers["content-type"]]["schema"], given.json())


def test_an_answer_with_quotes_is_as_described(document: dict[str, Any], samples: Assistant) -> None:
    described = document["paths"]["/ask"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = samples.ask("who disputed the ISIS threat?")
    assert answer.citations
    checked(document, described, answer.to_dict())
    with pytest.raises(jsonschema.ValidationError):
        checked(document, described, {**answer.to_dict(), "citations": [{"number": 1}]})


def test_a_question_as_described_is_taken_and_another_refused(document: dict[str, Any]) -> None:
    body = document["paths"]["/ask"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    for good in (
        {"question": "Who?"},
        {"question": "من؟ 🚚", "language": "ar", "source": ["وكالة الضفاف"], "after": "2025-10-01", "interface": "fr"},
        {"question": "Who?", "history": [{"question": "What?", "answer": None}]},
    ):
        checked(document, body, good)
    for bad in ({}, {"question": 7}, {"question": "Who?", "extra": 1}, {"question": "Who?", "interface": "de"}):
        with pytest.raises(jsonschema.ValidationError):
            checked(document, body, bad)


def test_an_odd_id_is_one_part_of_an_address(document: dict[str, Any]) -> None:
    (id_,) = [each for each in document["paths"]["/articles/{id}"]["get"]["parameters"] if each["in"] == "path"]
    assert (id_["name"], id_["required"], id_["schema"]["type"]) == ("id", True, "string")
    assert any("/" in id for id in ODD)
