"""A second factor for staff: TOTP codes (RFC 6238) of an authenticator, and recovery codes; each serves once."""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import Select, Update, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.users import queries
from hub.users.errors import SecondFactorNotBegun, SecondFactorOn, SecondFactorWrong
from hub.users.events import AccountSecured
from hub.users.models import RecoveryCode, SecondFactor, User
from hub.users.sealing import SecretBox
from hub.users.service import sessions
from hub.users.tokens import secret_hash

RECOVERY_CODES = 10
_RECOVERY_BYTES = 10  # 80 bits, 16 characters of base32
# RFC 6238, 5.2 recommends to take one step of 30 s more, for the delay of the network and of who types.
_STEPS_ASIDE = (0, -1, 1)


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """For the authenticator; shown once."""

    secret: str
    otpauth_uri: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`enable_time` None: no code is asked for."""

    enable_time: datetime | None
    recovery_codes_left: int


async def standing(uow: UnitOfWork, user_id: UUID) -> Standing:
    factor = await uow.session.get(SecondFactor, user_id)
    if factor is None or factor.enable_time is None:
        return Standing(None, 0)
    left = await uow.session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_time.is_(None))
    )
    return Standing(factor.enable_time, left or 0)


async def is_on(uow: UnitOfWork, user_id: UUID) -> bool:
    return await uow.session.scalar(_enabled(user_id)) is not None


async def enrol(uow: UnitOfWork, *, user: User, box: SecretBox, issuer: str) -> Secret:
    """A new secret, which asks for nothing until `confirm`; it replaces one that was not confirmed.

    Raises:
        SecondFactorOn: there is one already.
    """
    factor = await uow.session.get(SecondFactor, user.id)
    if factor is not None and factor.enable_time is not None:
        raise SecondFactorOn("Your second factor is on: turn it off first if you change the authenticator.")
    secret = pyotp.random_base32()
    sealed = box.seal(secret.encode(), _context(user.id))
    if factor is None:
        uow.session.add(SecondFactor(user_id=user.id, sealed_secret=sealed, enrol_time=uow.now, enable_time=None))
    else:
        factor.sealed_secret, factor.enrol_time, factor.last_step = sealed, uow.now, 0
    return Secret(secret, pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=issuer))


async def confirm(uow: UnitOfWork, *, user_id: UUID, code: str, box: SecretBox) -> list[str]:
    """Ask for codes from now on, end the other sessions, and answer the recovery codes.

    Raises:
        SecondFactorNotBegun, SecondFactorOn, SecondFactorWrong
    """
    factor = await uow.session.get(SecondFactor, user_id, with_for_update=True)
    if factor is None:
        raise SecondFactorNotBegun("There is no second factor to confirm: begin with EnrolSecondFactor.")
    if factor.enable_time is not None:
        raise SecondFactorOn("Your second factor is on already.")
    if not await _use_totp(uow, factor, _normal(code), box):
        raise _wrong()
    factor.enable_time = uow.now
    await sessions.end_sessions(uow, user_id=user_id, but=uow.principal.session_id)
    uow.audit("users.enable_second_factor", object_type="user", object_id=user_id)
    await _tell_change(uow, user_id, "SECOND_FACTOR_ON")
    return await _new_recovery_codes(uow, user_id)


async def replace_recovery_codes(uow: UnitOfWork, *, user_id: UUID, code: str, box: SecretBox) -> list[str]:
    """New recovery codes in the place of the former ones.

    Raises:
        SecondFactorNotBegun, SecondFactorWrong
    """
    if not await is_on(uow, user_id):
        raise SecondFactorNotBegun("Your second factor is off: turn it on first.")
    if not await use_code(uow, user_id=user_id, code=code, box=box):
        raise _wrong()
    uow.audit("users.replace_recovery_codes", object_type="user", object_id=user_id)
    return await _new_recovery_codes(uow, user_id)


async def disable(uow: UnitOfWork, *, user_id: UUID, code: str, box: SecretBox) -> None:
    """Ask for no code any more. Repeating it changes nothing.

    Raises:
        SecondFactorWrong
    """
    if not await is_on(uow, user_id):
        return
    if not await use_code(uow, user_id=user_id, code=code, box=box):
        raise _wrong()
    await remove(uow, user_id=user_id, reason="")


async def remove(uow: UnitOfWork, *, user_id: UUID, reason: str) -> None:
    """Take the second factor away, whoever has the authenticator. Repeating it changes nothing."""
    was_on = await is_on(uow, user_id)
    await uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    await uow.session.execute(
        delete(SecondFactor).where(SecondFactor.user_id == user_id).execution_options(synchronize_session=False)
    )
    if was_on:
        uow.audit("users.disable_second_factor", object_type="user", object_id=user_id, reason=reason or None)
        await _tell_change(uow, user_id, "SECOND_FACTOR_OFF")


async def use_code(uow: UnitOfWork, *, user_id: UUID, code: str, box: SecretBox) -> bool:
    """Whether the code is one of the user's authenticator or recovery codes that has not served yet; now it has."""
    code = _normal(code)
    factor = await uow.session.scalar(_enabled(user_id))
    if factor is not None and code.isdecimal():
        return await _use_totp(uow, factor, code, box)
    return await _is_first(
        uow,
        update(RecoveryCode)
        .where(
            RecoveryCode.code_hash == secret_hash(code),
            RecoveryCode.user_id == user_id,
            RecoveryCode.used_time.is_(None),
        )
        .values(used_time=uow.now),
        RecoveryCode.user_id,
    )


async def _use_totp(uow: UnitOfWork, factor: SecondFactor, code: str, box: SecretBox) -> bool:
    totp = pyotp.TOTP(box.unseal(factor.sealed_secret, _context(factor.user_id)).decode())
    present = totp.timecode(uow.now)
    for step in (present + aside for aside in _STEPS_ASIDE):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            # One statement: of two sign-ins with the same code one alone gets the row.
            return await _is_first(
                uow,
                update(SecondFactor)
                .where(SecondFactor.user_id == factor.user_id, SecondFactor.last_step < step)
                .values(last_step=step),
                SecondFactor.user_id,
            )
    return False


async def _is_first(uow: UnitOfWork, change: Update, column: InstrumentedAttribute[UUID]) -> bool:
    changed = await uow.session.scalars(change.returning(column).execution_options(synchronize_session=False))
    return bool(changed.all())


async def _new_recovery_codes(uow: UnitOfWork, user_id: UUID) -> list[str]:
    await uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    uow.session.add_all(RecoveryCode(code_hash=secret_hash(code), user_id=user_id, used_time=None) for code in codes)
    return ["-".join(code[i : i + 4] for i in range(0, len(code), 4)) for code in codes]


async def _tell_change(uow: UnitOfWork, user_id: UUID, change: str) -> None:
    user = await queries.get_user(uow, user_id)
    uow.publish(AccountSecured(**uow.new_event_args(), user_id=user_id, change=change, email=user.email))


def _enabled(user_id: UUID) -> Select[SecondFactor]:
    return select(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.enable_time.is_not(None))


def _normal(code: str) -> str:
    """As people type it: with spaces or hyphens, in small letters."""
    return "".join(code.split()).replace("-", "").upper()


def _context(user_id: UUID) -> bytes:
    return f"second factor {user_id}".encode()


def _wrong() -> SecondFactorWrong:
    return SecondFactorWrong(
        "totp_code is wrong or was used before.",
        violations=[FieldViolation("totp_code", "is wrong or was used before: wait for the next code and give that")],
    )
