"""Whatever a call holds, it is answered or told what is wrong with it, and never by a fault of Khabar's."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.any_text import TEXTS
from tests.support.pages import Served
from tests.support.rest_calls import client

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

FIELDS = (
    "question",
    "history",
    "language",
    "source",
    "category",
    "after",
    "before",
    "interface",
    "limit",
    "offset",
    "title",
    "answer",
    "",
)
# Half of a pair of surrogates too: JSON can write it, and nothing can store it.
WORDS = st.one_of(TEXTS, st.sampled_from(["Who won?", "ما السعر؟ 🏦", "\ud83c", "2025-10-01", "ar", "\x00"]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(FIELDS), WORDS), inner, max_size=5),
    ),
    max_leaves=12,
)
BODIES = st.one_of(
    VALUES,
    st.fixed_dictionaries({"question": WORDS}, optional={name: VALUES for name in FIELDS[1:-1]}),
)
MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def caller(page: Served) -> Any:
    with client(page.url) as opened:
        yield opened


def fits(response: httpx.Response, *statuses: int) -> None:
    assert response.status_code in statuses, response.text
    told = response.json()
    if response.status_code != 200:
        assert response.headers["content-type"] == "application/problem+json"
        assert told["status"] == response.status_code
        assert told["detail"]


@MANY
@given(BODIES, st.sampled_from(["/ask", "/search"]))
def test_any_body_is_answered_or_told_what_is_wrong(caller: httpx.Client, body: object, address: str) -> None:
    sent = json.dumps(body).encode()
    fits(caller.post(address, content=sent, headers={"content-type": "application/json"}), 200, 422)


@MANY
@given(st.binary(max_size=200))
def test_any_bytes_are_told_what_is_wrong(caller: httpx.Client, sent: bytes) -> None:
    fits(caller.post("/ask", content=sent, headers={"content-type": "application/json"}), 400, 422)


@MANY
@given(st.lists(st.tuples(st.sampled_from(FIELDS), WORDS), max_size=6), st.sampled_from(["/search", "/articles"]))
def test_any_address_is_answered_or_told_what_is_wrong(
    caller: httpx.Client, fields: list[tuple[str, str]], address: str
) -> None:
    query = "&".join(f"{quote(name)}={quote(value[:300], errors='surrogatepass')}" for name, value in fields)
    fits(caller.get(f"{address}?{query}"), 200, 422)


@MANY
@given(WORDS)
def test_any_id_is_of_an_article_or_of_none(caller: httpx.Client, id: str) -> None:
    sent = quote(id[:300], safe="", errors="surrogatepass")
    fits(caller.get(f"/articles/x{sent}"), 404)
