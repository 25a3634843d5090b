"""How an RPC is asked for something of each side of the college, and what is right to answer."""

from collections.abc import Callable
from dataclasses import dataclass

import grpc
from google.protobuf.message import Message

from tests.hub.rpc.permission_walk.college import Aim

_OK = frozenset({grpc.StatusCode.OK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One RPC of the walk. Whatever it changes is undone after each call, so a request may ask for the real thing.

    Attributes:
        request: asks for the thing that the aim names. It must be right but for the permission: what is not answered
            with one of `accepts` within the caller's reach fails the walk.
        shows: what an answer within reach holds and none beyond it may hold, an id most often. Without it an answer
            beyond reach must be a refusal: lists need it.
        accepts: codes that an answer within reach may have; others than OK where the college is not so far as to let
            the call succeed, such as FAILED_PRECONDITION for a face without consent.
        of_caller_alone: the request names nobody else's thing, so there is nothing beyond reach to ask for.
    """

    request: Callable[[Aim], Message]
    shows: Callable[[Aim], object] | None = None
    accepts: frozenset[grpc.StatusCode] = _OK
    of_caller_alone: bool = False


def also(*codes: grpc.StatusCode) -> frozenset[grpc.StatusCode]:
    """OK and these."""
    return _OK | set(codes)
