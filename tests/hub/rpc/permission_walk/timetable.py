import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from uuid6 import uuid7

from smartroster.timetable.v1 import assistant_pb2 as assistant
from smartroster.timetable.v1 import availability_pb2 as availability
from smartroster.timetable.v1 import planning_pb2 as planning
from smartroster.timetable.v1 import timetable_pb2 as pb
from smartroster.timetable.v1 import versions_pb2 as versions
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row, also

_TIMETABLE = "/smartroster.timetable.v1.TimetableService/"
_VERSIONS = "/smartroster.timetable.v1.VersionsService/"
_AVAILABILITY = "/smartroster.timetable.v1.AvailabilityService/"
_PLANNING = "/smartroster.timetable.v1.PlanningService/"
_ASSISTANT = "/smartroster.timetable.v1.AssistantService/"


def _new_room(_: Aim) -> pb.CreateRoomRequest:
    fence = pb.Geofence(circle=pb.Geofence.Circle(centre=pb.LatLng(latitude=-1.2921, longitude=36.8219), radius_m=50))
    return pb.CreateRoomRequest(room=pb.Room(code="NEW", name="New", capacity=20, geofence=fence))


def _larger_room(aim: Aim) -> pb.UpdateRoomRequest:
    request = pb.UpdateRoomRequest(room=_new_room(aim).room)
    request.room.id = str(aim.side.room_id)
    request.update_mask.paths.append("capacity")
    return request


def _entry(aim: Aim) -> pb.TimetableEntry:
    return pb.TimetableEntry(
        enrolment_id=str(aim.side.enrolment_id),
        room_id=str(aim.side.room_id),
        weekday=3,
        start_time_of_day="14:00",
        end_time_of_day="16:00",
    )


def _later_entry(aim: Aim) -> pb.UpdateTimetableEntryRequest:
    return pb.UpdateTimetableEntryRequest(
        timetable_entry=pb.TimetableEntry(id=str(aim.side.draft_entry_id), weekday=4),
        update_mask=FieldMask(paths=["weekday"]),
    )


def _windows(aim: Aim) -> availability.UpdateTrainerAvailabilityRequest:
    return availability.UpdateTrainerAvailabilityRequest(
        trainer_availability=availability.TrainerAvailability(trainer_id=str(aim.side.trainer_id))
    )


def _absence(aim: Aim) -> availability.CreateTrainerAbsenceRequest:
    day = aim.college.today.isoformat()
    return availability.CreateTrainerAbsenceRequest(
        trainer_absence=availability.TrainerAbsence(trainer_id=str(aim.side.trainer_id), start_date=day, end_date=day)
    )


