"""The use cases of courses, one module each; what the composition root calls is named here."""

from hub.courses.service.moves import jobs

__all__ = ["jobs"]
