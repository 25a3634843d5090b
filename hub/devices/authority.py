"""The site's certificate authority: P-256 root and issuing CA, in files that never enter the database.

Layout of `secrets_dir`: `ca/<generation>/{root,issuing}.{key,pem}` (keys 0600). Hubs of one site share
this folder. A generation is replaced by adding the next one: from then on devices get certificates of the newest, while
the hub's own certificate stays with the oldest, until every device has fetched the bundle of both and the old
generation's folder is moved away.
"""

import functools
import hashlib
import socket
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.devices.rules import LEAF_LIFETIME
from hub.secret_files import SecretsUnusable, read_secret, write_secret

_ROOT_LIFETIME = timedelta(days=20 * 365)
_ISSUING_LIFETIME = timedelta(days=10 * 365)
_SERVER_LIFETIME = timedelta(days=2 * 365)  # made anew at each start of the hub
_BACKDATE = timedelta(hours=1)  # clocks of peers run late


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    serial: str
    pem: str
    chain_pem: str
    expire_time: datetime


@dataclass(frozen=True, slots=True)
class ServerCredentials:
    """The hub's own identity on a TLS port. The chain ends with the root, so that a device that knows only the root's
    fingerprint can find it there.
    """

    private_key_pem: bytes
    certificate_chain_pem: bytes


@dataclass(frozen=True, slots=True)
class _Generation:
    root: x509.Certificate
    issuing: x509.Certificate
    issuing_key: ec.EllipticCurvePrivateKey


class Authority:
    """Issues certificates for one site. Open it with `Authority.open`."""

    def __init__(self, secrets_dir: Path, site: str, generations: tuple[_Generation, ...]) -> None:
        self.site = site
        self._secrets_dir = secrets_dir
        self._generations = generations

    @classmethod
    def open(cls, secrets_dir: Path, site: str, *, now: datetime | None = None) -> "Authority":
        """Read the site's CAs; makes the first one in an empty folder.

        Raises:
            SecretsUnusable: a file is damaged, or readable by other users.
        """
        now = now or datetime.now(UTC)
        folder = secrets_dir / "ca"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _folders(folder):
            _make_generation(folder, "0001", site, now)
        generations = tuple(_read_generation(path) for path in _folders(folder))
        return cls(secrets_dir, site, generations)

    def with_next_generation(self, *, now: datetime | None = None) -> "Authority":
        """Add a CA beside those there are; from now on devices get certificates of it."""
        folder = self._secrets_dir / "ca"
        name = f"{int(_folders(folder)[-1].name) + 1:04}"
        _make_generation(folder, name, self.site, now or datetime.now(UTC))
        return Authority.open(self._secrets_dir, self.site)

    @property
    def ca_bundle_pem(self) -> str:
        """Every root that peers shall trust."""
        return "".join(_pem(generation.root).decode() for generation in self._generations)

    @functools.cached_property
    def ca_bundle_digest(self) -> str:
        return hashlib.sha256(self.ca_bundle_pem.encode()).hexdigest()

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the DER of the root that stands behind the hub's own certificates."""
        return self._generations[0].root.fingerprint(hashes.SHA256())

    def issue_device_certificate(
        self, public_key: ec.EllipticCurvePublicKey, device_id: UUID, *, now: datetime
    ) -> IssuedCertificate:
        """A client certificate whose only name is "spiffe://<site>/device/<device_id>"."""
        generation = self._generations[-1]
        certificate = (
            _leaf(generation, public_key, f"device {device_id}", now, LEAF_LIFETIME)
            .add_extension(
                x509.SubjectAlternativeName(
                    [x509.UniformResourceIdentifier(f"spiffe://{self.site}/device/{device_id}")]
                ),
                critical=False,
            )
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .sign(generation.issuing_key, hashes.SHA256())
        )
        return IssuedCertificate(
            serial=f"{certificate.serial_number:x}",
            pem=_pem(certificate).decode(),
            chain_pem=_pem(generation.issuing).decode(),
            expire_time=certificate.not_valid_after_utc,
        )

    def has_issued(self, certificate: x509.Certificate) -> bool:
        """Whether one of the site's CAs signed it (its time is not looked at)."""
        for generation in self._generations:
            try:
                certificate.verify_directly_issued_by(generation.issuing)
            except (ValueError, TypeError, InvalidSignature):
                continue
            return True
        return False

    def server_credentials(self, names: Iterable[str] = (), *, now: datetime | None = None) -> ServerCredentials:
        """A server certificate for localhost, this host's name and `names` (host names or IP addresses)."""
        generation = self._generations[0]
        key = ec.generate_private_key(ec.SECP256R1())
        wanted = dict.fromkeys(["localhost", "127.0.0.1", "::1", socket.gethostname(), *names])
        certificate = (
            _leaf(generation, key.public_key(), f"hub of {self.site}"[:64], now or datetime.now(UTC), _SERVER_LIFETIME)
            .add_extension(
                x509.SubjectAlternativeName([_general_name(name) for name in wanted if name]), critical=False
            )
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(generation.issuing_key, hashes.SHA256())
        )
        chain = b"".join(map(_pem, (certificate, generation.issuing, generation.root)))
        return ServerCredentials(private_key_pem=_key_pem(key), certificate_chain_pem=chain)


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name.isdecimal())


