"""Signing in at a provider by OpenID Connect, over real HTTP: who comes in, as what, and who does not."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from index import Article, Library
from index.store.access.roles import AccessRole
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.oidc_provider import CLIENT, SECRET, Claims, LocalProvider, provider
from tests.support.pages import Served
from tests.support.patience import PATIENCE
from tests.support.people import let_in
from tests.support.small_encoder import SmallEncoder
from ui.server.oidc.entry import OidcEntry
from ui.server.oidc.people import OidcChoice
from ui.server.oidc.provider import OidcProvider
from ui.server.refused import CountedSignIn
from ui.server.signin import SignIn

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

LAYLA: Claims = {"email": "Layla@news.example", "email_verified": True, "groups": ["newsroom"]}
FAILED = "Signing in did not work. Try again."
REFUSED = "You may not sign in here with this account. Ask whoever runs Khabar."


class Organisation(Served):
    """A page whose people sign in at a provider, or by a password; `clock` is the seconds of the sign-ins under way."""

    def __init__(self, library: Library, people: Path, at: LocalProvider, **choice: Any) -> None:
        self.library, self.provider, self.clock = library, at, [0.0]
        sign_in = SignIn.open(people)
        self.counted = CountedSignIn(sign_in, library.audit)
        chosen = OidcChoice(
            at.url, CLIENT, SECRET, "Newsroom", roles={"newsroom": AccessRole.EDITOR, "it": AccessRole.ADMIN},
            private_hosts=True,
        )  # fmt: skip
        self.oidc = OidcEntry(
            OidcProvider(replace(chosen, **choice), now=lambda: self.clock[0]),
            is_taken=sign_in.knows, failed=self.counted.failed, now=lambda: self.clock[0],
        )  # fmt: skip

        def role(name: str) -> AccessRole:
            return sign_in.role(name) if sign_in.knows(name) else self.oidc.role(name) or AccessRole.READER

        assistant = Assistant(library, reader=NothingRead())
        super().__init__(assistant, auth=self.counted, roles=role, client=False, oidc=self.oidc)

    def came_back(self, browser: httpx.Client, go_on: str = "") -> httpx.URL:
        """Begin as a browser does, sign in at the provider, and return where that sends the browser."""
        begun = browser.get(f"{self.url}oidc/sign-in", params={"go_on": go_on})
        assert begun.status_code == 303, begun.text
        return httpx.URL(browser.get(begun.headers["location"]).headers["location"])

    def signed_in(self, browser: httpx.Client, go_on: str = "") -> httpx.Response:
        return browser.get(self.came_back(browser, go_on))


@pytest.fixture
def at() -> Iterator[LocalProvider]:
    with provider() as served:
        served.person = dict(LAYLA)
        yield served


@pytest.fixture
def opened(tmp_path: Path, at: LocalProvider) -> Iterator[Callable[..., Organisation]]:
    let_in(tmp_path / "people", "omar@news.example", "long enough", AccessRole.ADMIN)
    pages: list[Organisation] = []
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([Article.create("ferry-1", "The Samhar ferry resumed on Monday.")])

        def open_page(**choice: Any) -> Organisation:
            pages.append(Organisation(library, tmp_path / "people", at, **choice))
            return pages[-1]

        yield open_page
        for page in pages:
            page.close()


@pytest.fixture
def page(opened: Callable[..., Organisation]) -> Organisation:
    return opened()


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=PATIENCE) as opened:
        yield opened


def is_in(browser: httpx.Client, page: Served) -> bool:
    return browser.get(f"{page.url}config").status_code == 200


def test_whoever_the_provider_knows_comes_in_with_the_role_of_the_group(
    page: Organisation, browser: httpx.Client
) -> None:
    asked = browser.get(f"{page.url}?shared=abc", headers={"accept-language": "fr"})
    assert 'href="/oidc/sign-in?go_on=shared%3Dabc"' in asked.text
    assert "Se connecter avec Newsroom" in asked.text
    entered = page.signed_in(browser, "shared=abc")
    assert (entered.status_code, entered.headers["location"]) == (303, "/?shared=abc")
    assert is_in(browser, page)
    # An editor changes the library, over REST too, and the audit log has the name.
    sent = browser.post(f"{page.url}api/v1/articles", json={"id": "port-1", "text": "The port is open."})
    assert sent.status_code == 201
    newest = page.library.audit.entries(limit=1)[0]
    assert (newest.actor.name, newest.actor.role, newest.object) == ("layla@news.example", AccessRole.EDITOR, "port-1")
    assert browser.get(f"{page.url}api/v1/audit").status_code == 403
    browser.get(f"{page.url}logout")
    assert not is_in(browser, page)


def test_whoever_signs_out_is_signed_out_at_the_provider_and_comes_back(
    page: Organisation, at: LocalProvider, browser: httpx.Client
) -> None:
    page.signed_in(browser)
    address = httpx.URL(browser.post(f"{page.url}logout").json()["address"])
    assert str(address).startswith(f"{at.url}/end?") and not is_in(browser, page)
    back = browser.get(browser.get(address).headers["location"])
    assert (at.left, back.status_code, back.headers["location"]) == (["1"], 303, "/")


@pytest.mark.parametrize("described", [{"end_session_endpoint": None}, {"end_session_endpoint": "javascript:alert(1)"}])
def test_without_a_safe_address_at_the_provider_signing_out_ends_here(
    page: Organisation, at: LocalProvider, browser: httpx.Client, described: Claims
) -> None:
    at.document = described
    page.signed_in(browser)
    assert browser.post(f"{page.url}logout").json() == {"address": "/"}
    assert not is_in(browser, page)


@pytest.mark.parametrize(
    ("choice", "claims", "role"),
    [
        ({}, {"groups": ["newsroom", "it"]}, AccessRole.ADMIN),
        ({}, {"groups": "newsroom"}, AccessRole.EDITOR),
        ({}, {"groups": ["editor", "admin", "Newsroom", 7, None]}, AccessRole.READER),
        ({}, {"groups": {"newsroom": True}}, AccessRole.READER),
        ({"roles": {}}, {"groups": ["editor"]}, AccessRole.EDITOR),
        ({"role_claim": "realm_access.roles"}, {"realm_access": {"roles": ["it"]}}, AccessRole.ADMIN),
        ({"role_claim": "https://news.example/role"}, {"https://news.example/role": ["it"]}, AccessRole.ADMIN),
        ({"role_claim": "a.b"}, {"a": ["it"]}, AccessRole.READER),
    ],
)
def test_a_role_is_what_the_claim_gives_and_reading_otherwise(
    opened: Callable[..., Organisation], browser: httpx.Client, choice: Any, claims: Claims, role: AccessRole
) -> None:
    page = opened(**choice)
    page.provider.person = {**LAYLA, **claims}
    assert page.signed_in(browser).status_code == 303
    assert page.oidc.role("layla@news.example") is role


def test_a_token_that_is_not_to_be_believed_lets_nobody_in(page: Organisation, browser: httpx.Client) -> None:
    page.provider.claims = lambda claims: {**claims, "nonce": "another"}
    refused = page.signed_in(browser)
    assert refused.status_code == 400 and FAILED in refused.text and "nonce" not in refused.text
    assert not is_in(browser, page)
    page.counted.write()
    (line,) = page.library.audit.entries(limit=1)
    assert (line.action.value, line.object, line.count) == ("sign-in-failed", "", 1)
    # The same account, with a token as it should be.
    page.provider.claims = lambda claims: claims
    assert page.signed_in(browser).status_code == 303


def test_what_comes_back_is_of_the_sign_in_that_this_browser_began(page: Organisation, browser: httpx.Client) -> None:
    for changed in ({"state": "another"}, {"state": ""}, {"iss": "https://evil.example"}):
        back = page.came_back(browser).copy_merge_params(changed)
        assert browser.get(back).status_code == 400
    bare = page.came_back(browser)
    assert browser.get(bare.copy_remove_param("state")).status_code == 400
    assert page.provider.exchanged == []
    assert not is_in(browser, page)


def test_nobody_signs_a_browser_in_that_has_not_begun_to(page: Organisation, browser: httpx.Client) -> None:
    """Login fixation: an attacker has the victim's browser come back with the attacker's own code and state."""
    with httpx.Client(timeout=PATIENCE) as attacker:
        back = page.came_back(attacker)
        assert browser.get(back).status_code == 400
        assert not is_in(browser, page)
        # Begun by the victim as well, it is another sign-in.
        browser.get(f"{page.url}oidc/sign-in")
        assert browser.get(back).status_code == 400
        assert page.provider.exchanged == []
        assert attacker.get(back).status_code == 303


def test_what_came_back_once_does_so_no_second_time(page: Organisation, browser: httpx.Client) -> None:
    back = page.came_back(browser)
    kept = [(cookie.name, str(cookie.value), cookie.path) for cookie in browser.cookies.jar]
    assert browser.get(back).status_code == 303
    browser.cookies.clear()
    for name, value, path in kept:
        browser.cookies.set(name, value, domain="127.0.0.1", path=path)
    assert browser.get(back).status_code == 400
    assert len(page.provider.exchanged) == 1
    # Nor in a sign-in of one's own: the provider takes no code twice, and none without what it was asked with.
    again = page.came_back(browser).copy_set_param("code", page.provider.exchanged[0])
    assert browser.get(again).status_code == 400
    stolen = page.came_back(browser).params["code"]
    assert browser.get(page.came_back(browser).copy_set_param("code", stolen)).status_code == 400
    assert not is_in(browser, page)


def test_a_sign_in_that_takes_too_long_begins_anew(page: Organisation, browser: httpx.Client) -> None:
    back = page.came_back(browser)
    page.clock[0] = 600.0
    assert browser.get(back).status_code == 400


@pytest.mark.parametrize(
    "go_on", ["//evil.example", "https://evil.example", "/\\evil.example", "\r\nx: y", "@evil.example"]
)
def test_nobody_is_led_away(page: Organisation, browser: httpx.Client, go_on: str) -> None:
    entered = page.signed_in(browser, go_on)
    assert entered.status_code == 303
    led = httpx.URL(page.url).join(entered.headers["location"])
    assert (led.host, led.path) == ("127.0.0.1", "/")


def test_a_session_that_was_there_before_is_not_taken_on(page: Organisation, browser: httpx.Client) -> None:
    with httpx.Client(timeout=PATIENCE) as first:
        (key,) = [name for name in page.signed_in(first).cookies if name.startswith("access-token")]
    browser.cookies.set(key, "known", domain="127.0.0.1")
    entered = page.signed_in(browser)
    (cookie,) = [each for each in entered.headers.get_list("set-cookie") if each.startswith("access-token")]
    assert "known" not in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    with httpx.Client(cookies={key: "known"}, timeout=PATIENCE) as attacker:
        assert not is_in(attacker, page)


def test_the_cookie_of_a_sign_in_goes_over_tls_where_there_is_some(page: Organisation, browser: httpx.Client) -> None:
    for scheme, is_safe in (("http", False), ("https", True)):
        begun = browser.get(f"{page.url}oidc/sign-in", headers={"x-forwarded-proto": scheme})
        (cookie,) = begun.headers.get_list("set-cookie")
        assert ("Secure" in cookie) is is_safe
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/oidc" in cookie
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        assert asked["redirect_uri"][0].startswith(f"{scheme}://127.0.0.1")


@pytest.mark.parametrize(
    ("choice", "claims"),
    [
        ({}, {"email_verified": False}),
        ({}, {"email_verified": "true"}),
        ({}, {"email": None}),
        # Whoever has a password here is nobody else's to be.
        ({}, {"email": "omar@news.example"}),
        ({}, {"email": "OMAR@news.example"}),
        ({"name_claim": "preferred_username"}, {"preferred_username": "omar@news.example"}),
        ({"name_claim": "preferred_username"}, {"preferred_username": "token import"}),
        ({"name_claim": "preferred_username"}, {"preferred_username": "layla\n"}),
        ({"name_claim": "preferred_username"}, {"preferred_username": ["layla"]}),
        ({"name_claim": "preferred_username"}, {}),
        ({"domains": ("news.example",)}, {"email": "layla@evil.example"}),
        ({"domains": ("news.example",)}, {"email": "layla@evilnews.example"}),
        ({"domains": ("news.example",)}, {"email": "layla@news.example.evil"}),
        ({"domains": ("news.example",)}, {"email": "layla@news.example@evil.example"}),
        ({"domains": ("news.example",), "name_claim": "sub"}, {"email_verified": False}),
    ],
)
def test_an_account_that_may_not_enter_is_told_so(
    opened: Callable[..., Organisation], browser: httpx.Client, choice: Any, claims: Claims
) -> None:
    page = opened(**choice)
    page.provider.person = {**LAYLA, **claims}
    refused = page.signed_in(browser)
    assert refused.status_code == 403 and REFUSED in refused.text
    assert not is_in(browser, page)


def test_a_domain_that_may_enter_does(opened: Callable[..., Organisation], browser: httpx.Client) -> None:
    page = opened(domains=("news.example",), name_claim="sub")
    page.provider.person = {**LAYLA, "sub": "f3-17"}
    assert page.signed_in(browser).status_code == 303
    assert page.oidc.role("f3-17") is AccessRole.EDITOR


def test_whom_the_provider_turns_away_is_told_so(page: Organisation, browser: httpx.Client) -> None:
    back = page.came_back(browser).copy_remove_param("code").copy_set_param("error", "access_denied")
    refused = browser.get(back)
    assert refused.status_code == 403 and REFUSED in refused.text and "access_denied" not in refused.text


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_describes_itself_as_another_sends_nobody_anywhere(
    page: Organisation, browser: httpx.Client, document: Claims
) -> None:
    page.provider.document = document
    refused = browser.get(f"{page.url}oidc/sign-in", headers={"accept-language": "fr"})
    assert refused.status_code == 400
    assert "La connexion n’a pas abouti. Réessayez." in refused.text


def test_hosts_of_one_s_own_network_are_asked_only_where_that_is_allowed(
    opened: Callable[..., Organisation], browser: httpx.Client
) -> None:
    page = opened(private_hosts=False)
    assert browser.get(f"{page.url}oidc/sign-in").status_code == 400
    assert page.provider.codes == {}


def test_no_secret_is_shown(page: Organisation) -> None:
    assert SECRET not in repr(page.oidc._provider.choice)
