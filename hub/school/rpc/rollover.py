"""RolloverService on the wire."""

from typing import Any
from uuid import UUID

import grpc

from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal
from hub.rpc.fields import from_optional_date, parse_optional_uuid, parse_uuid
from hub.school import queries
from hub.school.rpc.messages import class_group_to_proto, term_to_proto, year_to_proto
from hub.school.service.rollover import Rollover, RolloverWishes, Step, roll_over
from hub.school.teaching import CurriculumPlan, DueEnrolment
from smartroster.school.v1 import rollover_pb2 as pb
from smartroster.school.v1 import rollover_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_MOST_MOVES = 1000


class _Undo(Exception):
    """Not an error: how a dry run leaves its unit of work without a commit."""


class RolloverServicer(rollover_pb2_grpc.RolloverServiceServicer):
    def __init__(self, database: Database, *, curriculum: CurriculumPlan) -> None:
        self._db = database
        self._curriculum = curriculum

    async def RollOver(self, request: pb.RollOverRequest, context: Context) -> pb.RollOverResponse:
        wishes = _wishes(request)
        answer = pb.RollOverResponse()
        try:
            # A dry run does the same and is undone, so it answers what the real one would.
            async with self._db.unit_of_work(current_principal()) as uow:
                done = await roll_over(uow, wishes=wishes, curriculum=self._curriculum)
                answer = _to_proto(done)
                today = await queries.today(uow)
                answer.academic_year.CopyFrom(year_to_proto(done.year, today))
                answer.terms.extend(term_to_proto(term, today) for term in done.terms)
                if request.validate_only:
                    raise _Undo  # noqa: TRY301 (leaving a unit of work without a commit takes an exception)
        except _Undo:
            return answer
        answer.committed = True
        return answer


def _wishes(request: pb.RollOverRequest) -> RolloverWishes:
    for field, moves in (("moves", request.moves), ("trainee_moves", request.trainee_moves)):
        if len(moves) > _MOST_MOVES:
            raise InvalidArgument.of(field, f"has more than {_MOST_MOVES} entries: make these moves afterwards")
    return RolloverWishes(
        academic_year_id=parse_optional_uuid(request.academic_year_id, "academic_year_id"),
        name=request.name,
        start_date=from_optional_date(request.start_date, "start_date"),
        end_date=from_optional_date(request.end_date, "end_date"),
        moves={
            parse_uuid(move.class_group_id, f"moves[{i}].class_group_id"): parse_uuid(
                move.target_class_group_id, f"moves[{i}].target_class_group_id"
            )
            for i, move in enumerate(request.moves)
        },
        trainee_moves={
            parse_uuid(move.trainee_id, f"trainee_moves[{i}].trainee_id"): parse_uuid(
                move.target_class_group_id, f"trainee_moves[{i}].target_class_group_id"
            )
            for i, move in enumerate(request.trainee_moves)
        },
        add_intake=request.add_intake,
    )


def _to_proto(done: Rollover) -> pb.RollOverResponse:
    names = {step.group.id: step.group.name for step in done.steps}
    names |= {group.id: group.name for group in done.created_groups}
    terms = {term.number: term.id for term in done.terms}
    return pb.RollOverResponse(
        academic_year_created=done.year_created,
        created_terms=done.created_terms,
        steps=map(_step_to_proto, done.steps),
        created_class_groups=[class_group_to_proto(group, done.year) for group in done.created_groups],
        proposals=[_proposal_to_proto(due, names[due.class_group_id], terms[due.term_number]) for due in done.due],
        moved_trainees=done.moved,
        graduating_trainees=done.graduating,
    )


def _step_to_proto(step: Step) -> pb.GroupStep:
    return pb.GroupStep(
        class_group_id=str(step.group.id),
        name=step.group.name,
        kind=f"KIND_{step.kind}",
        year_of_study=step.year_of_study,
        target_class_group_id=str(step.target.id) if step.target else "",
        target_name=step.target.name if step.target else "",
        trainees=step.trainees,
        date=step.on.isoformat(),
    )


def _proposal_to_proto(due: DueEnrolment, group_name: str, term_id: UUID) -> pb.EnrolmentProposal:
    return pb.EnrolmentProposal(
        class_group_id=str(due.class_group_id),
        class_group_name=group_name,
        course_id=str(due.course_id),
        course_code=due.course_code,
        course_title=due.course_title,
        term_id=str(term_id),
        term_number=due.term_number,
        trainer_id=str(due.trainer_id or ""),
    )
