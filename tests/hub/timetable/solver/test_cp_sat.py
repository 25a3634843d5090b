from ortools.sat.python import cp_model

from hub.timetable.solver.cp_sat import Budget, solve_from_hint


def test_variables_without_a_hint_start_from_what_costs_least_beside_it() -> None:
    model = cp_model.CpModel()
    place, load = model.new_bool_var("place"), model.new_int_var(0, 10, "load")
    model.add(load >= 3 * place)
    model.minimize(load + 5 * (1 - place))
    model.add_hint(place, 1)
    outcome = solve_from_hint(model, Budget(seconds=5, workers=1))
    hint = model.proto.solution_hint
    assert dict(zip(hint.vars, hint.values, strict=True)) == {place.index: 1, load.index: 3}
    assert outcome.objective == 3


def test_a_hint_that_breaks_a_rule_is_no_obstacle() -> None:
    model = cp_model.CpModel()
    place = model.new_bool_var("place")
    model.add(place == 0)
    model.minimize(place)
    model.add_hint(place, 1)
    assert solve_from_hint(model, Budget(seconds=5, workers=1)).optimal
