"""An archive into the hub: places, people, teaching, each with its rows' problems."""

from hub.courses.one_roster.files import ORGS
from hub.courses.one_roster.ledger import Ledger
from hub.courses.one_roster.people import People
from hub.courses.one_roster.places import Places, Wishes
from hub.courses.one_roster.roster import Roster
from hub.courses.one_roster.teaching import Teaching
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.spreadsheets.columns import Problem
from hub.spreadsheets.reader import Reading
from hub.spreadsheets.wire import Outcome, Report
from hub.users.college import College


async def import_roster(
    uow: UnitOfWork, reading: Reading, report: Report, *, wishes: Wishes, college: College
) -> Outcome:
    """Make what is new in a read archive and change what is otherwise; with a problem the caller undoes all of it."""
    total = sum(map(len, reading.rows.values()))
    roster = Roster.of(reading)
    if await school_queries.find_school(uow) is None:
        roster.problems.append(Problem(ORGS.name, 0, "", "the hub has no school yet: create it, with its time zone"))
    if wishes.department_id is not None:
        await school_queries.get_department(uow, wishes.department_id)
    ledger = Ledger(uow, roster)
    await ledger.load()
    places = Places(uow, roster, ledger, wishes)
    report(0, total, "Departments, terms, courses")
    await places.store()
    done = sum(map(len, (roster.orgs, roster.sessions, roster.courses, roster.classes)))
    report(done, total, "People")
    people = People(uow, roster, ledger, places, college)
    await people.store()
    report(done + len(roster.users), total, "Classes")
    if not roster.problems:
        # Whom problems kept from getting an account would be missed in the classes.
        await Teaching(uow, roster, ledger, places, people).store()
    report(total, total, "Storing")
    if roster.problems:
        return Outcome(problems=roster.problems, notices=roster.notices)
    return Outcome(created=ledger.created, updated=ledger.updated, unchanged=ledger.unchanged, notices=roster.notices)
