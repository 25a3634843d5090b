import http.client
import io
import json
import socket
from collections.abc import Iterator, Sequence

import pytest
from rich.console import Console

from edge_agent.errors import AgentError
from edge_agent.feedback import TEXTS, Screens, colour, open_feedback
from edge_agent.feedback.terminal import Terminal
from edge_agent.feedback.web import MOST_WATCHERS, WebScreen
from edge_agent.observations import Answer, Shown
from edge_agent.settings import FeedbackSettings

ANNE = Answer(shown=Shown.PRESENT, name="Anne <b>", detail="Circuits", track=1)
STRANGER = Answer(shown=Shown.UNKNOWN, name="", detail="", track=2)


def test_everything_that_can_be_shown_has_words_and_a_colour() -> None:
    assert set(TEXTS) == set(Shown)
    assert {colour(shown) for shown in Shown} == {"green", "yellow", "blue", "red"}
    assert colour(Shown.UNKNOWN) == colour(Shown.NOT_STORED) == "red"


@pytest.fixture
def screen() -> Iterator[WebScreen]:
    screen = WebScreen("127.0.0.1", 0)
    yield screen
    screen.close()


def watch(screen: WebScreen) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(*screen.address, timeout=10)
    connection.request("GET", "/events")
    return connection, connection.getresponse()


def next_event(stream: http.client.HTTPResponse) -> list[dict[str, object]]:
    while not (line := stream.readline()).startswith(b"data: "):
        assert line
    answers: list[dict[str, object]] = json.loads(line[6:])
    return answers


def test_the_page_shows_what_is_shown(screen: WebScreen) -> None:
    connection, stream = watch(screen)
    assert next_event(stream) == []
    screen.show((ANNE, STRANGER))
    first, second = next_event(stream)
    assert (first["name"], first["text"], first["colour"]) == ("Anne <b>", TEXTS[Shown.PRESENT], "green")
    assert second["shown"] == "UNKNOWN"
    screen.show(())
    assert next_event(stream) == []
    connection.close()


def test_the_page_is_served_and_nothing_else(screen: WebScreen) -> None:
    for path, status in (("/", 200), ("/?kiosk", 200), ("/../settings", 404), ("/agent.toml", 404)):
        connection = http.client.HTTPConnection(*screen.address, timeout=10)
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == status
        body = response.read()
        assert (b"EventSource" in body) is (status == 200)
        connection.close()


def test_more_browsers_than_a_door_needs_are_turned_away(screen: WebScreen) -> None:
    watchers = [watch(screen) for _ in range(MOST_WATCHERS)]
    extra, response = watch(screen)
    assert response.status == 503
    response.read()
    for connection in (extra, *(connection for connection, _ in watchers)):
        connection.close()


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(AgentError, match=f"{port}.*web_port"):
            open_feedback(FeedbackSettings(screens=("web",), web_port=port))


def test_the_terminal_says_each_answer_once() -> None:
    written = io.StringIO()
    terminal = Terminal(Console(file=written, width=200))
    terminal.show((ANNE,))
    terminal.show((ANNE, STRANGER))
    assert written.getvalue().count("Anne <b>: You are in, on time · Circuits") == 1
    assert written.getvalue().count("I don't know you") == 1


def test_a_light_without_gpio_says_what_to_install() -> None:
    with pytest.raises(AgentError, match="apt install python3-gpiozero"):
        open_feedback(FeedbackSettings(screens=("light",)))


def test_a_screen_that_fails_does_not_silence_the_others() -> None:
    class Broken:
        def show(self, answers: Sequence[Answer]) -> None:  # noqa: ARG002 (it is broken)
            raise OSError("burnt out")

        def close(self) -> None:
            raise AssertionError

    written = io.StringIO()
    Screens([Broken(), Terminal(Console(file=written, width=200))]).show((ANNE,))
    assert "Anne" in written.getvalue()


def test_no_screen_at_all_is_fine() -> None:
    screens = open_feedback(FeedbackSettings(screens=()))
    screens.show((ANNE,))
    screens.close()
