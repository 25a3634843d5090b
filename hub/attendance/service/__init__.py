"""The use cases of attendance, one module each; what the composition root and other domains call is named here."""

from hub.attendance.service.plan import materialise
from hub.attendance.service.watch import jobs, subscriptions

__all__ = ["jobs", "materialise", "subscriptions"]
