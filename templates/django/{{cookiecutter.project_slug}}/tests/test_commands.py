"""The commands, and how they refuse."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import User
from catalogue.models import Product

PROJECT = Path(__file__).parent.parent
PASSWORD = "seven quiet herons"
SAMPLES = {
    "DEMO_EMAIL": "demo@example.com",
    "DEMO_PASSWORD": PASSWORD,
    "ADMIN_EMAIL": "admin@example.com",
    "ADMIN_PASSWORD": PASSWORD,
}


@pytest.fixture
def _samples(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SAMPLES.items():
        monkeypatch.setenv(name, value)


@pytest.mark.django_db
@pytest.mark.usefixtures("_samples")
@override_settings(DEBUG=True)
def test_seeding_twice_makes_two_accounts_and_24_products() -> None:
    for _ in range(2):
        call_command("seed", stdout=io.StringIO())
    demo, admin = User.objects.order_by("pk")
    assert (demo.email, demo.is_staff) == ("demo@example.com", False)
    assert (admin.email, admin.is_staff) == ("admin@example.com", True)
    assert demo.check_password(PASSWORD)
    assert demo.products.count() == admin.products.count() == 12
    assert all(product.slug for product in Product.objects.all())


@pytest.mark.django_db
@pytest.mark.usefixtures("_samples")
def test_sample_data_is_not_for_production() -> None:
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("seed")
    assert not User.objects.exists()


@pytest.mark.django_db
@override_settings(DEBUG=True)
def test_seeding_needs_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SAMPLES:
        monkeypatch.setenv(name, "")
    with pytest.raises(CommandError, match="DEMO_PASSWORD must be set"):
        call_command("seed")


def make_admin(
    monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD, name: str = "Sue"
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    options = {"email": "Sue@example.com", "display_name": name}
    call_command("admin_user", **options, stdout=io.StringIO())


@pytest.mark.django_db
def test_an_admin_user_may_do_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    make_admin(monkeypatch)
    user = User.objects.get()
    assert (user.email, user.display_name) == ("sue@example.com", "Sue")
    assert user.is_staff
    assert user.check_password(PASSWORD)
    with pytest.raises(CommandError, match="already exists"):
        make_admin(monkeypatch)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["", "short", "password1234", "sue@example.com"])
def test_an_admin_user_needs_a_good_password(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    with pytest.raises(CommandError):
        make_admin(monkeypatch, password)
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", [" ", "x" * 81, "Sue\x1b[31m"])
def test_an_admin_user_needs_a_good_name(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(CommandError):
        make_admin(monkeypatch, name=name)
    assert not User.objects.exists()


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


@pytest.mark.parametrize(
    "command", [("manage.py", "check"), ("-m", "config.serve", "--check-config")]
)
def test_commands_say_in_one_sentence_which_variable_is_missing(
    command: tuple[str, ...],
) -> None:
    result = run(*command, SECRET_KEY="")
    assert result.returncode == 1
    assert result.stderr.startswith("error: SECRET_KEY must be")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("value", ["two", "0", "1.5"])
def test_the_server_says_in_one_sentence_what_is_wrong(value: str) -> None:
    result = run("-m", "config.serve", DEBUG="true", WEB_CONCURRENCY=value)
    assert result.returncode == 1
    assert result.stderr.startswith("error: WEB_CONCURRENCY must be")
    assert result.stderr.count("\n") == 1
