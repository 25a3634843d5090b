from pathlib import Path

import pytest

from edge_agent.settings import AgentSettings, ReplayCameraSettings, SettingsUnusable, load_settings


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "agent.toml"
    path.write_text(text)
    return path


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, "")).camera == AgentSettings().camera


@pytest.mark.parametrize(
    ("text", "named", "nearest"),
    [
        ("data_dri = 'x'", "data_dri", "data_dir"),
        ("[camera]\nkind = 'usb'\nwidht = 3", "camera.widht", "width"),
        ("[position]\nkind = 'gpsd'\nhosst = 'x'", "position.hosst", "host"),
        ("[outbox]\nmax_mbb = 3", "outbox.max_mbb", "max_mb"),
        ("[recognition.minifasnet]\npaths = ['a']\nsha256 = ['b']\npath = 1", "recognition.minifasnet.path", "paths"),
        ("[feedbak]\nweb_port = 1", "feedbak", "feedback"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(
    tmp_path: Path, text: str, named: str, nearest: str
) -> None:
    with pytest.raises(SettingsUnusable) as error:
        load_settings(write(tmp_path, text))
    assert f'{named}: there is no such setting; the nearest is "{nearest}"' in str(error.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[outbox]\nmax_mb = 'much'", "outbox.max_mb"),
        ("[outbox]\nmax_mb = 1\nreserve_mb = 2", "reserve_mb must be less"),
        ("[position]\nkind = 'fixed'\nlatitude = 1.0", "give latitude and longitude"),
        ("[position]\nlatitude = 1.0", "position: say which with kind"),
        ("[camera]\nkind = 'eye'", "camera"),
        ("[camera", "is no TOML"),
        ("data_dir = '\xff'", "is no TOML"),
    ],
)
def test_a_bad_value_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "agent.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsUnusable, match=says):
        load_settings(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsUnusable, match="--config"):
        load_settings(tmp_path / "none.toml")


def test_paths_are_taken_from_the_files_folder(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, "data_dir = 'd'\n[camera]\nkind = 'replay'\npath = 'scene'"))
    assert settings.data_dir == tmp_path / "d"
    assert isinstance(settings.camera, ReplayCameraSettings)
    assert settings.camera.path == tmp_path / "scene"


def test_every_setting_is_described() -> None:
    def undocumented(model: type) -> list[str]:
        return [
            f"{model.__name__}.{name}"
            for name, field in model.model_fields.items()  # type: ignore[attr-defined]  # a pydantic model
            if not field.description
        ]

    models: list[type] = AgentSettings.__mro__[1].__subclasses__()
    assert [missing for model in models for missing in undocumented(model)] == []
