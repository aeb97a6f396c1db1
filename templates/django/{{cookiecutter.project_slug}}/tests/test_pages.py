"""The home page, what is shown when something goes wrong, and static files."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import RequestFactory, override_settings
from django.utils.html import escape

from catalogue.models import Product, ProductQuerySet
from config.dev_mail import newest_mails
from config.mail import FolderBackend
from tests.conftest import Browser

pytestmark = pytest.mark.django_db


def test_the_home_page_has_the_sites_name_and_leads_on(
    client: Browser, lamp: Product
) -> None:
    page = client.get("/").content.decode()
    assert f"<title>{escape(settings.SITE_NAME)}</title>" in page
    for path in ("/products", "/login", "/register", "/products/desk-lamp"):
        assert f'href="{path}"' in page


def test_who_is_logged_in_sees_other_links(as_ann: Browser) -> None:
    page = as_ann.get("/").content.decode()
    assert 'href="/account"' in page
    assert 'action="/logout"' in page
    assert 'href="/login"' not in page


@pytest.mark.parametrize("path", ["/", "/products", "/login", "/register", "/unknown"])
def test_a_page_has_a_language_one_heading_and_no_scripts(
    client: Browser, path: str
) -> None:
    page = client.get(path).content.decode()
    assert '<html lang="en">' in page
    assert page.count("<h1") == 1
    assert "<script" not in page
    assert "style=" not in page


def test_an_unknown_path_has_a_page_of_our_own(client: Browser) -> None:
    response = client.get("/unknown")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_the_page_of_an_error_tells_its_number_and_nothing_else(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(products: ProductQuerySet) -> ProductQuerySet:
        raise RuntimeError("secrets of the site")

    monkeypatch.setattr(ProductQuerySet, "newest_first", fail)
    client.raise_request_exception = False
    response = client.get("/", headers={"X-Request-ID": "a-number-to-quote"})
    page = response.content.decode()
    assert response.status_code == 500
    assert "a-number-to-quote" in page
    assert "secrets" not in page
    assert "Traceback" not in page


def test_a_wrong_method_has_a_page_and_says_which_are_right(client: Browser) -> None:
    response = client.put("/products")
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert "That does not work here" in response.content.decode()


def test_no_method_hides_behind_another(as_ann: Browser, lamp: Product) -> None:
    override = {"X-HTTP-Method-Override": "DELETE"}
    path = "/products/desk-lamp"
    response = as_ann.post(path, {"_method": "DELETE"}, headers=override)
    assert response.status_code == 405
    assert Product.objects.exists()


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/products/", "/products"),
        ("/products/?q=a%20b&page=2", "/products?q=a%20b&page=2"),
        ("/login/", "/login"),
    ],
)
def test_a_slash_at_the_end_redirects_to_the_path_without(
    client: Browser, path: str, target: str
) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (301, target)


@pytest.mark.parametrize(
    "path",
    ["/unknown/", "//evil.test/", "//evil.test//", "/%2F/evil.test/", "/\\e/", "///"],
)
def test_a_slash_at_the_end_leads_nowhere_else(client: Browser, path: str) -> None:
    assert client.get("/", PATH_INFO=path).status_code == 404


def test_head_is_like_get_without_a_body(client: Browser, lamp: Product) -> None:
    for path in ("/", "/products", "/products/desk-lamp", "/login", "/static/site.css"):
        response = client.head(path)
        assert response.status_code == 200
        assert not response.getvalue()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/static/site.css", "text/css"),
        ("/static/favicon.svg", "image/svg+xml"),
        ("/favicon.ico", "image/"),
        ("/robots.txt", "text/plain"),
    ],
)
def test_static_files_are_served(client: Browser, path: str, kind: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith(kind)
    assert "max-age=" in response["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in response
    response.close()


def test_static_files_get_names_that_change_with_them(tmp_path: Path) -> None:
    storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": storage}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("site.????????????.css"))


def test_mail_can_be_read_in_the_browser(
    client: Browser, rf: RequestFactory, tmp_path: Path
) -> None:
    assert client.get("/dev/mail").status_code == 404  # this is not development
    link = "https://testserver/register/confirm/abc"
    request = rf.get("/dev/mail")
    with override_settings(EMAIL_FILE_PATH=tmp_path):
        assert "No mail yet." in newest_mails(request).content.decode()
        for subject in ("First", "Second"):
            text = f"Hello <b>\n\n{link}\n"
            FolderBackend().send_messages(
                [EmailMessage(subject, text, to=["a@b.test"])]
            )
        page = newest_mails(request).content.decode()
    assert page.index("Second") < page.index("First")
    assert f'<a href="{link}"' in page
    assert "<b>" not in page
    [first, _] = sorted(tmp_path.glob("*.eml"))
    assert first.stat().st_mode & 0o777 == 0o600
