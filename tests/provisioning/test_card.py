"""The card that makes a Pi a room device."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from edge_agent.settings import load_settings
from provisioning.card import Card, Wifi, files_of, write_to
from provisioning.errors import BadInput

CARD = Card(
    device_id="0190b6f5-7c1e-7d2a-8a3b-1c2d3e4f5a6b",
    device_name="B12 front door",
    room_code="B12",
    enrolment_address="hub.college.example:50053",
    claim_code="SR1.ABCDEF.GHIJKL",
    latitude=-1.2921,
    longitude=36.8219,
    time_zone="Africa/Nairobi",
    package="smart-roster[edge,pi]",
    ssh_key="",
    wifi=None,
)


def written(user_data: dict[str, object], path: str) -> str:
    files = user_data["write_files"]
    assert isinstance(files, list)
    return str(next(file["content"] for file in files if file["path"] == path))


def test_the_first_start_installs_enrols_and_starts_the_agent() -> None:
    user_data = yaml.safe_load(files_of(CARD)["user-data"])
    assert files_of(CARD)["user-data"].startswith("#cloud-config\n")
    assert user_data["hostname"] == "b12-front-door"
    steps = " ".join(str(step) for step in user_data["runcmd"])
    assert steps.index("pip") < steps.index("roster-agent enrol") < steps.index("systemctl")
    assert "--hub hub.college.example:50053" in steps
    assert "SR1.ABCDEF.GHIJKL" not in steps  # other users of the device could see it there
    assert written(user_data, "/run/roster-claim") == "SR1.ABCDEF.GHIJKL"
    assert "[Service]" in written(user_data, "/etc/systemd/system/roster-agent.service")


def test_the_agent_takes_the_settings_of_the_card(tmp_path: Path) -> None:
    user_data = yaml.safe_load(files_of(CARD)["user-data"])
    path = tmp_path / "agent.toml"
    path.write_text(written(user_data, "/etc/roster-agent/agent.toml"))
    settings = load_settings(path)
    assert settings.camera.kind == "picamera2"
    assert settings.position.model_dump()["latitude"] == CARD.latitude


def test_nobody_signs_in_to_a_device_without_a_key() -> None:
    names = [user["name"] for user in yaml.safe_load(files_of(CARD)["user-data"])["users"]]
    assert names == ["roster-agent"]
    with_key = dataclasses.replace(CARD, ssh_key="ssh-ed25519 AAAA admin")
    assert yaml.safe_load(files_of(with_key)["user-data"])["users"][0]["ssh_authorized_keys"] == [with_key.ssh_key]


@pytest.mark.parametrize("password", ["", "correct horse", 'quote"\\: #{}[]', "ü" * 20])
def test_any_wifi_password_stays_in_its_place(password: str) -> None:
    card = dataclasses.replace(CARD, wifi=Wifi(ssid='College "5G": x', password=password, country="ke"))
    wlan = yaml.safe_load(files_of(card)["network-config"])["wifis"]["wlan0"]
    assert wlan["regulatory-domain"] == "KE"
    assert wlan["access-points"] == {'College "5G": x': {"password": password} if password else {}}


def test_a_name_cannot_break_out_of_its_line() -> None:
    card = dataclasses.replace(CARD, device_name="B12\nruncmd: [reboot]")
    assert "reboot" not in str(yaml.safe_load(files_of(card)["user-data"])["runcmd"])


@pytest.mark.parametrize(("password", "country"), [("short", "KE"), ("x" * 64, "KE"), ("long enough", "Kenya")])
def test_a_wifi_that_cannot_be_is_refused(password: str, country: str) -> None:
    with pytest.raises(BadInput):
        files_of(dataclasses.replace(CARD, wifi=Wifi(ssid="college", password=password, country=country)))


def test_only_a_boot_partition_is_written_to(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="boot partition"):
        write_to(tmp_path, files_of(CARD))
    for mark in ("config.txt", "cmdline.txt"):
        (tmp_path / mark).touch()
    write_to(tmp_path, files_of(CARD))
    assert (tmp_path / "meta-data").read_text() == f"instance-id: roster-{CARD.device_id}\n"
