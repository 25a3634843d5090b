"""Hands mails to an SMTP server (RFC 5321), over TLS from the first byte or by STARTTLS."""

import enum
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

from hub.mail.errors import MailDeferred, MailRefused, MailServerUnreachable, SmtpUrlInvalid
from hub.mail.message import Mail, compose
from hub.settings import Settings

_TIMEOUT_SECONDS = 30.0
_PERMANENT = 500
# RFC 4954: not signed in, or not well enough: the settings are to blame and not the mail.
_SIGN_IN_CODES = (530, 534, 535, 538)
_PORTS = {"smtp": 587, "smtps": 465}


class Tls(enum.Enum):
    IMPLICIT = "IMPLICIT"
    STARTTLS = "STARTTLS"
    NONE = "NONE"


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """Where mails are handed in, and how. `ca_file` is for a certificate that no public authority has signed."""

    host: str
    port: int
    tls: Tls
    username: str = ""
    password: str = ""
    ca_file: Path | None = None

    @classmethod
    def from_url(cls, url: str, *, plaintext: bool, ca_file: Path | None = None) -> Self:
        """Read "smtp://user:password@host:587" (STARTTLS) or "smtps://…:465" (TLS); percent-encoded where needed.

        Raises:
            SmtpUrlInvalid: the URL is neither, or would send a password in clear.
        """
        parts = urlsplit(url)
        try:
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            port = 0
        if parts.scheme not in _PORTS or not parts.hostname or not port:
            raise SmtpUrlInvalid(
                'smtp_url is no address of a mail server: write "smtp://user:password@host:587" or '
                '"smtps://user:password@host:465".'
            )
        if plaintext and (parts.scheme == "smtps" or parts.password):
            raise SmtpUrlInvalid(
                "smtp_plaintext is for a relay without TLS and password: use smtp:// without user and password, or "
                "leave smtp_plaintext out."
            )
        tls = Tls.IMPLICIT if parts.scheme == "smtps" else Tls.NONE if plaintext else Tls.STARTTLS
        return cls(
            host=parts.hostname,
            port=port,
            tls=tls,
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            ca_file=ca_file,
        )

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


class Line:
    """An open connection to the server; mails go over it one after the other."""

    def __init__(self, client: aiosmtplib.SMTP, sender: str, address: str) -> None:
        self._client = client
        self._sender = sender
        self._address = address

    async def send(self, mail: Mail) -> None:
        """Return when the server has taken the mail over.

        Raises:
            MailRefused, MailDeferred: this mail; others may go on over this line.
            MailServerUnreachable: the line is dead. Whether the server has the mail is not known; it is to be sent
                again with the same Message-ID.
        """
        try:
            message = compose(mail, sender=self._sender)
            await self._client.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            refusal = error.recipients[0]
            raise _refusal(refusal.code, refusal.message) from error
        except aiosmtplib.SMTPResponseException as error:
            if error.code in _SIGN_IN_CODES or error.code == 421:  # noqa: PLR2004 (RFC 5321: the server is closing)
                raise _unreachable(self._address, error) from error
            raise _refusal(error.code, error.message) from error
        except aiosmtplib.SMTPNotSupported as error:
            raise MailRefused(f"The mail server cannot send to this address: {error.message}.") from error
        except ValueError as error:
            raise MailRefused(f'"{mail.address}" is no address that mail can be sent to: correct it.') from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _unreachable(self._address, error) from error


class SmtpSender:
    """Opens lines to one server. `sender` is "Name <address>"."""

    def __init__(self, server: MailServer, *, sender: str) -> None:
        self._server = server
        self._sender = sender

    @property
    def address(self) -> str:
        return self._server.address

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """A line for some mails, closed afterwards.

        Raises:
            MailServerUnreachable: no connection, no TLS as it is wanted, or the server does not take the password.
        """
        client = self._client()
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise _unreachable(self.address, error) from error
        try:
            yield Line(client, self._sender, self.address)
        finally:
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        context = None
        if server.tls is not Tls.NONE:
            context = ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username or None,
            password=server.password or None,
            use_tls=server.tls is Tls.IMPLICIT,
            start_tls=server.tls is Tls.STARTTLS,
            tls_context=context,
            timeout=_TIMEOUT_SECONDS,
        )


def sender_of(settings: Settings) -> SmtpSender | None:
    """The sender that the settings ask for; None without an `smtp_url`.

    Raises:
        SmtpUrlInvalid
    """
    if not settings.smtp_url:
        return None
    server = MailServer.from_url(settings.smtp_url, plaintext=settings.smtp_plaintext, ca_file=settings.smtp_ca_file)
    return SmtpSender(server, sender=settings.mail_sender)


def _refusal(code: int, said: str) -> MailRefused | MailDeferred:
    sentence = f"The mail server said: {code} {_one_line(said)}"
    return MailRefused(sentence) if code >= _PERMANENT else MailDeferred(sentence)


def _unreachable(address: str, error: Exception) -> MailServerUnreachable:
    said = getattr(error, "message", None) or str(error) or type(error).__name__
    code = f"{error.code} " if isinstance(error, aiosmtplib.SMTPResponseException) else ""
    return MailServerUnreachable(f"The mail server {address} cannot be used: {code}{_one_line(said)}")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
