"""Who may enter, and do what: a file of names, bcrypt hashes, as `htpasswd -B` writes them too, and roles."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from index.errors import SettingsError
from index.store.access.grants import NOTHING, grant_of
from index.store.access.roles import AccessGrant, AccessRole

_LONGEST = 72
# Salt and hash of nobody's password, which an unknown name is compared with.
_NOBODY = b"4tSaoyKyDsixrzVN6nbKX.wRsm0mjSX940SNmU2D7hYcFue26F7PK"
_SALT = 22
# A cost that no computer gets to the end of would keep everybody out.
_HASH = re.compile(r"\$2[aby]\$(?:0[4-9]|1\d|20)\$[./A-Za-z0-9]{53}", re.ASCII)
# What a line without a role means in a file without any: it is older than roles, and whoever was in it might do all.
_BEFORE_ROLES = AccessRole.ADMIN
# And what it means beside lines with roles, as where `htpasswd` has dropped one; so too a name that is new.
_LEAST = AccessRole.READER


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    hashed: bytes
    role: AccessGrant

    @property
    def cost(self) -> int:
        """Of the hash: the binary logarithm of its rounds."""
        return int(self.hashed[4:6])


class SignIn:
    """Names and passwords that may enter; calling it tells whether these do. The file is read once."""

    def __init__(self, people: dict[str, _Person]) -> None:
        self._people = people
        self._cost = max(person.cost for person in people.values())
        self._least = NOTHING if any(person.role.scope for person in people.values()) else _LEAST

    @classmethod
    def open(cls, file: Path) -> "SignIn":
        """Read a file of "name:hash:role" lines.

        A role may be held by collection, "reader@politics,editor@wire". Without one a name is a reader's, or an admin's
        where no line has any, and where one is held by collection a reader's of what is in none. Raises
        `SettingsError` for a file of another form.
        """
        lines = _read(file).splitlines()
        without = _without_role(lines)
        found: dict[str, _Person] = {}
        for number, line in enumerate(lines, start=1):
            if _is_person(line):
                person = _person(line, without, f"{file}:{number}", file)
                found[person.name] = person
        if not found:
            raise SettingsError(f"{file} names nobody. Add a reader by: khabar password NAME {file}")
        return cls(found)

    def __call__(self, name: str, password: str) -> bool:
        """Tell whether this name and password may enter; every name takes the same work, also one that is nobody's."""
        import bcrypt

        person = self._people.get(name)
        # bcrypt reads no more than 72 bytes, and this version of it refuses more.
        given = password.encode("utf-8", "surrogatepass")
        matches = bcrypt.checkpw(given[:_LONGEST], person.hashed if person else b"$2b$%02d$" % self._cost + _NOBODY)
        # `htpasswd` makes cheaper hashes: with 2^c rounds, and 2^c, 2^(c+1), … more, each comes to the dearest.
        for cost in range(person.cost if person else self._cost, self._cost):
            bcrypt.hashpw(given[:_LONGEST], b"$2b$%02d$" % cost + _NOBODY[:_SALT])
        return matches and person is not None and len(given) <= _LONGEST

    def knows(self, name: str) -> bool:
        """Tell whether a name is in the file."""
        return name in self._people

    def role(self, name: str) -> AccessGrant:
        """Return what a name may do; one that is not in the file may do the least that any may."""
        person = self._people.get(name)
        return person.role if person else self._least

    @property
    def roles(self) -> list[AccessGrant]:
        """What they may do, one for each name."""
        return [person.role for person in self._people.values()]


def set_password(file: Path, name: str, password: str, role: AccessGrant | None = None) -> AccessGrant:
    """Put a name's hash and role in the file, in place of earlier ones; the file is readable by its owner alone.

    Without a `role` a name keeps the one that it has, and a new name is a reader's. The other names of a file without
    roles keep theirs, which is written down. Returns the role. Raises `SettingsError` for a name or a password that
    cannot be used and a file that cannot be written.
    """
    import bcrypt

    if [name.strip()] != name.splitlines() or name.strip() != name or ":" in name or name.startswith("#"):
        raise SettingsError("A name has no colon, no line end, no blank around it and no # before it. Choose another.")
    if not 8 <= len(password.encode()) <= _LONGEST:
        raise SettingsError("A password has 8 to 72 bytes. Choose another.")
    lines = _read(file).splitlines() if file.exists() else []
    own = [line for line in lines if line.strip().partition(":")[0] == name]
    without = _without_role(lines)
    role = role or _known_role(own, without, file)
    others = [line for line in lines if line not in own]
    lines = [f"{line.strip()}:{without.value}" if _is_person(line) and not _has_role(line) else line for line in others]
    lines.append(f"{name}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()}:{role.value}")
    partial = file.with_name(file.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600, exist_ok=False)
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if file.exists():
            # Whoever serves the page may be another user, who has to go on reading it.
            shutil.copymode(file, partial)
            kept = file.stat()
            os.chown(partial, kept.st_uid, kept.st_gid)
        partial.replace(file)
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}. Name another file.") from error
    return role


def _is_person(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _has_role(line: str) -> bool:
    return line.count(":") > 1


def _without_role(lines: list[str]) -> AccessGrant:
    """Return the role of a file's names that are written without one."""
    roles = [line.split(":", 2)[2] for line in lines if _is_person(line) and _has_role(line)]
    # Whose roles end somewhere is not to read everything where `htpasswd` has dropped them.
    return _BEFORE_ROLES if not roles else NOTHING if any(map(_is_held_somewhere, roles)) else _LEAST


def _is_held_somewhere(role: str) -> bool:
    return "@" in role or role == NOTHING.value


def _known_role(own: list[str], without: AccessGrant, file: Path) -> AccessGrant:
    """Return the role that a name has by its lines, of which the last one counts."""
    least = NOTHING if without is NOTHING else _LEAST
    try:
        return _person(own[-1], without, "", file).role if own else least
    except SettingsError:
        # The line that is being put right says nothing that holds.
        return least


def _person(line: str, without: AccessGrant, place: str, file: Path) -> _Person:
    name, _, rest = line.strip().partition(":")
    hashed, has_role, role = rest.partition(":")
    if not name or not _HASH.fullmatch(hashed):
        raise SettingsError(f"{place} is not NAME:BCRYPT-HASH:ROLE. Write it by: khabar password NAME {file}")
    return _Person(name, hashed.encode(), grant_of(role, place) if has_role else without)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The sign-in file {file} cannot be read: {error}.") from error
