"""Calls of the REST API over real HTTP, from an address of this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.support.pages import Served
from tests.support.patience import PATIENCE

LAYLA, OMAR, NOOR = "127.0.0.2", "127.0.0.3", "127.0.0.4"


def client(url: str, address: str = LAYLA, **options: Any) -> httpx.Client:
    """Return a client of a served page's API that comes from an address."""
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=f"{url.rstrip('/')}/api/v1", timeout=PATIENCE, transport=transport, **options)


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Read server-sent events as they come: the name and the JSON of each."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


@contextmanager
def streamed(caller: httpx.Client, question: str, **fields: Any) -> Iterator[Iterator[tuple[str, Any]]]:
    """Ask and yield the events; leaving the block before the end closes the connection."""
    asked = {"question": question, **fields}
    with caller.stream("POST", "/ask", json=asked, headers={"accept": "text/event-stream"}) as response:
        assert response.status_code == 200, response.read()
        yield events(response.iter_lines())


def is_idle(page: Served) -> bool:
    """Tell whether nothing waits and nothing is under way."""
    queue = page.blocks.questions
    return not len(queue) and not any(queue.active_jobs)


def waiting(page: Served) -> int:
    """Count the questions that wait for their turn."""
    queue = page.blocks.questions.event_queue_per_concurrency_id.get("questions")
    return len(queue.queue) if queue else 0
