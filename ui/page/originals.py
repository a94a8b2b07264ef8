"""The files that articles were read from, handed to whoever may see the page: nothing else that lies on the machine."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from index.languages.messages import messages_accepted
from index.store.access.actors import acting

if TYPE_CHECKING:
    from fastapi import FastAPI

    from index import Library
    from ui.page.sessions import Permissions, Sessions

_PATH = "/original"
# A browser shows a PDF in a viewer of its own, out of reach of this page. Anything else is saved: what an article's
# file holds, HTML above all, must not run as if it were Khabar's.
_PDF = b"%PDF-"
_SANDBOXED = "sandbox; default-src 'none'"


class Originals:
    """Links to the files of articles, and the answers to them once a server has taken them on."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._is_served = False

    def link(self, id: str, page: int | None = None) -> str | None:
        """Return where the file of an article is to be had, opened at a `page`; None where there is none."""
        file = self._library.file(id) if self._is_served else None
        if file is None:
            return None
        place = f"#page={page}" if page is not None and _is_pdf(file) else ""
        return f"{_PATH[1:]}?id={quote(id, safe='')}{place}"

    def serve(self, app: "FastAPI", sessions: "Sessions", permissions: "Permissions") -> None:
        """Answer for the files of articles in an application, to whoever may see the page."""

        def original(request: Request) -> Response:
            words = messages_accepted(request.headers.get("accept-language", ""))
            if not sessions.may_enter(request):
                return PlainTextResponse(words.say("page.sign_in"), 401)
            with acting(permissions.somebody(sessions.name(request))):
                file = self._library.file(request.query_params.get("id", ""))
            return _handed(file) if file else PlainTextResponse(words.say("article.no_file"), 404)

        # Before Gradio's, which answers for every other address.
        app.router.routes.insert(0, Route(_PATH, original))
        self._is_served = True


def _handed(file: Path) -> Response:
    headers = {"cache-control": "private, no-store"}
    if _is_pdf(file):
        return FileResponse(
            file, media_type="application/pdf", filename=file.name, content_disposition_type="inline", headers=headers
        )
    headers["content-security-policy"] = _SANDBOXED
    return FileResponse(file, media_type="application/octet-stream", filename=file.name, headers=headers)


def _is_pdf(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_PDF)) == _PDF
    except OSError:
        # It has gone since it was found: whoever asks for it is told so.
        return False
