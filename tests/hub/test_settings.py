from pathlib import Path

import pytest

from hub.settings import SettingsInvalid, load


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "hub.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_start_a_hub_on_sqlite(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path)
    assert settings.effective_database_url == f"sqlite:///{tmp_path}/hub.db"
    assert settings.api_tls


def test_argument_goes_before_environment_before_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _file(tmp_path, 'api_port = 1\ndevice_port = 2\nhttp_port = 3\npublic_names = ["hub.example"]\n')
    monkeypatch.setenv("ROSTER_HUB_DEVICE_PORT", "20")
    monkeypatch.setenv("ROSTER_HUB_HTTP_PORT", "30")
    settings = load(file, http_port=300)
    assert (settings.api_port, settings.device_port, settings.http_port) == (1, 20, 300)
    assert settings.public_names == ("hub.example",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("api_prot = 1\n", 'did you mean "api_port"?'),
        ("api_port = 70000\n", "api_port: Input should be less than or equal to 65535"),
        ("api_port =\n", "is not TOML"),
        ('api_tls = false\nhost = "0.0.0.0"\n', "sends passwords in clear"),
        ('face_engine = "magic"\n', "face_engine"),
    ],
)
def test_bad_file_is_refused_with_the_reason(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load(_file(tmp_path, text))
    assert says in refused.value.message


def test_missing_file_and_misspelt_variable_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsInvalid, match=r"Cannot read .*none\.toml: No such file"):
        load(tmp_path / "none.toml")
    monkeypatch.setenv("ROSTER_HUB_DATADIR", "x")
    with pytest.raises(SettingsInvalid, match='did you mean "ROSTER_HUB_DATA_DIR"'):
        load()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(load(), "api_port", 1)  # noqa: B010 (written plainly, mypy refuses it too)
