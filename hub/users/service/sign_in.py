"""Sign-in, its throttling, refresh tokens and who a bearer is.

Comparing a password takes tens of milliseconds, so it stands between two transactions: `begin_try` counts the try as
failed before the password is looked at, which also holds against many tries at once; `complete` takes that back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from hub.db.database import Database
from hub.db.principal import Principal
from hub.db.together import Together
from hub.db.unit_of_work import UnitOfWork
from hub.users import queries
from hub.users.errors import (
    AccessTokenRefused,
    AccountDisabled,
    AccountNotVerified,
    SecondFactorRefused,
    SecondFactorRequired,
)
from hub.users.models import MailToken, RefreshToken, SignInSession, User, UserRole
from hub.users.rules import UserState, email_key
from hub.users.sealing import SecretBox
from hub.users.service import second_factor, sessions, throttling
from hub.users.service.throttling import KnownWaits
from hub.users.tokens import AccessTokens, new_secret, secret_hash

REFRESH_TOKEN_LASTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SignInTry:
    """A try that was counted; `keys` are its counters."""

    keys: tuple[str, ...]
    user_id: UUID | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A refresh token, shown this once, and whose it is."""

    user: User
    session_id: UUID
    refresh_token: str


async def begin_try(uow: UnitOfWork, *, email: str, waits: KnownWaits) -> SignInTry:
    """Count a try and find what to compare the password with; a refusal is remembered in `waits`.

    Raises:
        TooManyTries: this account or address failed too often; says when to come back.
    """
    throttles = throttling.of_sign_in(uow.principal.address, email)
    await throttling.count(uow, throttles, waits)
    found = (
        await uow.session.execute(select(User.id, User.password_hash).where(User.email_key == email_key(email)))
    ).one_or_none()
    user_id, password_hash = found or (None, None)
    return SignInTry(tuple(throttles), user_id, password_hash)


async def forgive(uow: UnitOfWork, sign_in_try: SignInTry) -> None:
    """The password was right: forget the account's failures, and this try of the address."""
    await throttling.forgive(uow, sign_in_try.keys)


async def ask_for_code(uow: UnitOfWork, sign_in_try: SignInTry) -> None:
    """The password was right and a code is to come: no try of who guesses at many accounts from one address. The
    account's failures stay counted until the code is right.
    """
    await throttling.take_back(uow, sign_in_try.keys[1:])


async def refuse(uow: UnitOfWork, sign_in_try: SignInTry, *, reason: str) -> None:
    """Keep in the audit that the try failed; an unknown account has no name there."""
    uow.audit(
        "users.refuse_sign_in",
        object_type="user",
        object_id=sign_in_try.user_id or "unknown",
        reason=reason,
    )


async def complete(uow: UnitOfWork, sign_in_try: SignInTry, *, client_name: str, code: str, box: SecretBox) -> Issued:
    """Begin a sign-in session after the password was found right.

    Raises:
        AccountDisabled, AccountNotVerified, SecondFactorRequired, SecondFactorRefused: told only to who knows the
            password.
    """
    assert sign_in_try.user_id is not None  # noqa: S101 (a password fitted)
    user = await queries.get_user(uow, sign_in_try.user_id)
    if user.state is UserState.DISABLED:
        raise AccountDisabled("This account is disabled: ask an administrator.")
    if user.state is UserState.PENDING_VERIFICATION:
        raise AccountNotVerified("This e-mail address is not verified: use the link in the mail that you got.")
    if await second_factor.is_on(uow, user.id):
        if not code.strip():
            raise SecondFactorRequired("This account has a second factor: give the code of your authenticator too.")
        if not await second_factor.use_code(uow, user_id=user.id, code=code, box=box):
            raise SecondFactorRefused(
                "The code is wrong or was used before: give the next one, or one of your recovery codes."
            )
    await forgive(uow, sign_in_try)
    session = SignInSession(
        user_id=user.id,
        client_name=client_name[:100],
        address=uow.principal.address,
        start_time=uow.now,
        last_used_time=uow.now,
    )
    uow.session.add(session)
    await uow.session.flush()
    uow.audit(
        "users.sign_in",
        object_type="user",
        object_id=user.id,
        after={"session_id": session.id, "client": client_name[:100]},
    )
    # Not through the row: a sign-in does not make the user's etag stale.
    await uow.session.execute(
        update(User)
        .where(User.id == user.id)
        .values(last_sign_in_time=uow.now)
        .execution_options(synchronize_session=False)
    )
    await uow.session.refresh(user, ["last_sign_in_time"])
    return Issued(user, session.id, _issue_refresh_token(uow, session.id))


