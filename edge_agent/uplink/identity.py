"""Who this device is to the hub: one P-256 key made once, and the certificate that the hub gave for it."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import grpc
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from edge_agent import fail_points
from edge_agent.files import write_whole

_NO_OTHERS = 0o077


class IdentityUnusable(Exception):
    """The device's key or certificate can't be used; the message says what to do."""


class NotEnrolled(IdentityUnusable):
    pass


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and where it is good. PEM texts; addresses are host:port."""

    device_id: str
    certificate_pem: str
    chain_pem: str
    ca_bundle_pem: str
    device_address: str
    enrolment_address: str

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate_pem.encode())

    def renew_from(self) -> datetime:
        """Two thirds of the certificate's life."""
        certificate = self.certificate
        life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        return certificate.not_valid_before_utc + life * 2 / 3


class IdentityStore:
    """Key and certificate in `folder`. Each file is whole or not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key_file = folder / "key.pem"
        self._file = folder / "identity.json"

    def key(self) -> ec.EllipticCurvePrivateKey:
        """The device's key; made once, and kept whatever happens to an enrolment.

        Raises:
            IdentityUnusable: it is damaged, or others can read it.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._key_file.exists():
            key = ec.generate_private_key(ec.SECP256R1())
            write_whole(self._key_file, _key_pem(key))
            fail_points.reach("enrol.after_key")
            return key
        if self._key_file.stat().st_mode & _NO_OTHERS:
            raise IdentityUnusable(
                f"{self._key_file} can be read by others: delete it and enrol with a new claim code."
            )
        try:
            loaded = serialization.load_pem_private_key(self._key_file.read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise IdentityUnusable(
                f"{self._key_file} can't be used ({error}): delete it and enrol with a new claim code."
            ) from error
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise IdentityUnusable(f"{self._key_file} is no P-256 key: delete it and enrol with a new claim code.")
        return loaded

    def key_pem(self) -> bytes:
        return _key_pem(self.key())

    def csr_pem(self) -> str:
        """A signing request for the device's key; the hub takes nothing but the key from it."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "room device")])
        request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(self.key(), hashes.SHA256())
        return request.public_bytes(serialization.Encoding.PEM).decode()

    def load(self) -> Identity:
        """The identity.

        Raises:
            NotEnrolled: there is none yet.
            IdentityUnusable: it is damaged.
        """
        try:
            identity = Identity(**json.loads(self._file.read_bytes()))
            _ = identity.certificate, UUID(identity.device_id)
        except FileNotFoundError:
            raise NotEnrolled(
                "This device is not enrolled: have an admin claim it (roster devices claim --room …) and run "
                "roster-agent enrol --hub HOST:PORT --code CODE."
            ) from None
        except (OSError, ValueError, TypeError) as error:
            raise IdentityUnusable(
                f"{self._file} can't be used ({error}): enrol again with a new claim code; nothing that waits is lost."
            ) from error
        return identity

    def take(self, identity: Identity, *, now: datetime | None = None) -> None:
        """Put an identity in force, after checking that it is good.

        Raises:
            IdentityUnusable: the certificate is not for this key and device, or not of a CA that is to be trusted.
        """
        check(identity, self.key(), now=now)
        fail_points.reach("enrol.before_write")
        write_whole(self._file, json.dumps(asdict(identity)).encode())
        fail_points.reach("enrol.after_write")

    def trust(self, ca_bundle_pem: str) -> Identity:
        """Take another bundle of CAs; the certificate stays."""
        identity = replace(self.load(), ca_bundle_pem=ca_bundle_pem)
        _certificates(ca_bundle_pem)
        write_whole(self._file, json.dumps(asdict(identity)).encode())
        return identity

    def credentials(self, identity: Identity) -> grpc.ChannelCredentials:
        return grpc.ssl_channel_credentials(
            root_certificates=identity.ca_bundle_pem.encode(),
            private_key=self.key_pem(),
            certificate_chain=(identity.certificate_pem + identity.chain_pem).encode(),
        )


def check(identity: Identity, key: ec.EllipticCurvePrivateKey, *, now: datetime | None = None) -> None:
    """Verify what the hub gave before it replaces what is in use: key, name, chain to a trusted root, not expired.

    A start of validity in the future is taken: this clock may be late.
    """
    try:
        leaf = identity.certificate
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
        if leaf.public_key() != key.public_key():
            raise IdentityUnusable("The hub gave a certificate for another key: try again.")
        if len(names) != 1 or len(uris) != 1 or not uris[0].endswith(f"/device/{identity.device_id}"):
            raise IdentityUnusable("The hub gave a certificate with another name: tell the hub's admin.")
        signed = leaf
        for issuer in [*_certificates(identity.chain_pem), *_roots_of(identity)]:
            if issuer.subject == signed.issuer:
                signed.verify_directly_issued_by(issuer)
                signed = issuer
        if signed not in _certificates(identity.ca_bundle_pem):
            raise IdentityUnusable("The hub gave a certificate of a CA that is not its own: tell the hub's admin.")
    except (ValueError, InvalidSignature, x509.ExtensionNotFound) as error:
        raise IdentityUnusable(f"The hub gave a certificate that can't be used ({error}): try again.") from error
    if leaf.not_valid_after_utc <= (now or datetime.now(UTC)):
        raise IdentityUnusable("The hub gave a certificate that has expired: look at the clocks of hub and device.")


def _roots_of(identity: Identity) -> list[x509.Certificate]:
    return _certificates(identity.ca_bundle_pem)


def _certificates(pem: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(pem.encode())


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
