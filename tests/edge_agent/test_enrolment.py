import asyncio
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge_agent.uplink.client import renew_at
from edge_agent.uplink.enrolment import ClaimCode, EnrolmentFailed, enrol, renew_expired, renewal_request
from edge_agent.uplink.identity import IdentityStore, IdentityUnusable, NotEnrolled
from hub.devices.authority import Authority
from hub.devices.rules import claim_code, renewal_message
from tests.edge_agent.wire_hub import WireHub


@pytest.fixture
def store(tmp_path: Path) -> IdentityStore:
    return IdentityStore(tmp_path / "identity")


async def enrol_with(store: IdentityStore, hub: WireHub, *, address: str = "", code: str = "") -> str:
    identity = await asyncio.to_thread(
        enrol, store, hub=address or hub.address("enrolment"), code=code or hub.code, agent_version="1.0"
    )
    return identity.device_id


async def test_a_claim_code_becomes_an_identity(store: IdentityStore, hub: WireHub, tmp_path: Path) -> None:
    assert await enrol_with(store, hub) == str(hub.device_id)
    identity = store.load()
    # The hub calls itself localhost; the device goes where it found the hub.
    assert identity.device_address == hub.address("device")
    assert stat.S_IMODE((tmp_path / "identity" / "key.pem").stat().st_mode) == 0o600


async def test_a_code_in_small_letters_with_blanks_is_taken(store: IdentityStore, hub: WireHub) -> None:
    code = hub.code.lower()
    await enrol_with(store, hub, code=f" {code[:20]} {code[20:]}\n")
    assert hub.enrolments


async def test_repeating_uses_the_same_key(store: IdentityStore, hub: WireHub) -> None:
    await enrol_with(store, hub)
    await enrol_with(store, hub)
    first, second = (x509.load_pem_x509_csr(request.csr_pem.encode()).public_key() for request in hub.enrolments)
    assert first == second


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "no claim code"),
        ("SR2.A.B", "no claim code"),
        ("SR1.ABC", "not whole"),
        ("SR1.ABC.DEF", "not whole"),
        ("SR1.!!!!.????", "not whole"),
        (claim_code(b"s" * 20, b"f" * 31), "not whole"),
        (claim_code(b"s" * 20, b"f" * 32)[:-1], "not whole"),
    ],
)
def test_what_is_no_claim_code_is_told(code: str, says: str) -> None:
    with pytest.raises(EnrolmentFailed, match=says):
        ClaimCode.parse(code)


async def test_another_hub_gets_nothing(store: IdentityStore, hub: WireHub) -> None:
    with pytest.raises(EnrolmentFailed, match="nothing was sent"):
        await enrol_with(store, hub, code=claim_code(b"s" * 20, b"f" * 32))
    assert hub.enrolments == []


