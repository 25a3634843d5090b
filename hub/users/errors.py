from collections.abc import Sequence
from typing import Self

from hub.errors import (
    AlreadyExists,
    FailedPrecondition,
    FieldViolation,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
)

_TOLD = 3


class UserNotFound(NotFound):
    pass


class UserInvalid(InvalidArgument):
    @classmethod
    def of_all(cls, violations: Sequence[FieldViolation]) -> Self:
        """The error for these fields; the message tells the first of them."""
        told = "; ".join(f"{found.field} {found.description}" for found in violations[:_TOLD])
        more = f"; and {len(violations) - _TOLD} more" if len(violations) > _TOLD else ""
        return cls(f"Nothing was stored: {told}{more}.", violations=violations)


class PasswordTooWeak(InvalidArgument):
    pass


class CurrentPasswordWrong(InvalidArgument):
    pass


class DepartmentHasHod(InvalidArgument):
    pass


class LastAdmin(InvalidArgument):
    pass


class ClassGroupFull(InvalidArgument):
    pass


class MembershipInvalid(InvalidArgument):
    pass


class EmailTaken(AlreadyExists):
    pass


class AdmissionNumberTaken(AlreadyExists):
    pass


class StaffNumberTaken(AlreadyExists):
    pass


class FieldReserved(PermissionDenied):
    """Only an administrator changes this field."""


class SignInRefused(Unauthenticated):
    """Says neither whether the e-mail is known nor which of the two was wrong."""


class AccountDisabled(Unauthenticated):
    pass


class UserErasedAlready(FailedPrecondition):
    pass


class TooManyToExport(FailedPrecondition):
    pass


class AccountNotVerified(FailedPrecondition):
    pass


class TooManyTries(ResourceExhausted):
    pass


class SecondFactorRequired(Unauthenticated):
    """The password fits; told only to who knows it."""


class SecondFactorRefused(Unauthenticated):
    pass


class SecondFactorWrong(InvalidArgument):
    """A signed-in user's own code is wrong."""


class SecondFactorOn(FailedPrecondition):
    pass


class SecondFactorNotBegun(FailedPrecondition):
    pass


class SecondFactorUnreadable(FailedPrecondition):
    pass


class AccessTokenRefused(Unauthenticated):
    pass


class RefreshTokenRefused(Unauthenticated):
    pass


class MailTokenRefused(Unauthenticated):
    """Unknown, used, expired, of another purpose or for a former address: all the same to who holds it."""


class SignInSessionNotFound(NotFound):
    pass