ROWS = {
    _TIMETABLE + "CreateRoom": Row(request=_new_room),
    _TIMETABLE + "GetRoom": Row(request=lambda aim: pb.GetRoomRequest(room_id=str(aim.side.room_id))),
    _TIMETABLE + "ListRooms": Row(request=lambda _: pb.ListRoomsRequest(), shows=lambda aim: aim.side.room_id),
    _TIMETABLE + "UpdateRoom": Row(request=_larger_room),
    _TIMETABLE + "DeleteRoom": Row(request=lambda aim: pb.DeleteRoomRequest(room_id=str(aim.college.spare_room_id))),
    _TIMETABLE + "CreateTimetableEntry": Row(
        request=lambda aim: pb.CreateTimetableEntryRequest(timetable_entry=_entry(aim))
    ),
    _TIMETABLE + "GetTimetableEntry": Row(
        request=lambda aim: pb.GetTimetableEntryRequest(timetable_entry_id=str(aim.side.entry_id))
    ),
    _TIMETABLE + "ListTimetableEntries": Row(
        request=lambda _: pb.ListTimetableEntriesRequest(page_size=400), shows=lambda aim: aim.side.entry_id
    ),
    _TIMETABLE + "UpdateTimetableEntry": Row(request=_later_entry),
    _TIMETABLE + "DeleteTimetableEntry": Row(
        request=lambda aim: pb.DeleteTimetableEntryRequest(timetable_entry_id=str(aim.side.draft_entry_id))
    ),
    _TIMETABLE + "PinTimetableEntries": Row(
        request=lambda aim: pb.PinTimetableEntriesRequest(
            timetable_entry_ids=[str(aim.side.draft_entry_id)], pinned=True
        )
    ),
    _TIMETABLE + "CheckConflicts": Row(request=lambda aim: pb.CheckConflictsRequest(timetable_entry=_entry(aim))),
    _VERSIONS + "CreateTimetableVersion": Row(
        request=lambda aim: versions.CreateTimetableVersionRequest(term_id=str(aim.college.term_id))
    ),
    _VERSIONS + "GetTimetableVersion": Row(
        request=lambda aim: versions.GetTimetableVersionRequest(timetable_version_id=str(aim.college.version_id)),
        of_caller_alone=True,
    ),
    _VERSIONS + "ListTimetableVersions": Row(
        request=lambda _: versions.ListTimetableVersionsRequest(),
        shows=lambda aim: aim.college.version_id,
        of_caller_alone=True,
    ),
    _VERSIONS + "UpdateTimetableVersion": Row(
        request=lambda aim: versions.UpdateTimetableVersionRequest(
            timetable_version=versions.TimetableVersion(id=str(aim.college.draft_id), title="Spring")
        )
    ),
    _VERSIONS + "DeleteTimetableVersion": Row(
        request=lambda aim: versions.DeleteTimetableVersionRequest(timetable_version_id=str(aim.college.draft_id))
    ),
    _VERSIONS + "DiffTimetableVersions": Row(
        request=lambda aim: versions.DiffTimetableVersionsRequest(
            from_version_id=str(aim.college.version_id), to_version_id=str(aim.college.draft_id)
        )
    ),
    _VERSIONS + "PublishTimetable": Row(
        request=lambda aim: versions.PublishTimetableRequest(term_id=str(aim.college.term_id))
    ),
    _AVAILABILITY + "GetTrainerAvailability": Row(
        request=lambda aim: availability.GetTrainerAvailabilityRequest(trainer_id=str(aim.side.trainer_id))
    ),
    _AVAILABILITY + "ListTrainerAvailabilities": Row(
        request=lambda _: availability.ListTrainerAvailabilitiesRequest(), shows=lambda aim: aim.side.trainer_id
    ),
    _AVAILABILITY + "UpdateTrainerAvailability": Row(request=_windows),
    _AVAILABILITY + "CreateTrainerAbsence": Row(request=_absence),
    _AVAILABILITY + "ListTrainerAbsences": Row(
        request=lambda _: availability.ListTrainerAbsencesRequest(), shows=lambda aim: aim.side.absence_id
    ),
    _AVAILABILITY + "DeleteTrainerAbsence": Row(
        request=lambda aim: availability.DeleteTrainerAbsenceRequest(trainer_absence_id=str(aim.side.absence_id))
    ),
    _PLANNING + "GetDayPattern": Row(request=lambda _: planning.GetDayPatternRequest()),
    _PLANNING + "UpdateDayPattern": Row(request=lambda _: planning.UpdateDayPatternRequest()),
    _PLANNING + "GetTimetablePolicy": Row(request=lambda _: planning.GetTimetablePolicyRequest()),
    _PLANNING + "GenerateTimetable": Row(
        # The walk's college has no day pattern.
        request=lambda aim: planning.GenerateTimetableRequest(term_id=str(aim.college.term_id), moves=1),
        accepts=also(grpc.StatusCode.FAILED_PRECONDITION),
    ),
    # The walk's college has no day pattern, and no job of the kind.
    _ASSISTANT + "SuggestAlternatives": Row(
        request=lambda aim: assistant.SuggestAlternativesRequest(
            timetable_entry=pb.TimetableEntry(id=str(aim.side.entry_id))
        ),
        accepts=also(grpc.StatusCode.FAILED_PRECONDITION),
    ),
    _ASSISTANT + "ResolveTimetable": Row(
        request=lambda aim: assistant.ResolveTimetableRequest(term_id=str(aim.college.term_id)),
        accepts=also(grpc.StatusCode.FAILED_PRECONDITION),
    ),
    _ASSISTANT + "ApplyResolution": Row(
        request=lambda _: assistant.ApplyResolutionRequest(job_id=str(uuid7()), offer_number=1),
        accepts=also(grpc.StatusCode.NOT_FOUND),
    ),
    _PLANNING + "CheckTimetableVersion": Row(
        request=lambda aim: planning.CheckTimetableVersionRequest(timetable_version_id=str(aim.college.draft_id))
    ),
    _PLANNING + "UpdateTimetablePolicy": Row(
        request=lambda _: planning.UpdateTimetablePolicyRequest(update_mask=FieldMask(paths=["max_consecutive"]))
    ),
}
