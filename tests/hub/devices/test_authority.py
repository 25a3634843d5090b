import hashlib
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.verification import PolicyBuilder, Store

from hub.devices.authority import Authority
from hub.secret_files import SecretsUnusable
from tests.factories.devices import Key

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_the_same_authority_comes_back_after_a_restart(authority: Authority, secrets_dir: Path) -> None:
    again = Authority.open(secrets_dir, authority.site)
    assert again.fingerprint == authority.fingerprint
    assert again.ca_bundle_pem == authority.ca_bundle_pem


def test_only_the_owner_can_read_keys(authority: Authority, secrets_dir: Path) -> None:
    keys = list(secrets_dir.rglob("*.key"))
    assert len(keys) == 2
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    assert authority.site not in (secrets_dir / "ca/0001/issuing.key").read_text()


def test_a_key_that_others_can_read_is_refused(authority: Authority, secrets_dir: Path) -> None:
    (secrets_dir / "ca/0001/issuing.key").chmod(0o644)
    with pytest.raises(SecretsUnusable, match="chmod 600"):
        Authority.open(secrets_dir, authority.site)


def test_a_damaged_ca_is_not_silently_replaced(authority: Authority, secrets_dir: Path) -> None:
    (secrets_dir / "ca/0001/root.pem").write_text("nonsense")
    with pytest.raises(SecretsUnusable, match="restore"):
        Authority.open(secrets_dir, authority.site)


def test_device_certificate_has_one_uri_name_and_90_days(authority: Authority) -> None:
    device_id = uuid4()
    issued = authority.issue_device_certificate(Key().private.public_key(), device_id, now=NOW)
    certificate = x509.load_pem_x509_certificate(issued.pem.encode())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [x509.UniformResourceIdentifier(f"spiffe://college.example/device/{device_id}")]
    assert issued.expire_time - NOW == timedelta(days=90)
    assert authority.has_issued(certificate)


def test_another_site_s_certificate_is_not_ours(authority: Authority, tmp_path: Path) -> None:
    other = Authority.open(tmp_path / "other", authority.site)
    issued = other.issue_device_certificate(Key().private.public_key(), uuid4(), now=NOW)
    assert not authority.has_issued(x509.load_pem_x509_certificate(issued.pem.encode()))


def test_server_chain_verifies_and_holds_the_pinned_root(authority: Authority) -> None:
    chain = x509.load_pem_x509_certificates(
        authority.server_credentials(["hub.college.example"], now=NOW).certificate_chain_pem
    )
    pinned = [
        c for c in chain if hashlib.sha256(c.public_bytes(serialization.Encoding.DER)).digest() == authority.fingerprint
    ]
    verifier = PolicyBuilder().store(Store(pinned)).time(NOW + timedelta(days=1))
    for name in ("localhost", "hub.college.example"):
        assert verifier.build_server_verifier(x509.DNSName(name)).verify(chain[0], chain[1:2])


def test_two_cas_overlap(authority: Authority) -> None:
    before = authority.issue_device_certificate(Key().private.public_key(), uuid4(), now=NOW)
    both = authority.with_next_generation(now=NOW)
    after = both.issue_device_certificate(Key().private.public_key(), uuid4(), now=NOW)
    assert both.ca_bundle_pem.count("BEGIN CERTIFICATE") == 2
    assert authority.ca_bundle_pem in both.ca_bundle_pem
    for issued in (before, after):
        assert both.has_issued(x509.load_pem_x509_certificate(issued.pem.encode()))
    assert not authority.has_issued(x509.load_pem_x509_certificate(after.pem.encode()))
    # Devices pin and trust the former root until all have the bundle.
    assert both.fingerprint == authority.fingerprint
