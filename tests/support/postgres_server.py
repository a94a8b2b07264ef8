"""A PostgreSQL server of the tests' own, from the system's packages: a data folder and a socket, no port."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.support.patience import until

_HINT = "PostgreSQL 15 or newer is not installed. `make test` installs it on Debian, or: apt-get install postgresql"
# Nothing here outlives the run: what keeps a server's data through a power failure only costs time.
_CONNECTIONS = ("-c", "max_connections=50")
_FAST = ("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", *_CONNECTIONS)

# No port is opened: it is part of the socket's name.
_STANDBY_PORT = 5433


class PostgresServer:
    """A server that tests start and stop; it refuses to run as root, so that root lends it a user."""

    def __init__(self, *settings: str, durable: bool = False) -> None:
        self._programs = _programs()
        # A benchmark wants to know what a disk costs, and to give more memory.
        more = (part for setting in settings for part in ("-c", setting))
        self._fast = (*(_CONNECTIONS if durable else _FAST), *more)
        # In a folder with a short name, which its user may enter: a socket's path has no more than a hundred letters.
        self.folder = Path(tempfile.mkdtemp(prefix="khabar-pg-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            self.folder.chmod(0o755)
            shutil.chown(self.folder, self._user, pwd.getpwnam(self._user).pw_gid)
        # "C.UTF-8": the tables order texts by their bytes, whatever the database does.
        self._run("initdb", "--auth=trust", "--username=khabar", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Start the server, and return when it answers."""
        self._run("pg_ctl", "start", "--wait", f"--log={self.folder / 'log'}", "-o", self._options)

    def stop(self) -> None:
        """Stop the server: every connection is closed."""
        self._run("pg_ctl", "stop", "--mode=fast", "--wait")

    def database(self) -> str:
        """Make an empty database, and return its address."""
        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} STRATEGY = file_copy")  # type: ignore[arg-type]
        return self.address(name)

    def schema(self) -> str:
        """Make an empty schema, which costs less than a database, and return the address of a library in it."""
        name = f"s{uuid.uuid4().hex}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")  # type: ignore[arg-type]
        return f"{self.address('postgres')}&options=-csearch_path%3D{name}"

    def address(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://khabar@/{database}?host={self.folder}"

    @contextmanager
    def dumped(self, address: str) -> Iterator[Callable[[], None]]:
        """Dump a library's schema as an administrator does; yields what brings the dump back in its place."""
        name = address.rpartition("%3D")[2]
        programs = (self._programs / "initdb").resolve().parent
        file, at = self.folder / f"{name}.dump", f"--dbname={self.address('postgres')}"
        _done([str(programs / "pg_dump"), at, f"--schema={name}", "--format=custom", f"--file={file}"])

        def bring_back() -> None:
            with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
                connection.execute(f"DROP SCHEMA {name} CASCADE")  # type: ignore[arg-type]
            _done([str(programs / "pg_restore"), at, "--exit-on-error", str(file)])

        yield bring_back

    @contextmanager
    def standby(self) -> Iterator[Callable[[str], str]]:
        """Run a standby of the server for a while; yields what makes a library's address there of that here.

        It receives what is written here until `cut_off` is called with its address.
        """
        programs, data = (self._programs / "initdb").resolve().parent, self.folder / "standby"
        _done([
            str(programs / "pg_basebackup"), f"--host={self.folder}", "--username=khabar", f"--pgdata={data}",
            "--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream",
        ])  # fmt: skip
        for path in (data, *data.rglob("*")):
            if self._user:
                shutil.chown(path, self._user, pwd.getpwnam(self._user).pw_gid)
        options = f"{self._options} -p {_STANDBY_PORT}"
        self._run("pg_ctl", "start", "--wait", f"--log={self.folder / 'standby.log'}", "-o", options, data=data)
        try:
            yield lambda address: f"{address}&port={_STANDBY_PORT}"
        finally:
            self._run("pg_ctl", "stop", "--mode=immediate", "--wait", data=data)
            shutil.rmtree(data, ignore_errors=True)

    @contextmanager
    def fallen_over(self, there: Callable[[str], str]) -> Iterator[None]:
        """Let the server be lost while its standby, which has nothing of what came last, is promoted in its place."""
        self.stop()
        with psycopg.connect(there(self.address("postgres")), autocommit=True) as standby:
            assert standby.execute("SELECT pg_promote()").fetchone() == (True,)
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def small_disk(self, mebibytes: int) -> Iterator[tuple[str, Callable[[int], None]]]:
        """Keep tables on a disk of so many MiB; yields the name of its tablespace, and what makes it larger."""
        name = f"d{uuid.uuid4().hex}"
        disk = self.folder / name
        disk.mkdir()
        try:
            _done(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", name, str(disk)])
        except (AssertionError, OSError) as error:
            pytest.skip(f"a small disk is a file system of its own, which may not be made here: {error}")
        try:
            if self._user:
                shutil.chown(disk, self._user, pwd.getpwnam(self._user).pw_gid)
            with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE TABLESPACE {name} LOCATION '{disk}'")  # type: ignore[arg-type]
            yield name, lambda size: _done(["mount", "-o", f"remount,size={size}m", str(disk)])
        finally:
            # What lies on it is of no use any more; the server lets go of its files.
            with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
                in_it = "SELECT DISTINCT schemaname FROM pg_tables WHERE tablespace = %s"
                for (schema,) in connection.execute(in_it, [name]).fetchall():
                    connection.execute(f"DROP SCHEMA {schema} CASCADE")  # type: ignore[arg-type]
                connection.execute("CHECKPOINT")
                connection.execute(f"DROP TABLESPACE {name}")  # type: ignore[arg-type]
            _done(["umount", "--lazy", str(disk)])

    def close(self) -> None:
        """Stop the server, and remove what it wrote."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--mode=immediate", "--wait")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _options(self) -> str:
        return " ".join((*self._fast, "-c", "listen_addresses=''", "-k", str(self.folder)))

    def _run(self, program: str, *arguments: str, data: Path | None = None) -> None:
        command = [str(self._programs / program), f"--pgdata={data or self._data}", *arguments]
        done = subprocess.run(
            command, user=self._user, group=self._user, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def cut_off(standby: str) -> None:
    """Let a standby receive nothing more."""
    with psycopg.connect(standby, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
        connection.execute("SELECT pg_reload_conf()")
        until(lambda: connection.execute("SELECT count(*) FROM pg_stat_wal_receiver").fetchone() == (0,))


def _done(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _programs() -> Path:
    """Find where the newest server's programs are."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    pytest.fail(_HINT)
