from smartroster.jobs.v1 import jobs_pb2 as pb
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row

_JOBS = "/smartroster.jobs.v1.JobsService/"


def _job_id(aim: Aim) -> str:
    return str(aim.college.jobs[aim.person_id])


ROWS = {
    _JOBS + "GetJob": Row(request=lambda aim: pb.GetJobRequest(job_id=_job_id(aim)), shows=_job_id),
    _JOBS + "ListJobs": Row(request=lambda _: pb.ListJobsRequest(), shows=_job_id),
    _JOBS + "CancelJob": Row(request=lambda aim: pb.CancelJobRequest(job_id=_job_id(aim)), shows=_job_id),
    _JOBS + "WatchJob": Row(request=lambda aim: pb.WatchJobRequest(job_id=_job_id(aim)), shows=_job_id),
}
