from hub.db.dependents import dependents_of, in_words
from hub.db.unit_of_work import UnitOfWork
from tests.factories.courses import make_course
from tests.factories.school import make_department, make_programme
from tests.factories.users import make_trainer


async def test_rows_of_every_domain_that_refer_to_a_row_are_counted(uow: UnitOfWork) -> None:
    department, other = await make_department(uow), await make_department(uow)
    await make_programme(uow, department_id=department.id)
    await make_programme(uow, department_id=department.id)
    await make_course(uow, department_id=department.id)
    await make_trainer(uow, department_id=department.id)
    found = await dependents_of(uow, department)
    assert found == {"programmes": 2, "courses": 1, "trainer_profiles": 1}
    assert in_words(found) == "1 courses, 2 programmes, 1 trainer profiles"
    assert (
        await dependents_of(uow, department, apart_from=frozenset({"programmes", "courses", "trainer_profiles"})) == {}
    )
    assert await dependents_of(uow, other) == {}
