"""Sign-ins on disk, and trust in a hub."""

import stat
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from provisioning.errors import HubUnreachable, RosterError, SignInNeeded
from provisioning.hub_client import HubClient
from provisioning.profile import Profile, ProfileStore
from provisioning.trust import fetch_authority, fingerprint, same_fingerprint, split_address

NOW = datetime(2026, 9, 7, 8, tzinfo=UTC)


def profile(**changes: object) -> Profile:
    made = Profile(
        address="127.0.0.1:1",
        ca_pem="",
        email="a@b.example",
        access_token="access",
        access_token_expire_time=NOW,
        refresh_token="refresh",
    )
    return made.model_copy(update=changes)


def test_a_saved_sign_in_is_read_again_and_is_the_owners_alone(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "roster", "default")
    store.save(profile())
    assert store.load() == profile()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "roster").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "roster").stat().st_mode) == 0o700


def test_without_a_sign_in_the_error_says_how_to_sign_in(tmp_path: Path) -> None:
    with pytest.raises(SignInNeeded, match="roster login"):
        ProfileStore(tmp_path, "default").load()


def test_a_damaged_sign_in_is_named(tmp_path: Path) -> None:
    (tmp_path / "default.json").write_text('{"address": 1}')
    with pytest.raises(RosterError, match="damaged"):
        ProfileStore(tmp_path, "default").load()


def test_only_one_command_renews_a_sign_in_at_a_time(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path, "default")
    order = []

    def renew() -> None:
        with ProfileStore(tmp_path, "default").locked():
            order.append("second")

    with store.locked():
        thread = threading.Thread(target=renew)
        thread.start()
        time.sleep(0.2)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


@pytest.mark.parametrize(
    ("left", "fresh"),
    [(timedelta(seconds=31), True), (timedelta(seconds=30), False), (timedelta(seconds=-1), False)],
)
def test_a_token_about_to_end_is_not_fresh(left: timedelta, fresh: bool) -> None:  # noqa: FBT001 (a table's column)
    assert profile(access_token_expire_time=NOW + left).is_fresh(NOW) is fresh


@pytest.mark.parametrize("address", ["hub", "hub:", ":1", "hub:0", "hub:65536", "hub:x"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(HubUnreachable, match="HOST:PORT"):
        split_address(address)


def test_an_address_of_ipv6_is_understood() -> None:
    assert split_address("[::1]:50051") == ("::1", 50051)


def test_a_hub_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(HubUnreachable, match="Is the hub running"):
        fetch_authority("127.0.0.1:1")


def test_plaintext_stays_on_this_computer(tmp_path: Path) -> None:
    with pytest.raises(HubUnreachable, match="this computer"):
        HubClient(profile(address="hub.example:50051"), ProfileStore(tmp_path, "default"))


def test_a_fingerprint_is_compared_however_it_was_typed() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    shown = fingerprint(certificate)
    assert same_fingerprint(shown.lower(), certificate)
    assert same_fingerprint(shown.replace(":", " "), certificate)
    assert not same_fingerprint(shown[:-1] + ("0" if shown[-1] != "0" else "1"), certificate)
