"""What a device may do when, how fresh it is, and what a claim code looks like."""

import base64
import binascii
import enum
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

CLAIM_LIFETIME = timedelta(minutes=60)
CLAIM_SECRET_BYTES = 20  # 160 bits, 32 letters of base32
LEAF_LIFETIME = timedelta(days=90)

HEARTBEAT_INTERVAL = timedelta(seconds=30)
STALE_AFTER = timedelta(seconds=90)  # three heartbeats missed
OFFLINE_AFTER = timedelta(minutes=10)
# Devices renew from 2/3 of 90 days on: one that has 14 days left has failed to for 16 days.
CERTIFICATE_ALARM_BEFORE = timedelta(days=14)
CLOCK_ALARM_FROM = timedelta(seconds=60)

MAX_LOG_BYTES = 1024 * 1024
KEPT_LOGS = 20
MAX_ALARMS = 50
MAX_BATCH = 1000
COMMANDS_KEPT = timedelta(days=7)

# Failures to enrol from one address within the window before it is refused unheard.
MAX_ENROLMENT_FAILURES = 30
ENROLMENT_WINDOW = timedelta(minutes=10)


class DeviceState(enum.Enum):
    CLAIMED_PENDING = "CLAIMED_PENDING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"


class CertificateState(enum.Enum):
    ISSUED = "ISSUED"  # not used yet; the former one is still good
    CURRENT = "CURRENT"
    REPLACED = "REPLACED"


class Reach(enum.Enum):
    ONLINE = "ONLINE"
    STALE = "STALE"
    OFFLINE = "OFFLINE"
    NEVER_SEEN = "NEVER_SEEN"


class AlarmSource(enum.Enum):
    DEVICE = "DEVICE"  # up as long as heartbeats tell it
    HUB = "HUB"  # raised and cleared by the hub's own watch


class HubAlarm(enum.StrEnum):
    OFFLINE = "OFFLINE"
    CERTIFICATE_EXPIRING = "CERTIFICATE_EXPIRING"
    CLOCK_WRONG = "CLOCK_WRONG"
    CONFIG_REFUSED = "CONFIG_REFUSED"


class CommandKind(enum.Enum):
    SYNC = "SYNC"
    RESTART_AGENT = "RESTART_AGENT"
    SEND_LOG = "SEND_LOG"
    TAKE_VERSION = "TAKE_VERSION"


@dataclass(frozen=True, slots=True)
class ReportedAlarm:
    """An alarm that a heartbeat tells to be up."""

    reason: str
    detail: str
    raised_time: datetime | None


_ALARM_REASON = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+!-]{0,63}")


def reach(last_seen_time: datetime | None, now: datetime) -> Reach:
    if last_seen_time is None:
        return Reach.NEVER_SEEN
    silence = now - last_seen_time
    if silence <= STALE_AFTER:
        return Reach.ONLINE
    return Reach.STALE if silence <= OFFLINE_AFTER else Reach.OFFLINE


def days_left(expire_time: datetime | None, now: datetime) -> int:
    """Whole days until the certificate expires; 0 without one or after it."""
    if expire_time is None or expire_time <= now:
        return 0
    return (expire_time - now).days


def clean(text: str, longest: int) -> str:
    """Text of a device as it can be stored and shown: without control characters (but line ends and tabs), cut."""
    return "".join(letter for letter in text[:longest] if letter >= " " or letter in "\n\t")


def is_alarm_reason(text: str) -> bool:
    return _ALARM_REASON.fullmatch(text) is not None


def is_version(text: str) -> bool:
    return _VERSION.fullmatch(text) is not None


def claim_code(secret: bytes, ca_fingerprint: bytes) -> str:
    """The code as shown to an admin: "SR1.<secret>.<SHA-256 of the CA's DER>", both in base32 without padding.

    Only capitals, digits 2-7 and dots: fits a QR code's compact alphanumeric mode and survives being read aloud.
    """
    return f"SR1.{encode_secret(secret)}.{_base32(ca_fingerprint)}"


def encode_secret(secret: bytes) -> str:
    return _base32(secret)


def decode_secret(text: str) -> bytes | None:
    """The secret part of a claim code; None when it can't be one. Takes small letters and surrounding blanks."""
    text = text.strip().upper()
    try:
        secret = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == CLAIM_SECRET_BYTES else None


def secret_digest(secret: bytes) -> bytes:
    """What is stored of a claim's secret. A plain hash does: 160 random bits can't be guessed from it."""
    return hashlib.sha256(b"smartroster claim\n" + secret).digest()


def renewal_message(certificate_der: bytes, csr_der: bytes, signed_time: datetime) -> bytes:
    """What a device signs to renew an expired certificate (see RenewExpiredRequest)."""
    return (
        f"smartroster renew\n{hashlib.sha256(certificate_der).hexdigest()}\n{hashlib.sha256(csr_der).hexdigest()}\n"
        f"{signed_time:%Y-%m-%dT%H:%M:%SZ}"
    ).encode()


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")
