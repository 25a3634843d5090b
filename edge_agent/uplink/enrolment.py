"""Getting a certificate: with a claim code at first, with the key's proof when it has expired."""

import base64
import hashlib
import platform
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import grpc
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from edge_agent import fail_points
from edge_agent.uplink import messages
from edge_agent.uplink.identity import Identity, IdentityStore
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.devices.v1 import devices_pb2_grpc as pb_grpc

_TIMEOUT_S = 20.0
_SECRET_BYTES = 20
_FINGERPRINT_BYTES = 32
_LOOPBACK = {"localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0", "::", "[::]"}  # noqa: S104 (compared, not bound)


class EnrolmentFailed(Exception):
    """The device was not enrolled; the message says why and what to do. Repeating is harmless."""


@dataclass(frozen=True, slots=True)
class ClaimCode:
    """What an admin hands over: a secret, and by which CA to know the hub."""

    secret: str
    ca_fingerprint: bytes

    @classmethod
    def parse(cls, text: str) -> "ClaimCode":
        """Read "SR1.<secret>.<fingerprint>", in any case and with stray blanks.

        Raises:
            EnrolmentFailed: it is no claim code, or not whole.
        """
        parts = "".join(text.split()).upper().split(".")
        if parts[0] != "SR1":
            raise EnrolmentFailed(
                'This is no claim code: it begins with "SR1.". Copy it whole from roster devices claim.'
            )
        try:
            _, secret, fingerprint = parts
            _from_base32(secret, _SECRET_BYTES)
            digest = _from_base32(fingerprint, _FINGERPRINT_BYTES)
        except ValueError:  # binascii.Error is one
            raise EnrolmentFailed("The claim code is not whole: copy all of it, or scan its QR code.") from None
        return cls(secret, digest)


def _from_base32(text: str, length: int) -> bytes:
    data = base64.b32decode(text + "=" * (-len(text) % 8))
    if len(data) != length:
        raise ValueError(f"{len(data)} bytes instead of {length}")
    return data


def enrol(store: IdentityStore, *, hub: str, code: str, agent_version: str) -> Identity:
    """Exchange a claim code for an identity and put it in force. May be repeated whenever it was cut off.

    Args:
        store: where key and certificate are kept.
        hub: host:port of the hub's enrolment port.
        code: as the admin got it.
        agent_version: told to the hub.

    Raises:
        EnrolmentFailed: the code or the hub is wrong, or the hub refuses.
        IdentityUnusable: what the hub gave, or the key on disk, can't be used.
    """
    claim = ClaimCode.parse(code)
    csr_pem = store.csr_pem()
    root_pem = pinned_root(hub, claim.ca_fingerprint)
    request = pb.EnrolRequest(
        claim_secret=claim.secret,
        csr_pem=csr_pem,
        hardware_serial=_machine_file("serial-number") or socket.gethostname(),
        model=_machine_file("model") or platform.machine(),
        agent_version=agent_version,
    )
    with grpc.secure_channel(hub, grpc.ssl_channel_credentials(root_pem)) as channel:
        fail_points.reach("enrol.before_request")
        stub = pb_grpc.EnrolmentServiceStub(channel)
        answer = _ask(stub.Enrol, request, hub)
        fail_points.reach("enrol.after_answer")
    identity = _identity(answer, enrolment_address=hub)
    store.take(identity)
    return identity


def renew_expired(store: IdentityStore, identity: Identity, *, now: datetime) -> Identity:
    """Get a new certificate for an expired one by signing with its key.

    Raises:
        EnrolmentFailed: the hub can't be reached or refuses.
        IdentityUnusable: what the hub gave can't be used.
    """
    request = renewal_request(store, identity, now=now)
    credentials = grpc.ssl_channel_credentials(identity.ca_bundle_pem.encode())
    with grpc.secure_channel(identity.enrolment_address, credentials) as channel:
        stub = pb_grpc.EnrolmentServiceStub(channel)
        answer = _ask(stub.RenewExpired, request, identity.enrolment_address)
    renewed = _identity(answer, enrolment_address=identity.enrolment_address)
    store.take(renewed)
    return renewed


