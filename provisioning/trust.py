"""Which authority stands behind a hub, before there is any trust: seen once, shown to the person, then pinned."""

import socket

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL

from provisioning.errors import HubNotTrusted, HubUnreachable

_CONNECT_SECONDS = 10.0


def split_address(address: str) -> tuple[str, int]:
    """Host and port of "host:port" or "[v6]:port".

    Raises:
        HubUnreachable: it is neither.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:  # noqa: PLR2004 (ports end there)
        raise HubUnreachable(f'"{address}" is no address of a hub: give HOST:PORT, such as hub.example:50051.')
    return host.strip("[]"), int(port)


def fetch_authority(address: str) -> x509.Certificate:
    """The root certificate at the end of the chain that the hub shows. Nothing is verified but that it signed itself.

    Raises:
        HubUnreachable: nobody listens there, or it is not TLS.
        HubNotTrusted: the hub shows no self-signed root.
    """
    host, port = split_address(address)
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_verify(SSL.VERIFY_NONE)  # the fingerprint is what is verified, by a person or by what they typed
    context.set_alpn_protos([b"h2"])
    try:
        with socket.create_connection((host, port), timeout=_CONNECT_SECONDS) as plain:
            plain.settimeout(None)
            connection = SSL.Connection(context, plain)
            connection.set_tlsext_host_name(host.encode("idna"))
            connection.set_connect_state()
            connection.do_handshake()
            chain = connection.get_peer_cert_chain(as_cryptography=True) or []
            connection.close()
    except OSError as error:
        raise HubUnreachable(f"Cannot reach {address}: {error.strerror or error}. Is the hub running there?") from error
    except SSL.Error as error:
        raise HubUnreachable(f"{address} does not speak TLS: is this the hub's API port?") from error
    roots = [certificate for certificate in chain if certificate.subject == certificate.issuer]
    if not roots:
        raise HubNotTrusted(f"{address} shows no authority of its own: give its certificate with --ca FILE.")
    return roots[-1]


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER, in pairs of hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def same_fingerprint(given: str, certificate: x509.Certificate) -> bool:
    """Whether what a person typed (any case, with or without colons and blanks) is the certificate's fingerprint."""
    return "".join(given.split()).replace(":", "").upper() == fingerprint(certificate).replace(":", "")


def to_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
