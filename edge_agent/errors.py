"""What can go wrong on a device. Every text says what to do."""


class AgentError(Exception):
    pass


class CameraFailed(AgentError):
    """The camera can't be opened, gives no pictures, or gives bad ones. The watchdog tries again."""


class CameraEnded(AgentError):
    """A replay that does not loop has shown its last picture."""


class BadScene(AgentError):
    """A replay's folder or script can't be played."""
