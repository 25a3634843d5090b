"""The users of a roster: students as trainees of their homeroom, teachers as trainers of a department."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hub.courses.one_roster.files import ENROLLMENTS, USERS
from hub.courses.one_roster.ledger import Ledger
from hub.courses.one_roster.places import Places
from hub.courses.one_roster.roster import STUDENT, TEACHER, Roster, ids_in
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError, InvalidArgument
from hub.school import queries as school_queries
from hub.spreadsheets.columns import Row
from hub.users.college import College
from hub.users.models import User
from hub.users.rules import Role, TraineeDraft, TrainerDraft, UserDraft, check_user, email_key
from hub.users.service import accounts, profiles

_KEYS = {
    "email": "email",
    "given_name": "givenName",
    "family_name": "familyName",
    "admission_number": "identifier",
    "staff_number": "identifier",
    "department_id": "primaryOrgSourcedId",
}
_NAMES = frozenset({"email", "given_name", "family_name"})


class People:
    """Stores them, new ones together."""

    def __init__(self, uow: UnitOfWork, roster: Roster, ledger: Ledger, places: Places, college: College) -> None:
        self._uow = uow
        self._roster = roster
        self._ledger = ledger
        self._places = places
        self._college = college
        self.ids: dict[str, UUID] = {}
        # Student to (homeroom, first day in it).
        self.homerooms: dict[str, tuple[str, date | None]] = {}

    async def store(self) -> None:
        today = await school_queries.today(self._uow)
        self._find_homerooms(today)
        fresh: list[tuple[Row, UserDraft]] = []
        by_email = await self._accounts()
        for row in self._roster.users.values():
            draft = self._draft(row, today)
            if draft is None:
                continue
            present = await self._ledger.find("user", row.values["sourcedId"], User)
            present = present or by_email.get(email_key(draft.email))
            if isinstance(present, User):
                await self._update(row, present, draft)
            else:
                fresh.append((row, draft))
        if not self._roster.problems:
            await self._create(fresh)

    def _find_homerooms(self, today: date) -> None:
        for homeroom in self._roster.homerooms():
            class_id = homeroom.values["sourcedId"]
            for row in self._roster.people_in(class_id, STUDENT):
                ended = row.values["endDate"]
                if ended is not None and ended <= today:
                    continue
                student = row.values["userSourcedId"]
                other = self.homerooms.get(student)
                if other is not None and other[0] != class_id:
                    reason = f"is in the homeroom {other[0]} already: end one of the two enrolments"
                    self._roster.tell(ENROLLMENTS, row, "userSourcedId", reason)
                    continue
                self.homerooms[student] = (class_id, row.values["beginDate"] or self._first_day(homeroom))

    def _first_day(self, homeroom: Row) -> date | None:
        sessions = [self._roster.sessions[one] for one in ids_in(homeroom.values["termSourcedIds"])]
        return min((row.values["startDate"] for row in sessions), default=None)

    async def _accounts(self) -> dict[str, User]:
        keys = [email_key(row.values["email"]) for row in self._roster.users.values() if row.values["email"]]
        known: dict[str, User] = {}
        for start in range(0, len(keys), 500):
            for user in await self._uow.session.scalars(
                select(User).where(User.email_key.in_(keys[start : start + 500]))
            ):
                known[user.email_key] = user
        return known

    def _draft(self, row: Row, today: date) -> UserDraft | None:
        """The account that a row asks for; None when it asks for none, or for one that can't be."""
        values = row.values
        roles = self._roster.roles_of(values["sourcedId"])
        if not values["enabledUser"] or not roles & {STUDENT, TEACHER}:
            why = f"is {', '.join(sorted(roles)) or 'nobody here'}" if values["enabledUser"] else "is not enabled"
            self._roster.note(USERS, row, "sourcedId", f"{why}: no account was made or changed")
            return None
        draft = UserDraft(
            email=values["email"] or "",
            given_name=values["givenName"],
            family_name=values["familyName"],
            roles=frozenset({Role.TRAINEE} if STUDENT in roles else {Role.TRAINER}),
        )
        number = values["identifier"] or values["username"]
        complete = self._as_trainee(row, draft, number) if STUDENT in roles else self._as_trainer(row, draft, number)
        if complete is None:
            return None
        violations = check_user(complete, today)
        for violation in violations:
            key = _KEYS.get(violation.field.rpartition(".")[2], "sourcedId")
            self._roster.tell(USERS, row, key, violation.description)
        return None if violations else complete

    def _as_trainee(self, row: Row, draft: UserDraft, number: str) -> UserDraft | None:
        homeroom = self.homerooms.get(row.values["sourcedId"])
        if homeroom is None:
            reason = "is a student in no homeroom class today: enrol the student in one"
            self._roster.tell(USERS, row, "sourcedId", reason)
            return None
        group = self._places.groups.get(homeroom[0])
        if group is None:  # told already
            return None
        profile = TraineeDraft(admission_number=number, class_group_id=group.id, membership_start_date=homeroom[1])
        return replace(draft, trainee=profile)

    def _as_trainer(self, row: Row, draft: UserDraft, number: str) -> UserDraft | None:
        orgs = sorted(org for role, org in self._roster.roles.get(row.values["sourcedId"], ()) if role == TEACHER)
        found = [self._roster.department_of(org) for org in (row.values["primaryOrgSourcedId"], *orgs)]
        own = next((self._places.departments.get(one) for one in found if one is not None), None)
        department_id = own or self._places.department_id(None)
        if department_id is None:
            reason = "is of no department, and none was named for what is the school's own: name one"
            self._roster.tell(USERS, row, "primaryOrgSourcedId", reason)
            return None
        return replace(draft, trainer=TrainerDraft(staff_number=number, department_id=department_id))

    async def _update(self, row: Row, user: User, draft: UserDraft) -> None:
        [role] = draft.roles
        if role not in user.roles:
            reason = f"has an account here as {', '.join(sorted(user.roles))}: give it the role {role} first"
            self._roster.tell(USERS, row, "email", reason)
            return
        present = profiles.draft_of(user)
        fields = {field for field in _NAMES if getattr(present, field) != getattr(draft, field)}
        if draft.trainee and present.trainee and present.trainee.class_group_id != draft.trainee.class_group_id:
            fields |= {"trainee.class_group_id", "trainee.membership_start_date"}
        stored = await self._ledger.change(
            USERS,
            row,
            "user",
            user,
            lambda: self._change(user, draft, frozenset(fields)),
            _KEYS,
        )
        if stored is not None:
            self.ids[row.values["sourcedId"]] = stored.id

    async def _change(self, user: User, draft: UserDraft, fields: frozenset[str]) -> None:
        if fields:
            await accounts.update_user(
                self._uow, user_id=user.id, wanted=draft, fields=fields, etag="", college=self._college
            )

    async def _create(self, fresh: Sequence[tuple[Row, UserDraft]]) -> None:
        if not fresh:
            return
        paths = [f"users[{i}]" for i in range(len(fresh))]
        try:
            users = await accounts.create_users(
                self._uow,
                [draft for _, draft in fresh],
                college=self._college,
                credentials=[accounts.INVITED] * len(fresh),
                paths=paths,
            )
        except InvalidArgument as error:
            rows = dict(zip(paths, (row for row, _ in fresh), strict=True))
            for violation in error.violations:
                path, _, field = violation.field.partition(".")
                key = _KEYS.get(field.rpartition(".")[2], "sourcedId")
                self._roster.tell(USERS, rows[path], key, violation.description)
            return
        except HubError as error:
            self._roster.tell(USERS, fresh[0][0], "sourcedId", error.message)
            return
        for (row, _), user in zip(fresh, users, strict=True):
            self._ledger.created += 1
            self._ledger.link("user", row.values["sourcedId"], user.id)
            self.ids[row.values["sourcedId"]] = user.id
