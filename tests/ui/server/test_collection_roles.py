"""Roles by collection in the sign-in file and at a provider: what they give, and what a slip gives: nothing."""

from pathlib import Path
from typing import Any, cast

import pytest

from index import Library, SettingsError
from index.store.access.actors import Way, current_actor
from index.store.access.grants import NOTHING, grant_of
from index.store.access.roles import AccessRole
from tests.support.collected import filled
from tests.support.small_encoder import SmallEncoder
from ui.rest.origins import WidgetOrigins
from ui.server.background import beside
from ui.server.entrance import Entrance
from ui.server.metrics import Metrics
from ui.server.oidc.people import OidcChoice, person_of
from ui.server.signin import SignIn, set_password
from ui.settings import Settings

HASH = "$2b$04$" + "a" * 53
PASSWORD = "long enough"


def people(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "people"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_name_has_the_roles_of_its_line(tmp_path: Path) -> None:
    file = people(
        tmp_path, f"layla:{HASH}:reader@politics,reader@sport,editor@wire", f"omar:{HASH}:reader,editor@wire",
        f"noor:{HASH}:admin", f"huda:{HASH}:none", f"dropped:{HASH}",
    )  # fmt: skip
    sign_in = SignIn.open(file)
    assert sign_in.role("layla") == grant_of("editor@wire,reader@politics,reader@sport")
    assert sign_in.role("omar") == grant_of("reader,editor@wire")
    assert sign_in.role("noor") is AccessRole.ADMIN
    # What `htpasswd` has dropped, and who is not in the file, read what is in no collection.
    assert sign_in.role("huda") == sign_in.role("dropped") == sign_in.role("nobody") == NOTHING


@pytest.mark.parametrize("role", ["reader@", "admin@wire", "reader@a b", "editor@wire,", "@wire", "reader@wire;admin"])
def test_a_slip_is_an_error_that_names_its_line(tmp_path: Path, role: str) -> None:
    with pytest.raises(SettingsError, match=":2 has the role"):
        SignIn.open(people(tmp_path, f"omar:{HASH}:reader", f"layla:{HASH}:{role}"))


def test_a_changed_password_keeps_the_roles_and_a_new_name_gets_no_more_than_the_others_have(tmp_path: Path) -> None:
    file = people(tmp_path, f"noor:{HASH}:admin")
    held = grant_of("reader@sport,editor@wire")
    assert set_password(file, "layla", PASSWORD, held) == held
    assert set_password(file, "layla", PASSWORD) == held
    assert file.read_text(encoding="utf-8").splitlines()[-1].endswith(":reader@sport,editor@wire")
    assert set_password(file, "omar", PASSWORD) == NOTHING
    assert SignIn.open(file).role("omar") == NOTHING
    assert set_password(file, "omar", PASSWORD, AccessRole.READER) is AccessRole.READER


@pytest.mark.parametrize(
    "settings",
    [{"auth_file": "reader@sport,editor@sprot"}, {"auth_file": "reader", "oidc_roles": {"desk": "reader@sprot"}}],
)
def test_the_server_does_not_start_with_a_role_in_a_collection_that_there_is_not(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    file = people(tmp_path, f"layla:{HASH}:{settings['auth_file']}")
    oidc = {"oidc_issuer": "https://id.example", "oidc_client_id": "khabar"} if "oidc_roles" in settings else {}
    entrance = Entrance(Settings.load(**{**settings, "auth_file": file, **oidc}))
    with (
        Library.open(tmp_path / "library", encoder=SmallEncoder()) as library,
        pytest.raises(SettingsError, match=r"cannot be held: There is no collection sprot\. Make it"),
    ):
        filled(library)
        # Asked before there is anything to serve.
        entrance.open(cast(Any, None), library, None, WidgetOrigins(()))


def choice(**roles: str) -> OidcChoice:
    given = {group: grant_of(role) for group, role in roles.items()}
    return OidcChoice("https://id.example", "khabar", name_claim="sub", roles=given)


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["sport"], "reader@sport"),
        (["sport", "wire"], "editor@wire,reader@sport"),
        (["sport", "it"], "admin"),
        (["unknown"], "none"),
        ([], "none"),
    ],
)
def test_a_provider_s_groups_give_what_each_of_them_allows(groups: list[str], role: str) -> None:
    known = choice(sport="reader@sport", wire="editor@wire", it="admin")
    assert person_of({"sub": "layla", "groups": groups}, known).role == grant_of(role)
    # Where no role ends anywhere, who is in none of the groups reads.
    plain = choice(desk="editor")
    assert person_of({"sub": "layla", "groups": ["unknown"]}, plain).role is AccessRole.READER


def test_groups_may_have_several_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_OIDC_ROLES", "desk=reader@sport,editor@wire,it=admin")
    assert Settings.load().oidc_roles == {"desk": "reader@sport,editor@wire", "it": "admin"}


def test_a_server_looks_after_itself_as_itself_and_counts_nothing_for_everybody(tmp_path: Path) -> None:
    seen: list[Way] = []
    with beside(lambda stop: seen.append(current_actor().way), "looks"):
        pass
    assert seen == [Way.SERVER]
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        metrics = Metrics(library)
        assert b"khabar_library_articles 0.0" in metrics.text()
        filled(library).hold_to_rights()
        assert b"khabar_library_up 1.0" in metrics.text()
        assert b"khabar_library_articles" not in metrics.text()
