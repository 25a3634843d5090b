from hub.errors import FailedPrecondition, HubError, Unavailable


class SmtpUrlInvalid(HubError):
    pass


class MailRefused(FailedPrecondition):
    """The server or the rules of addresses refuse this mail for good: sending it again would not help."""


class MailDeferred(Unavailable):
    """The server refuses this mail for now (greylisting, a full mailbox): try again in some minutes."""


class MailServerUnreachable(Unavailable):
    """Nothing can be sent now: no connection, no TLS, no sign-in, or the connection broke."""
