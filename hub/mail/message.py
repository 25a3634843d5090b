"""A mail as a MIME message (RFC 5322, 2045): text and HTML of the same content."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from uuid import UUID

from hub.mail.errors import MailRefused


@dataclass(frozen=True, slots=True)
class Content:
    """What a template makes: the subject of one line, and the same content twice."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """One mail to one address. Its `id` makes the Message-ID, so that a mail that is sent again is known as the same.

    `list_name` names what the mail is one of ("notifications"); "" for a mail to this person alone.
    """

    id: UUID
    address: str
    name: str
    content: Content
    create_time: datetime
    list_name: str = ""


def compose(mail: Mail, *, sender: str) -> EmailMessage:
    """The message, multipart/alternative; `sender` is "Name <address>".

    Raises:
        MailRefused: an address is none.
    """
    sender_name, sender_address = parseaddr(sender)
    domain = sender_address.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(sender_name, addr_spec=sender_address)
        message["To"] = Address(_one_line(mail.name), addr_spec=mail.address)
    except (ValueError, IndexError) as error:
        raise MailRefused(f'"{mail.address}" is no address that mail can be sent to: correct it.') from error
    message["Subject"] = _one_line(mail.content.subject)
    message["Date"] = format_datetime(mail.create_time)
    message["Message-ID"] = f"<{mail.id}@{domain}>"
    # RFC 3834: no out-of-office notes in answer.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if mail.list_name:
        message["List-Id"] = f"Smart Roster {mail.list_name} <{mail.list_name}.{domain}>"
    message.set_content(mail.content.text, cte="quoted-printable")
    message.add_alternative(mail.content.html, subtype="html", cte="quoted-printable")
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())
