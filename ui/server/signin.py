"""Who may read: a file of names and bcrypt hashes, as `htpasswd -B` writes it too."""

from pathlib import Path

from index.errors import SettingsError

_LONGEST = 72
# The hash of nobody's password: an unknown name takes as long as a wrong password.
_NOBODY = b"$2b$12$4tSaoyKyDsixrzVN6nbKX.wRsm0mjSX940SNmU2D7hYcFue26F7PK"


class SignIn:
    """Names and passwords that may enter; calling it tells whether these do."""

    def __init__(self, hashes: dict[str, bytes]) -> None:
        self._hashes = hashes

    @classmethod
    def open(cls, file: Path) -> "SignIn":
        """Read a file of "name:hash" lines; raises `SettingsError` for a file of another form."""
        found: dict[str, bytes] = {}
        for number, line in enumerate(_read(file).splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, hashed = line.strip().partition(":")
            if not name or not hashed.startswith(("$2a$", "$2b$", "$2y$")) or len(hashed) != 60:
                raise SettingsError(
                    f"{file}:{number} is not NAME:BCRYPT-HASH. Write it by: khabar password NAME {file}"
                )
            found[name] = hashed.encode()
        if not found:
            raise SettingsError(f"{file} names nobody. Add a reader by: khabar password NAME {file}")
        return cls(found)

    def __call__(self, name: str, password: str) -> bool:
        """Tell whether this name and password may enter."""
        import bcrypt

        hashed = self._hashes.get(name)
        # bcrypt reads no more than 72 bytes, and this version of it refuses more.
        given = password.encode("utf-8", "surrogatepass")
        matches = bcrypt.checkpw(given[:_LONGEST], hashed or _NOBODY)
        return matches and hashed is not None and len(given) <= _LONGEST


def set_password(file: Path, name: str, password: str) -> None:
    """Put a name's hash in the file, in place of an earlier one; the file is readable by its owner alone.

    Raises `SettingsError` for a name or a password that cannot be used and a file that cannot be written.
    """
    import bcrypt

    if not name.strip() or ":" in name or name.startswith("#") or "\n" in name:
        raise SettingsError("A name has no colon, no line end and no # before it. Choose another.")
    if not 8 <= len(password.encode()) <= _LONGEST:
        raise SettingsError("A password has 8 to 72 bytes. Choose another.")
    lines = [line for line in _read(file).splitlines() if line.partition(":")[0] != name] if file.exists() else []
    lines.append(f"{name}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()}")
    partial = file.with_name(file.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600, exist_ok=False)
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
        partial.replace(file)
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}. Name another file.") from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The sign-in file {file} cannot be read: {error}.") from error
