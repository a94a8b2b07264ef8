"""A real Caddy on loopback, with one of the deployment's configurations, at whatever port is free."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.compose import DEPLOY


@contextmanager
def caddy(configuration: str, folder: Path, **environment: str) -> Iterator[str]:
    """Run Caddy with a configuration whose address has the port 0; yields host and port where it answers."""
    command = [str(Path(sys.executable).with_name("caddy")), "run", "--adapter", "caddyfile"]
    own = {"CADDY_ADMIN": "127.0.0.1:0", "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with subprocess.Popen(
        [*command, "--config", str(DEPLOY / configuration)],
        env={**os.environ, **own, **environment}, stderr=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            assert process.stderr
            said = []
            for line in process.stderr:
                said.append(line)
                if (logged := json.loads(line)).get("msg") == "port 0 listener":
                    break
            else:
                raise AssertionError("".join(said))
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield f"localhost:{logged['actual_address'].rpartition(':')[2]}"
        finally:
            process.terminate()
