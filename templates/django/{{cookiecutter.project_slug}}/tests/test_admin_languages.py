"""The admin panel is in the language of whoever uses it, Django's texts and ours."""

import pytest

from accounts.models import User
from catalogue.models import Product
from tests.conftest import Browser
from tests.translations import GERMAN, compile_missing


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_missing()


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/admin/", ["Verwaltung", "Konten", "Katalog", "Produkte", "Abmelden"]),
        ("/admin/catalogue/product/", ["Besitzer", "Auf Lager", "64,00", "Hinzufügen"]),
        ("/admin/catalogue/product/add/", ["Beschreibung", "Bestand", "Sichern"]),
        ("/admin/accounts/user/", ["E-Mail-Adresse", "Anzeigename", "Team"]),
    ],
)
def test_the_admin_panel_speaks_german(
    as_staff: Browser, lamp: Product, path: str, texts: list[str]
) -> None:
    page = as_staff.get(path, headers=GERMAN).content.decode()
    assert '<html lang="de"' in page
    for text in texts:
        assert text in page


def test_the_form_of_a_user_is_in_german(as_staff: Browser, ann: User) -> None:
    path = f"/admin/accounts/user/{ann.pk}/change/"
    page = as_staff.get(path, headers=GERMAN).content.decode()
    assert "Anzeigename:" in page
    assert "Display name" not in page


def test_what_would_go_with_a_user_is_told_in_german(
    as_staff: Browser, lamp: Product, ann: User
) -> None:
    path = f"/admin/accounts/user/{ann.pk}/delete/"
    page = as_staff.get(path, headers=GERMAN).content.decode()
    assert "Ann (ann@example.com), Produkte: 1" in page


def test_an_edit_in_german_means_what_it_shows(
    as_staff: Browser, lamp: Product
) -> None:
    path = f"/admin/catalogue/product/{lamp.pk}/change/"
    page = as_staff.get(path, headers=GERMAN).content.decode()
    assert 'name="price" value="64.00"' in page
    data = {"name": "Lampe", "price": "65.50", "stock": "2", "version": "1"}
    data |= {"owner": str(lamp.owner_id), "description": ""}
    assert as_staff.post(path, data, headers=GERMAN).status_code == 303
    lamp.refresh_from_db()
    assert (lamp.name, str(lamp.price)) == ("Lampe", "65.50")
