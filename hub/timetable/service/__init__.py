"""The use cases of the timetable, one module each; what the composition root and other domains call is named here."""

from hub.timetable.service.entries import EntryDraft, create_entry
from hub.timetable.service.rooms import create_room, update_room
from hub.timetable.service.versions import publish

__all__ = ["EntryDraft", "create_entry", "create_room", "publish", "update_room"]
