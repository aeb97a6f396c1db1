"""Which language a page is in, and whether all texts are in all languages."""

import re
import time
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo
from django.conf import settings
from django.core.management import call_command

from catalogue.models import Product
from config.mail import later
from languages import catalogues
from tests.conftest import PASSWORD, Browser, link_in
from tests.people import ANSWER, Mails, log_in
from tests.translations import GERMAN, compile_missing

GAPS = re.compile(r"%\(\w+\)s|\{\w*\}")


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_missing()


def language_of(client: Browser, path: str = "/", **headers: str) -> str:
    page = client.get(path, headers=headers or None).content.decode()
    [language] = re.findall(r'<html lang="(\w+)">', page)
    return str(language)


def choose(client: Browser, language: str, path: str = "/") -> int:
    data = {"language": language, "next": path}
    return int(client.post("/language", data).status_code)


# Which language


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("DE", "de"),
        ("fr, de;q=0.5, en;q=0.4", "de"),
        ("en;q=0.5, de;q=0.8", "de"),
        ("de;q=0.5, en;q=0.8", "en"),
        ("fr, de;q=0", "en"),
        ("*, de;q=0.1", "en"),
        ("fr", "en"),
        ("de;q=high", "en"),
        ("de," * 2000, "de"),
        ("\N{PILE OF POO}", "en"),
    ],
)
def test_the_browser_says_which_language(
    client: Browser, accepted: str, language: str
) -> None:
    headers = {"Accept-Language": accepted.encode().decode("latin-1")}
    assert language_of(client, **headers) == language


@pytest.mark.django_db
def test_an_answer_says_its_language_and_what_it_depends_on(client: Browser) -> None:
    for path in ("/", "/products", "/login", "/unknown"):
        response = client.get(path, headers=GERMAN)
        assert response["Content-Language"] == "de"
        varies = {name.strip() for name in response["Vary"].split(",")}
        assert {"Accept-Language", "Cookie"} <= varies


@pytest.mark.django_db
def test_the_switch_goes_before_the_browser_and_is_remembered(client: Browser) -> None:
    page = client.get("/products?q=lamp", headers=GERMAN).content.decode()
    assert 'action="/language"' in page
    assert 'name="next" value="/products?q=lamp"' in page
    assert re.search(r'value="de" lang="de" aria-current="true">\s*Deutsch<', page)
    assert re.search(r'value="en" lang="en">\s*English<', page)

    data = {"language": "en", "next": "/products?q=lamp"}
    response = client.post("/language", data, headers=GERMAN)
    assert (response.status_code, response["Location"]) == (303, "/products?q=lamp")
    cookie = response.cookies["language"]
    assert cookie.value == "en"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert (cookie["path"], cookie["samesite"]) == ("/", "Lax")
    assert cookie["httponly"]
    assert cookie["secure"]
    assert language_of(client, **GERMAN) == "en"


def test_the_choice_outlives_logging_in_and_out(client: Browser, lamp: Product) -> None:
    choose(client, "de")
    assert log_in(client) == 303
    assert language_of(client, "/account") == "de"
    client.post("/logout")
    assert language_of(client) == "de"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "fr", "DE", "de-AT", "../de", "\0", "d" * 99])
def test_what_is_no_language_of_ours_is_ignored(client: Browser, language: str) -> None:
    assert choose(client, language) in (303, 400)
    assert "language" not in client.cookies
    client.cookies["language"] = language
    assert client.get("/", headers=GERMAN).status_code in (200, 400)
    client.cookies["language"] = "fr"
    assert language_of(client, **GERMAN) == "de"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["https://evil.test/", "//evil.test/", "/\\evil.test/", "/\n/evil.test", ""]
)
def test_the_switch_leads_to_paths_of_this_site_only(
    client: Browser, path: str
) -> None:
    response = client.post("/language", {"language": "de", "next": path})
    assert (response.status_code, response["Location"]) == (303, "/")


