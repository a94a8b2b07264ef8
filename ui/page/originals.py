"""The files that articles were read from, and pictures of their pages, handed to whoever may see the page.

Nothing else that lies on the machine is.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from index.errors import LoadError
from index.languages.messages import messages_accepted
from index.sources.formats.pdf.pictures import PagePictures, is_pdf
from index.store.access.actors import acting

if TYPE_CHECKING:
    from fastapi import FastAPI

    from index import Library
    from ui.page.sessions import Permissions, Sessions

_PATH, _PAGE_PATH = "/original", "/original/page"
# A browser shows a PDF in a viewer of its own, out of reach of this page. Anything else is saved: what an article's
# file holds, HTML above all, must not run as if it were Khabar's.
_SANDBOXED = "sandbox; default-src 'none'"
_PRIVATE = "private, no-store"
# More digits than the number of a page has.
_LONGEST_NUMBER = 5


class Originals:
    """Links to the files of articles, and the answers to them once a server has taken them on."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._pictures = PagePictures()
        self._is_served = False

    def link(self, id: str, page: int | None = None) -> str | None:
        """Return where the file of an article is to be had, opened at a `page`; None where there is none."""
        file = self._library.file(id) if self._is_served else None
        if file is None:
            return None
        place = f"#page={page}" if page is not None and is_pdf(file) else ""
        return f"{_PATH[1:]}?id={quote(id, safe='')}{place}"

    def picture(self, id: str, page: int | None) -> str | None:
        """Return where a picture of a page of the file of an article is to be had; None where it is no PDF."""
        file = self._library.file(id) if self._is_served and page is not None else None
        if file is None or not is_pdf(file):
            return None
        return f"{_PAGE_PATH[1:]}?id={quote(id, safe='')}&page={page}"

    def serve(self, app: "FastAPI", sessions: "Sessions", permissions: "Permissions") -> None:
        """Answer for the files of articles in an application, to whoever may see the page."""

        def answer(request: Request, give: Callable[[Path], Response]) -> Response:
            words = messages_accepted(request.headers.get("accept-language", ""))
            if not sessions.may_enter(request):
                return PlainTextResponse(words.say("page.sign_in"), 401)
            with acting(permissions.somebody(sessions.name(request))):
                file = self._library.file(request.query_params.get("id", ""))
            if file is None:
                return PlainTextResponse(words.say("article.no_file"), 404)
            try:
                return give(file)
            except LoadError:
                # Whatever is wrong with the file or the number: beside the text nothing is shown.
                return PlainTextResponse(words.say("article.no_page"), 404)

        def original(request: Request) -> Response:
            return answer(request, _handed)

        def page(request: Request) -> Response:
            number = request.query_params.get("page", "")
            return answer(request, lambda file: self._drawn(file, number))

        # Before Gradio's, which answers for every other address.
        app.router.routes[:0] = [Route(_PATH, original), Route(_PAGE_PATH, page)]
        self._is_served = True

    def _drawn(self, file: Path, number: str) -> Response:
        if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
            raise LoadError("The number of a page is made of figures.")
        picture = self._pictures.of(file, int(number))
        headers = {"cache-control": _PRIVATE, "content-security-policy": _SANDBOXED}
        return Response(picture, media_type="image/jpeg", headers=headers)


def _handed(file: Path) -> Response:
    headers = {"cache-control": _PRIVATE}
    if is_pdf(file):
        return FileResponse(
            file, media_type="application/pdf", filename=file.name, content_disposition_type="inline", headers=headers
        )
    headers["content-security-policy"] = _SANDBOXED
    return FileResponse(file, media_type="application/octet-stream", filename=file.name, headers=headers)
