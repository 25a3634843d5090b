"""Slows down a flood of enrolments from one address before it reaches the database."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.devices.errors import TooManyEnrolments

_BURST = 300  # a school's devices behind one address, all at once
_PER_SECOND = 5.0
_MAX_ADDRESSES = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_time: datetime


class AddressLimit:
    """A token bucket an address; those not heard of for longest are forgotten first."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, address: str, now: datetime) -> None:
        """Count one call.

        Raises:
            TooManyEnrolments
        """
        bucket = self._buckets.setdefault(address, _Bucket(_BURST, now))
        self._buckets.move_to_end(address)
        if len(self._buckets) > _MAX_ADDRESSES:
            self._buckets.popitem(last=False)
        elapsed = max((now - bucket.filled_time).total_seconds(), 0.0)
        bucket.tokens = min(bucket.tokens + elapsed * _PER_SECOND, _BURST)
        bucket.filled_time = now
        if bucket.tokens < 1:
            raise TooManyEnrolments(
                "Too many enrolments from this address: try again in a few seconds.", retry_after=timedelta(seconds=2)
            )
        bucket.tokens -= 1
