"""Certificates of devices: issued, renewed, renewed after expiry, taken into use."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update

from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries, rules
from hub.devices.authority import Authority
from hub.devices.errors import RenewalRefused, SigningRequestInvalid
from hub.devices.models import Device, DeviceCertificate, RenewalProof
from hub.devices.rules import CertificateState
from hub.devices.service.registry import refuse_unless_active
from hub.errors import FieldViolation

_MAX_PEM = 16 * 1024
_ENROL_AGAIN = "Enrol the device again with a new claim code."


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """A checked CSR: its own signature is right and its key is P-256. Nothing else of it is used."""

    public_key: ec.EllipticCurvePublicKey
    der: bytes
    key_digest: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a device gets for a claim or a renewal."""

    device_id: UUID
    certificate_pem: str
    chain_pem: str
    ca_bundle_pem: str
    expire_time: datetime


def read_signing_request(csr_pem: str) -> SigningRequest:
    """Check a CSR.

    Raises:
        SigningRequestInvalid
    """
    if len(csr_pem) > _MAX_PEM:
        raise _bad_request("is too long: give one PEM signing request")
    try:
        request = x509.load_pem_x509_csr(csr_pem.encode())
        public_key = request.public_key()
        signed = request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        raise _bad_request("is no PEM certificate signing request") from None
    if not isinstance(public_key, ec.EllipticCurvePublicKey) or not isinstance(public_key.curve, ec.SECP256R1):
        raise _bad_request("has a key that is not P-256: make one with prime256v1")
    if not signed:
        raise _bad_request("is not signed by its own key")
    der = request.public_bytes(serialization.Encoding.DER)
    return SigningRequest(public_key, der, _digest(public_key))


async def issue(uow: UnitOfWork, authority: Authority, device: Device, request: SigningRequest) -> DeviceCertificate:
    """A new certificate beside the one in use; one that waited for its first use is replaced by it."""
    issued = authority.issue_device_certificate(request.public_key, device.id, now=uow.now)
    await uow.session.execute(
        update(DeviceCertificate)
        .where(DeviceCertificate.device_id == device.id, DeviceCertificate.state == CertificateState.ISSUED)
        .values(state=CertificateState.REPLACED)
    )
    certificate = DeviceCertificate(
        serial=issued.serial,
        device_id=device.id,
        key_digest=request.key_digest,
        pem=issued.pem,
        chain_pem=issued.chain_pem,
        state=CertificateState.ISSUED,
        issue_time=uow.now,
        expire_time=issued.expire_time,
    )
    uow.session.add(certificate)
    device.ca_bundle_digest = authority.ca_bundle_digest
    return certificate


def enrolment_of(certificate: DeviceCertificate, authority: Authority) -> Enrolment:
    return Enrolment(
        device_id=certificate.device_id,
        certificate_pem=certificate.pem,
        chain_pem=certificate.chain_pem,
        ca_bundle_pem=authority.ca_bundle_pem,
        expire_time=certificate.expire_time,
    )


async def renew_certificate(
    uow: UnitOfWork, *, authority: Authority, device_id: UUID, request: SigningRequest
) -> Enrolment:
    """A new certificate for a device that still has one in force. The same key gets the same until it is first used."""
    device = await queries.get_device(uow, device_id, lock=True)
    waiting = await uow.session.scalar(
        select(DeviceCertificate).where(
            DeviceCertificate.device_id == device_id,
            DeviceCertificate.state == CertificateState.ISSUED,
            DeviceCertificate.key_digest == request.key_digest,
            DeviceCertificate.expire_time > uow.now,
        )
    )
    if waiting is not None:
        return enrolment_of(waiting, authority)
    return await _renew(uow, authority, device, request)


async def renew_expired(
    uow: UnitOfWork,
    *,
    authority: Authority,
    certificate_pem: str,
    request: SigningRequest,
    signed_time: datetime,
    signature: bytes,
) -> Enrolment:
    """A new certificate for who proves to hold the key of the device's last one. A proof serves once.

    Raises:
        RenewalRefused: the proof does not hold.
        PermissionDenied: the device is suspended or revoked.
    """
    certificate = _read_certificate(certificate_pem)
    if not authority.has_issued(certificate):
        raise RenewalRefused(f"This certificate is not of this hub. {_ENROL_AGAIN}")
    message = rules.renewal_message(certificate.public_bytes(serialization.Encoding.DER), request.der, signed_time)
    public_key = certificate.public_key()
    if not isinstance(public_key, ec.EllipticCurvePublicKey):
        raise RenewalRefused(f"This certificate has no P-256 key. {_ENROL_AGAIN}")
    try:
        public_key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise RenewalRefused(
            "The signature does not prove possession of the certificate's key: sign with the key of the certificate "
            "that is sent, over the signing request that is sent."
        ) from None
    known = await queries.certificate_of(uow, f"{certificate.serial_number:x}")
    if known is None:
        raise RenewalRefused(f"This certificate was withdrawn. {_ENROL_AGAIN}")
    device = await queries.get_device(uow, known.device_id, lock=True)
    refuse_unless_active(device)
    if known.state is CertificateState.REPLACED:
        raise RenewalRefused(f"A newer certificate of this device is in use. {_ENROL_AGAIN}")
    digest = hashlib.sha256(message).hexdigest()
    if await uow.session.get(RenewalProof, digest) is not None:
        raise RenewalRefused("This proof has been used, and it serves once: sign a new signing request.")
    uow.session.add(RenewalProof(digest=digest, device_id=device.id, create_time=uow.now))
    return await _renew(uow, authority, device, request)


async def _renew(uow: UnitOfWork, authority: Authority, device: Device, request: SigningRequest) -> Enrolment:
    certificate = await issue(uow, authority, device, request)
    uow.audit(
        "devices.renew_certificate",
        object_type="device",
        object_id=device.id,
        after={"certificate_serial": certificate.serial, "expire_time": certificate.expire_time},
    )
    return enrolment_of(certificate, authority)


def _read_certificate(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem[:_MAX_PEM].encode())
    except ValueError:
        raise RenewalRefused(f"certificate_pem is no PEM certificate. {_ENROL_AGAIN}") from None


def _bad_request(description: str) -> SigningRequestInvalid:
    return SigningRequestInvalid(f"csr_pem {description}.", violations=[FieldViolation("csr_pem", description)])


def _digest(public_key: ec.EllipticCurvePublicKey) -> str:
    der = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()
