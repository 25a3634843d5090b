from hub.errors import (
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
)


class DeviceNotFound(NotFound):
    pass


class DeviceUnknown(Unauthenticated):
    """A certificate of this hub names a device that the registry does not hold."""


class CertificateUnknown(Unauthenticated):
    """The certificate is of the device but was never issued here, or was withdrawn."""


class CertificateReplaced(Unauthenticated):
    """A newer certificate of the device is in use."""


class CertificateExpired(Unauthenticated):
    pass


class DeviceSuspended(PermissionDenied):
    pass


class DeviceRevoked(PermissionDenied):
    pass


class DeviceNotActive(PermissionDenied):
    pass


class DeviceIsRevoked(FailedPrecondition):
    """An admin wants to change a device that is revoked for good."""


class DeviceNotEnrolled(FailedPrecondition):
    """An admin wants something of a device that was never put into service."""


class ClaimCodeUnknown(PermissionDenied):
    pass


class ClaimCodeExpired(PermissionDenied):
    pass


class ClaimCodeUsed(PermissionDenied):
    pass


class SigningRequestInvalid(InvalidArgument):
    pass


class RenewalRefused(PermissionDenied):
    """The proof of possession does not hold: other CA, wrong signature, used before, or no certificate of ours."""


class TooManyEnrolments(ResourceExhausted):
    pass


class LogTooLong(InvalidArgument):
    pass
