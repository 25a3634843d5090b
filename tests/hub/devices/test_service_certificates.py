from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.devices import errors, rules
from hub.devices.authority import Authority
from hub.devices.service import certificates, fleet
from hub.devices.service.certificates import SigningRequest, read_signing_request
from hub.devices.service.registry import DeviceRegistry
from tests.factories.devices import (
    EnrolledDevice,
    Key,
    make_device,
    serial_of,
)
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


async def test_the_former_certificate_serves_until_the_new_one_is_used(
    database: Database, make_uow: MakeUow, authority: Authority
) -> None:
    registry = DeviceRegistry(database)
    async with make_uow() as uow:
        device = await make_device(uow, authority)
        request = read_signing_request(Key().csr_pem())
        renewed = await certificates.renew_certificate(uow, authority=authority, device_id=device.id, request=request)
        again = await certificates.renew_certificate(uow, authority=authority, device_id=device.id, request=request)
        assert again.certificate_pem == renewed.certificate_pem
    await registry.check(device.id, device.serial)
    await registry.check(device.id, serial_of(renewed.certificate_pem))
    with pytest.raises(errors.CertificateReplaced):
        await registry.check(device.id, device.serial)


async def test_an_expired_certificate_is_refused(
    database: Database, make_uow: MakeUow, authority: Authority, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        device = await make_device(uow, authority)
    clock.advance(days=89, hours=23)
    await DeviceRegistry(database).check(device.id, device.serial)
    clock.advance(hours=1)
    with pytest.raises(errors.CertificateExpired):
        await DeviceRegistry(database).check(device.id, device.serial)


class Proof:
    """What a device sends to renew an expired certificate."""

    def __init__(self, device: EnrolledDevice, signed_time: datetime, signing_key: Key | None = None) -> None:
        self.certificate_pem = device.enrolment.certificate_pem
        self.request: SigningRequest = read_signing_request(Key().csr_pem())
        self.signed_time = signed_time
        certificate = x509.load_pem_x509_certificate(self.certificate_pem.encode())
        message = rules.renewal_message(
            certificate.public_bytes(serialization.Encoding.DER), self.request.der, signed_time
        )
        self.signature = (signing_key or device.key).private.sign(message, ec.ECDSA(hashes.SHA256()))


async def renew(uow: UnitOfWork, authority: Authority, proof: Proof) -> certificates.Enrolment:
    return await certificates.renew_expired(
        uow,
        authority=authority,
        certificate_pem=proof.certificate_pem,
        request=proof.request,
        signed_time=proof.signed_time,
        signature=proof.signature,
    )


async def test_possession_of_the_key_renews_an_expired_certificate_once(
    database: Database, make_uow: MakeUow, authority: Authority, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        device = await make_device(uow, authority)
    clock.advance(days=200)
    proof = Proof(device, datetime(1970, 1, 1, tzinfo=clock.now().tzinfo))  # a Pi without a clock
    async with make_uow() as uow:
        renewed = await renew(uow, authority, proof)
    async with make_uow() as uow:
        with pytest.raises(errors.RenewalRefused, match="serves once"):
            await renew(uow, authority, proof)
        # (r, n - s) is a right signature of the same message too.
        r, s = decode_dss_signature(proof.signature)
        order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
        proof.signature = encode_dss_signature(r, order - s)
        with pytest.raises(errors.RenewalRefused, match="serves once"):
            await renew(uow, authority, proof)
    await DeviceRegistry(database).check(device.id, serial_of(renewed.certificate_pem))
    async with make_uow() as uow:
        with pytest.raises(errors.RenewalRefused, match="newer"):
            await renew(uow, authority, Proof(device, clock.now()))


async def test_renewal_is_refused_without_the_key_or_from_another_ca(
    uow: UnitOfWork, authority: Authority, clock: FakeClock
) -> None:
    device = await make_device(uow, authority)
    with pytest.raises(errors.RenewalRefused, match="possession"):
        await renew(uow, authority, Proof(device, clock.now(), signing_key=Key()))
    other = Authority.open(authority._secrets_dir.parent / "other", authority.site, now=clock.now())
    stranger = await make_device(uow, other)
    with pytest.raises(errors.RenewalRefused, match="not of this hub"):
        await renew(uow, authority, Proof(stranger, clock.now()))
    broken = Proof(device, clock.now())
    broken.certificate_pem = "nonsense"
    with pytest.raises(errors.RenewalRefused, match="no PEM"):
        await renew(uow, authority, broken)


async def test_renewal_is_refused_to_a_suspended_device(
    uow: UnitOfWork, authority: Authority, clock: FakeClock
) -> None:
    device = await make_device(uow, authority)
    await fleet.suspend_devices(uow, device_ids=[device.id], reason="")
    with pytest.raises(errors.DeviceSuspended):
        await renew(uow, authority, Proof(device, clock.now()))
