"""Calls to the hub's API port. A request finds its RPC by its type: `hub.call(CreateRoomRequest(…), Room)`."""

import time
from collections.abc import Iterator
from typing import Any, TypeVar
from uuid import UUID

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import DecodeError, Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from grpc_status.rpc_status import from_call
from uuid6 import uuid7

from provisioning.errors import HubRefused, HubUnreachable, RosterError, SignInNeeded, Violation
from provisioning.profile import Profile, ProfileStore, utc_now
from provisioning.trust import split_address
from smartroster.users.v1 import users_pb2

Answer = TypeVar("Answer", bound=Message)

CALL_SECONDS = 30.0
_RETRY_SECONDS = 0.5
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024  # five photos of 8 MiB fit
_PAGE_SIZE = 400


def new_request_id() -> str:
    """Names a creation, so that the hub answers a repeated one the same."""
    return str(uuid7())


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class HubClient:
    """A signed-in connection to one hub, or one that is not signed in yet when `profile` has no tokens.

    Args:
        profile: where and who.
        store: where renewed tokens are kept.
        patience_seconds: how long calls that are safe to repeat (reads, and creations with a request id) are repeated
            while the hub is out of reach.
    """

    def __init__(self, profile: Profile, store: ProfileStore, *, patience_seconds: float = 3.0) -> None:
        self.profile = profile
        self._store = store
        self._patience = patience_seconds
        self._channel = _open_channel(profile)

    def close(self) -> None:
        self._channel.close()

    def call(self, request: Message, answer: type[Answer]) -> Answer:
        """The hub's answer.

        Raises:
            HubRefused: the hub says no, and why.
            HubUnreachable: it cannot be reached.
            SignInNeeded: the sign-in has ended.
        """
        method = _method_of(request)
        give_up_time = time.monotonic() + (self._patience if _is_repeatable(method, request) else 0)
        while True:
            try:
                return self._call_once(method, request, answer)
            except grpc.RpcError as error:
                if _code(error) is not grpc.StatusCode.UNAVAILABLE or time.monotonic() > give_up_time:
                    raise _explained(error, self.profile.address) from error
                time.sleep(_RETRY_SECONDS)

    def items(self, request: Any, answer: type[Answer]) -> Iterator[Any]:  # noqa: ANN401 (each list has its own messages)
        """Every item of a list, page after page."""
        listed = next(field.name for field in answer.DESCRIPTOR.fields if field.message_type and field.is_repeated)
        request.page_size = request.page_size or _PAGE_SIZE
        while True:
            page: Any = self.call(request, answer)
            yield from getattr(page, listed)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def stream(self, request: Message, answer: type[Answer]) -> Iterator[Answer]:
        """Answers as they come, until the hub ends the stream or goes away."""
        method = _method_of(request)
        rpc = self._channel.unary_stream(
            _path(method), request_serializer=type(request).SerializeToString, response_deserializer=answer.FromString
        )
        try:
            yield from rpc(request, metadata=self._metadata(method))
        except grpc.RpcError as error:
            raise _explained(error, self.profile.address) from error

    def sign_in(self, *, email: str, password: str, client_name: str, totp_code: str = "") -> None:
        """Exchange the password for tokens and keep them in the profile."""
        tokens = self.call(
            users_pb2.SignInRequest(email=email, password=password, client_name=client_name, totp_code=totp_code),
            users_pb2.SignInResponse,
        )
        with self._store.locked():
            self._keep(tokens, email)

    def _call_once(self, method: MethodDescriptor, request: Message, answer: type[Answer]) -> Answer:
        rpc = self._channel.unary_unary(
            _path(method), request_serializer=type(request).SerializeToString, response_deserializer=answer.FromString
        )
        answered: Answer = rpc(request, metadata=self._metadata(method), timeout=CALL_SECONDS)
        return answered

    def _metadata(self, method: MethodDescriptor) -> tuple[tuple[str, str | bytes], ...]:
        if method.full_name in _WITHOUT_TOKEN:
            return ()
        if not self.profile.is_fresh(utc_now()):
            self._refresh()
        return (("authorization", f"Bearer {self.profile.access_token}"),)

    def _refresh(self) -> None:
        with self._store.locked():
            self.profile = self._store.load()
            if self.profile.is_fresh(utc_now()):  # another `roster` has just done it
                return
            try:
                tokens = self.call(
                    users_pb2.RefreshTokenRequest(refresh_token=self.profile.refresh_token), users_pb2.SignInResponse
                )
            except HubRefused as refusal:
                raise SignInNeeded(
                    f"Your sign-in has ended ({refusal.message}) "
                    f"Sign in again: roster login {self.profile.address} --email {self.profile.email}"
                ) from refusal
            self._keep(tokens, self.profile.email)

    def _keep(self, tokens: users_pb2.SignInResponse, email: str) -> None:
        self.profile = self.profile.model_copy(
            update={
                "email": email,
                "access_token": tokens.access_token,
                "access_token_expire_time": tokens.access_token_expire_time.ToDatetime(tzinfo=utc_now().tzinfo),
                "refresh_token": tokens.refresh_token,
            }
        )
        self._store.save(self.profile)


