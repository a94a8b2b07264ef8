"""Signing in with a real browser: at a provider, in the reader's language, and after too many tries."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from index import Article, Library
from index.store.access.roles import AccessRole
from index.store.access.tries import TryLimit
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.oidc_provider import CLIENT, SECRET, LocalProvider, provider
from tests.support.pages import DESKTOP, PHONE, Served, Visit
from tests.support.small_encoder import SmallEncoder
from ui.page.entry.limit import SignInLimit
from ui.server.oidc.entry import OidcEntry
from ui.server.oidc.people import OidcChoice
from ui.server.oidc.provider import OidcProvider
from ui.server.signin import SignIn, set_password

WORD = "long enough"
FORM = "input[type=password]"


@pytest.fixture
def at() -> Iterator[LocalProvider]:
    with provider() as served:
        served.person = {"email": "layla@news.example", "email_verified": True, "groups": ["editor"]}
        yield served


@pytest.fixture
def closed(tmp_path: Path, at: LocalProvider) -> Iterator[Served]:
    """A page behind passwords and a provider."""
    set_password(tmp_path / "people", "omar", WORD)
    sign_in = SignIn.open(tmp_path / "people")
    oidc = OidcEntry(OidcProvider(OidcChoice(at.url, CLIENT, SECRET, "Example News", private_hosts=True)))

    def role(name: str) -> AccessRole:
        return oidc.role(name) or sign_in.role(name)

    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add([Article.create("ferry-1", "The Samhar ferry resumed on Monday.", title="Ferry service resumes")])
        limit = SignInLimit(library.tries, TryLimit(tries=2))
        assistant = Assistant(library, reader=NothingRead())
        page = Served(assistant, auth=sign_in, roles=role, client=False, limit=limit, oidc=oidc)
        yield page
        page.close()


def test_a_browser_signs_in_at_the_provider_and_is_an_editor(chromium: Browser, closed: Served) -> None:
    visit = Visit(chromium, closed.url, DESKTOP, until=FORM)
    visit.page.get_by_role("link", name="Sign in with Example News").click()
    visit.page.get_by_role("button", name="Library").click()
    expect(visit.page.locator(".khabar-count")).to_have_text("Articles: 1")
    expect(visit.page.get_by_role("button", name="Add articles")).to_be_visible()
    assert visit.page.url == f"{closed.url}#library"
    # Neither cookie is any script's.
    assert visit.page.evaluate("() => document.cookie") == ""
    visit.close()


def test_signing_out_leaves_nothing_open_here_or_at_the_provider(
    chromium: Browser, closed: Served, at: LocalProvider
) -> None:
    visit = Visit(chromium, closed.url, DESKTOP, locale="fr", until=FORM)
    visit.page.get_by_role("link", name="Se connecter avec Example News").click()
    visit.page.wait_for_selector(".khabar-welcome")
    visit.page.locator("#khabar-question textarea").fill("Who called the source?")
    visit.page.get_by_role("button", name="Se déconnecter").click()
    visit.page.wait_for_selector(FORM)
    assert at.left == ["1"] and visit.page.url == closed.url
    assert visit.page.evaluate("() => sessionStorage.getItem('khabar.draft')") in (None, "")
    # What it was showing cannot be asked for any more.
    assert visit.page.request.get(f"{closed.url}config").status == 401
    visit.close()


@pytest.mark.parametrize(
    ("language", "way", "waits"),
    [
        ("en", "Sign in with Example News", "Too many tries have failed. Try again in 1 minute."),
        ("fr", "Se connecter avec Example News", "Trop de tentatives ont échoué. Réessayez dans 1 minute."),
        ("ar", "تسجيل الدخول عبر Example News", "فشلت محاولات كثيرة. حاول مرة أخرى بعد دقيقة واحدة."),
    ],
)
def test_whoever_fails_too_often_is_told_for_how_long(
    chromium: Browser, closed: Served, language: str, way: str, waits: str
) -> None:
    visit = Visit(chromium, closed.url, PHONE, locale=language, until=FORM)
    expect(visit.page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(visit.page.locator("a")).to_have_text(way)
    visit.page.locator("input").first.fill("omar")
    for word in ("wrong", "wrong as well"):
        visit.page.locator(FORM).fill(word)
        visit.page.keyboard.press("Enter")
        expect(visit.page.get_by_role("alert")).to_be_visible()
        # Who has typed a name need not again.
        expect(visit.page.locator("input").first).to_have_value("omar")
    expect(visit.page.get_by_role("alert")).to_have_text(waits)
    # What the browser itself says of the refusals.
    visit.errors.clear()
    visit.close()
