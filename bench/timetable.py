"""`python -m bench.timetable --instances DIR --seconds 300 --out DIR [--seeds 3] [--college] [--json]`: weekly plans.

ITC-2007 instances (`*.ctt`) through the product's engine, so long each, on the cores that there are; writes a `.sol`
each and validates what was written. Beside the cost: that of the competition's winner, where it is known. `--college`
plans a made-up college for 60 and for 300 seconds. The search is compiled once a machine; where that falls into a run,
it is part of its time.
"""

import argparse
import os
import sys
from pathlib import Path

from bench.college_problem import college_problem
from bench.itc2007 import WINNER_MEAN, read_instance, read_solution, write_solution
from bench.report import Figure, Report
from hub.timetable.solver.generation import Result, generate
from hub.timetable.solver.problem import Problem
from hub.timetable.solver.validator import Report as Judgement
from hub.timetable.solver.validator import validate

COLLEGE_SECONDS = (60.0, 300.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=Path, help="holds *.ctt")
    parser.add_argument("--seconds", type=float, default=300.0, help="for each instance and seed, all in all")
    parser.add_argument("--seeds", type=int, default=1, help="runs of each instance; the figure is their median")
    parser.add_argument("--cores", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--out", type=Path, help="where <instance>.sol go")
    parser.add_argument("--college", action="store_true", help="also plan a college of 120 groups")
    parser.add_argument("--college-seconds", type=float, nargs=2, default=COLLEGE_SECONDS, metavar=("SHORT", "LONG"))
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if (arguments.instances is None) != (arguments.out is None) or not (arguments.instances or arguments.college):
        parser.error("give --instances and --out, or --college")
    report = Report("timetable")
    if arguments.instances is not None:
        paths = sorted(arguments.instances.glob("*.ctt"))
        if not paths:
            sys.exit(f"No *.ctt in {arguments.instances}.")
        arguments.out.mkdir(parents=True, exist_ok=True)
        measure_instances(report, paths, arguments)
    if arguments.college:
        measure_college(report, arguments)
    report.print(as_json=arguments.json)


def measure_instances(report: Report, paths: list[Path], arguments: argparse.Namespace) -> None:
    """A seed takes as many random streams as there are cores, so that no two runs share one."""
    infeasible, moves, longest = 0, 0, 0.0
    for path in paths:
        problem = read_instance(path)
        runs: list[tuple[bool, int, Result]] = []
        for seed in range(arguments.seeds):
            first = 1 + seed * arguments.cores
            result = generate(problem, seconds=arguments.seconds, seed=first, cores=arguments.cores)
            print_run(f"{path.stem} seed {first}", result)
            runs.append((not result.report.feasible, result.report.cost, result))
            moves += result.moves
            longest = max(longest, result.elapsed_s)
        *_, middle = sorted(runs, key=lambda run: run[:2])[(len(runs) - 1) // 2]
        judgement = judge_written(problem, middle, arguments.out / f"{path.stem}.sol")
        infeasible += sum(fails for fails, *_ in runs)
        assert judgement.amounts == middle.report.amounts
        cost, winner = float(judgement.cost), WINNER_MEAN.get(path.stem)
        report.figures[path.stem] = Figure(cost, "", winner, None if winner is None else cost / winner)
    report.figures["sum"] = sum_figure({path.stem: report.figures[path.stem].value for path in paths})
    report.figures["infeasible"] = Figure(infeasible, "plans", reach="== 0")
    report.figures["longest_run_s"] = Figure(longest, "s")
    report.figures["moves_per_s"] = Figure(moves / (arguments.seconds * arguments.seeds * len(paths)), "1/s")


def sum_figure(costs: dict[str, float]) -> Figure:
    """Reach and comparator where the instances are those that the winner's costs are known for."""
    total = sum(costs.values())
    if costs.keys() != WINNER_MEAN.keys():
        return Figure(total)
    return Figure(total, "", round(sum(WINNER_MEAN.values()), 1), total / sum(WINNER_MEAN.values()), "<= 1")


def judge_written(problem: Problem, result: Result, path: Path) -> Judgement:
    """What the validator says of the file as it was written."""
    write_solution(problem, result.plan, path)
    return validate(problem, read_solution(problem, path))


def measure_college(report: Report, arguments: argparse.Namespace) -> None:
    problem = college_problem()
    costs: list[int] = []
    for seconds in arguments.college_seconds:
        result = generate(problem, seconds=seconds, cores=arguments.cores)
        print_run(f"college {seconds:g} s", result)
        judgement = validate(problem, result.plan)
        name = f"college_{seconds:g}s"
        report.figures[f"{name}_unplaced"] = Figure(judgement.unplaced, "lessons", reach="== 0")
        report.figures[f"{name}_clashes"] = Figure(judgement.clashes, reach="== 0")
        for rule, cost in sorted(judgement.costs.items()):
            report.figures[f"{name}_{rule}"] = Figure(cost)
        costs.append(judgement.cost)
    short, long = arguments.college_seconds
    report.figures[f"college_{short:g}s"] = Figure(costs[0])
    report.figures[f"college_{long:g}s"] = Figure(costs[1], "", costs[0], costs[1] / costs[0], "< 1")


def print_run(name: str, result: Result) -> None:
    rules = ", ".join(f"{rule} {cost}" for rule, cost in sorted(result.report.costs.items()))
    hard = f"{result.report.clashes} clashes, {result.report.unplaced} unplaced, " if not result.report.feasible else ""
    rate = result.moves / max(result.elapsed_s, 1e-9) / 1e6
    print(
        f"{name}: {hard}cost {result.report.cost} ({rules}); {result.elapsed_s:.1f} s, {rate:.1f} M moves/s", flush=True
    )


if __name__ == "__main__":
    main()
