"""Roles that are held by collection, as the sign-in file and tokens write them: "reader@politics,editor@wire"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from index.errors import AccessError, QueryError, SettingsError
from index.store.access.roles import AccessGrant, AccessRole
from index.store.access.scopes import AccessScope, collection_name

_AT, _AND, _NONE = "@", ",", "none"
_ORDER = list(AccessRole)
_WHICH = (
    f"It is one of {', '.join(role.value for role in AccessRole)}, or roles by collection, such as "
    "reader@politics,editor@wire; none reads what is in no collection."
)


@dataclass(frozen=True, slots=True)
class CollectionRoles:
    """Roles in single collections, and perhaps one beside them that is held everywhere, which is a reader's."""

    everywhere: AccessRole | None
    roles: tuple[tuple[str, AccessRole], ...]
    scope: AccessScope = field(init=False)

    def __post_init__(self) -> None:
        """Work out where they hold."""
        editable = frozenset(name for name, role in self.roles if role.includes(AccessRole.EDITOR))
        visible = None if self.everywhere else frozenset(name for name, _ in self.roles)
        object.__setattr__(self, "scope", AccessScope(visible, editable))

    @property
    def parts(self) -> tuple[AccessRole | None, tuple[tuple[str, AccessRole], ...]]:
        """The role that is held everywhere, and those by collection."""
        return self.everywhere, self.roles

    @property
    def value(self) -> str:
        """How it is written."""
        everywhere = [self.everywhere.value] if self.everywhere else []
        return _AND.join([*everywhere, *(f"{role.value}{_AT}{name}" for name, role in self.roles)]) or _NONE

    def includes(self, other: AccessRole) -> bool:
        """Tell whether whoever has these may do all that a role may, in a collection at least."""
        # What is in no collection everybody may read.
        return other is AccessRole.READER or any(role.includes(other) for _, role in self.roles)

    def check_may_edit(self) -> None:
        """Raise `AccessError` where no collection may be changed."""
        (AccessRole.EDITOR if self.includes(AccessRole.EDITOR) else AccessRole.READER).check_may_edit()

    def check_may_edit_everything(self) -> None:
        """Raise `AccessError`: these roles end somewhere."""
        self.check_may_edit()
        raise AccessError("Only an editor of all collections may do this. Ask whoever runs Khabar to do it.")

    def check_may_administer(self) -> None:
        """Raise `AccessError`: admins are of everything."""
        AccessRole.READER.check_may_administer()


# What is in no collection, and no more than to read it.
NOTHING = CollectionRoles(None, ())


def grant_of(text: str, place: str = "") -> AccessGrant:
    """Read a grant: a role, or roles by collection with a comma between, and perhaps one that is held everywhere.

    Raises `SettingsError` for what is none; `place` is where it stands.
    """
    if text == _NONE:
        return NOTHING
    everywhere: AccessRole | None = None
    held: dict[str, AccessRole] = {}
    try:
        for part in text.split(_AND):
            written, at, name = part.partition(_AT)
            role = _role(written)
            if at:
                _hold(held, role, name)
            elif everywhere is None:
                everywhere = role
            else:
                raise ValueError(_WHICH)
    except ValueError as error:
        where = f"{place} has the role {text!r}." if place else f"{text!r} is no role."
        raise SettingsError(f"{where} {error}") from error
    return _grant(everywhere, held)


def _hold(held: dict[str, AccessRole], role: AccessRole, name: str) -> None:
    if role is AccessRole.ADMIN:
        raise ValueError("An admin is of everything: write admin alone, or editor of the collection.")
    try:
        name = collection_name(name)
    except QueryError as error:
        raise ValueError(str(error)) from error
    held[name] = max(held.get(name, role), role, key=_ORDER.index)


def written_grant(text: str) -> AccessGrant:
    """Read what was written down of somebody: whatever else stands there, it allows nothing."""
    try:
        return grant_of(text)
    except SettingsError:
        return NOTHING


def together(grants: Iterable[AccessGrant]) -> AccessGrant:
    """Return all that some grants allow, taken together."""
    everywhere: list[AccessRole] = []
    held: dict[str, AccessRole] = {}
    for grant in grants:
        found, roles = grant.parts
        everywhere += [found] if found else []
        for name, role in roles:
            held[name] = max(held.get(name, role), role, key=_ORDER.index)
    return _grant(max(everywhere, key=_ORDER.index, default=None), held)


def collections_of(grant: AccessGrant) -> frozenset[str]:
    """Return the collections that a grant names."""
    scope = grant.scope
    return frozenset() if scope is None else (scope.visible or frozenset()) | scope.editable


def _grant(everywhere: AccessRole | None, held: Mapping[str, AccessRole]) -> AccessGrant:
    # What is held everywhere is held in each collection.
    more = {name: role for name, role in held.items() if everywhere is None or not everywhere.includes(role)}
    if everywhere is not None and not more:
        return everywhere
    return CollectionRoles(everywhere, tuple(sorted(more.items())))


def _role(written: str) -> AccessRole:
    try:
        return AccessRole(written)
    except ValueError as error:
        raise ValueError(_WHICH) from error
