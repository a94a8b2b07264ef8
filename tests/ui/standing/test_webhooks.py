"""Changes to a real web server: signed, told at least once, tried again with longer and longer pauses."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from index import Library
from index.store.standing.questions import Channel
from index.web.client import Client
from qa.standing import Change
from tests.support.small_encoder import SmallEncoder
from tests.support.standing import AT, FOUR, NOTHING, THREE, change, stand
from tests.support.web_server import Reply, Site, serving
from ui.standing.telling import Teller
from ui.standing.webhook import CAPS, WebhookSender, signature

QUESTION = "How many people died in Qarfa? 🌊 كم؟"


class Clock:
    """The time, which a test moves."""

    def __init__(self) -> None:
        self.time = AT

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        served.pages["/hook"] = Reply()
        yield served


@pytest.fixture
def library(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield opened


def teller(library: Library, clock: Clock, *, private: bool = True) -> Teller:
    sender = WebhookSender(Client(private=private, caps=CAPS), clock=lambda: clock.time.timestamp())
    return Teller(library, {Channel.WEBHOOK: sender}, now=clock)


def test_a_change_is_posted_once_with_both_answers_and_a_signature(library: Library, site: Site, clock: Clock) -> None:
    question = stand(library, QUESTION, THREE, webhook=f"{site.url}/hook")
    id = change(library, question, FOUR)
    assert [(one.question.id, one.problem) for one in teller(library, clock).tell()] == [(question.id, "")]
    (asked,) = site.asked
    assert (asked.method, asked.path, asked.headers["Content-Type"]) == ("POST", "/hook", "application/json")
    told = json.loads(asked.body)
    assert told["question"] == {"id": question.id, "text": QUESTION}
    assert (told["id"], told["at"], told["generation"]) == (id, "2025-11-04T09:30:00+00:00", library.generation)
    found = Change.from_dict(told)
    assert (found.before, found.after) == (THREE, FOUR)
    stamp = asked.headers["Khabar-Timestamp"]
    assert stamp == str(int(AT.timestamp()))
    expected = hmac.new(question.secret.encode(), stamp.encode() + b"." + asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["Khabar-Signature"] == f"sha256={expected}"
    assert signature("another", stamp, asked.body) != expected
    assert teller(library, clock).tell() == [] and len(site.asked) == 1
    (delivery,) = library.standing_questions.deliveries(question.id)
    assert (delivery.told, delivery.attempts) == (AT, 1)


def test_what_fails_is_kept_with_its_reason_and_tried_again_later_each_time(
    library: Library, site: Site, clock: Clock
) -> None:
    site.pages["/hook"] = Reply(status=500)
    question = stand(library, QUESTION, THREE, webhook=f"{site.url}/hook")
    change(library, question, FOUR)
    tries = []
    for _ in range(40):
        if teller(library, clock).tell():
            tries.append(round((clock.time - AT).total_seconds() / 60))
        clock.time += timedelta(seconds=30)
    # After a minute, two, four, eight.
    assert tries == [0, 1, 3, 7, 15]
    (delivery,) = library.standing_questions.deliveries()
    assert (delivery.attempts, delivery.told) == (5, None)
    assert "status 500" in delivery.problem
    site.pages["/hook"] = Reply(status=204)
    clock.time += timedelta(days=1)
    assert [one.problem for one in teller(library, clock).tell()] == [""]
    assert library.standing_questions.deliveries() == []


def test_the_pause_is_never_longer_than_a_day(library: Library, site: Site, clock: Clock) -> None:
    site.pages["/hook"] = Reply(status=404)
    change(library, stand(library, QUESTION, THREE, webhook=f"{site.url}/hook"), FOUR)
    for _ in range(20):
        assert len(teller(library, clock).tell()) == 1
        clock.time += timedelta(days=1)


def test_after_an_address_has_failed_what_else_it_is_to_be_told_waits_and_comes_in_order(
    library: Library, site: Site, clock: Clock
) -> None:
    site.pages["/hook"] = Reply(status=503)
    question = stand(library, QUESTION, THREE, webhook=f"{site.url}/hook")
    other = stand(library, "Who said so?", THREE, webhook=f"{site.url}/other")
    site.pages["/other"] = Reply()
    first = change(library, question, FOUR)
    second = change(library, question, NOTHING, AT + timedelta(seconds=1))
    change(library, other, FOUR)
    teller(library, clock).tell()
    assert sorted(site.paths()) == ["/hook", "/other"]
    # Nor is it asked at the next commit, before it is due.
    change(library, question, THREE, AT + timedelta(seconds=2))
    assert teller(library, clock).tell() == [] and site.count("/hook") == 1
    site.pages["/hook"] = Reply()
    clock.time += timedelta(minutes=2)
    teller(library, clock).tell()
    posted = [json.loads(asked.body)["id"] for asked in site.asked if asked.path == "/hook"]
    assert posted[:3] == [first, first, second] and len(posted) == 4


def test_a_process_that_ended_while_it_told_is_made_up_for(library: Library, site: Site, clock: Clock) -> None:
    change(library, stand(library, QUESTION, THREE, webhook=f"{site.url}/hook"), FOUR)
    (delivery,) = library.standing_questions.deliveries()
    assert library.standing_questions.claim(delivery, clock())
    # Another one that is at it at the same time does not send it too.
    assert not library.standing_questions.claim(delivery, clock()) and teller(library, clock).tell() == []
    clock.time += timedelta(minutes=1)
    assert len(teller(library, clock).tell()) == 1 and site.count("/hook") == 1


def test_redirects_are_not_followed(library: Library, site: Site, clock: Clock) -> None:
    site.pages["/hook"] = Reply(status=307, headers={"Location": f"{site.url}/elsewhere"})
    change(library, stand(library, QUESTION, THREE, webhook=f"{site.url}/hook"), FOUR)
    (failed,) = teller(library, clock).tell()
    assert "status 307" in failed.problem and site.paths() == ["/hook"]


def test_a_private_address_is_asked_only_where_that_is_allowed(library: Library, site: Site, clock: Clock) -> None:
    change(library, stand(library, QUESTION, THREE, webhook=f"{site.url}/hook"), FOUR)
    (failed,) = teller(library, clock, private=False).tell()
    assert "No host on the public internet" in failed.problem and site.asked == []
    clock.time += timedelta(hours=1)
    assert [one.problem for one in teller(library, clock).tell()] == [""]


def test_whoever_is_told_no_more_gets_nothing_that_is_left(library: Library, site: Site, clock: Clock) -> None:
    question = stand(library, QUESTION, THREE, webhook=f"{site.url}/hook")
    change(library, question, FOUR)
    assert stand(library, QUESTION, FOUR).id == question.id
    assert teller(library, clock).tell() == [] and site.asked == []
    assert library.standing_questions.deliveries() == []


def test_a_question_that_is_removed_takes_its_history_with_it(library: Library, site: Site, clock: Clock) -> None:
    question = stand(library, QUESTION, THREE, webhook=f"{site.url}/hook")
    kept = stand(library, "Who said so?", THREE, webhook=f"{site.url}/hook")
    change(library, question, FOUR)
    change(library, kept, FOUR)
    library.standing_questions.remove(question.name)
    assert [one.question for one in library.standing_questions.changes()] == [kept.id]
    assert [one.question.id for one in teller(library, clock).tell()] == [kept.id]