async def test_a_hub_that_only_shows_the_right_ca_gets_nothing(
    store: IdentityStore, hub: WireHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impostor = WireHub(Authority.open(tmp_path / "impostor", "college.test"))
    made = impostor.authority.server_credentials()
    shown = replace(made, certificate_chain_pem=made.certificate_chain_pem + hub.authority.ca_bundle_pem.encode())
    monkeypatch.setattr(impostor.authority, "server_credentials", lambda: shown)
    await impostor.start()
    try:
        with pytest.raises(EnrolmentFailed, match="not of it"):
            await enrol_with(store, impostor, code=hub.code)
    finally:
        await impostor.stop()
    assert impostor.enrolments == []


async def test_the_hubs_refusal_is_told(store: IdentityStore, hub: WireHub) -> None:
    with pytest.raises(EnrolmentFailed, match="not known: make a new one"):
        await enrol_with(store, hub, code=claim_code(b"x" * 20, hub.authority.fingerprint))
    with pytest.raises(NotEnrolled, match="roster devices claim"):
        store.load()


@pytest.mark.parametrize(
    ("address", "says"),
    [("127.0.0.1:1", "can't be reached"), ("hub", "is no address"), (":50053", "is no address")],
)
async def test_a_wrong_address_is_told(store: IdentityStore, hub: WireHub, address: str, says: str) -> None:
    with pytest.raises(EnrolmentFailed, match=says):
        await enrol_with(store, hub, address=address)


async def test_a_port_without_tls_is_told(store: IdentityStore, hub: WireHub) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.write(b"220 smtp ready\r\n"), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(EnrolmentFailed, match="does not speak TLS"):
        await enrol_with(store, hub, address=f"127.0.0.1:{port}")
    server.close()


KILLED = """
import sys
from pathlib import Path
from edge_agent.uplink.enrolment import enrol
from edge_agent.uplink.identity import IdentityStore
enrol(IdentityStore(Path(sys.argv[1])), hub=sys.argv[2], code=sys.argv[3], agent_version="1.0")
"""


@pytest.mark.parametrize(
    "point",
    ["enrol.after_key", "enrol.before_request", "enrol.after_answer", "enrol.before_write", "enrol.after_write"],
)
async def test_killed_on_the_way_the_same_command_goes_on(hub: WireHub, tmp_path: Path, point: str) -> None:
    folder = tmp_path / "identity"
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED, str(folder), hub.address("enrolment"), hub.code],
        env={**os.environ, "ROSTER_FAIL_POINT": point, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    await enrol_with(IdentityStore(folder), hub)
    assert IdentityStore(folder).load().device_id == str(hub.device_id)
    first, *others = (x509.load_pem_x509_csr(request.csr_pem.encode()).public_key() for request in hub.enrolments)
    assert all(key == first for key in others)


async def test_a_certificate_for_another_key_leaves_the_former_in_force(
    store: IdentityStore, hub: WireHub, tmp_path: Path
) -> None:
    former = hub.identity(store)
    other = hub.identity(IdentityStore(tmp_path / "other"))
    with pytest.raises(IdentityUnusable, match="another key"):
        store.take(other)
    assert store.load() == former


async def test_a_certificate_of_another_ca_is_refused(store: IdentityStore, hub: WireHub, tmp_path: Path) -> None:
    impostor = WireHub(Authority.open(tmp_path / "impostor", "college.test"), ports=hub.ports)
    former = hub.identity(store)
    wrong = replace(impostor.identity(IdentityStore(tmp_path / "identity")), ca_bundle_pem=former.ca_bundle_pem)
    with pytest.raises(IdentityUnusable):
        store.take(wrong)


async def test_an_expired_certificate_is_refused_at_the_swap(store: IdentityStore, hub: WireHub) -> None:
    identity = hub.identity(store)
    with pytest.raises(IdentityUnusable, match="expired"):
        store.take(identity, now=datetime.now(UTC) + timedelta(days=91))


async def test_an_expired_certificate_is_renewed_by_the_keys_proof(store: IdentityStore, hub: WireHub) -> None:
    hub.certificate_age = timedelta(days=150)
    expired = hub.identity(store)
    renewed = await asyncio.to_thread(renew_expired, store, expired, now=datetime.now(UTC))
    assert renewed.certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=80)
    assert store.load() == renewed


async def test_the_proof_is_what_the_hub_verifies(store: IdentityStore, hub: WireHub) -> None:
    identity = hub.identity(store)
    request = renewal_request(store, identity, now=datetime(2026, 11, 24, 1, 2, 3, 999, tzinfo=UTC))
    der = identity.certificate.public_bytes(serialization.Encoding.DER)
    csr = x509.load_pem_x509_csr(request.csr_pem.encode()).public_bytes(serialization.Encoding.DER)
    message = renewal_message(der, csr, request.signed_time.ToDatetime(UTC))
    store.key().public_key().verify(request.signature, message, ec.ECDSA(hashes.SHA256()))


async def test_renewal_is_spread_from_two_thirds_of_the_life_on(store: IdentityStore, hub: WireHub) -> None:
    identity = hub.identity(store)
    begin, end = identity.certificate.not_valid_before_utc, identity.certificate.not_valid_after_utc
    assert renew_at(identity, 0.0) == begin + (end - begin) * 2 / 3
    assert renew_at(identity, 0.0) < renew_at(identity, 0.5) < renew_at(identity, 1.0) < end


def test_a_key_that_others_can_read_is_refused(store: IdentityStore, tmp_path: Path) -> None:
    store.key()
    (tmp_path / "identity" / "key.pem").chmod(0o644)
    with pytest.raises(IdentityUnusable, match="can be read by others"):
        store.key()


def test_a_damaged_identity_says_what_to_do(store: IdentityStore, tmp_path: Path) -> None:
    store.key()
    (tmp_path / "identity" / "identity.json").write_text("{}")
    with pytest.raises(IdentityUnusable, match="enrol again"):
        store.load()
