"""The files to run Khabar by: an image, a compose file, units of systemd. Read as their own tools read them."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from index.encoding.encoder import default_cache
from tests.support.compose import DEPLOY, compose, dockerfile, health_check, text, variables
from tests.support.paths import ROOT
from ui.cli.main import run
from ui.settings import PREFIX, Settings

GIVEN = {"POSTGRES_PASSWORD": "p", "CHROMA_TOKEN": "t"}
FILE = compose(GIVEN)
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
# Khabar's own processes: their command is one of Khabar's.
OWN = {name: service for name, service in SERVICES.items() if "build" in service and "entrypoint" not in service}
PAGES = [name for name in OWN if name.startswith("page-")]
# What is asked for by others than Khabar: libpq, uvicorn, Chroma, the image of PostgreSQL, the configurations of Caddy.
OTHERS = {
    "PGPASSWORD", "FORWARDED_ALLOW_IPS", "ANONYMIZED_TELEMETRY", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD",
    "POSTGRES_INITDB_ARGS", "SITE", "PAGES", "CHROMA", "CHROMA_TOKEN",
}  # fmt: skip
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
INSTALLED = "/opt/khabar/bin/khabar"


def test_one_machine_has_all_the_parts_that_several_have() -> None:
    assert set(SERVICES) == {"postgres", "chroma", "gate", "page-1", "page-2", "worker", "khabar", "proxy"}
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    assert SERVICES["khabar"]["profiles"], "commands are run when somebody asks for them"


def test_images_are_of_one_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    for service in SERVICES.values():
        name, _, tag = service["image"].partition(":")
        assert re.fullmatch(r"\d+\.\d+(\.\d+)?(-\w+)?", tag), service["image"]
        assert ("build" in service) == (name == "khabar")
        assert name != "khabar" or tag == version
    assert int(SERVICES["postgres"]["image"].partition(":")[2].partition(".")[0]) >= 15


def test_what_serves_is_asked_whether_it_is_well() -> None:
    for name, service in SERVICES.items():
        check = service["healthcheck"]
        assert bool(check.get("test")) != check.get("disable", False), name
    assert {name for name, service in SERVICES.items() if service["healthcheck"].get("disable")} == {"worker", "khabar"}


def test_nothing_starts_before_what_it_needs_is_well() -> None:
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert SERVICES[needed]["healthcheck"].get("test"), name
    for name in (*PAGES, "worker", "khabar"):
        assert set(SERVICES[name]["depends_on"]) == {"postgres", "gate"}
    assert set(SERVICES["proxy"]["depends_on"]) == set(PAGES)


def test_only_the_proxy_is_reached_from_outside_and_from_this_machine_alone() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert {port.split(":")[0] for port in SERVICES["proxy"]["ports"]} == {"127.0.0.1"}


def test_the_databases_are_reached_by_those_who_need_them() -> None:
    assert {name for name, service in SERVICES.items() if "vectors" in service["networks"]} == {"chroma", "gate"}
    assert {name for name, service in SERVICES.items() if "front" in service["networks"]} == {"proxy", *PAGES}
    for name in ("postgres", "chroma", "gate"):
        assert all(FILE["networks"][network]["internal"] for network in SERVICES[name]["networks"])


def test_networks_and_volumes_are_declared_and_used() -> None:
    used = {network for service in SERVICES.values() for network in service["networks"]}
    assert used == set(FILE["networks"])
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])]
    assert {mount for mount in mounts if not mount.startswith(".")} == set(FILE["volumes"])
    assert all((DEPLOY / mount).exists() for mount in mounts if mount.startswith("."))


def test_every_variable_is_one_that_somebody_reads() -> None:
    settings = {PREFIX + name.upper() for name in Settings.model_fields}
    for service in SERVICES.values():
        assert set(service.get("environment", {})) <= settings | OTHERS
    for name in ("Caddyfile", "gate.Caddyfile"):
        service = next(
            one for one in SERVICES.values() if f"./{name}:/etc/caddy/Caddyfile:ro" in one.get("volumes", [])
        )
        asked = re.findall(r"\{\$(\w+)\}", (DEPLOY / name).read_text(encoding="utf-8"))
        assert set(asked) == set(service["environment"])


def test_the_settings_of_a_page_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**image_environment(), **SERVICES["page-1"]["environment"]}.items():
        monkeypatch.setenv(name, value)
    settings = Settings.load()
    assert settings.catalog == "postgresql://khabar@postgres/khabar"
    assert settings.host == "0.0.0.0"
    assert settings.auth_file is None


def test_the_example_names_every_variable_and_no_other() -> None:
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) == variables()


@pytest.mark.parametrize("name", GIVEN)
def test_without_a_secret_nothing_starts(name: str) -> None:
    with pytest.raises(LookupError, match=name):
        compose({key: value for key, value in GIVEN.items() if key != name})


def test_no_secret_stands_in_a_file() -> None:
    for line in text().splitlines():
        if re.match(r"\s+\w*(PASSWORD|TOKEN)\w*: ", line):
            assert re.search(r": \$\{\w+:[-?]", line), line
    for example in (DEPLOY / "env.example", DEPLOY / "systemd" / "khabar.env.example"):
        assert re.findall(r"(?:PASSWORD|TOKEN)=(.+)$", example.read_text(encoding="utf-8"), re.MULTILINE) == []
    assert "/deploy/.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_linter_of_compose_files_finds_what_was_decided_and_no_more() -> None:
    command = [str(Path(sys.executable).with_name("compose-lint")), "--format", "json", str(DEPLOY / "compose.yaml")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    # Images by version, not by digest: updates of one release are wanted. No limits: how much there is, we do not know.
    assert rules(json.loads(done.stdout)) <= {"CL-0019", "CL-0026"}


def rules(found: object) -> set[str]:
    """Return the rules that a report of the linter names."""
    return set(re.findall(r"CL-\d{4}", json.dumps([f["rule_id"] for f in findings(found)])))


def findings(found: Any) -> list[dict[str, Any]]:
    """Return the findings that are in a report, however deep."""
    if isinstance(found, dict):
        return [found] if "rule_id" in found else [f for child in found.values() for f in findings(child)]
    return [f for child in found for f in findings(child)] if isinstance(found, list) else []


@pytest.mark.parametrize("name", [name for name in OWN if name != "khabar"])
def test_a_service_runs_a_command_that_there_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert accepts(OWN[name]["command"]), capsys.readouterr().err


def accepts(arguments: list[str]) -> bool:
    """Tell whether Khabar knows a command with these arguments, without doing what it says."""
    return run([*arguments, "--help"]) == 0


def test_the_proxy_has_every_page() -> None:
    assert SERVICES["proxy"]["environment"]["PAGES"] == " ".join(f"{name}:7860" for name in PAGES)
    assert Settings.model_fields["port"].default == 7860


def test_what_is_written_is_written_to_volumes() -> None:
    made = {path for word, rest in dockerfile() if word == "RUN" for path in re.findall(r" (/(?:var|etc)/\S+)", rest)}
    for name, service in SERVICES.items():
        assert service["read_only"], name
        if "build" in service:
            mounts = {mount.split(":")[1] for mount in service["volumes"] if not mount.startswith(".")}
            assert mounts <= made, "the image has the folder, with its owner, who becomes the volume's"


def image_environment() -> dict[str, str]:
    """Return the environment that the image gives its processes."""
    last = max(place for place, (word, _) in enumerate(dockerfile()) if word == "FROM")
    pairs = [shlex.split(rest) for word, rest in dockerfile()[last:] if word == "ENV"]
    return dict(pair.split("=", 1) for line in pairs for pair in line)


def test_models_are_where_the_image_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", image_environment()["XDG_CACHE_HOME"])
    models = default_cache().as_posix()
    assert ("COPY", f"--from=build {models} {models}") in dockerfile()
    assert f"compiled:{models}/compiled" in SERVICES["page-1"]["volumes"]


def test_the_models_are_made_without_a_network_by_answering() -> None:
    (answered,) = [rest for word, rest in dockerfile() if word == "RUN" and "khabar ask" in rest]
    assert answered.startswith("--network=none ")
    assert f"XDG_CACHE_HOME={image_environment()['XDG_CACHE_HOME']} " in answered


def test_the_image_is_of_one_version_and_runs_without_root() -> None:
    words = [word for word, _ in dockerfile()]
    bases = [rest.split()[0] for word, rest in dockerfile() if word == "FROM"]
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base) for base in bases)
    # Files are copied, and nothing is fetched unseen.
    assert "ADD" not in words
    assert words.index("USER") > max(place for place, word in enumerate(words) if word == "COPY")
    assert ("USER", "10001:10001") in dockerfile()
    assert not [rest for word, rest in dockerfile() if word in ("ENV", "ARG") and re.search("PASSWORD|TOKEN|KEY", rest)]


def test_the_image_serves_and_is_asked_at_its_port() -> None:
    assert json.loads(dict(dockerfile())["ENTRYPOINT"]) == ["khabar"]
    assert accepts(json.loads(dict(dockerfile())["CMD"]))
    assert dict(dockerfile())["EXPOSE"] == "7860"
    assert ":7860/healthz" in health_check()[-1]
    assert all(SERVICES[page]["healthcheck"]["test"] == ["CMD", *health_check()] for page in PAGES)


def test_what_is_copied_is_there_and_let_in() -> None:
    let_in = [line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"]
    copied = [rest.split()[:-1] for word, rest in dockerfile() if word == "COPY" and "--from" not in rest]
    assert sorted(path for paths in copied for path in paths) == sorted(let_in)
    assert all((ROOT / path).exists() for path in let_in)


def test_there_is_a_unit_for_each_process_that_goes_on() -> None:
    assert [unit.name for unit in UNITS] == ["khabar-serve@.service", "khabar-watch.service", "khabar-worker@.service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_a_command_that_there_is_in_a_cell(unit: Path) -> None:
    service = read(unit)["Service"]
    program, *arguments = shlex.split(service["ExecStart"].replace("%i", "7860"))
    assert program == INSTALLED
    assert accepts(arguments)
    assert service["User"] == "khabar"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["CapabilityBoundingSet"]) == (
        "yes",
        "strict",
        "",
    )
    own = dict(pair.split("=", 1) for pair in shlex.split(service["Environment"]))
    assert own["KHABAR_LIBRARY"] == f"/var/lib/{service['StateDirectory']}"
    assert own["XDG_CACHE_HOME"] == f"/var/cache/{service['CacheDirectory']}".removesuffix("/khabar")


def test_the_settings_of_the_units_are_settings() -> None:
    example = (DEPLOY / "systemd" / "khabar.env.example").read_text(encoding="utf-8")
    names = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    assert names - {"PGPASSWORD", "FORWARDED_ALLOW_IPS"} <= {PREFIX + name.upper() for name in Settings.model_fields}


def read(unit: Path) -> configparser.ConfigParser:
    """Read a unit; a line that stands twice is an error."""
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",), delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text(encoding="utf-8"))
    return parser


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not there; the units are read above")
def test_systemd_has_nothing_to_say_of_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        # Where the program is on this machine: systemd looks for it.
        moved = unit.read_text(encoding="utf-8").replace(INSTALLED, sys.executable)
        (tmp_path / unit.name.replace("@", "@7860")).write_text(moved, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
