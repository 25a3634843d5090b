"""Who calls: bearer tokens on the API port and the HTTP door, device certificates on the device port."""

import asyncio
import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from cryptography import x509

from hub.db.principal import Principal
from hub.db.together import LONGEST_LOOK_UP_SECONDS
from hub.errors import Unauthenticated, Unavailable
from hub.rpc.permissions import Scope


class TokenMissing(Unauthenticated):
    pass


class CertificateRefused(Unauthenticated):
    pass


class Authenticator(Protocol):
    """Implemented by the users domain; asked on every call, so a disabled user's next call is refused."""

    async def authenticate_token(self, token: str) -> Principal:
        """The user of this access token.

        Raises:
            Unauthenticated: the token is malformed, expired, forged, or its session or user was ended.
        """


class DeviceRegistry(Protocol):
    """Implemented by the devices domain; asked on every call and, for open streams, every 2 s."""

    async def check(self, device_id: UUID, certificate_serial: str) -> Principal:
        """The device, if it may act now. `certificate_serial` is lowercase hexadecimal without prefix.

        Raises:
            Unauthenticated: unknown device, or not its current certificate.
            PermissionDenied: the device is suspended or revoked.
        """


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the peer showed: a bearer token, a verified client certificate (PEM), or neither."""

    token: str | None = None
    certificate_pem: bytes | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateIdentity:
    device_id: UUID
    serial: str


_principal: ContextVar[Principal] = ContextVar("principal")
_scope: ContextVar[Scope] = ContextVar("scope")


def current_principal() -> Principal:
    """Who calls the RPC that is being answered. LookupError outside of one."""
    return _principal.get()


def current_scope() -> Scope:
    """How far the call that is being answered sees. LookupError outside of one."""
    return _scope.get()


def act_as(scope: Scope) -> None:
    """Set caller and scope for the rest of this task."""
    _principal.set(scope.principal)
    _scope.set(scope)


@lru_cache(maxsize=1024)
def certificate_identity(certificate_pem: bytes, site: str) -> CertificateIdentity:
    """The device that a verified client certificate names.

    Raises:
        CertificateRefused: not exactly one URI name, or it is not "spiffe://<site>/device/<uuid>".
    """
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    except x509.ExtensionNotFound:
        uris = []
    if len(uris) != 1:
        raise CertificateRefused(
            f"A device certificate has exactly one URI name and this one has {len(uris)}: enrol the device again."
        )
    match = re.fullmatch(rf"spiffe://{re.escape(site)}/device/([0-9a-f-]{{36}})", uris[0])
    try:
        device_id = UUID(match.group(1)) if match else None
    except ValueError:
        device_id = None
    if device_id is None:
        raise CertificateRefused("This certificate names no device of this site: enrol the device at this hub.")
    return CertificateIdentity(device_id, f"{certificate.serial_number:x}")


class UserGate:
    """Lets users in by bearer token; without a token the caller is anonymous."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator

    async def principal(self, credentials: Credentials) -> Principal:
        if credentials.token is None:
            return Principal("anonymous", address=credentials.address)
        principal = await self._authenticator.authenticate_token(credentials.token)
        return _from_address(principal, credentials)


class DeviceGate:
    """Lets devices in by certificate, asking the registry each time; without one the caller is anonymous."""

    def __init__(self, registry: DeviceRegistry, site: str) -> None:
        self._registry = registry
        self._site = site

    async def principal(self, credentials: Credentials) -> Principal:
        if credentials.certificate_pem is None:
            return Principal("anonymous", address=credentials.address)
        identity = certificate_identity(credentials.certificate_pem, self._site)
        try:
            async with asyncio.timeout(LONGEST_LOOK_UP_SECONDS):
                principal = await self._registry.check(identity.device_id, identity.serial)
        except TimeoutError:
            raise Unavailable("The hub could not find out who calls: try again in a moment.") from None
        return _from_address(principal, credentials)


class OpenGate:
    """Lets anyone in as anonymous: the enrolment port, where the claim code is the proof."""

    async def principal(self, credentials: Credentials) -> Principal:
        return Principal("anonymous", address=credentials.address)


Gate = UserGate | DeviceGate | OpenGate


def _from_address(principal: Principal, credentials: Credentials) -> Principal:
    return Principal(principal.kind, principal.id, principal.roles, credentials.address, principal.session_id)
