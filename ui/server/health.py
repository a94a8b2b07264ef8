"""What machines ask a server: /healthz (does it answer?) and /metrics (how much, how fast?)."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from index.errors import KhabarError
from ui.server.metrics import Metrics

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from index import Library


def add_health(app: "FastAPI", library: "Library", metrics: Metrics) -> None:
    """Add /healthz and /metrics to a web application, before what is mounted at its root.

    /healthz is 200 when the catalog can be read, with the library's generation, which index is searched here (None:
    none) and, of a catalog in PostgreSQL, whether that server is a standby and how many seconds behind; else 503 with
    the reason.
    """
    from starlette.responses import JSONResponse, PlainTextResponse
    from starlette.routing import Route

    def healthz(_: "Request") -> "Response":
        try:
            return JSONResponse(_told(library))
        except KhabarError as error:
            # What a load balancer asks for: not to be sent questions while the catalog cannot be read.
            return JSONResponse({"status": "broken", "reason": str(error)}, status_code=503)

    def measured(_: "Request") -> "Response":
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4")

    app.router.routes[:0] = [Route("/healthz", healthz), Route("/metrics", measured)]


def _told(library: "Library") -> dict[str, object]:
    told: dict[str, object] = {"status": "ok", "generation": library.generation}
    parts = library.parts
    if (server := parts.catalog.database.server()) is not None:
        role = "standby" if server.is_standby else "primary"
        told["database"] = {"role": role, "lag_seconds": server.lag}
    age = parts.dense.age()
    told["index"] = asdict(age) if age else None
    return told
