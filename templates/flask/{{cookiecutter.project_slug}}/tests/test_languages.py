"""Which language a page is in, and whether all texts are in all languages."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from time import monotonic, sleep

import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo, write_mo
from flask import Flask
from sqlalchemy.orm import Session

from app import mail
from app.accounts.models import User
from app.catalogue.models import Product
from app.languages import DEFAULT, LANGUAGES, catalogues
from tests.browser import Browser, text_of
from tests.conftest import PASSWORD
from tests.people import ADA, link_in

# Other tests have it happen at once.
LATER = mail.later
GERMAN = {"Accept-Language": "de"}
GAPS = re.compile(r"%\(\w+\)s|\{[\w.]*\}")


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """Compile what nobody has compiled yet, as the server reads nothing else."""
    for file in catalogues.files():
        compiled = file.with_suffix(".mo")
        if not compiled.exists():
            with compiled.open("wb") as stream:
                write_mo(stream, catalogues.read(file))


def language_of(browser: Browser, path: str = "/", **headers: str) -> str:
    page = browser.get(path, headers=headers).text
    [language] = re.findall(r'<html lang="(\w+)">', page)
    return str(language)


def choose(browser: Browser, language: str) -> int:
    data = {"language": language, "next": "/"}
    return browser.submit("/language", page="/", **data).status_code


@pytest.fixture
def lamp(session: Session, ada: User) -> Product:
    product = Product(
        slug="lamp",
        name="Lamp",
        description="It shines.",
        price=Decimal("1234.50"),
        stock=3,
        owner_id=ada.id,
        created_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    )
    session.add(product)
    session.commit()
    return product


# Which language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("DE", "de"),
        ("de-AT, en;q=0.5", "de"),
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
    browser: Browser, accepted: str, language: str
) -> None:
    headers = {"Accept-Language": accepted.encode().decode("latin-1")}
    assert language_of(browser, **headers) == language


@pytest.mark.parametrize("path", ["/", "/products", "/login", "/unknown"])
def test_an_answer_says_its_language_and_what_it_depends_on(
    browser: Browser, path: str
) -> None:
    response = browser.get(path, headers=GERMAN)
    assert response.headers["Content-Language"] == "de"
    assert {"Accept-Language", "Cookie"} <= set(response.vary)


def test_the_switch_goes_before_the_browser_and_is_remembered(
    browser: Browser,
) -> None:
    page = browser.get("/products?q=lamp", headers=GERMAN).text
    assert 'action="/language"' in page
    assert 'name="next" value="/products?q=lamp"' in page
    assert 'value="de" lang="de" aria-current="true">Deutsch<' in page
    assert 'value="en" lang="en">English<' in page

    data = {"language": "en", "next": "/products?q=lamp"}
    response = browser.submit("/language", page="/", **data)
    assert response.status_code == 303
    assert response.headers["Location"] == "/products?q=lamp"
    cookie = browser.get_cookie("language", "example.test")
    assert cookie
    assert (cookie.value, cookie.max_age) == ("en", 365 * 24 * 3600)
    assert (cookie.path, cookie.same_site) == ("/", "Lax")
    assert cookie.http_only
    assert cookie.secure
    assert language_of(browser, **GERMAN) == "en"


def test_the_choice_outlives_logging_in_and_out(browser: Browser, ada: User) -> None:
    choose(browser, "de")
    browser.submit("/logout", page="/")
    assert language_of(browser) == "de"
    assert browser.log_in(ada.email, PASSWORD).status_code == 303
    assert language_of(browser, "/account") == "de"


@pytest.mark.parametrize("language", ["", "fr", "DE", "de-AT", "../de", "d" * 99])
def test_what_is_no_language_of_ours_is_ignored(
    browser: Browser, language: str
) -> None:
    assert choose(browser, language) == 303
    assert browser.get_cookie("language", "example.test") is None
    browser.set_cookie("language", language, domain="example.test")
    assert language_of(browser, **GERMAN) == "de"


@pytest.mark.parametrize(
    "path", ["https://evil.test/", "//evil.test/", "/\\evil.test/", "/\n/evil.test", ""]
)
def test_the_switch_leads_to_paths_of_this_site_only(
    browser: Browser, path: str
) -> None:
    data = {"language": "de", "next": path}
    response = browser.submit("/language", page="/", **data)
    assert (response.status_code, response.headers["Location"]) == (303, "/")


def test_the_switch_leads_back_to_pages_and_not_to_forms_alone(
    browser: Browser, ada: User
) -> None:
    page = browser.submit("/account/password", page="/account")
    assert page.status_code == 422
    assert 'name="next" value="/"' in page.text


def test_the_switch_needs_a_token(browser: Browser) -> None:
    data = {"language": "de", "next": "/"}
    assert browser.post("/language", data=data).status_code == 403
    assert browser.get_cookie("language", "example.test") is None
    assert browser.get("/language").status_code == 405


# What is in the language


def test_prices_and_dates_are_written_as_in_german(
    browser: Browser, lamp: Product
) -> None:
    page = text_of(browser.get("/products/lamp", headers=GERMAN))
    assert "1234,50" in page
    assert "1. März 2026" in page
    assert "3 auf Lager" in page
    # What is typed is the same in all languages.
    page = browser.get("/products/lamp/edit", headers=GERMAN).text
    assert 'value="1234.50"' in page


def test_what_is_filled_into_a_text_stays_text(
    browser: Browser, lamp: Product, session: Session
) -> None:
    lamp.name = "<b>100 %</b> %(name)s"
    session.commit()
    page = browser.get("/products/lamp/edit", headers=GERMAN).text
    assert "<h1>&lt;b&gt;100 %&lt;/b&gt; %(name)s bearbeiten</h1>" in page


def test_a_mail_is_in_the_language_of_the_request(
    browser: Browser, mailbox: Callable[[], list[EmailMessage]]
) -> None:
    page = {"page": "/register"}
    browser.set_cookie("language", "de", domain="example.test")
    browser.submit("/register", **page, **ADA)
    browser.delete_cookie("language", domain="example.test")
    browser.submit("/register", **page, **ADA | {"email": "bob@example.com"})
    german, english = mailbox()
    assert german["Subject"] == "Bestätigen Sie Ihre Adresse"
    assert german.get_content().startswith("Guten Tag,\n\njemand, ")
    assert english["Subject"] == "Confirm your address"
    assert browser.get(link_in(german)).status_code == 303


def test_a_mail_that_is_written_later_is_in_german_too(
    browser: Browser,
    mailbox: Callable[[], list[EmailMessage]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "later", LATER)
    browser.set_cookie("language", "de", domain="example.test")
    browser.submit("/register", **ADA)
    until = monotonic() + 5
    while not mailbox() and monotonic() < until:
        sleep(0.01)
    assert [found["Subject"] for found in mailbox()] == ["Bestätigen Sie Ihre Adresse"]


def test_errors_are_in_german_too(browser: Browser) -> None:
    assert "Hier ist nichts" in browser.get("/nix", headers=GERMAN).text
    browser.set_cookie("language", "de", domain="example.test")
    answer = ADA | {"display_name": "", "password": "password1234"}
    page = browser.submit("/register", **answer).text
    assert 'id="display_name-error">Sagen Sie uns' in page
    assert 'id="password-error">Dieses Passwort ist zu verbreitet' in page


def test_a_message_is_in_german_too(browser: Browser, ada: User) -> None:
    browser.submit("/logout", page="/")
    assert "Sie sind abgemeldet." in browser.get("/", headers=GERMAN).text


# Whether all is there


def translations() -> list[tuple[str, Catalog]]:
    found = [(file.parts[-3], catalogues.read(file)) for file in catalogues.files()]
    assert {language for language, _ in found} == LANGUAGES.keys() - {DEFAULT}
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
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [german] = [file for file in catalogues.files() if file.parts[-3] == "de"]
    copy = tmp_path / "de" / "LC_MESSAGES" / "messages.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(german.read_bytes())
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    result = app.test_cli_runner().invoke(args=["translate", "fr"])
    said = result.output.splitlines()
    assert said[0] == "de: 0 missing"
    assert re.fullmatch(r"fr: \d{2,} missing", said[1])
    assert copy.read_bytes() == german.read_bytes()
