"""`python -m bench.timetable_repair --instances DIR`: fewest-moves repairs, offers, alternatives, named infeasibility.

Good plans are made first, with the engine's own search. Then things happen to them, drawn by a seed: a trainer is away
on a day, a room is closed. Each answer is checked by the validator, and what is said to be short against what was taken
away. The proofs are of ITC-2007's comp02 and comp05, the rest of a made-up college of full size.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

from bench.college_problem import college_problem
from bench.itc2007 import read_instance
from bench.report import Figure, Report
from hub.timetable.solver.alternatives import alternatives, free_place
from hub.timetable.solver.cp_sat import Budget
from hub.timetable.solver.explanation import explain
from hub.timetable.solver.generation import generate
from hub.timetable.solver.problem import Placement, Plan, Problem, Slot
from hub.timetable.solver.repair import repair_with_fewest_moves, repairs
from hub.timetable.solver.validator import validate

PROOF_S, OFFER_S, ALTERNATIVES_S, FREE_S, EXPLAIN_S = 10.0, 10.0, 0.5, 2.0, 2.0
LESSONS_ASKED = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, and the problem after it."""

    text: str
    problem: Problem


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.timetable_repair", description=__doc__)
    parser.add_argument("--instances", type=Path, required=True, help="folder with comp02.ctt and comp05.ctt")
    parser.add_argument("--seconds", type=float, default=30, help="for each plan to begin with")
    parser.add_argument("--events", type=int, default=6, help="per instance, half trainers away and half rooms closed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    report = Report("timetable_repair")
    for name in ("comp02", "comp05"):
        problem = read_instance(arguments.instances / f"{name}.ctt")
        _measure_proofs(report, name, problem, _good_plan(report, name, problem, arguments.seconds), arguments)
    problem = college_problem()
    plan = _good_plan(report, "college", problem, arguments.seconds)
    _measure_offers(report, problem, plan, arguments)
    _measure_alternatives(report, problem, plan, arguments)
    _measure_explanations(report, problem)
    report.print(as_json=arguments.json)


def _good_plan(report: Report, name: str, problem: Problem, seconds: float) -> Plan:
    made = generate(problem, seconds=seconds, cores=os.cpu_count() or 1)
    if not made.report.feasible:
        print(f"{name}: no plan holds after {seconds:g} s; try more --seconds.", file=sys.stderr)
        sys.exit(2)
    report.notes.append(f"{name}: a plan of cost {made.report.cost} to begin with")
    return made.plan


def _events(problem: Problem, plan: Plan, random: Random, count: int) -> Iterator[Event]:
    whole_day = range(problem.grid.periods_per_day)
    taught = sorted({(problem.lesson[key].trainer or "", place.day) for key, place in plan.placements.items()})
    rooms = sorted({place.room for place in plan.placements.values()})
    for number in range(count):
        if number % 2 == 0:
            key, day = random.choice(taught)
            away = frozenset(Slot(day, period) for period in whole_day)
            trainers = tuple(
                replace(one, unavailable=one.unavailable | away) if one.key == key else one for one in problem.trainers
            )
            name = problem.trainer[key].name
            yield Event(f"{name} away on {problem.grid.day_name(day)}", replace(problem, trainers=trainers))
        else:
            key = random.choice(rooms)
            closed = frozenset(Slot(day, period) for day in range(problem.grid.days) for period in whole_day)
            rooms_after = tuple(replace(one, unavailable=closed) if one.key == key else one for one in problem.rooms)
            yield Event(f"room {problem.room[key].name} closed", replace(problem, rooms=rooms_after))


def _measure_proofs(report: Report, name: str, problem: Problem, plan: Plan, arguments: argparse.Namespace) -> None:
    seconds: list[float] = []
    proven = 0
    events = list(_events(problem, plan, Random(arguments.seed), arguments.events))  # noqa: S311 (the same events each time)
    for event in events:
        repaired, took = _timed(partial(repair_with_fewest_moves, event.problem, plan, Budget(seconds=PROOF_S)))
        assert repaired.report == validate(event.problem, repaired.plan)
        assert repaired.report.clashes == 0
        seconds.append(took)
        proven += repaired.proven
        report.notes.append(
            f"{name}, {event.text}: {repaired.relocated} moves, {repaired.fewest_possible} proven to be necessary, "
            f"{repaired.report.unplaced} lessons without a place, cost {repaired.report.cost}, {took:.1f} s"
        )
    report.figures[f"{name}_repairs_proven"] = Figure(proven / len(events), reach=">= 1")
    report.figures[f"{name}_repair_slowest"] = Figure(max(seconds), "s", reach=f"<= {PROOF_S:g}")


def _measure_offers(report: Report, problem: Problem, plan: Plan, arguments: argparse.Namespace) -> None:
    seconds: list[float] = []
    offered: list[int] = []
    unplaced = 0
    for event in _events(problem, plan, Random(arguments.seed), arguments.events):  # noqa: S311 (the same events each time)
        # Two tenths for the models and the validator at the end: what is promised is when the offers are there.
        offers, took = _timed(partial(repairs, event.problem, plan, Budget(seconds=0.8 * OFFER_S)))
        assert all(offer.report == validate(event.problem, offer.plan) for offer in offers)
        assert not any(offer.report.clashes for offer in offers)
        seconds.append(took)
        offered.append(len(offers))
        unplaced += offers[0].report.unplaced
        told = ", ".join(
            f"{offer.relocated} moves at cost {offer.report.cost}, {offer.report.unplaced} not placed"
            for offer in offers
        )
        report.notes.append(f"college, {event.text}: {told}; fewest proven: {offers[0].proven}; {took:.1f} s")
    report.figures["college_offer_slowest"] = Figure(max(seconds), "s", reach=f"<= {OFFER_S:g}")
    report.figures["college_offer_unplaced"] = Figure(unplaced, "lessons", reach="<= 0")
    report.figures["college_offers_mean"] = Figure(sum(offered) / len(offered), "plans")


def _measure_alternatives(report: Report, problem: Problem, plan: Plan, arguments: argparse.Namespace) -> None:
    random = Random(arguments.seed)  # noqa: S311 (the same lessons each time)
    before = validate(problem, plan)
    ranking: list[float] = []
    freeing: list[float] = []
    answered = 0
    for key in random.sample(sorted(problem.lesson), LESSONS_ASKED):
        found, took = _timed(partial(alternatives, problem, plan, key))
        ranking.append(took)
        for one in found[:1]:
            after = validate(problem, Plan({**plan.placements, key: one.place}))
            assert after.feasible
            assert after.cost - before.cost == one.cost
        wanted = random.choice(problem.starts(problem.lesson[key]))
        freed, took = _timed(partial(free_place, problem, plan, key, wanted, Budget(seconds=0.8 * FREE_S)))
        freeing.append(took)
        if freed is not None:
            assert freed.report == validate(problem, freed.plan)
            assert Placement(*freed.plan.placements[key]).slot == wanted
            answered += freed.proven
    report.figures["alternatives_slowest"] = Figure(max(ranking), "s", reach=f"<= {ALTERNATIVES_S:g}")
    report.figures["free_slot_slowest"] = Figure(max(freeing), "s", reach=f"<= {FREE_S:g}")
    report.figures["free_slot_proven"] = Figure(answered / LESSONS_ASKED)


def _measure_explanations(report: Report, problem: Problem) -> None:
    """Take something away that a week can't do without, and look whether it is called by its name."""
    first_day = [Slot(0, period) for period in range(problem.grid.periods_per_day)]
    most_days = [
        Slot(day, period) for day in range(1, problem.grid.days) for period in range(problem.grid.periods_per_day)
    ]
    group, trainer = problem.groups[7], problem.trainers[11]
    cases = {
        group.name: replace(
            problem,
            groups=tuple(
                replace(one, unavailable=frozenset(most_days[8:])) if one == group else one for one in problem.groups
            ),
        ),
        trainer.name: replace(
            problem,
            trainers=tuple(
                replace(one, unavailable=frozenset(most_days)) if one == trainer else one for one in problem.trainers
            ),
        ),
        "workshop": replace(
            problem,
            rooms=tuple(
                replace(one, unavailable=frozenset(first_day + most_days[:24])) if one.type == "workshop" else one
                for one in problem.rooms
            ),
        ),
    }
    seconds: list[float] = []
    named = 0
    for name, impossible in cases.items():
        explanation, took = _timed(partial(explain, impossible, Budget(seconds=0.8 * EXPLAIN_S)))
        seconds.append(took)
        named += any(name in text for text in explanation.texts)
        report.notes.append(f"without {name}: {' '.join(explanation.texts[:2])} ({took:.1f} s)")
    report.figures["infeasibility_slowest"] = Figure(max(seconds), "s", reach=f"<= {EXPLAIN_S:g}")
    report.figures["infeasibility_named"] = Figure(named / len(cases), reach=">= 1")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - start


if __name__ == "__main__":
    main()
