"""The tree is what docs and linters can't check otherwise."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST_MODULE = 400  # lines; a longer one holds more than one thing
VAGUE_NAMES = {"utils", "helpers", "common", "manager"}
# The wire belongs to servicers, the shared machinery of RPCs, the agent's uplink and the admin's client.
PROTOBUF_IS_FOR = ("hub/rpc/", "hub/http/", "hub/app/", "edge_agent/uplink/", "provisioning/", "bench/", "tests/")


def tracked_modules() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        Path(line)
        for line in listed.stdout.splitlines()
        if not line.startswith("protos/gen/") and (ROOT / line).exists()
    ]


def imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
    return names


def test_there_are_modules_to_look_at() -> None:
    assert len(tracked_modules()) > 100


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in tracked_modules()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in tracked_modules() if path.stem in VAGUE_NAMES or VAGUE_NAMES & set(path.parts)] == []


def test_only_servicers_and_the_uplink_touch_protobuf() -> None:
    offenders = [
        path
        for path in tracked_modules()
        if not path.as_posix().startswith(PROTOBUF_IS_FOR)
        and not (path.name in {"rpc.py", "wire.py"} or "rpc" in path.parts)
        and any(name == "smartroster" or name.startswith(("smartroster.", "google.")) for name in imported_names(path))
    ]
    assert offenders == []


def test_migrations_and_benchmarks_are_not_imported_by_the_product() -> None:
    offenders = [
        path
        for path in tracked_modules()
        if path.parts[0] in {"hub", "edge_agent", "provisioning", "presence"}
        and any(name.split(".")[0] in {"bench", "tests"} for name in imported_names(path))
    ]
    assert offenders == []
