{% from "macros.jinja" import merged_lines, python with context %}
"""Everything that differs between machines, read from the environment and `.env`."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
{% call merged_lines("settings_imports") %}
{% endcall %}

from app.variables import check_database, check_hosts, check_mail, check_site

SITE_NAME = {{ python(cookiecutter.project_name) }}
PROJECT = Path(__file__).resolve().parent.parent


def _split(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """One field for each variable; `.env.example` says what each is for.

    https://docs.pydantic.dev/latest/concepts/pydantic_settings/
    """

    model_config = SettingsConfigDict(
        env_file=PROJECT / ".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    debug: bool = False
    port: int = Field(default=8000, ge=1, le=65535)
    secret_key: SecretStr = Field(
        default_factory=lambda read: SecretStr(
            "for-development-only" if read.get("debug") else ""
        )
    )
    site_url: str = Field(
        default_factory=lambda read: (
            f"http://localhost:{read.get('port')}" if read.get("debug") else ""
        )
    )
    mail_url: SecretStr = Field(
        default_factory=lambda read: SecretStr(
            "file:var/mail" if read.get("debug") else "smtp://localhost:25"
        )
    )
    database_url: SecretStr = SecretStr("sqlite:///var/db.sqlite3")
    allowed_hosts: Hosts = ()
    trusted_proxies: Networks = ()
    web_concurrency: int = Field(default=2, ge=1)
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)
    ] = "INFO"
{% call merged_lines("settings") %}
{% endcall %}

    demo_email: str = "demo@example.com"
    demo_password: SecretStr = SecretStr("")
    admin_email: str = "admin@example.com"
    admin_password: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _refuse_what_is_unsafe(self) -> Self:
        key = self.secret_key.get_secret_value()
        if not self.debug and (len(key) < 32 or key.startswith("example-")):
            raise ValueError(
                "SECRET_KEY has to be at least 32 random characters, not the example."
            )
        check_site(self.site_url)
        check_hosts(self.allowed_hosts)
        check_mail(self.mail_url.get_secret_value())
        check_database(self.database_url.get_secret_value(), PROJECT)
{% call merged_lines("settings_checks") %}
{% endcall %}
        return self

    @property
    def origin(self) -> str:
        """Scheme and host of the site, as browsers write them into `Origin`."""
        address = urlsplit(self.site_url)
        return f"{address.scheme}://{address.netloc}".lower()

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https:")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that are answered."""
        local = ("localhost", "127.0.0.1", "[::1]") if self.debug else ()
        return self.allowed_hosts or (self.host, *local)

    @property
    def host(self) -> str:
        """The site's own host, without a port."""
        name = urlsplit(self.site_url).hostname or ""
        return f"[{name}]" if ":" in name else name


def load_settings() -> Settings:
    """Read the settings; end the program with a sentence if they will not do."""
    try:
        return Settings()
    except ValidationError as error:
        raise SystemExit("\n".join(_sentences(error))) from None


def _sentences(error: ValidationError) -> list[str]:
    # A default that could not be made, because of another variable, is none of them.
    return [
        _sentence(**problem)
        for problem in error.errors()
        if problem["type"] != "default_factory_not_called"
    ]


def _sentence(*, loc: tuple[Any, ...], msg: str, **_: object) -> str:
    text = msg.removeprefix("Value error, ")
    return f"{str(loc[0]).upper()}: {text}." if loc else text
