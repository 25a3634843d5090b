"""Waiting between tries without a limit to their number, and what a failed call means."""

import random
from dataclasses import dataclass

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

_FIRST_S = 0.5
# What a hub answers for a while only: no connection, overload, a restart, a deadline.
TRANSIENT = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.ABORTED,
    }
)


@dataclass(slots=True)
class Backoff:
    """Exponential with full jitter: the wait is anywhere from 0 to a bound that doubles, so that devices spread out.

    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """

    longest_s: float
    tries: int = 0

    def next_s(self) -> float:
        bound = min(self.longest_s, _FIRST_S * 2 ** min(self.tries, 16))
        self.tries += 1
        return random.uniform(0, bound)  # noqa: S311 (spreads load, keeps no secret)

    def reset(self) -> None:
        self.tries = 0


def reason_of(error: grpc.aio.AioRpcError) -> str:
    """The stable reason that the hub gave (UPPER_SNAKE), else the name of the status code."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an AioRpcError has what a Call has
    for detail in status.details if status is not None else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return str(error.code().name)
