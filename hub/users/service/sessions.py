"""Sign-in sessions: whose they are, and ending them."""

from uuid import UUID

from sqlalchemy import Select, select, update

from hub.db.unit_of_work import UnitOfWork
from hub.users.errors import SignInSessionNotFound
from hub.users.models import RefreshToken, SignInSession
from hub.users.tokens import secret_hash


def select_open(user_id: UUID) -> Select[SignInSession]:
    """The user's sessions that were not ended."""
    return select(SignInSession).where(SignInSession.user_id == user_id, SignInSession.end_time.is_(None))


async def session_of(uow: UnitOfWork, *, refresh_token: str) -> SignInSession | None:
    """The session that a refresh token belongs to, whether it still serves or not."""
    return await uow.session.scalar(
        select(SignInSession)
        .join(RefreshToken, RefreshToken.session_id == SignInSession.id)
        .where(RefreshToken.token_hash == secret_hash(refresh_token))
    )


async def end_sessions(uow: UnitOfWork, *, user_id: UUID, only: UUID | None = None, but: UUID | None = None) -> None:
    """End the user's sign-in sessions: all, `only` one, or all `but` one. Their tokens serve nobody any more."""
    ended = update(SignInSession).where(SignInSession.user_id == user_id, SignInSession.end_time.is_(None))
    if only is not None:
        ended = ended.where(SignInSession.id == only)
    if but is not None:
        ended = ended.where(SignInSession.id != but)
    await uow.session.execute(ended.values(end_time=uow.now))


async def sign_out(uow: UnitOfWork, session: SignInSession) -> None:
    """End the session, as its client asks. Repeating it changes nothing."""
    if session.end_time is not None:
        return
    await end_sessions(uow, user_id=session.user_id, only=session.id)
    uow.audit("users.sign_out", object_type="user", object_id=session.user_id, after={"session_id": session.id})


async def end_own(uow: UnitOfWork, *, user_id: UUID, session_id: UUID) -> None:
    """End one session of the user's own. Repeating it changes nothing.

    Raises:
        SignInSessionNotFound: it is not one of this user's.
    """
    session = await uow.session.get(SignInSession, session_id)
    if session is None or session.user_id != user_id:
        raise SignInSessionNotFound(f"You have no session {session_id}: `roster sign-ins list` lists yours.")
    if session.end_time is None:
        await end_sessions(uow, user_id=user_id, only=session_id)
        uow.audit("users.end_session", object_type="user", object_id=user_id, after={"session_id": session_id})


async def end_others(uow: UnitOfWork, *, user_id: UUID, kept_id: UUID | None) -> None:
    """End all of the user's own sessions but the one that asks."""
    await end_sessions(uow, user_id=user_id, but=kept_id)
    uow.audit("users.end_other_sessions", object_type="user", object_id=user_id, after={"kept_session_id": kept_id})