def _make_generation(folder: Path, name: str, site: str, now: datetime) -> None:
    root_key, issuing_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _ca(f"{site} root {name}", root_key.public_key(), None, 1, now, _ROOT_LIFETIME).sign(
        root_key, hashes.SHA256()
    )
    issuing = _ca(f"{site} issuing {name}", issuing_key.public_key(), root, 0, now, _ISSUING_LIFETIME).sign(
        root_key, hashes.SHA256()
    )
    # Made beside and renamed: whoever is killed on the way leaves no half generation.
    with tempfile.TemporaryDirectory(dir=folder, prefix="new-") as scratch:
        new = Path(scratch) / name
        new.mkdir(mode=0o700)
        for file, content in (
            ("root.key", _key_pem(root_key)),
            ("root.pem", _pem(root)),
            ("issuing.key", _key_pem(issuing_key)),
            ("issuing.pem", _pem(issuing)),
        ):
            write_secret(new / file, content)
        try:
            new.rename(folder / name)
        except OSError:
            # Another hub that shares the folder was first: its generation is the one.
            if not (folder / name).is_dir():
                raise


def _read_generation(path: Path) -> _Generation:
    try:
        key = serialization.load_pem_private_key(read_secret(path / "issuing.key"), password=None)
        root, issuing = (
            x509.load_pem_x509_certificate((path / name).read_bytes()) for name in ("root.pem", "issuing.pem")
        )
    except (OSError, ValueError) as error:
        raise SecretsUnusable(
            f"{path} holds no whole CA ({error}): restore the folder from a backup. "
            "Without it every device would have to be enrolled again."
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SecretsUnusable(f"{path / 'issuing.key'} is no P-256 key: restore it from a backup.")
    return _Generation(root, issuing, key)


def _ca(
    name: str,
    public_key: ec.EllipticCurvePublicKey,
    issuer: x509.Certificate | None,
    path_length: int,
    now: datetime,
    lifetime: timedelta,
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(now + lifetime)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(_authority_key(issuer.public_key() if issuer else public_key), critical=False)
    )


def _leaf(
    generation: _Generation, public_key: ec.EllipticCurvePublicKey, name: str, now: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(generation.issuing.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(now + lifetime)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(_authority_key(generation.issuing_key.public_key()), critical=False)
    )


def _authority_key(public_key: object) -> x509.AuthorityKeyIdentifier:
    if not isinstance(public_key, ec.EllipticCurvePublicKey):
        raise TypeError("the authority's keys are P-256")
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(public_key)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
