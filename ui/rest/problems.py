"""What a REST call is told that cannot be answered: problem details, as RFC 9457 has them."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from index.errors import (
    AccessError,
    ArticleError,
    ArticleNotFoundError,
    DossierNotFoundError,
    KhabarError,
    LoadError,
    NameNotFoundError,
    QueryError,
    SettingsError,
    StoryNotFoundError,
)
from index.languages.errors import error_in
from index.languages.messages import messages_accepted
from qa.errors import AbandonedError, CrowdedError, EndingError, WriterError

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# The most that is told about one call, and the most of a name that a caller made up.
_TOLD = 20
_LONGEST = 200
# HTTP's words of today (RFC 9110), for which some Pythons have those of before.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
_RETRY_SECONDS = "5"
_FAILED = "Khabar failed to answer this. The server's log says why."
_UNREADABLE = "The library cannot be read or written at the moment. The server's log says why."
# Errors about the call itself, whose messages are for whoever made it, and what HTTP says of each.
_STATUS: Mapping[type[KhabarError], int] = {
    QueryError: 422,
    ArticleError: 422,
    LoadError: 422,
    SettingsError: 422,
    AccessError: 403,
    ArticleNotFoundError: 404,
    DossierNotFoundError: 404,
    StoryNotFoundError: 404,
    NameNotFoundError: 404,
    WriterError: 502,
    CrowdedError: 503,
    EndingError: 503,
    AbandonedError: 503,
}


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a call; `field` is where it stands, such as "body.history.0.question"."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a call is not answered: `title` is HTTP's word for `status`, `detail` says what to do.

    `errors` are the fields of the call that are not as they have to be.
    """

    status: int
    detail: str
    title: str
    type: str = "about:blank"
    errors: tuple[FieldProblem, ...] = ()

    @classmethod
    def of(cls, status: int, detail: str, errors: tuple[FieldProblem, ...] = ()) -> "Problem":
        """Say what is wrong in a sentence."""
        return cls(status, detail, _TITLES.get(status) or HTTPStatus(status).phrase, errors=errors)

    @classmethod
    def raised(cls, error: Exception, accepted_languages: str = "") -> "Problem":
        """Say what an error means for whoever called, in their language where the catalogues have it.

        What is wrong with the server is written to its log, and not told.
        """
        words = messages_accepted(accepted_languages)
        for kind, status in _STATUS.items():
            if isinstance(error, kind):
                crowded = isinstance(error, CrowdedError)
                return cls.of(status, words.say("page.busy") if crowded else error_in(words, str(error)))
        _log.error("a program's call failed", exc_info=error)
        return cls.of(503, _UNREADABLE) if isinstance(error, KhabarError) else cls.of(500, _FAILED)

    @classmethod
    def invalid(cls, found: "list[Any]") -> "Problem":
        """Say which fields are wrong, from what pydantic found; nothing that was sent is repeated but their names."""
        errors = tuple(
            FieldProblem(".".join(map(str, each["loc"]))[:_LONGEST], str(each["msg"])[:_LONGEST])
            for each in found[:_TOLD]
        )
        return cls.of(422, "Some fields are not as they have to be; `errors` names them.", errors)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values; without `errors` where no field is wrong."""
        return {name: value for name, value in asdict(self).items() if name != "errors" or value}


class Json(JSONResponse):
    """A response of plain JSON values, in UTF-8, that no character keeps from being sent."""

    def render(self, content: Any) -> bytes:
        """Write the values."""
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def told(problem: Problem, headers: Mapping[str, str] | None = None) -> Json:
    """Return the response that tells a problem."""
    extra = dict(headers or {})
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra["retry-after"] = _RETRY_SECONDS
    return Json(problem.to_dict(), problem.status, headers=extra, media_type=MEDIA_TYPE)
