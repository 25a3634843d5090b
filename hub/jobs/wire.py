"""A job on the wire: of JobsService, and of the RPCs of other domains that begin one."""

from typing import Any

from google.protobuf.struct_pb2 import Struct

from hub.jobs.models import Job
from hub.rpc.fields import to_timestamp
from smartroster.jobs.v1 import jobs_pb2 as pb


def job_to_proto(job: Job) -> pb.Job:
    return pb.Job(
        id=str(job.id),
        kind=job.kind,
        title=job.title,
        owner_id=str(job.owner_id or ""),
        state=f"STATE_{job.state.name}",
        done_units=job.done_units,
        total_units=job.total_units,
        stage=job.stage,
        detail=_struct(job.detail),
        params=_struct(job.params),
        result=_struct(job.result),
        failure_reason=job.failure_reason,
        failure=job.failure,
        cancel_requested=job.cancel_time is not None,
        attempts=job.attempts,
        create_time=to_timestamp(job.create_time),
        start_time=to_timestamp(job.start_time),
        end_time=to_timestamp(job.end_time),
        update_time=to_timestamp(job.update_time),
    )


def _struct(values: dict[str, Any]) -> Struct | None:
    if not values:
        return None
    struct = Struct()
    struct.update(values)
    return struct
