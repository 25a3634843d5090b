"""The soft rules of the policy as terms that CP-SAT minimises: for each rule what the validator counts, no less and no
more.

Only what the free lessons can change is counted, so the objective differs from the validator's cost by what is fixed.
"""

from collections import defaultdict

from hub.timetable.solver.cp_sat import Term
from hub.timetable.solver.formulation import (
    LOAD_RULES,
    Formulation,
    day_slots,
    unbroken_windows,
)
from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Course, Lesson, Party, Placement, Problem


def add_soft_rules(formulation: Formulation) -> None:
    """Append what the free lessons can cost to the formulation's objective."""
    _SoftRules(formulation).add()


def place_cost(problem: Problem, lesson: Lesson, place: Placement) -> int:
    """What a place costs by itself, whatever else is where: seats, fit and wishes."""
    policy = problem.policy
    empty = problem.room[place.room].capacity - lesson.students
    cost = policy.weight(Rule.ROOM_CAPACITY) * max(-empty, 0) + policy.weight(Rule.ROOM_FIT) * max(empty // 10, 0)
    wishes = [lesson.preferred, *(problem.group[group].preferred for group in lesson.groups)]
    if lesson.trainer is not None:
        wishes.append(problem.trainer[lesson.trainer].preferred)
    slots = lesson.slots(place.slot)
    outside = sum(slot not in preferred for preferred in wishes if preferred for slot in slots)
    return cost + policy.weight(Rule.PREFERRED) * outside


class _SoftRules:
    def __init__(self, formulation: Formulation) -> None:
        self._formulation = formulation
        self._problem = formulation.problem
        self._policy = formulation.problem.policy
        self._model = formulation.model

    def add(self) -> None:
        for (number, place), chosen in self._formulation.places.items():
            lesson = self._formulation.kinds[number].lesson
            self._charge(place_cost(self._problem, lesson, place), chosen)
        self._add_moved()
        for key in sorted({kind.lesson.course for kind in self._formulation.kinds}):
            self._add_days_of(self._problem.course[key])
            self._add_rooms_of(key)
        for who, party, day in self._formulation.open_days():
            self._add_loads(who, party, day)
            self._add_shape(who, party, day)
        if weight := self._policy.weight(Rule.ROOM_DAILY_LOAD):
            for (room, day), choices in self._formulation.in_room.items():
                most = self._problem.room[room].max_daily_lessons
                if most is not None:
                    # What the fixed ones are over by already is theirs.
                    left = max(most - self._formulation.fixed_in_room(room, day), 0)
                    self._charge(weight, self._at_least(sum(choices) - left, len(choices)))

    def _charge(self, weight: int, amount: Term) -> None:
        if weight:
            self._formulation.objective.append(weight * amount)

    def _at_least(self, amount: Term, most: int) -> Term:
        """A variable that is no less than `amount` and no less than 0; the search makes it no more."""
        variable = self._model.new_int_var(0, most, "")
        self._model.add(variable >= amount)
        return variable

    def _add_moved(self) -> None:
        if weight := self._policy.weight(Rule.MOVED):
            for number, kind in enumerate(self._formulation.kinds):
                for key in kind.keys:
                    former = self._problem.lesson[key].former
                    if former is not None and (number, former) in self._formulation.places:
                        self._charge(-weight, self._formulation.places[number, former])

    def _add_days_of(self, course: Course) -> None:
        weight = self._policy.weight(Rule.MIN_WORKING_DAYS)
        if not weight or course.min_days <= 1:
            return
        used: list[Term] = []
        for day in range(self._problem.grid.days):
            there = [self._formulation.there("course", course.key, slot) for slot in day_slots(self._problem, day)]
            if any(isinstance(term, int) and term == 1 for term in there):
                used.append(1)
            elif self._formulation.is_open("course", course.key, day):
                taught = self._model.new_bool_var("")
                self._model.add(taught <= sum(there))
                used.append(taught)
        self._charge(weight, self._at_least(course.min_days - sum(used), course.min_days))

    def _add_rooms_of(self, course: str) -> None:
        weight = self._policy.weight(Rule.ROOM_STABILITY)
        if not weight:
            return
        settled = {place.room for lesson, place in self._formulation.fixed if lesson.course == course}
        choices: defaultdict[str, list[Term]] = defaultdict(list)
        for (number, place), chosen in self._formulation.places.items():
            if self._formulation.kinds[number].lesson.course == course and place.room not in settled:
                choices[place.room].append(chosen)
        for in_room in choices.values():
            used = self._model.new_bool_var("")
            for chosen in in_room:
                self._model.add_implication(chosen, used)
            self._charge(weight, used)

    def _add_loads(self, who: str, party: Party, day: int) -> None:
        daily, consecutive = LOAD_RULES[who]
        there = self._there(who, party, day)
        if party.max_daily is not None and (weight := self._policy.weight(daily)):
            self._charge(weight, self._at_least(sum(there) - party.max_daily, len(there)))
        if party.max_consecutive is not None and (weight := self._policy.weight(consecutive)):
            for window in unbroken_windows(self._problem, day, party.max_consecutive + 1):
                full = sum(there[period] for period in window) - party.max_consecutive
                self._charge(weight, self._at_least(full, 1))

    def _add_shape(self, who: str, party: Party, day: int) -> None:
        """Lone periods, gaps and lunch."""
        there = self._there(who, party, day)
        if who == "group" and (weight := self._policy.weight(Rule.GROUP_LONE_PERIOD)):
            for period, here in enumerate(there):
                beside = (there[period - 1] if period > 0 else 0) + (
                    there[period + 1] if period + 1 < len(there) else 0
                )
                self._charge(weight, self._at_least(here - beside, 1))
        lunch = [slot.period for slot in sorted(self._problem.grid.lunch) if slot.day == day]
        if weight := self._policy.weight(Rule.GROUP_GAP if who == "group" else Rule.TRAINER_GAP):
            self._charge(weight, self._gaps(there, lunch))
        if lunch and (weight := self._policy.weight(Rule.LUNCH)):
            taken = sum(there[period] for period in lunch)
            self._charge(weight, self._at_least(taken - (len(lunch) - 1), 1))

    def _gaps(self, there: list[Term], lunch: list[int]) -> Term:
        """Idle periods between the first and the last, less one in the lunch window. `begun` and `ahead` need lower
        bounds alone, and an idle period that isn't one gains nothing: the one that lunch takes off costs as much.
        """
        begun = [self._model.new_bool_var("") for _ in there]
        ahead = [self._model.new_bool_var("") for _ in there]
        last = len(there) - 1
        for period, here in enumerate(there):
            self._model.add(begun[period] >= here)
            self._model.add(ahead[period] >= here)
            if period > 0:
                self._model.add(begun[period] >= begun[period - 1])
            if period < last:
                self._model.add(ahead[period] >= ahead[period + 1])
        idle = [
            self._at_least(begun[period - 1] + ahead[period + 1] - 1 - there[period], 1) for period in range(1, last)
        ]
        if not (inside := [idle[period - 1] for period in lunch if 0 < period < last]):
            return sum(idle)
        eaten = self._model.new_bool_var("")
        self._model.add(eaten <= sum(inside))
        return sum(idle) - eaten

    def _there(self, who: str, party: Party, day: int) -> list[Term]:
        return [self._formulation.there(who, party.key, slot) for slot in day_slots(self._problem, day)]
