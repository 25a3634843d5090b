from hub.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
)


class UserNotFound(NotFound):
    pass


class UserInvalid(InvalidArgument):
    pass


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


class AccountNotVerified(FailedPrecondition):
    pass


class TooManyTries(ResourceExhausted):
    pass


class AccessTokenRefused(Unauthenticated):
    pass


class RefreshTokenRefused(Unauthenticated):
    pass


class PasswordTokenRefused(Unauthenticated):
    pass
