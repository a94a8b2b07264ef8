"""The OpenAPI document of the REST API: FastAPI's, of the models that check the calls, with what it cannot know."""

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter

from qa.answer import ArticleRef
from ui.rest import events, problems
from ui.rest.problems import Problem
from ui.views.plain import AuditLine, FoundPassage

if TYPE_CHECKING:
    from fastapi import FastAPI

_PROBLEMS = {
    "400": "The body is no JSON.",
    "401": "Nobody has signed in, and no token that holds was sent.",
    "403": "The caller's role may not do this.",
    "404": "There is no such article, revision, dossier, quote, story or link.",
    "409": "A newer version of the article is here.",
    "413": "The body is too large.",
    "415": "The body is not said to be JSON.",
    "422": "A field is not as it has to be, or the question cannot be asked.",
    "502": "The chat model failed.",
    "503": "Too many questions or changes wait, or the library cannot be read or written. Ask again later.",
}
_EVERYWHERE = ("401", "422", "503")
_WITH_BODY = ("400", "413", "415")
# What not everybody may do, each with what may be wrong with it beside that.
RESTRICTED = {
    ("POST", "/articles"): ("403", "409"),
    ("DELETE", "/articles/{id}"): ("403",),
    ("GET", "/audit"): ("403",),
}


@dataclass(frozen=True, slots=True)
class PassageList:
    """Passages, best first."""

    passages: tuple[FoundPassage, ...]


@dataclass(frozen=True, slots=True)
class ArticleList:
    """A page of articles, newest first; `next_offset` is where the next one begins, null on the last."""

    articles: tuple[ArticleRef, ...]
    next_offset: int | None


@dataclass(frozen=True, slots=True)
class AuditList:
    """A page of the audit log, newest first; `next_before` is what the next one is asked `before`, null on the last."""

    lines: tuple[AuditLine, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it is called in the library, and what became of it."""

    id: str
    outcome: Literal["added", "replaced", "unchanged"]


def documented(app: "FastAPI", root: str) -> dict[str, Any]:
    """Return the document of an application that is reached at `root`."""
    document = deepcopy(app.openapi())
    schemas = document["components"]["schemas"]
    schemas |= _schemas()
    # What FastAPI would answer to a call that is not valid; here that is a problem.
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            operation["responses"] |= {status: _problem(status) for status in _problems_of(method, path, operation)}
    answered = document["paths"]["/ask"]["post"]["responses"]["200"]["content"]
    answered[events.MEDIA_TYPE] = {"schema": {"type": "string"}}
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    # Where nobody has to sign in, nothing is needed either.
    document["security"] = [{"token": []}, {}]
    document["servers"] = [{"url": root or "/"}]
    return document


def _problems_of(method: str, path: str, operation: dict[str, Any]) -> list[str]:
    told = [*_EVERYWHERE, *(_WITH_BODY if "requestBody" in operation else ())]
    told += RESTRICTED.get((method.upper(), path), ())
    told += ["404"] if "{" in path else ["502"] if path == "/ask" else []
    return sorted(told)


def _problem(status: str) -> dict[str, Any]:
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": _PROBLEMS[status], "content": content}


def _schemas() -> dict[str, Any]:
    made = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    return {**made.pop("$defs", {}), "Problem": made}
