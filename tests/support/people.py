"""People who may sign in, in a file as `khabar password` writes one, with hashes that cost next to nothing."""

from pathlib import Path

import bcrypt

from index.store.access.roles import AccessRole

# The least that bcrypt takes and `SignIn` reads; a password of `khabar password` costs 256 times as much, and each try
# at it. Tests whose point is that work, or the command's file, use `set_password`.
_COST = 4


def let_in(file: Path, name: str, password: str, role: AccessRole = AccessRole.READER) -> None:
    """Put a new name into the file."""
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(_COST)).decode()
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{name}:{hashed}:{role.value}\n")
