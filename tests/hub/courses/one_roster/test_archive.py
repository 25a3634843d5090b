import io
import zipfile

import pytest

from hub.courses.errors import NotAnArchive
from hub.courses.one_roster import archive
from hub.courses.one_roster.archive import read_archive
from tests.hub.courses.one_roster.archives import HEADERS, manifest_of, pack, roster


def _problems(data: bytes) -> set[tuple[str, int, str, str]]:
    return {(one.sheet, one.row, one.column, one.reason.split(":")[0]) for one in read_archive(data).problems}


def test_a_good_archive_reads_whole() -> None:
    reading = read_archive(pack(roster()))
    assert reading.problems == []
    assert {name: len(rows) for name, rows in reading.rows.items()} == {
        f"{name}.csv": len(rows) for name, rows in roster().items()
    }
    assert [row.number for row in reading.rows["users.csv"]] == [2, 3, 4, 5]


def test_what_the_manifest_says_is_absent_is_not_read() -> None:
    rows = roster()
    reading = read_archive(pack(rows, manifest=manifest_of(rows, file__roles="absent")))
    assert reading.rows["roles.csv"] == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"oneroster__version": "1.1"}, ("manifest.csv", 3, "value", "oneroster.version must be 1.2")),
        ({"file__users": "delta"}, ("manifest.csv", 8, "value", "only bulk files are read")),
    ],
)
def test_other_versions_and_deltas_are_refused(changes: dict[str, str], problem: tuple[str, int, str, str]) -> None:
    rows = roster()
    assert _problems(pack(rows, manifest=manifest_of(rows, **changes))) == {problem}


def test_missing_files_are_told() -> None:
    rows = roster()
    told = manifest_of(rows)
    del rows["classes"]
    assert _problems(pack(rows, manifest=told)) == {
        ("classes.csv", 0, "", "the manifest tells of this file and it is missing")
    }
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as container:
        container.writestr("folder/manifest.csv", "propertyName,value\n")
    assert _problems(empty.getvalue()) == {("manifest.csv", 0, "", "this file is missing")}


def test_every_bad_cell_is_told_with_file_row_and_column() -> None:
    rows = roster()
    rows["academicSessions"][0]["startDate"] = "01/01/2026"
    rows["academicSessions"][1]["type"] = "trimester"
    rows["users"][0]["enabledUser"] = "perhaps"
    rows["users"][1]["givenName"] = " "
    rows["classes"][1]["classType"] = "club"
    rows["orgs"][1]["status"] = "tobedeleted"
    assert _problems(pack(rows)) == {
        ("academicSessions.csv", 2, "startDate", "is no date"),
        ("academicSessions.csv", 3, "type", "must be one of"),
        ("users.csv", 2, "enabledUser", "must be one of"),
        ("users.csv", 3, "givenName", "is empty"),
        ("classes.csv", 3, "classType", "must be one of"),
        ("orgs.csv", 3, "status", "is for delta files"),
    }


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"sourcedId,name\n1,x\n", (1, "type", "this column is missing")),
        ("sourcedId,name,type\n1,Ünï,school\n".encode("latin-1"), (0, "", "is not in UTF-8")),
        (b'sourcedId,name,type\n1,"open,school\n', (0, "", "is no CSV file (unexpected end of data)")),
    ],
)
def test_a_file_that_does_not_read_is_told(content: bytes, problem: tuple[int, str, str]) -> None:
    data = pack({}, manifest={"oneroster.version": "1.2", "file.orgs": "bulk"}, extra={"orgs.csv": content})
    assert _problems(data) == {("orgs.csv", *problem)}


def test_a_byte_order_mark_and_unknown_columns_do_no_harm() -> None:
    content = "\ufeffmetadata.x,sourcedId,name,type\r\n\r\nq,1,Ünï,school\r\n".encode()
    data = pack({}, manifest={"oneroster.version": "1.2", "file.orgs": "bulk"}, extra={"orgs.csv": content})
    reading = read_archive(data)
    assert reading.problems == []
    [row] = reading.rows["orgs.csv"]
    assert (row.number, row.values["name"]) == (3, "Ünï")


def test_a_file_with_too_many_rows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ROWS", 11)
    rows = roster()
    rows["users"] *= 3
    assert ("users.csv", 13, "", "the file goes on after 11 rows") in _problems(pack(rows))


def test_what_is_no_archive_or_a_danger_is_refused() -> None:
    good = pack(roster())
    for data in (b"", b"sourcedId,name\n", good[: len(good) // 2]):
        with pytest.raises(NotAnArchive, match="is no zip file"):
            read_archive(data)
    with pytest.raises(NotAnArchive, match="larger than 12 MiB"):
        read_archive(bytes(12 * 1024 * 1024 + 1))
    with pytest.raises(NotAnArchive, match="more than 100 files"):
        read_archive(pack(roster(), extra={f"{i}.csv": b"" for i in range(100)}))
    bomb = HEADERS["orgs"].encode() + b"\n" + b"x" * (65 * 1024 * 1024)
    data = pack({}, manifest={"oneroster.version": "1.2", "file.orgs": "bulk"}, extra={"orgs.csv": bomb})
    assert len(data) < 1024 * 1024
    with pytest.raises(NotAnArchive, match="unpacks to more than 64 MiB"):
        read_archive(data)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_file_in_the_zip_is_told(compression: int) -> None:
    content = b"propertyName,value\n" + bytes(range(32, 127)) * 40
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as container:
        container.writestr("manifest.csv", content)
    data = bytearray(packed.getvalue())
    begin = 30 + len("manifest.csv")
    data[begin + 4 : begin + 40] = bytes(36)
    with pytest.raises(NotAnArchive, match="is no zip file, damaged, or has a password"):
        read_archive(bytes(data))


def test_a_zip_with_a_password_is_told() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        container.writestr("manifest.csv", "propertyName,value\n")
    data = bytearray(packed.getvalue())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(NotAnArchive, match="has a password"):
        read_archive(bytes(data))


def test_a_mistake_of_the_hubs_own_is_not_called_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(archive, "_columns", mistaken)
    with pytest.raises(RuntimeError, match="a mistake"):
        read_archive(pack(roster()))
