"""Calls of the page's own functions and endpoints over real HTTP, by somebody who has signed in or not."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.support.pages import Served
from tests.support.patience import PATIENCE


@dataclass(frozen=True, slots=True)
class Told:
    """What a call came to: whether it was done, and what was answered, or the error."""

    is_done: bool
    said: Any


class Caller:
    """Somebody who calls with a cookie of their own, as a browser does; `session` is the page that is open."""

    def __init__(self, page: Served, http: httpx.Client) -> None:
        self.page = page
        self.http = http
        self.session = uuid4().hex

    def endpoint(self, name: str, *data: object, way: str = "call") -> Told:
        """Call a named endpoint in one of Gradio's ways: "call", "call/v2", "run" or "api"."""
        known = self.http.get("gradio_api/info").json()["named_endpoints"][f"/{name}"]["parameters"]
        rest = [parameter.get("parameter_default") for parameter in known[len(data) :]]
        names = [str(parameter["parameter_name"]) for parameter in known]
        body = dict(zip(names, data, strict=False)) if way == "call/v2" else {"data": [*data, *rest]}
        reply = self.http.post(f"gradio_api/{way}/{name}", json=body)
        if reply.status_code != 200 or not way.startswith("call"):
            return Told(reply.status_code == 200, reply.text)
        told = self.http.get(f"gradio_api/{way}/{name}/{reply.json()['event_id']}").text.splitlines()
        last = max(number for number, line in enumerate(told) if line.startswith("event: "))
        return Told(told[last] == "event: complete", told[last + 1].removeprefix("data: "))

    def function(self, number: int, data: list[object], event: object = None, **said: object) -> Told:
        """Do what a button of the page does: call one of its functions by its number; `said` is in the body too."""
        body = {"data": data, "event_data": event, "fn_index": number, "session_hash": self.session, **said}
        reply = self.http.post("gradio_api/queue/join", json=body)
        if reply.status_code != 200:
            return Told(False, reply.text)
        with self.http.stream("GET", "gradio_api/queue/data", params={"session_hash": self.session}) as stream:
            for line in stream.iter_lines():
                told = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if told.get("msg") == "process_completed" and told["event_id"] == reply.json()["event_id"]:
                    return Told(told["success"], told["output"])
        raise AssertionError("The page has not said how it ended.")

    def numbered(self, name: str, kind: str = "") -> int:
        """Return the number of the page's function of a name, by the class that it is in where there are several."""
        (number,) = (
            number
            for number, known in self.page.blocks.fns.items()
            if known.name == name and known.api_visibility == "private" and kind in known.fn.__qualname__
        )
        return number


@contextmanager
def calling(page: Served, name: str = "", password: str = "", **headers: str) -> Iterator[Caller]:
    """Call a page, signed in where a name is given."""
    with httpx.Client(base_url=page.url, timeout=PATIENCE, headers=headers) as http:
        if name:
            http.post("login", data={"username": name, "password": password}).raise_for_status()
        yield Caller(page, http)
