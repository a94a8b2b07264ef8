"""Who may enter, and do what: a file of names, bcrypt hashes, as `htpasswd -B` writes them too, and roles."""

from dataclasses import dataclass
from pathlib import Path

from index.errors import SettingsError
from index.store.access.roles import AccessRole

_LONGEST = 72
# The hash of nobody's password: an unknown name takes as long as a wrong password.
_NOBODY = b"$2b$12$4tSaoyKyDsixrzVN6nbKX.wRsm0mjSX940SNmU2D7hYcFue26F7PK"
# A line without a role: files are older than roles, and whoever was in one might do everything.
_WITHOUT_ROLE = AccessRole.ADMIN
# A name that is new, and nothing was said about.
_NEW = AccessRole.READER


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    hashed: bytes
    role: AccessRole


class SignIn:
    """Names and passwords that may enter; calling it tells whether these do. The file is read once."""

    def __init__(self, people: dict[str, _Person]) -> None:
        self._people = people

    @classmethod
    def open(cls, file: Path) -> "SignIn":
        """Read a file of "name:hash:role" lines; a line without a role is an admin's.

        Raises `SettingsError` for a file of another form.
        """
        found: dict[str, _Person] = {}
        for number, line in enumerate(_read(file).splitlines(), start=1):
            if line.strip() and not line.startswith("#"):
                person = _person(line, f"{file}:{number}", file)
                found[person.name] = person
        if not found:
            raise SettingsError(f"{file} names nobody. Add a reader by: khabar password NAME {file}")
        return cls(found)

    def __call__(self, name: str, password: str) -> bool:
        """Tell whether this name and password may enter."""
        import bcrypt

        person = self._people.get(name)
        # bcrypt reads no more than 72 bytes, and this version of it refuses more.
        given = password.encode("utf-8", "surrogatepass")
        matches = bcrypt.checkpw(given[:_LONGEST], person.hashed if person else _NOBODY)
        return matches and person is not None and len(given) <= _LONGEST

    def role(self, name: str) -> AccessRole:
        """Return what a name may do; one that is not in the file has the least of the roles."""
        person = self._people.get(name)
        return person.role if person else AccessRole.READER


def set_password(file: Path, name: str, password: str, role: AccessRole | None = None) -> AccessRole:
    """Put a name's hash and role in the file, in place of earlier ones; the file is readable by its owner alone.

    Without a `role` a name keeps the one that it has, and a new name is a reader's. Returns the role. Raises
    `SettingsError` for a name or a password that cannot be used and a file that cannot be written.
    """
    import bcrypt

    if [name.strip()] != name.splitlines() or name.strip() != name or ":" in name or name.startswith("#"):
        raise SettingsError("A name has no colon, no line end, no blank around it and no # before it. Choose another.")
    if not 8 <= len(password.encode()) <= _LONGEST:
        raise SettingsError("A password has 8 to 72 bytes. Choose another.")
    lines = _read(file).splitlines() if file.exists() else []
    own = [line for line in lines if line.strip().partition(":")[0] == name]
    role = role or _known_role(own, file)
    lines = [line for line in lines if line not in own]
    lines.append(f"{name}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()}:{role.value}")
    partial = file.with_name(file.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600, exist_ok=False)
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
        partial.replace(file)
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}. Name another file.") from error
    return role


def _known_role(own: list[str], file: Path) -> AccessRole:
    """Return the role that a name has by its lines, of which the last one counts."""
    try:
        return _person(own[-1], "", file).role if own else _NEW
    except SettingsError:
        # The line that is being put right says nothing that holds.
        return _NEW


def _person(line: str, place: str, file: Path) -> _Person:
    name, _, rest = line.strip().partition(":")
    hashed, has_role, role = rest.partition(":")
    if not name or not hashed.startswith(("$2a$", "$2b$", "$2y$")) or len(hashed) != 60:
        raise SettingsError(f"{place} is not NAME:BCRYPT-HASH:ROLE. Write it by: khabar password NAME {file}")
    try:
        return _Person(name, hashed.encode(), AccessRole(role) if has_role else _WITHOUT_ROLE)
    except ValueError as error:
        roles = ", ".join(known.value for known in AccessRole)
        raise SettingsError(f"{place} has the role {role!r}. It is one of {roles}; none means admin.") from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The sign-in file {file} cannot be read: {error}.") from error
