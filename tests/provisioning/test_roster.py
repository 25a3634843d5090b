"""`roster` as people use it: the command, over TLS, against a hub that runs as a process of its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.hub import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.fixtures.terminal import Terminal, open_terminal


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with open_terminal(tmp_path_factory.mktemp("roster")) as terminal:
        yield terminal


def test_who_is_signed_in_is_told_with_the_hub(terminal: Terminal) -> None:
    assert terminal.json("whoami")["email"] == ADMIN_EMAIL
    assert terminal.hub.endpoints["api"] in terminal.run("whoami").stdout


def test_another_hubs_fingerprint_is_not_signed_in_to(terminal: Terminal, tmp_path: Path) -> None:
    other = Terminal(terminal.hub, tmp_path)
    said = other.refused(
        "login", terminal.hub.endpoints["api"], "--email", ADMIN_EMAIL, "--password-stdin",
        "--fingerprint", "AA" * 32, text=f"{ADMIN_PASSWORD}\n",
    )  # fmt: skip
    assert "this is not your hub" in said
    assert not (tmp_path / "default.json").exists()


def test_a_hub_that_nobody_has_compared_is_not_trusted_by_a_script(terminal: Terminal, tmp_path: Path) -> None:
    said = Terminal(terminal.hub, tmp_path).refused(
        "login", terminal.hub.endpoints["api"], "--email", ADMIN_EMAIL, "--password-stdin", text="x\n"
    )
    assert "--fingerprint" in said


def test_a_wrong_password_is_told_and_leaves_nothing(terminal: Terminal, tmp_path: Path) -> None:
    ca_file = terminal.hub.data_dir / "ca.pem"
    said = Terminal(terminal.hub, tmp_path).refused(
        "login", terminal.hub.endpoints["api"], "--email", ADMIN_EMAIL, "--password-stdin", "--ca", str(ca_file),
        text="not the password\n",
    )  # fmt: skip
    assert said.startswith("Error: ")
    assert not (tmp_path / "default.json").exists()


def test_a_person_is_made_found_shown_and_disabled(terminal: Terminal) -> None:
    made = terminal.json(
        "users", "create", "--email", "ada@college.example", "--given", "Ada", "--family", "Lovelace",
        "--role", "trainee", "--admission", "T-1", "--group", "DSE-A",
    )  # fmt: skip
    assert [one["id"] for one in terminal.json("users", "list", "Love")] == [made["id"]]
    assert terminal.json("users", "show", "T-1")["email"] == "ada@college.example"
    terminal.json("users", "disable", "ada@college.example", "--reason", "left")
    assert terminal.json("users", "show", "ada@college.example")["state"] == "STATE_DISABLED"


def test_field_violations_are_told_one_a_line(terminal: Terminal) -> None:
    said = terminal.refused(
        "users", "create", "--email", "no address", "--given", "A", "--family", "B", "--role", "trainee",
        "--admission", "T-9", "--group", "DSE-A", "--phone", "12",
    )  # fmt: skip
    assert "email:" in said
    assert "phone:" in said


def test_a_name_that_fits_nothing_names_the_command_that_lists_them(terminal: Terminal) -> None:
    assert "roster rooms list" in terminal.refused("devices", "claim", "--room", "C99")


def test_a_claim_shows_its_command_and_picture_once(terminal: Terminal) -> None:
    done = terminal.run("devices", "claim", "--room", "B12", "--name", "B12 side door")
    assert f"roster-agent enrol --hub {terminal.hub.endpoints['enrolment']} --code SR1." in done.stdout
    assert "█" in done.stdout
    listed = terminal.run("devices", "list").stdout
    assert "B12 side door" in listed
    assert "claimed pending" in listed
    assert "SR1." not in listed


def test_a_device_is_revoked_by_its_name(terminal: Terminal) -> None:
    device = terminal.json("devices", "claim", "--room", "B12", "--name", "B12 old door")["device"]
    after = terminal.json("devices", "revoke", "B12 old door", "--reason", "stolen", "--yes")
    assert (after["id"], after["state"]) == (device["id"], "STATE_REVOKED")


def test_a_dry_run_of_a_card_claims_nothing(terminal: Terminal) -> None:
    before = terminal.json("devices", "list")
    files = terminal.json("image", "--room", "B12", "--dry-run", "--wifi", "college", "--wifi-country", "KE")
    assert set(files) == {"user-data", "network-config", "meta-data"}
    assert "Africa/Nairobi" in files["user-data"]
    assert terminal.json("devices", "list") == before


def test_a_card_has_a_claim_that_the_hub_knows(terminal: Terminal, tmp_path: Path) -> None:
    for mark in ("config.txt", "cmdline.txt"):
        (tmp_path / mark).touch()
    device = terminal.json("image", "--room", "B12", "--name", "B12 new door", "--out", str(tmp_path))
    assert "SR1." in (tmp_path / "user-data").read_text()
    assert terminal.json("devices", "show", "B12 new door")["id"] == device["id"]


def test_the_policy_is_changed_by_name(terminal: Terminal) -> None:
    assert terminal.json("policy", "set", "late_grace=7m", "reject_suspect_faces=yes")["late_grace"] == "420s"
    assert terminal.json("policy", "show")["reject_suspect_faces"] is True
    assert "late_grace" in terminal.refused("policy", "set", "lateness=7m")


def test_any_rpc_is_called_by_name(terminal: Terminal) -> None:
    answer = terminal.json("call", "TimetableService/ListRooms", '{"code": "B12"}')
    assert [room["code"] for room in answer["rooms"]] == ["B12"]
    assert "ListRooms" in terminal.refused("call", "TimetableService/Nothing")
    assert "GetRoomRequest" in terminal.refused("call", "TimetableService/GetRoom", '{"no_such_field": 1}')


def test_completion_is_printed_for_the_shell(terminal: Terminal) -> None:
    assert "_ROSTER_COMPLETE" in terminal.run("completion", "bash").stdout


def test_signing_out_ends_it_here_and_at_the_hub(terminal: Terminal, tmp_path: Path) -> None:
    other = Terminal(terminal.hub, tmp_path)
    ca_file = terminal.hub.data_dir / "ca.pem"
    other.json(
        "login", terminal.hub.endpoints["api"], "--email", ADMIN_EMAIL, "--password-stdin", "--ca", str(ca_file),
        text=f"{ADMIN_PASSWORD}\n",
    )  # fmt: skip
    kept = (tmp_path / "default.json").read_text()
    assert other.run("logout").returncode == 0
    assert "roster login" in other.refused("whoami")
    ended = json.loads(kept) | {"access_token_expire_time": "2026-01-01T00:00:00Z"}
    (tmp_path / "default.json").write_text(json.dumps(ended))
    assert "Sign in again" in other.refused("whoami")
