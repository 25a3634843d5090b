from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hub.mail.errors import MailDeferred, MailRefused, MailServerUnreachable, SmtpUrlInvalid
from hub.mail.message import Mail
from hub.mail.sender import MailServer, SmtpSender, Tls
from tests.fixtures.smtp import Postbox, smtp_server, tls_of
from tests.hub.mail.test_message import MAIL, SENDER


def _sender(port: int, tls: Tls = Tls.NONE, **options: str | Path) -> SmtpSender:
    return SmtpSender(MailServer("127.0.0.1", port, tls, **options), sender=SENDER)  # type: ignore[arg-type] # by name


async def _send(sender: SmtpSender, *mails: Mail) -> None:
    async with sender.line() as line:
        for mail in mails or (MAIL,):
            await line.send(mail)


async def test_mail_arrives_whole() -> None:
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        await _send(_sender(port), MAIL, MAIL)
    assert [mail["Message-ID"] for mail in postbox.mails] == [f"<{UUID(int=7)}@kisima.example>"] * 2
    assert postbox.recipients == ["asha@college.example"] * 2
    body = postbox.mails[0].get_body(("html",))
    assert body is not None
    assert body.get_content().strip() == "<p>Fine words.</p>"
    assert postbox.connections == 1


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
async def test_mail_goes_over_tls_with_the_password(tmp_path: Path, tls: Tls) -> None:
    context, ca_file = tls_of(tmp_path)
    postbox = Postbox()
    way: dict[str, Any] = {"starttls" if tls is Tls.STARTTLS else "implicit_tls": context}
    # The server's library takes no password over TLS from the first byte: it does not see that TLS is there.
    signs_in = tls is Tls.STARTTLS
    async with smtp_server(postbox, sign_in=signs_in, **way) as port:
        login = {"username": "roster", "password": "s3cret p@ss"} if signs_in else {}
        await _send(_sender(port, tls, ca_file=ca_file, **login))
        assert postbox.over_tls == [True]
        assert postbox.sign_ins == ([("roster", "s3cret p@ss")] if signs_in else [])


async def test_wrong_password_and_unknown_authority_hold_the_mail_back(tmp_path: Path) -> None:
    context, ca_file = tls_of(tmp_path)
    postbox = Postbox()
    async with smtp_server(postbox, starttls=context, sign_in=True) as port:
        with pytest.raises(MailServerUnreachable, match="535"):
            await _send(_sender(port, Tls.STARTTLS, ca_file=ca_file, username="roster", password="wrong"))
        with pytest.raises(MailServerUnreachable, match=r"530|certificate"):
            await _send(_sender(port, Tls.STARTTLS, username="roster", password="s3cret p@ss"))
    assert postbox.mails == []


async def test_server_without_tls_gets_neither_mail_nor_password() -> None:
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        with pytest.raises(MailServerUnreachable, match="STARTTLS"):
            await _send(_sender(port, Tls.STARTTLS, username="roster", password="s3cret p@ss"))
    assert (postbox.mails, postbox.sign_ins) == ([], [])


async def test_refusals_are_for_good_or_for_now_and_the_line_goes_on() -> None:
    postbox = Postbox()
    postbox.refused = {"asha@college.example": "550 5.1.1 No such user"}
    async with smtp_server(postbox) as port, _sender(port).line() as line:
        with pytest.raises(MailRefused, match=r"550 5.1.1 No such user"):
            await line.send(MAIL)
        postbox.refused = {"asha@college.example": "451 4.7.1 Greylisted"}
        with pytest.raises(MailDeferred, match=r"451 4.7.1 Greylisted"):
            await line.send(MAIL)
        postbox.refused = {}
        postbox.answers = ["552 5.3.4 Too big", "452 4.2.2 Mailbox full"]
        with pytest.raises(MailRefused, match=r"552"):
            await line.send(MAIL)
        with pytest.raises(MailDeferred, match=r"452"):
            await line.send(MAIL)
        await line.send(MAIL)
    assert len(postbox.mails) == 1


async def test_broken_line_is_told_from_a_refusal() -> None:
    postbox = Postbox()
    postbox.answers = [""]
    async with smtp_server(postbox) as port:
        with pytest.raises(MailServerUnreachable):
            await _send(_sender(port))
        assert (len(postbox.data_received), postbox.mails) == (1, [])
    with pytest.raises(MailServerUnreachable, match=f"127.0.0.1:{port}"):
        await _send(_sender(port))


def test_urls_are_read_with_their_escapes() -> None:
    server = MailServer.from_url("smtp://ro%40ster:p%3Ass@mail.example", plaintext=False)
    assert (server.host, server.port, server.tls, server.username, server.password) == (
        "mail.example", 587, Tls.STARTTLS, "ro@ster", "p:ss",
    )  # fmt: skip
    assert "p:ss" not in repr(server)
    implicit = MailServer.from_url("smtps://mail.example", plaintext=False)
    assert (implicit.port, implicit.tls) == (465, Tls.IMPLICIT)
    assert MailServer.from_url("smtp://relay:25", plaintext=True).tls is Tls.NONE


@pytest.mark.parametrize(
    ("url", "plaintext"),
    [
        ("mail.example:587", False),
        ("http://mail.example", False),
        ("smtp://", False),
        ("smtp://mail.example:many", False),
        ("smtps://mail.example", True),
        ("smtp://a:b@mail.example", True),
    ],
)
def test_other_urls_are_refused_with_what_to_write(url: str, plaintext: bool) -> None:  # noqa: FBT001 (a parameter)
    with pytest.raises(SmtpUrlInvalid, match="smtp://"):
        MailServer.from_url(url, plaintext=plaintext)
