"""Dossiers over REST: each caller's own, and an admin's all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from index.languages.messages import LANGUAGES, accepted, messages_for
from index.store.dossiers.pins import Dossier, DossierEntry, Pin
from ui.rest.editing import Editing
from ui.rest.problems import Json
from ui.views.dossiers.exporting import MEDIA_TYPES, DossierForm, export_dossier
from ui.views.plain import plain

if TYPE_CHECKING:
    from index import Library

# Longer texts than a dossier takes are told so by the dossier itself; these bound what is looked at.
_LONGEST = 100_000
_BEYOND = 2**53


@dataclass(frozen=True, slots=True)
class DossierList:
    """Dossiers, the caller's own first."""

    dossiers: tuple[DossierEntry, ...]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DossierRequest(_Sent):
    """A dossier's name."""

    name: str = Field(max_length=_LONGEST, description="What it is called; one's own dossiers differ in their names.")


class PinRequest(_Sent):
    """A quote, by its words, by its place in the article, or by both."""

    article: str = Field(max_length=2000, description="The article's id.")
    quote: str | None = Field(default=None, max_length=_LONGEST, description="The words, as the article has them.")
    start: int | None = Field(default=None, ge=0, lt=_BEYOND, description="Where they begin, in characters.")
    end: int | None = Field(default=None, ge=0, lt=_BEYOND, description="Where they end.")
    revision: int | None = Field(default=None, ge=1, lt=_BEYOND, description="An earlier state of the article.")
    note: str = Field(default="", max_length=_LONGEST, description="What to note on it.")


class PinChange(_Sent):
    """What becomes of a quote; what is left out stays as it is."""

    note: str | None = Field(default=None, max_length=_LONGEST, description="What to note on it.")
    place: int | None = Field(default=None, ge=1, lt=_BEYOND, description="Its place among the quotes, from 1.")


class DossierExportRequest(_Sent):
    """A form of file."""

    form: DossierForm = Field(description="The form of the file.")
    language: str | None = Field(
        default=None,
        description="The language of Khabar's own words in it; by default that of Accept-Language.",
        json_schema_extra={"enum": [*LANGUAGES, None]},
    )


class DossierEndpoints:
    """The functions; what changes a dossier waits for the changes before it."""

    def __init__(self, library: "Library", editing: Editing) -> None:
        self._table = library.dossiers
        self._editing = editing

    def add_to(self, router: APIRouter) -> None:
        """Add the addresses, each with what it takes and gives."""
        made: Any = {"status_code": 201, "response_model": Dossier}
        files: Any = {200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}}}
        router.get("/dossiers", response_model=DossierList)(self.dossiers)
        router.post("/dossiers", **made)(self.add_dossier)
        router.get("/dossiers/{id}", response_model=Dossier)(self.dossier)
        router.patch("/dossiers/{id}", response_model=Dossier)(self.rename_dossier)
        router.delete("/dossiers/{id}", status_code=204)(self.remove_dossier)
        router.get("/dossiers/{id}/export", response_class=Response, responses=files)(self.export_dossier)
        router.post("/dossiers/{id}/pins", status_code=201, response_model=Pin)(self.pin)
        router.patch("/dossiers/{id}/pins/{pin}", response_model=Dossier)(self.change_pin)
        router.delete("/dossiers/{id}/pins/{pin}", status_code=204)(self.unpin)

    def dossiers(self) -> Response:
        """List one's own dossiers, and to an admin those of the others after them."""
        return Json({"dossiers": [plain(entry) for entry in self._table.all()]})

    async def add_dossier(self, body: DossierRequest, request: Request) -> Response:
        """Make a dossier, which is the caller's own."""
        made = await self._editing.alone(lambda: self._table.add(body.name))
        address = f"{request.scope.get('root_path', '')}/dossiers/{made.id}"
        return Json(plain(made), 201, headers={"location": address})

    def dossier(self, id: str) -> Response:
        """Return a dossier, by its id or name, with its quotes in their order and what became of their articles."""
        return Json(plain(self._table.find(id)))

    async def rename_dossier(self, id: str, body: DossierRequest) -> Response:
        """Give a dossier another name."""

        def rename() -> Dossier:
            whole = self._table.find(id).id
            self._table.rename(whole, body.name)
            return self._table.find(whole)

        return Json(plain(await self._editing.alone(rename)))

    async def remove_dossier(self, id: str) -> Response:
        """Delete a dossier with all its quotes and notes."""
        await self._editing.alone(lambda: self._table.remove(id))
        return Response(status_code=204)

    async def export_dossier(
        self, id: str, query: Annotated[DossierExportRequest, Query()], request: Request
    ) -> Response:
        """Return a dossier as a file: Markdown, Word, one HTML page, BibTeX, RIS or CSL-JSON."""
        words = messages_for(query.language or "", *accepted(request.headers.get("accept-language", "")))
        found = await run_in_threadpool(lambda: self._table.find(id))
        made = await run_in_threadpool(lambda: export_dossier(found, query.form, words))
        await self._editing.alone(lambda: self._table.record_export(found))
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(made.name, safe='')}",
            "cache-control": "private, no-store",
            # Its page runs nothing, also where somebody opens it in the browser.
            "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
            "x-content-type-options": "nosniff",
        }
        return Response(made.content, media_type=made.media_type, headers=headers)

    async def pin(self, id: str, body: PinRequest) -> Response:
        """Put a quote at the end of a dossier; one that is in it already stays where it is."""
        given = body.model_dump(exclude={"article", "start", "end"})
        made = await self._editing.alone(lambda: self._table.pin(id, body.article, body.start, body.end, **given))
        return Json(plain(made), 201)

    async def change_pin(self, id: str, pin: str, body: PinChange) -> Response:
        """Say anew what is noted on a quote, or put it at another place, and return the dossier."""

        def change() -> Dossier:
            if body.note is not None:
                self._table.note(id, pin, body.note)
            if body.place is not None:
                self._table.move(id, pin, body.place)
            return self._table.find(id)

        return Json(plain(await self._editing.alone(change)))

    async def unpin(self, id: str, pin: str) -> Response:
        """Take a quote and its note out of a dossier."""
        await self._editing.alone(lambda: self._table.unpin(id, pin))
        return Response(status_code=204)
