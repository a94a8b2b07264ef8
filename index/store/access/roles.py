"""What somebody may do: three roles, each of which may do what those before it may."""

from enum import Enum

from index.errors import AccessError


class AccessRole(Enum):
    """A role, from least to most: readers ask and read, editors also change the library, admins may do everything.

    Not a text, since texts would compare by their letters.
    """

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    def includes(self, other: "AccessRole") -> bool:
        """Tell whether whoever has this role may do all that the other one may."""
        order = list(AccessRole)
        return order.index(self) >= order.index(other)

    def check_may_edit(self) -> None:
        """Raise `AccessError` where this role may not change the library."""
        if not self.includes(AccessRole.EDITOR):
            raise AccessError("Only an editor or an admin may change the library. Ask whoever runs Khabar to do it.")

    def check_may_administer(self) -> None:
        """Raise `AccessError` where this role may not see what others have done."""
        if not self.includes(AccessRole.ADMIN):
            raise AccessError("Only an admin may read the audit log. Ask whoever runs Khabar to look it up.")
