"""PgBouncer before a PostgreSQL server of the tests: few connections of the server's for many callers."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.support.patience import until

_PROGRAMS = ("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer")
_HINT = "PgBouncer is not installed. `make test` installs it on Debian, or: apt-get install pgbouncer"


@contextmanager
def pooled(address: str, mode: str, *, size: int = 2, more: str = "") -> Iterator[str]:
    """Run PgBouncer before a database in a pool mode; yields the address there, without options.

    It has `size` connections of the server's, and `more` lines of configuration.
    """
    program = shutil.which("pgbouncer") or next(filter(os.path.exists, _PROGRAMS), None)
    if program is None:
        pytest.fail(_HINT)
    to = psycopg.conninfo.conninfo_to_dict(address)
    folder = Path(tempfile.mkdtemp(prefix="khabar-pool-"))
    user = "postgres" if os.geteuid() == 0 else None
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\nnews = host={to['host']} dbname={to['dbname']} user={to['user']}\n"
        f"[pgbouncer]\nunix_socket_dir = {folder}\nlisten_addr =\nlisten_port = 6432\nauth_type = any\n"
        f"pool_mode = {mode}\ndefault_pool_size = {size}\nmax_client_conn = 200\n{more}\n"
    )
    if user:
        for path in (folder, folder / "pgbouncer.ini"):
            shutil.chown(path, user)
    with subprocess.Popen(
        [program, "-q", str(folder / "pgbouncer.ini")], user=user, group=user, cwd=folder,
        stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"),
    ) as process:  # fmt: skip
        try:
            until((folder / ".s.PGSQL.6432").exists, lambda: (folder / "log").read_text())
            yield f"postgresql://{to['user']}@/news?host={folder}&port=6432"
        finally:
            process.kill()
            shutil.rmtree(folder, ignore_errors=True)