_AUTH = "smartroster.users.v1.AuthService"
_WITHOUT_TOKEN = {
    f"{_AUTH}.{name}"
    for name in (
        "SignIn",
        "RefreshToken",
        "SignOut",
        "SetPassword",
        "RequestPasswordReset",
        "RequestEmailVerification",
        "VerifyEmail",
    )
}


def _open_channel(profile: Profile) -> grpc.Channel:
    host, _ = split_address(profile.address)
    options = [
        ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
        ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
        ("grpc.initial_reconnect_backoff_ms", 200),
        ("grpc.max_reconnect_backoff_ms", 2000),
    ]
    if profile.ca_pem:
        credentials = grpc.ssl_channel_credentials(root_certificates=profile.ca_pem.encode())
        return grpc.secure_channel(profile.address, credentials, options=options)
    if host not in {"localhost", "127.0.0.1", "::1"}:
        raise HubUnreachable(f"Without TLS only a hub on this computer is called, and {host} is not this computer.")
    return grpc.insecure_channel(profile.address, options=options)


def _method_of(request: Message) -> MethodDescriptor:
    """The RPC that takes this message: each has its own request type (AIP-131 and following), a lint rule of buf."""
    services: Any = request.DESCRIPTOR.file.services_by_name.values()  # typed as of two runtimes at once
    for service in services:
        method: MethodDescriptor
        for method in service.methods:
            if method.input_type == request.DESCRIPTOR:
                return method
    raise TypeError(f"{request.DESCRIPTOR.full_name} is the request of no RPC")


def _path(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def _is_repeatable(method: MethodDescriptor, request: Message) -> bool:
    return method.name.startswith(("Get", "List")) or bool(getattr(request, "request_id", ""))


def _code(error: grpc.RpcError) -> grpc.StatusCode:
    return error.code() if isinstance(error, grpc.Call) else grpc.StatusCode.UNKNOWN


def _explained(error: grpc.RpcError, address: str) -> RosterError:
    if not isinstance(error, grpc.Call):
        return HubUnreachable(f"The call to {address} failed: {error}")
    code, message = error.code(), error.details() or ""
    try:
        status = from_call(error)
    except (ValueError, DecodeError):
        status = None
    info, bad = ErrorInfo(), BadRequest()
    for detail in status.details if status else ():
        detail.Unpack(info) or detail.Unpack(bad)
    if code is grpc.StatusCode.UNAVAILABLE and not info.reason:
        return HubUnreachable(
            f"Cannot reach the hub at {address}: is it running, and is it still the one you signed in to? ({message})"
        )
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return HubUnreachable(f"The hub at {address} did not answer within {CALL_SECONDS:.0f} s: try again.")
    if code is grpc.StatusCode.UNIMPLEMENTED:
        message = f"The hub at {address} does not know this call: is it older than this `roster`? ({message})"
    return HubRefused(
        message,
        code=code.name,
        reason=info.reason,
        violations=[Violation(one.field, one.description) for one in bad.field_violations],
        metadata=info.metadata,
    )
