"""Calls as browsers make them for pages of other sites, and what those are told."""

import httpx

from tests.support.pages import Served

SITE, SECOND = "https://site.example", "http://localhost:8123"
# What a browser says of a call by a page of the site.
CROSS = {"origin": SITE, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
QUESTION = {"question": "<img src=x onerror=alert(1)> من؟"}


def cors(given: httpx.Response) -> dict[str, str]:
    """Return a response's headers of CORS; credentials are never allowed, and nothing is to be remembered."""
    assert "access-control-allow-credentials" not in given.headers
    assert "set-cookie" not in given.headers
    return {name: value for name, value in given.headers.items() if name.startswith("access-control-")}


def preflight(caller: httpx.Client, address: str, origin: str, method: str, headers: str = "") -> httpx.Response:
    sent = {"origin": origin, "access-control-request-method": method, "sec-fetch-site": "cross-site"}
    extra = {"access-control-request-headers": headers} if headers else {}
    return caller.options(address, headers={**sent, **extra})


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def shared(page: Served) -> str:
    """Share an answer, and return its id."""
    answer = page.assistant.ask(QUESTION["question"]).to_dict()
    content = {"question": QUESTION["question"], "answer": answer, "translations": []}
    return page.assistant.library.shared.keep(content).id
