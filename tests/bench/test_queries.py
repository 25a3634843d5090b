from pathlib import Path

from bench.queries import count
from provisioning.seed.college import Size

# The smallest school there can be, and one with more of everything.
TINY = Size("Tiny School", "TS", faculties=1, programmes=1, group_size=1, trainers=3, rooms=3)
LARGER = Size("Larger School", "LS", faculties=1, programmes=2, group_size=2, trainers=14, rooms=8)


def test_no_list_takes_a_statement_a_row(tmp_path: Path) -> None:
    tiny, larger = count(TINY, tmp_path / "tiny"), count(LARGER, tmp_path / "larger")
    assert {name: found.statements for name, found in larger.items()} == {
        name: found.statements for name, found in tiny.items()
    }
    # It counts what it says: the lists did grow.
    grown = {name.rpartition(".")[2] for name in tiny if larger[name].rows > tiny[name].rows}
    assert grown >= {"ListUsers", "ListClassGroups", "ListCourses", "ListEnrolments", "ListRooms", "ListSessions"}
