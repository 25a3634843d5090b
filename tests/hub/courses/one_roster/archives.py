"""A roster as another system would export it, and changes of it."""

import csv
import io
import zipfile
from collections.abc import Mapping
from typing import Any

Rows = dict[str, list[dict[str, str]]]

HEADERS = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": (
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes"
    ),
    "classes": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
        "termSourcedIds,subjects,subjectCodes,periods"
    ),
    "users": (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,"
        "sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,"
        "preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns"
    ),
    "roles": (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
        "userProfileSourcedId"
    ),
    "enrollments": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate"
    ),
}


def _user(sourced_id: str, given: str, **more: str) -> dict[str, str]:
    return {
        "sourcedId": sourced_id,
        "enabledUser": "true",
        "username": f"{sourced_id}-name",
        "givenName": given,
        "familyName": "Wanjiru",
        "email": f"{sourced_id}@college.example",
        "primaryOrgSourcedId": "s",
    } | more


def _role(user: str, role: str, org: str = "s") -> dict[str, str]:
    return {
        "sourcedId": f"r-{user}-{role}",
        "userSourcedId": user,
        "roleType": "primary",
        "role": role,
        "orgSourcedId": org,
    }


def _in(class_id: str, user: str, role: str = "student", **more: str) -> dict[str, str]:
    return {
        "sourcedId": f"e-{class_id}-{user}",
        "classSourcedId": class_id,
        "schoolSourcedId": "s",
        "userSourcedId": user,
        "role": role,
    } | more


def _class(sourced_id: str, title: str, course: str, kind: str, terms: str, grades: str = "") -> dict[str, str]:
    return {
        "sourcedId": sourced_id,
        "title": title,
        "courseSourcedId": course,
        "classType": kind,
        "schoolSourcedId": "s",
        "termSourcedIds": terms,
        "grades": grades,
    }


def roster() -> Rows:
    """One department, a year of two terms, a homeroom of two students in their second year, one course taught."""
    return {
        "orgs": [
            {"sourcedId": "s", "name": "Kisima", "type": "school"},
            {"sourcedId": "d", "name": "Computing", "type": "department", "identifier": "ICT", "parentSourcedId": "s"},
        ],
        "academicSessions": [
            {
                "sourcedId": "y", "title": "2026", "type": "schoolYear", "startDate": "2026-01-01",
                "endDate": "2027-01-01",
            },
            {
                "sourcedId": "t2", "title": "T2", "type": "term", "startDate": "2026-05-04", "endDate": "2026-08-08",
                "parentSourcedId": "y",
            },
            {
                "sourcedId": "t1", "title": "T1", "type": "term", "startDate": "2026-01-05", "endDate": "2026-05-04",
                "parentSourcedId": "y",
            },
        ],
        "courses": [
            {"sourcedId": "c-prog", "title": "Diploma in ICT", "courseCode": "DICT", "orgSourcedId": "d"},
            {"sourcedId": "c-net", "title": "Networks", "courseCode": "NET101", "orgSourcedId": "d"},
        ],
        "classes": [
            _class("home", "DICT 2A", "c-prog", "homeroom", "y", "02"),
            _class("net", "Networks 2A", "c-net", "scheduled", "t1,t2"),
        ],
        "users": [
            _user("ada", "Ada", identifier="ADM/1"),
            _user("ben", "Ben"),
            _user("tom", "Tom", primaryOrgSourcedId="d", identifier="S/1"),
            _user("mum", "Mum"),
        ],
        "roles": [
            _role("ada", "student"), _role("ben", "student"), _role("tom", "teacher", "d"), _role("mum", "parent"),
        ],
        "enrollments": [
            _in("home", "ada"),
            _in("home", "ben", beginDate="2026-02-01"),
            _in("net", "ada"),
            _in("net", "tom", "teacher", primary="true"),
        ],
    }  # fmt: skip


def manifest_of(rows: Mapping[str, Any], **changes: str) -> dict[str, str]:
    told = {"manifest.version": "1.0", "oneroster.version": "1.2"}
    told |= {f"file.{name}": "bulk" if name in rows else "absent" for name in [*HEADERS, "demographics", "results"]}
    return told | {key.replace("__", "."): value for key, value in changes.items()}


def pack(rows: Rows, *, manifest: Mapping[str, str] | None = None, extra: Mapping[str, bytes] | None = None) -> bytes:
    """The zip: manifest and a CSV file for each of `rows`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        told = manifest if manifest is not None else manifest_of(rows)
        lines = [{"propertyName": name, "value": value} for name, value in told.items()]
        container.writestr("manifest.csv", _csv(["propertyName", "value"], lines))
        for name, of_file in rows.items():
            container.writestr(f"{name}.csv", _csv(HEADERS[name].split(","), of_file))
        for name, content in (extra or {}).items():
            container.writestr(name, content)
    return target.getvalue()


def _csv(headers: list[str], rows: list[dict[str, str]]) -> str:
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, headers)
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()