def renewal_request(store: IdentityStore, identity: Identity, *, now: datetime) -> pb.RenewExpiredRequest:
    """Signed as `RenewExpiredRequest.signature` says."""
    csr_pem = store.csr_pem()
    signed_time = now.replace(microsecond=0)
    certificate = identity.certificate.public_bytes(serialization.Encoding.DER)
    csr = x509.load_pem_x509_csr(csr_pem.encode()).public_bytes(serialization.Encoding.DER)
    text = (
        f"smartroster renew\n{hashlib.sha256(certificate).hexdigest()}\n{hashlib.sha256(csr).hexdigest()}\n"
        f"{signed_time:%Y-%m-%dT%H:%M:%SZ}"
    )
    return pb.RenewExpiredRequest(
        certificate_pem=identity.certificate_pem,
        csr_pem=csr_pem,
        signed_time=messages.timestamp(signed_time),
        signature=store.key().sign(text.encode(), ec.ECDSA(hashes.SHA256())),
    )


def renewed_identity(answer: pb.EnrolResponse, former: Identity) -> Identity:
    return _identity(answer, enrolment_address=former.enrolment_address)


def _identity(answer: pb.EnrolResponse, *, enrolment_address: str) -> Identity:
    host, _, _ = enrolment_address.rpartition(":")
    device_host, _, port = answer.device_address.rpartition(":")
    # A hub that knows itself only as localhost is where it was found.
    if device_host in _LOOPBACK or not device_host:
        device_host = host
    return Identity(
        device_id=answer.device_id,
        certificate_pem=answer.certificate_pem,
        chain_pem=answer.chain_pem,
        ca_bundle_pem=answer.ca_bundle_pem,
        device_address=f"{device_host}:{port}",
        enrolment_address=enrolment_address,
    )


def _ask(call: Callable[..., pb.EnrolResponse], request: object, hub: str) -> pb.EnrolResponse:
    try:
        return call(request, timeout=_TIMEOUT_S)
    except grpc.RpcError as error:
        if error.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}:
            raise EnrolmentFailed(
                f"{hub} does not answer ({error.details()}): look at the address and the network, and try again. "
                "If it says that the name does not match, add the name to public_names in the hub's settings."
            ) from error
        raise EnrolmentFailed(error.details() or f"The hub refused: {error.code().name}") from error


def pinned_root(hub: str, ca_fingerprint: bytes) -> bytes:
    """The hub's root certificate as PEM, taken from its handshake: nothing is sent before it is known to be the one.

    Raises:
        EnrolmentFailed: no TLS there, or another hub.
    """
    chain = _presented_chain(hub)
    root = next((cert for cert in chain if cert.fingerprint(hashes.SHA256()) == ca_fingerprint), None)
    if root is None:
        raise EnrolmentFailed(
            f"{hub} is not the hub that made this claim code (its CA is another): nothing was sent. "
            "Look at the address; if it is right, somebody may be in between: tell the hub's admin."
        )
    signed = chain[0]
    try:
        for issuer in chain[1:]:
            signed.verify_directly_issued_by(issuer)
            signed = issuer
    except (ValueError, TypeError, InvalidSignature):
        signed = chain[0]
    if signed != root:
        raise EnrolmentFailed(f"{hub} shows the hub's CA, but its certificate is not of it: tell the hub's admin.")
    return root.public_bytes(serialization.Encoding.PEM)


def _presented_chain(hub: str) -> list[x509.Certificate]:
    host, _, port = hub.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdecimal():
        raise EnrolmentFailed(f'"{hub}" is no address: give HOST:PORT of the hub\'s enrolment port, such as hub:50053.')
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_alpn_protos([b"h2"])
    try:
        with socket.create_connection((host, int(port)), timeout=_TIMEOUT_S) as plain:
            plain.settimeout(None)  # pyOpenSSL wants a blocking socket
            _set_kernel_timeout(plain)
            connection = SSL.Connection(context, plain)
            connection.set_tlsext_host_name(host.encode())
            connection.set_connect_state()
            connection.do_handshake()
            return connection.get_peer_cert_chain(as_cryptography=True) or []
    except (OSError, OverflowError) as error:
        raise EnrolmentFailed(f"{hub} can't be reached ({error}): look at the address and the network.") from error
    except SSL.Error as error:
        raise EnrolmentFailed(
            f"{hub} does not speak TLS: give the enrolment port (50053 unless the hub was set otherwise)."
        ) from error


def _set_kernel_timeout(plain: socket.socket) -> None:
    """A peer that says nothing ends the handshake: blocking reads and writes give up after the timeout."""
    timeval = int(_TIMEOUT_S).to_bytes(8, "little") + bytes(8)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)


def _machine_file(name: str) -> str:
    """A text that a Pi's firmware tells about itself; empty elsewhere."""
    try:
        return (Path("/proc/device-tree") / name).read_text(encoding="ascii").strip("\0\n ")[:128]
    except (OSError, UnicodeDecodeError):
        return ""
