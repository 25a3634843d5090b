from datetime import UTC, datetime
from uuid import UUID

import pytest
from jinja2 import UndefinedError

from hub.mail.errors import MailRefused
from hub.mail.message import Content, Mail, compose
from hub.mail.rendering import render

MAIL = Mail(
    id=UUID(int=7),
    address="asha@college.example",
    name="Åsha, Wanjirũ",
    content=Content("Not started: Nätworks", "Plain words.\n", "<p>Fine words.</p>"),
    create_time=datetime(2026, 3, 2, 5, 0, tzinfo=UTC),
    list_name="notifications",
)
SENDER = "Kisima College <roster@kisima.example>"


def test_message_has_what_mailboxes_ask_for() -> None:
    message = compose(MAIL, sender=SENDER)
    assert message["From"] == SENDER
    assert message["To"].addresses[0].addr_spec == "asha@college.example"
    assert message["To"].addresses[0].display_name == "Åsha, Wanjirũ"
    assert message["Subject"] == "Not started: Nätworks"
    assert message["Message-ID"] == f"<{UUID(int=7)}@kisima.example>"
    assert message["Date"].datetime == MAIL.create_time
    assert (message["Auto-Submitted"], message["List-Id"]) == (
        "auto-generated",
        "Smart Roster notifications <notifications.kisima.example>",
    )
    assert message.get_content_type() == "multipart/alternative"
    parts = [(part.get_content_type(), part.get_content().strip()) for part in message.iter_parts()]
    assert parts == [("text/plain", "Plain words."), ("text/html", "<p>Fine words.</p>")]
    assert all(ord(letter) < 128 for letter in message.as_string())


def test_line_breaks_in_names_and_subjects_make_no_headers() -> None:
    content = Content("Hello\r\nBcc: all@college.example", "x", "x")
    message = compose(
        Mail(UUID(int=1), "a@b.example", "Eve\nBcc: b@c.example", content, MAIL.create_time), sender=SENDER
    )
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: all@college.example"


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b.example\r\nRCPT TO:<x@y.example>", "two@a.example, b@c.example"]
)
def test_what_is_no_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(MailRefused, match="correct it"):
        compose(Mail(UUID(int=1), address, "", MAIL.content, MAIL.create_time), sender=SENDER)


def test_templates_escape_html_and_leave_text_alone() -> None:
    values = {"title": "A & B", "body": "<script>x</script>", "url": "https://c.example/session/1"}
    content = render("notification", **values, college="Kisima", console_url="https://c.example")
    assert content.subject == "A & B"
    assert "<script>x</script>" in content.text
    assert "&lt;script&gt;" in content.html
    assert "<script>" not in content.html
    assert 'href="https://c.example/session/1"' in content.html


def test_template_without_its_values_is_a_mistake_that_shows() -> None:
    with pytest.raises(UndefinedError):
        render("invitation", given_name="Asha")


@pytest.mark.parametrize("name", ["invitation", "email_verification", "password_reset"])
def test_link_is_in_both_parts_and_its_token_in_no_query(name: str) -> None:
    content = render(
        name,
        given_name="Asha",
        college="Kisima",
        console_url="https://c.example",
        token="T0ken",
        expires="3 March 2026, 08:00 (Africa/Nairobi)",
    )
    for part in (content.text, content.html):
        assert "#token=T0ken" in part
        assert "?token" not in part
        assert "3 March 2026" in part
