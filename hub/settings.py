"""Everything that can be set about a hub: one TOML file, overridden by ROSTER_HUB_* environment variables."""

import difflib
import os
import tomllib
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

ENV_PREFIX = "ROSTER_HUB_"


class SettingsInvalid(Exception):
    """`message` says which setting is wrong and what to write instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        env_ignore_empty=True,
    )

    data_dir: Path = Path("hub-data")
    """Folder of everything the hub keeps: database, secrets, broker queues. Back it up."""

    secrets_folder: Path | None = None
    """Where the site's keys are, if not in `data_dir`/secrets: hubs that share a database share this folder too."""

    database_url: str = ""
    """"postgresql://user:password@host/name"; empty is SQLite in `data_dir`."""

    site: str = Field("smart-roster.local", pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
    """Name of the site in device certificates ("spiffe://<site>/device/…"); when it changes, devices enrol again."""

    host: str = "127.0.0.1"
    """Address that every port listens on; "0.0.0.0" for all of the machine's."""

    public_names: tuple[str, ...] = ()
    """Host names and addresses by which devices and people reach this hub; they stand in its certificate."""

    api_port: int = Field(50051, ge=0, le=65535)
    """gRPC for people and `roster`; 0 takes a free port, as for the other ports."""

    device_port: int = Field(50052, ge=0, le=65535)
    """gRPC for room devices (mutual TLS)."""

    enrolment_port: int = Field(50053, ge=0, le=65535)
    """gRPC for devices that have no certificate yet."""

    http_port: int = Field(8080, ge=0, le=65535)
    """HTTP: JSON API, health, metrics, console."""

    api_tls: bool = True
    """TLS on the API and HTTP ports and the embedded broker. Only on a loopback `host` may it be false."""

    mqtt_url: str = ""
    """"mqtts://user:password@host:8883" of a broker of yours; empty starts the embedded one."""

    mqtt_ca_file: Path | None = None
    """CA certificate of a broker of yours whose certificate no public authority has signed."""

    mqtt_port: int = Field(1883, ge=0, le=65535)
    """Port of the embedded broker."""

    smtp_url: str = ""
    """"smtp://user:password@host:587" (STARTTLS) or "smtps://…:465" for e-mail; empty lets the mails wait."""

    smtp_plaintext: bool = False
    """Reach the mail server without TLS: for a relay on this machine or in a closed network, without a password."""

    smtp_ca_file: Path | None = None
    """CA certificate of a mail server whose certificate no public authority has signed."""

    mail_sender: str = "Smart Roster <roster@localhost>"
    """From whom e-mails come: "Name <address>"."""

    console_url: str = ""
    """Where people open the console, for the links in e-mails: "https://roster.college.example"; empty is this hub's
    HTTP port under its first public name.
    """

    face_engine: str = Field("sface", pattern="^(sface|dlib)$")
    """Engine that encodes registered faces and those at the doors: "sface" or "dlib"."""

    log_format: str = Field("auto", pattern="^(auto|json|console)$")
    """"json" for machines, "console" for people, "auto" by whether the output is a terminal."""

    log_level: str = Field("info", pattern="^(debug|info|warning|error)$")
    """The least that is logged."""

    stop_grace: timedelta = timedelta(seconds=10)
    """How long open calls may take to finish when the hub stops."""

    @field_validator("database_url", "mqtt_url", "smtp_url", "console_url")
    @classmethod
    def _trimmed(cls, value: str) -> str:
        return value.strip()

    @field_validator("mail_sender")
    @classmethod
    def _sender_has_address(cls, value: str) -> str:
        name, address = parseaddr(value)
        local, _, domain = address.rpartition("@")
        if not local or not domain or any(ord(letter) < 32 for letter in name):  # noqa: PLR2004 (control characters)
            raise ValueError('is nobody to send e-mail from: write "College Name <roster@college.example>"')
        return value

    @model_validator(mode="after")
    def _plaintext_stays_at_home(self) -> "Settings":
        if not self.api_tls and not _is_loopback(self.host):
            raise ValueError(f"api_tls = false sends passwords in clear, and host {self.host} is reachable by others")
        return self

    @property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'hub.db'}"

    @property
    def secrets_dir(self) -> Path:
        return self.secrets_folder or self.data_dir / "secrets"


def load(file: Path | None = None, **overrides: Any) -> Settings:  # noqa: ANN401 (values of any setting)
    """`overrides` go before ROSTER_HUB_* variables, these before the file, and that before the defaults.

    Raises:
        SettingsInvalid: the file cannot be read, a key is unknown (the nearest known one is named), a value is wrong.
    """
    variables = [name for name in os.environ if name.startswith(ENV_PREFIX)]
    unknown = [name for name in variables if _field_of(name) not in Settings.model_fields]
    if unknown:
        raise SettingsInvalid("The environment: " + "; ".join(_unknown(name, ENV_PREFIX) for name in unknown) + ".")
    try:
        return (_class_reading(file) if file else Settings)(**overrides)
    except OSError as error:
        raise SettingsInvalid(f"Cannot read {file}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{file} is not TOML: {error}.") from error
    except ValidationError as error:
        source = f"{file} and the environment" if file else "The environment"
        raise SettingsInvalid(f"{source}: {'; '.join(_sentences(error))}.") from error


def _class_reading(file: Path) -> type[Settings]:
    class FromFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (pydantic's signature)
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (pydantic's signature)
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            file.stat()  # the source reads nothing, silently, when there is no such file
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    return FromFile


def _field_of(variable: str) -> str:
    return variable.removeprefix(ENV_PREFIX).lower()


def _unknown(key: str, prefix: str = "") -> str:
    near = difflib.get_close_matches(key.removeprefix(prefix).lower(), Settings.model_fields, n=1)
    spelt = prefix + near[0].upper() if near and prefix else "".join(near)
    return f'"{key}" is no setting' + (f', did you mean "{spelt}"?' if near else "")


def _sentences(error: ValidationError) -> list[str]:
    sentences = []
    for problem in error.errors():
        key = ".".join(map(str, problem["loc"]))
        if problem["type"] == "extra_forbidden":
            sentences.append(_unknown(key))
        else:
            sentences.append(f"{key}: {problem['msg']}" if key else str(problem["msg"]))
    return sentences


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
