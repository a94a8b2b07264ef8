"""What somebody may do: three roles, each of which may do what those before it may; what grants one; where it holds."""

from enum import Enum
from typing import Protocol

from index.errors import AccessError
from index.store.access.scopes import AccessScope


class AccessGrant(Protocol):
    """What somebody may do, and where: a role that is held everywhere, or roles that are held by collection."""

    @property
    def value(self) -> str:
        """How it is written."""
        ...

    @property
    def scope(self) -> AccessScope | None:
        """Where it holds; None: everywhere."""
        ...

    @property
    def parts(self) -> "tuple[AccessRole | None, tuple[tuple[str, AccessRole], ...]]":
        """The role that is held everywhere, and those by collection."""
        ...

    def includes(self, other: "AccessRole") -> bool:
        """Tell whether whoever has this may do all that a role may, somewhere at least."""
        ...

    def check_may_edit(self) -> None:
        """Raise `AccessError` where nothing of the library may be changed."""
        ...

    def check_may_edit_everything(self) -> None:
        """Raise `AccessError` where not all of the library may be changed."""
        ...

    def check_may_administer(self) -> None:
        """Raise `AccessError` where what others have done may not be seen."""
        ...


class AccessRole(Enum):
    """A role, from least to most: readers ask and read, editors also change the library, admins may do everything.

    Not a text, since texts would compare by their letters. As a grant it holds everywhere.
    """

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def scope(self) -> None:
        """It holds everywhere."""

    @property
    def parts(self) -> "tuple[AccessRole, tuple[tuple[str, AccessRole], ...]]":
        """This role, everywhere."""
        return self, ()

    def includes(self, other: "AccessRole") -> bool:
        """Tell whether whoever has this role may do all that the other one may."""
        order = list(AccessRole)
        return order.index(self) >= order.index(other)

    def check_may_edit(self) -> None:
        """Raise `AccessError` where this role may not change the library."""
        if not self.includes(AccessRole.EDITOR):
            raise AccessError("Only an editor or an admin may change the library. Ask whoever runs Khabar to do it.")

    def check_may_edit_everything(self) -> None:
        """Raise `AccessError` where this role may not change the library."""
        self.check_may_edit()

    def check_may_administer(self) -> None:
        """Raise `AccessError` where this role may not see what others have done."""
        if not self.includes(AccessRole.ADMIN):
            raise AccessError("Only an admin may read the audit log. Ask whoever runs Khabar to look it up.")