@pytest.mark.django_db
def test_the_switch_needs_a_token() -> None:
    client = Browser(enforce_csrf_checks=True)
    assert choose(client, "de") == 403
    assert "language" not in client.cookies
    assert client.get("/language").status_code == 405


# What is in the language


def test_prices_and_dates_are_written_as_in_german(
    as_ann: Browser, lamp: Product
) -> None:
    Product.objects.update(price="1234.50", created_at="2026-03-01T12:00Z")
    page = as_ann.get("/products/desk-lamp", headers=GERMAN).content.decode()
    assert "1234,50" in page
    assert "1. März 2026" in page
    # What is typed is the same in all languages.
    page = as_ann.get("/products/desk-lamp/edit", headers=GERMAN).content.decode()
    assert 'value="1234.50"' in page


@pytest.mark.django_db
def test_a_mail_is_in_the_language_of_the_request(
    client: Browser, mailoutbox: Mails
) -> None:
    client.post("/register", ANSWER, headers=GERMAN)
    client.post("/register", ANSWER | {"email": "bob@example.com"})
    german, english = mailoutbox
    assert german.subject == "Bestätigen Sie Ihre Adresse"
    assert str(german.body).startswith("Guten Tag,\n\nbitte öffnen Sie diesen Link")
    assert english.subject == "Confirm your address"
    assert client.get(link_in(german)).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_written_later_is_in_german_too(
    client: Browser, mailoutbox: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.mail.later", later)
    client.post("/register", ANSWER, headers=GERMAN)
    end = time.monotonic() + 5
    while not mailoutbox and time.monotonic() < end:
        time.sleep(0.01)
    assert mailoutbox[0].subject == "Bestätigen Sie Ihre Adresse"
    assert "Guten Tag" in str(mailoutbox[0].body)


@pytest.mark.django_db
def test_errors_are_in_german_too(client: Browser) -> None:
    assert "Hier ist nichts" in client.get("/nix", headers=GERMAN).content.decode()
    answer = ANSWER | {"display_name": "", "password": "password1234"}
    page = client.post("/register", answer, headers=GERMAN).content.decode()
    assert 'id="display_name-error">Dieses Feld' in page
    assert 'id="password-error">Zu viele Menschen' in page
    assert PASSWORD not in page


# Whether all is there


def translations() -> list[tuple[str, Catalog]]:
    found = [(file.parts[-3], catalogues.read(file)) for file in catalogues.files()]
    known = {code for code, _ in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    assert {code for code, _ in found} == known
    return found


def test_no_text_is_without_a_translation() -> None:
    texts = {text.id for text in catalogues.texts()}
    for language, catalogue in translations():
        assert not catalogues.missing(catalogue), language
        assert not texts - {text.id for text in catalogue}, language


def test_no_translation_is_without_its_text() -> None:
    texts = {text.id for text in catalogues.texts()}
    for language, catalogue in translations():
        assert not {text.id for text in catalogue} - texts, language
        assert not catalogue.obsolete, language


def test_translations_have_the_same_gaps() -> None:
    for _, catalogue in translations():
        for text in catalogue:
            if text.id:
                gaps = set(GAPS.findall(str(text.string)))
                assert gaps == set(GAPS.findall(str(text.id))), text.id


def test_the_compiled_catalogues_are_up_to_date() -> None:
    for file in catalogues.files():
        with file.with_suffix(".mo").open("rb") as stream:
            compiled = {text.id: text.string for text in read_mo(stream) if text.id}
        written = {text.id: text.string for text in catalogues.read(file) if text.id}
        assert compiled == written, "run `poe translate-compile`"


def test_the_command_for_the_catalogues_begins_and_updates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [german] = [file for file in catalogues.files() if file.parts[-3] == "de"]
    copy = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(german.read_bytes())
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    call_command("translate", "fr")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "de: 0 missing"
    assert re.fullmatch(r"fr: \d{2,} missing", said[1])
    assert copy.read_bytes() == german.read_bytes()