async def rotate(uow: UnitOfWork, *, refresh_token: str) -> Issued | None:
    """Exchange a refresh token; None when it is refused. One used before ends its session, which must be committed."""
    token_hash = secret_hash(refresh_token)
    # One statement: of two uses at the same time one alone gets the row.
    session_id = await uow.session.scalar(
        update(RefreshToken)
        .where(RefreshToken.token_hash == token_hash, RefreshToken.used_time.is_(None))
        .values(used_time=uow.now)
        .returning(RefreshToken.session_id)
        .execution_options(synchronize_session=False)
    )
    token = await uow.session.get(RefreshToken, token_hash)
    if token is None:
        return None
    session = await uow.session.get_one(SignInSession, token.session_id)
    if session_id is None:
        if session.end_time is None:
            await sessions.end_sessions(uow, user_id=session.user_id, only=session.id)
            uow.audit(
                "users.end_session",
                object_type="user",
                object_id=session.user_id,
                after={"session_id": session.id},
                reason="a refresh token was used twice",
            )
        return None
    user = await queries.get_user(uow, session.user_id)
    if session.end_time is not None or token.expire_time <= uow.now or user.state is not UserState.ACTIVE:
        return None
    session.last_used_time = uow.now
    return Issued(user, session.id, _issue_refresh_token(uow, session.id))


async def forget_old(uow: UnitOfWork, _scheduled_for: datetime) -> None:
    """Delete counters of yesterday, mailed tokens that expired then, and sessions whose last token has expired (their
    tokens go with them).
    """
    await throttling.forget_old(uow)
    await uow.session.execute(delete(MailToken).where(MailToken.expire_time < uow.now - timedelta(days=1)))
    await uow.session.execute(delete(SignInSession).where(SignInSession.last_used_time < uow.now - REFRESH_TOKEN_LASTS))


_ACCOUNTS = (
    select(SignInSession.id, SignInSession.user_id, SignInSession.end_time, User.state, UserRole.role)
    .join(User, User.id == SignInSession.user_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .where(SignInSession.id.in_(bindparam("session_ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class _Account:
    """Whose a sign-in session is, and how it stands; `end_time` is the session's."""

    user_id: UUID
    end_time: datetime | None
    state: UserState
    roles: frozenset[str]


class TokenAuthenticator:
    """Who the bearer of an access token is, asked of the database at each call: what changed holds at once."""

    def __init__(self, database: Database, tokens: AccessTokens) -> None:
        self._database = database
        self._tokens = tokens
        self._accounts: Together[UUID, _Account] = Together(self._look_up)

    async def authenticate_token(self, token: str) -> Principal:
        """The user of this access token, with the roles of this moment.

        Raises:
            AccessTokenRefused: malformed, forged, expired, or its session was ended.
            AccountDisabled: the account was disabled.
        """
        claims = self._tokens.check(token, self._database.clock())
        account = await self._accounts.get(claims.session_id)
        if account is not None and account.state is not UserState.ACTIVE:
            raise AccountDisabled("This account is disabled: ask an administrator.")
        if account is None or account.user_id != claims.user_id or account.end_time is not None:
            raise AccessTokenRefused("This session was ended: sign in again.")
        return Principal("user", claims.user_id, account.roles, session_id=claims.session_id)

    async def _look_up(self, session_ids: Collection[UUID]) -> dict[UUID, "_Account"]:
        rows = await self._database.read(_ACCOUNTS, {"session_ids": list(session_ids)})
        roles: dict[UUID, set[str]] = {}
        for session_id, _, _, _, role in rows:
            roles.setdefault(session_id, set()).update(() if role is None else (str(role),))
        return {
            session_id: _Account(user_id, end_time, state, frozenset(roles[session_id]))
            for session_id, user_id, end_time, state, _ in rows
        }


def _issue_refresh_token(uow: UnitOfWork, session_id: UUID) -> str:
    token, token_hash = new_secret()
    uow.session.add(
        RefreshToken(token_hash=token_hash, session_id=session_id, expire_time=uow.now + REFRESH_TOKEN_LASTS)
    )
    return token
