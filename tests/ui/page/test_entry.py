"""Coming in to a page behind a sign-in: guessing is slow however it is done, and a session is one's own alone."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from index import Article, Library
from index.errors import LibraryError
from index.store.access.roles import AccessRole
from index.store.access.tries import TryLimit
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.pages import Served
from tests.support.patience import PATIENCE
from tests.support.people import let_in
from tests.support.small_encoder import SmallEncoder
from ui.page.entry.limit import SignInLimit
from ui.page.entry.session_tokens import SessionTokens
from ui.server.refused import CountedSignIn
from ui.server.signin import SignIn, set_password

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

WORD = "long enough"
LAYLA, OMAR, PROXY = "127.0.0.2", "127.0.0.3", "127.0.0.1"
WAIT = {
    "en": "Too many tries have failed. Try again in 1 minute.",
    "fr": "Trop de tentatives ont échoué. Réessayez dans 1 minute.",
    "ar": "فشلت محاولات كثيرة. حاول مرة أخرى بعد دقيقة واحدة.",
}


class Door(Served):
    """A page that three tries may fail at, and whoever has been let in or not."""

    def __init__(self, library: Library, people: Path) -> None:
        self.library = library
        self.counted = CountedSignIn(SignIn.open(people), library.audit)
        limit = SignInLimit(library.tries, TryLimit(tries=3), self.counted.locked)
        roles = SignIn.open(people).role
        assistant = Assistant(library, reader=NothingRead())
        super().__init__(assistant, auth=self.counted, roles=roles, client=False, limit=limit)

    def try_in(self, name: str, word: str, address: str = LAYLA, **headers: str) -> httpx.Response:
        """Try to sign in as a program does, from an address of this machine."""
        with caller(address) as client:
            return client.post(f"{self.url}login", data={"username": name, "password": word}, headers=headers)

    def statuses(self, name: str, times: int, address: str = LAYLA, **headers: str) -> list[int]:
        """Guess so many times, and return what each came to."""
        return [self.try_in(name, f"guess {number}", address, **headers).status_code for number in range(times)]

    def later(self, seconds: float) -> None:
        """Have everything that was counted be so many seconds older."""
        self.library._catalog.database.run(
            "UPDATE sign_in_try SET begun = begun - ?, until = until - ?", seconds, seconds
        )


def caller(address: str = LAYLA) -> httpx.Client:
    return httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=PATIENCE)


def opened(folder: Path, let: Callable[[Path, str, str, AccessRole], object]) -> Iterator[Door]:
    """Open a page that layla and omar may enter, as the file says that `let` writes."""
    people = folder / "people"
    for name in ("layla", "omar"):
        let(people, name, WORD, AccessRole.READER)
    with Library.open(folder / "library", encoder=SmallEncoder()) as library:
        library.add([Article.create("ferry-1", "The Samhar ferry resumed on Monday.")])
        page = Door(library, people)
        yield page
        page.close()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    yield from opened(tmp_path, let_in)


@pytest.fixture
def slow_door(tmp_path: Path) -> Iterator[Door]:
    """A page where each try takes the time that it takes to compare with a password of `khabar password`."""
    yield from opened(tmp_path, set_password)


def test_after_too_many_tries_the_right_password_has_to_wait_as_well(door: Door) -> None:
    assert door.statuses("layla", 4) == [400, 400, 429, 429]
    refused = door.try_in("layla", WORD, OMAR)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.json() == {"detail": WAIT["en"]}
    assert "set-cookie" not in refused.headers
    door.later(60)
    assert door.try_in("layla", WORD).status_code == 200
    # And has failed no more since.
    assert door.statuses("layla", 3, OMAR) == [400, 400, 429]


def test_a_name_that_there_is_not_is_answered_like_one_that_there_is(door: Door) -> None:
    told = {}
    for name, address in (("layla", LAYLA), ("nobody", OMAR)):
        replies = [door.try_in(name, f"guess {number}", address) for number in range(5)]
        kept = ("content-type", "content-length", "cache-control")
        told[name] = [(each.status_code, each.text, [each.headers.get(key) for key in kept]) for each in replies]
    assert told["layla"] == told["nobody"]


def test_many_addresses_guess_at_one_name_no_more_often_than_one_does(door: Door) -> None:
    guesses = [door.try_in("layla", f"guess {number}", f"127.0.1.{number + 1}").status_code for number in range(20)]
    assert guesses == [400, 400] + [429] * 18
    assert door.try_in("layla", WORD, "127.0.2.1").status_code == 429
    # Others come in all the while.
    assert door.try_in("omar", WORD, "127.0.2.1").status_code == 200


def test_one_address_guesses_at_many_names_no_more_often_than_at_one(door: Door) -> None:
    guesses = [door.try_in(f"name{number}", "password").status_code for number in range(6)]
    assert guesses == [400, 400, 429, 429, 429, 429]
    assert door.try_in("omar", WORD).status_code == 429
    assert door.try_in("omar", WORD, OMAR).status_code == 200


def test_a_password_of_one_s_own_does_not_let_one_guess_on_at_others(door: Door) -> None:
    came = []
    for _ in range(3):
        came += [door.try_in("omar", WORD).status_code, door.try_in("layla", "guess").status_code]
        door.library.tries.unlock("layla")
    assert came == [200, 400, 200, 400, 200, 429]
    assert door.try_in("omar", WORD).status_code == 429


SPOOFED = ["x-forwarded-for", "x-real-ip", "forwarded", "client-ip", "cf-connecting-ip", "true-client-ip"]


@pytest.mark.parametrize("header", SPOOFED)
def test_nobody_says_of_himself_where_he_comes_from(door: Door, header: str) -> None:
    guesses = [
        door.try_in(f"name{number}", "password", **{header: f"for=192.0.2.{number}"}).status_code
        if header == "forwarded"
        else door.try_in(f"name{number}", "password", **{header: f"192.0.2.{number}"}).status_code
        for number in range(5)
    ]
    assert guesses == [400, 400, 429, 429, 429]


def test_behind_a_trusted_proxy_those_count_whom_it_asks_for(door: Door) -> None:
    def came(claimed: str) -> int:
        return door.try_in("nobody" + claimed, "password", PROXY, **{"x-forwarded-for": claimed}).status_code

    # What a client says itself stands before what the proxy adds, and counts for nothing.
    assert [came(f"198.51.100.{number}, 192.0.2.1") for number in range(5)] == [400, 400, 429, 429, 429]
    assert came("192.0.2.2") == 400
    # One customer has more addresses of IPv6 than could be counted.
    assert [came(f"2001:db8::{number}") for number in range(4)] == [400, 400, 429, 429]
    assert came("2001:db8:1::1") == 400


def test_a_hundred_guesses_at_once_are_no_more_than_one_after_another(slow_door: Door) -> None:
    with ThreadPoolExecutor(25) as threads:
        tried = threads.map(
            lambda number: slow_door.try_in("layla", f"guess {number}", f"127.0.1.{number + 1}"), range(100)
        )
        statuses = [each.status_code for each in tried]
    assert statuses.count(400) == 2
    # What is neither is turned away before it is looked at, as nobody can wait for so many.
    assert set(statuses) <= {400, 429, 503}


def test_people_who_sign_in_at_once_from_one_office_all_come_in(slow_door: Door) -> None:
    with ThreadPoolExecutor(12) as threads:
        came = threads.map(lambda number: slow_door.try_in(("layla", "omar")[number % 2], WORD).status_code, range(12))
        assert list(came) == [200] * 12


def test_the_audit_log_tells_which_name_and_address_had_to_wait_and_nothing_that_was_typed(door: Door) -> None:
    door.statuses("layla", 3)
    door.statuses("my secret password", 3, OMAR)
    door.counted.write()
    lines = {(line.action.value, line.object, line.count) for line in door.library.audit.entries(limit=6)}
    assert lines == {
        ("sign-in-failed", "layla", 3),
        ("sign-in-failed", "", 3),
        ("sign-in-locked", "layla", 1),
        ("sign-in-locked", "", 1),
        ("sign-in-locked", LAYLA, 1),
        ("sign-in-locked", OMAR, 1),
    }
    everything = [door.library._catalog.database.all(f"SELECT * FROM {table}") for table in ("audit", "sign_in_try")]
    assert "secret" not in str(everything)


def test_where_tries_cannot_be_counted_nobody_comes_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LibraryError("Full.")

    monkeypatch.setattr(door.library.tries, "begin", fail)
    refused = door.try_in("layla", WORD)
    assert refused.status_code == 503
    assert refused.json() == {"detail": "Nobody can sign in at the moment. Try again later."}


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_browser_is_told_in_its_language_and_goes_on_where_it_was_led(door: Door, language: str) -> None:
    with caller() as browser:
        browser.headers["accept-language"] = language
        asked = browser.get(f"{door.url}?shared=abc&x=%22%3E")
        assert asked.status_code == 200 and asked.headers["cache-control"] == "no-store"
        assert f'lang="{language}"' in asked.text and "<script" not in asked.text
        assert 'value="shared=abc&amp;x=%22%3E"' in asked.text
        form = {"username": "layla", "password": "wrong", "go_on": "shared=abc"}
        replies = [browser.post(f"{door.url}login", data=form) for _ in range(3)]
        assert [each.status_code for each in replies] == [400, 400, 429]
        assert all('value="layla"' in each.text and "wrong" not in each.text.lower() for each in replies[2:])
        (said,) = re.findall(r'<p role="alert">(.*?)</p>', replies[2].text)
        assert said == WAIT[language]
        door.library.tries.unlock("layla")
        door.library.tries.unlock(LAYLA)
        entered = browser.post(f"{door.url}login", data={**form, "password": WORD})
        assert (entered.status_code, entered.headers["location"]) == (303, "/?shared=abc")
        assert "gradio" in browser.get(door.url).text


AWAY = [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "\r\nlocation: https://evil.example",
    "@evil.example",
]


@pytest.mark.parametrize("go_on", AWAY)
def test_nobody_is_led_away_by_signing_in(door: Door, go_on: str) -> None:
    with caller() as browser:
        entered = browser.post(f"{door.url}login", data={"username": "layla", "password": WORD, "go_on": go_on})
        assert entered.status_code == 303
        led = httpx.URL(door.url).join(entered.headers["location"])
        assert (led.host, led.path) == ("127.0.0.1", "/")
        assert entered.headers.get_list("location") == [entered.headers["location"]]


def test_what_is_typed_is_never_markup(door: Door) -> None:
    with caller() as browser:
        form = {"username": '"><script>x()</script>', "password": "wrong", "go_on": '"><script>x()</script>'}
        assert "<script" not in browser.post(f"{door.url}login", data=form).text


def test_a_cookie_that_was_put_into_a_browser_opens_nothing_after_it_has_signed_in(door: Door) -> None:
    """Session fixation: whoever knows what the browser had before must not come in by it."""
    with caller() as browser, caller(OMAR) as attacker:
        (key,) = door.try_in("omar", WORD).cookies
        browser.cookies.set(key, "known", domain="127.0.0.1")
        assert browser.post(f"{door.url}login", data={"username": "layla", "password": WORD}).status_code == 200
        attacker.cookies.set(key, "known", domain="127.0.0.1")
        assert attacker.get(f"{door.url}config").status_code == 401
        # And one's own old session is over as soon as one signs in anew.
        (old,) = {cookie.value for cookie in browser.cookies.jar if cookie.name == key and cookie.value != "known"}
        browser.cookies.clear()
        browser.cookies.set(key, str(old), domain="127.0.0.1")
        assert browser.get(f"{door.url}config").status_code == 200
        assert browser.post(f"{door.url}login", data={"username": "layla", "password": WORD}).status_code == 200
        attacker.cookies.set(key, str(old), domain="127.0.0.1")
        assert attacker.get(f"{door.url}config").status_code == 401


def test_a_cookie_is_no_script_s_no_other_site_s_and_goes_over_tls_where_there_is_some(door: Door) -> None:
    plain = door.try_in("layla", WORD).headers.get_list("set-cookie")
    behind = door.try_in("layla", WORD, PROXY, **{"x-forwarded-proto": "https"}).headers.get_list("set-cookie")
    claimed = door.try_in("layla", WORD, OMAR, **{"x-forwarded-proto": "https"}).headers.get_list("set-cookie")
    assert [len(cookies) for cookies in (plain, behind, claimed)] == [1, 1, 1]
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for (cookie,) in (plain, behind, claimed))
    assert ["Secure" in cookie for (cookie,) in (plain, behind, claimed)] == [False, True, False]
    # Gradio would tell a script what the cookie over TLS holds.
    with httpx.Client(base_url=door.url, headers={"cookie": behind[0].partition(";")[0]}, trust_env=False) as script:
        assert [script.get(f"gradio_api/token{end}").status_code for end in ("", "/")] == [404, 404]


def test_a_session_is_over_after_its_time() -> None:
    now = [0.0]
    tokens = SessionTokens(60.0, lambda: now[0])
    tokens["one"] = "layla"
    now[0] = 59.0
    assert "one" in tokens and tokens.get("one") == "layla"
    tokens["two"] = "omar"
    now[0] = 60.0
    assert "one" not in tokens and tokens.get("one") is None
    assert tokens.get("two") == "omar"
    tokens["three"] = "omar"
    assert sorted(tokens) == ["three", "two"]


def test_signing_out_ends_the_session(door: Door) -> None:
    with caller() as browser:
        browser.post(f"{door.url}login", data={"username": "layla", "password": WORD})
        assert browser.get(f"{door.url}config").status_code == 200
        kept = dict(browser.cookies)
        browser.get(f"{door.url}logout")
        browser.cookies.update(kept)
        assert browser.get(f"{door.url}config").status_code == 401


def test_the_button_that_signs_out_ends_the_session_of_this_browser_alone(door: Door) -> None:
    with caller() as here, caller() as there:
        for browser in (here, there):
            browser.post(f"{door.url}login", data={"username": "layla", "password": WORD})
        kept = dict(here.cookies)
        assert here.post(f"{door.url}logout", headers={"sec-fetch-site": "cross-site"}).status_code == 403
        left = here.post(f"{door.url}logout")
        assert (left.status_code, left.json(), dict(here.cookies)) == (200, {"address": "/"}, {})
        here.cookies.update(kept)
        assert here.get(f"{door.url}config").status_code == 401
        assert there.get(f"{door.url}config").status_code == 200
        # Once more is no error.
        assert here.post(f"{door.url}logout").json() == {"address": "/"}


def test_a_form_that_nobody_fills_in_is_not_read(door: Door) -> None:
    with caller() as browser:
        assert browser.post(f"{door.url}login", data={"username": "layla", "password": "x" * 50_000}).status_code == 413
        assert browser.post(f"{door.url}login", data={"username": " ", "password": WORD}).status_code == 422
        assert browser.get(f"{door.url}login").headers["location"] == "/"
