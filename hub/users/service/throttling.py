"""Slowing down who tries too often: counters of an account and of an address, in the database, so replicas agree."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.db.unit_of_work import UnitOfWork
from hub.users.errors import TooManyTries
from hub.users.models import SignInTries
from hub.users.rules import Throttle, email_key

Throttles = Mapping[str, Throttle]

_ACCOUNT = Throttle(free_tries=5)
# A whole college may stand behind one address, and sign in at eight o'clock: open tries count until they succeed.
_ADDRESS = Throttle(free_tries=200)
_MAILS_TO_ONE = Throttle(free_tries=3)
_MAILS_OF_ADDRESS = Throttle(free_tries=50)


def of_sign_in(address: str | None, email: str) -> Throttles:
    """The counters of a sign-in from a network address, the account's first."""
    return _of(address, ("account", "address"), email, (_ACCOUNT, _ADDRESS))


def of_mails(address: str | None, email: str) -> Throttles:
    """The counters of mails that strangers ask for."""
    return _of(address, ("mail", "mail-address"), email, (_MAILS_TO_ONE, _MAILS_OF_ADDRESS))


class KnownWaits:
    """Who must wait, as far as one hub knows: a flood of tries then costs no query.

    It never refuses who may try: a wait that the database told is not shortened afterwards, since nobody gets in before
    it is over. At most `limit` are remembered, the newest.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self._until: OrderedDict[str, datetime] = OrderedDict()
        self._limit = limit

    def refuse(self, keys: Iterable[str], now: datetime) -> None:
        """TooManyTries when one of the keys is known to have to wait."""
        _refuse_until(max((self._until.get(key, now) for key in keys), default=now), now)

    def remember(self, key: str, until: datetime) -> None:
        self._until[key] = until
        self._until.move_to_end(key)
        if len(self._until) > self._limit:
            self._until.popitem(last=False)


async def count(uow: UnitOfWork, throttles: Throttles, waits: KnownWaits) -> None:
    """Count one try at each counter, before its outcome is known: many tries at once are all counted.

    Raises:
        TooManyTries: says when to come back; such a try is not counted.
    """
    counters = await _locked(uow, sorted(throttles))
    until = {
        key: counters[key].last_time + throttle.delay(_failures(uow, throttle, counters[key]))
        for key, throttle in throttles.items()
    }
    for key, end in until.items():
        if end > uow.now:
            waits.remember(key, end)
    _refuse_until(max(until.values()), uow.now)
    for key, throttle in throttles.items():
        counter = counters[key]
        counter.failures, counter.last_time = _failures(uow, throttle, counter) + 1, uow.now


async def forgive(uow: UnitOfWork, keys: tuple[str, ...]) -> None:
    """The try succeeded: forget the failures of the first key, and this one try of the others."""
    account_key, *rest = keys
    await uow.session.execute(delete(SignInTries).where(SignInTries.key == account_key))
    await take_back(uow, rest)


async def take_back(uow: UnitOfWork, keys: Collection[str]) -> None:
    """Count one try less at each of the keys."""
    await uow.session.execute(
        update(SignInTries)
        .where(SignInTries.key.in_(keys), SignInTries.failures > 0)
        .values(failures=SignInTries.failures - 1)
    )


async def forget_old(uow: UnitOfWork) -> None:
    """Delete counters of yesterday."""
    await uow.session.execute(delete(SignInTries).where(SignInTries.last_time < uow.now - timedelta(days=1)))


def _of(address: str | None, names: tuple[str, str], email: str, limits: tuple[Throttle, Throttle]) -> Throttles:
    # Hashed, so that the table is no list of e-mails that somebody tried.
    throttles = {f"{names[0]}:{sha256(email_key(email).encode()).hexdigest()}": limits[0]}
    if address:
        throttles[f"{names[1]}:{address}"] = limits[1]
    return throttles


def _failures(uow: UnitOfWork, throttle: Throttle, counter: SignInTries) -> int:
    return 0 if counter.last_time + throttle.forgotten_after <= uow.now else counter.failures


def _refuse_until(end: datetime, now: datetime) -> None:
    wait = end - now
    if wait > timedelta(0):
        raise TooManyTries(
            f"Too many tries: wait {max(1, round(wait.total_seconds()))} s, then try again.", retry_after=wait
        )


async def _locked(uow: UnitOfWork, keys: list[str]) -> dict[str, SignInTries]:
    """The counters of the keys, made where there were none, and locked: tries at the same time count one by one."""
    # Both databases know this insert, by two names.
    insert: Any = postgresql.insert if uow.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"key": key, "failures": 0, "last_time": uow.now} for key in keys]
    # An update that changes nothing locks a row that was there.
    await uow.session.execute(
        insert(SignInTries)
        .values(rows)
        .on_conflict_do_update(index_elements=["key"], set_={"failures": SignInTries.failures})
    )
    return {row.key: row for row in await uow.session.scalars(select(SignInTries).where(SignInTries.key.in_(keys)))}
