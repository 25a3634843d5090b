import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import select

from hub.db.audit import AuditEntry
from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.devices import errors, rules, service
from hub.devices.authority import Authority
from hub.devices.models import DeviceClaim
from hub.devices.rules import DeviceState
from hub.devices.service import claims
from hub.devices.service.certificates import read_signing_request
from hub.devices.service.registry import DeviceRegistry
from tests.factories.devices import (
    Key,
    enrol,
    events_named,
    make_claim,
    make_device,
    reload,
    secret_of,
    serial_of,
)
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


async def test_claim_secret_is_stored_nowhere(uow: UnitOfWork, authority: Authority) -> None:
    claim = await make_claim(uow, authority)
    await uow.store_records()
    secret = rules.decode_secret(secret_of(claim.code))
    row = await uow.session.get_one(DeviceClaim, claim.device.id)
    assert secret is not None
    assert row.secret_digest != secret
    for entry in await uow.session.scalars(select(AuditEntry)):
        assert secret_of(claim.code) not in str(entry.after)


async def test_enrolment_puts_the_device_into_service(uow: UnitOfWork, authority: Authority) -> None:
    claim = await make_claim(uow, authority)
    enrolment = await enrol(uow, authority, code=claim.code, key=Key())
    device = await reload(uow, claim.device.id)
    assert device.state is DeviceState.ACTIVE
    assert device.hardware_serial == "10000000abcdef01"
    assert enrolment.device_id == device.id
    assert await events_named(uow, "devices.device_enrolled") == 1


async def test_repeating_with_the_same_key_answers_the_same_until_first_use(
    uow: UnitOfWork, authority: Authority
) -> None:
    claim, key = await make_claim(uow, authority), Key()
    first = await enrol(uow, authority, code=claim.code, key=key)
    again = await enrol(uow, authority, code=claim.code, key=key)
    assert again.certificate_pem == first.certificate_pem
    await service.registry.take_into_use(uow, device_id=claim.device.id, serial=serial_of(first.certificate_pem))
    with pytest.raises(errors.ClaimCodeUsed):
        await enrol(uow, authority, code=claim.code, key=key)


async def test_a_used_code_is_refused_to_another_key(uow: UnitOfWork, authority: Authority) -> None:
    claim = await make_claim(uow, authority)
    await enrol(uow, authority, code=claim.code, key=Key())
    with pytest.raises(errors.ClaimCodeUsed):
        await enrol(uow, authority, code=claim.code, key=Key())


@pytest.mark.parametrize("code", ["SR1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.X", "SR1..", "SR1.not base32.X"])
async def test_unknown_codes_are_refused(uow: UnitOfWork, authority: Authority, code: str) -> None:
    await make_claim(uow, authority)
    with pytest.raises(errors.ClaimCodeUnknown):
        await enrol(uow, authority, code=code, key=Key())


async def test_a_code_serves_for_60_minutes(make_uow: MakeUow, authority: Authority, clock: FakeClock) -> None:
    async with make_uow() as uow:
        early, late = await make_claim(uow, authority), await make_claim(uow, authority)
    clock.advance(minutes=59, seconds=59)
    async with make_uow() as uow:
        await enrol(uow, authority, code=early.code, key=Key())
    clock.advance(seconds=1)
    async with make_uow() as uow:
        with pytest.raises(errors.ClaimCodeExpired):
            await enrol(uow, authority, code=late.code, key=Key())


async def test_a_new_code_ends_the_former_one(uow: UnitOfWork, authority: Authority) -> None:
    former = await make_claim(uow, authority)
    newer = await claims.renew_claim(uow, authority=authority, device_id=former.device.id)
    with pytest.raises(errors.ClaimCodeUnknown):
        await enrol(uow, authority, code=former.code, key=Key())
    await enrol(uow, authority, code=newer.code, key=Key())


async def test_a_lost_card_s_certificate_ends_when_the_new_card_is_used(
    database: Database, make_uow: MakeUow, authority: Authority
) -> None:
    registry = DeviceRegistry(database)
    async with make_uow() as uow:
        device = await make_device(uow, authority)
        claim = await claims.renew_claim(uow, authority=authority, device_id=device.id)
        newer = await enrol(uow, authority, code=claim.code, key=Key())
    await registry.check(device.id, device.serial)
    await registry.check(device.id, serial_of(newer.certificate_pem))
    with pytest.raises(errors.CertificateReplaced):
        await registry.check(device.id, device.serial)


async def test_many_failures_close_the_port_to_an_address_for_a_while(make_uow: MakeUow, clock: FakeClock) -> None:
    for _ in range(rules.MAX_ENROLMENT_FAILURES):
        async with make_uow() as uow:
            await claims.refuse_flood(uow, address="10.0.0.9")
            await claims.record_enrolment_failure(uow, address="10.0.0.9")
    async with make_uow() as uow:
        with pytest.raises(errors.TooManyEnrolments) as refusal:
            await claims.refuse_flood(uow, address="10.0.0.9")
        assert refusal.value.retry_after == rules.ENROLMENT_WINDOW
        await claims.refuse_flood(uow, address="10.0.0.8")
    clock.advance(minutes=10)
    async with make_uow() as uow:
        await claims.refuse_flood(uow, address="10.0.0.9")


def _rsa_csr() -> str:
    key = rsa.generate_private_key(65537, 2048)
    csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM).decode()


def _forged_csr() -> str:
    der = bytearray(x509.load_pem_x509_csr(Key().csr_pem().encode()).public_bytes(serialization.Encoding.DER))
    der[-1] ^= 1
    return x509.load_der_x509_csr(bytes(der)).public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("csr", "says"),
    [
        ("", "no PEM"),
        ("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----", "no PEM"),
        ("A" * 20_000, "too long"),
        (_rsa_csr(), "P-256"),
        (_forged_csr(), "own key"),
    ],
)
def test_bad_signing_requests_say_what_is_wrong(csr: str, says: str) -> None:
    with pytest.raises(errors.SigningRequestInvalid, match=says) as refusal:
        read_signing_request(csr)
    assert refusal.value.violations[0].field == "csr_pem"
