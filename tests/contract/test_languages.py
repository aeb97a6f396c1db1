"""N. Languages: everything is there in English and in German, as each visitor likes."""

import html
import itertools
import re

import pytest

from headstart.proof.page import Page

from .api import Client
from .crawling import crawl
from .deployments import Deployment, Stranger
from .people import (
    Account,
    admin,
    ask_for_reset,
    ask_to_register,
    complaint,
    demo,
    log_in,
    product,
    somebody,
    try_to_log_in,
)
from .projects import FEATURES, NAME

GERMAN = {"Accept-Language": "de"}
# What is the same in both, or nobody's language: names, addresses, numbers.
SAME = {"Name", "Text", "Version", "Filter", "Start", "Live", "Status", "UTC", "English", "Deutsch"}
PEOPLE = {"Demo", "Admin", "Somebody", NAME}
NO_WORDS = re.compile(
    r"\S+@\S+|[0-9a-f]{8,}|product-categories|name,price,description,stock.*|[\w-]+\.(?:csv|json)"
)
# What people have typed: cells of tables, names and descriptions of products, mails.
TYPED = re.compile(
    r'<(td|pre|style|script|h3)\b.*?</\1>|<(th) (?:scope="row"|class="field-).*?</\2>'
    r'|<p class="(?:excerpt|description)">.*?</p>|<option\b.*?</option>'
    r'|<textarea\b.*?</textarea>|<form class="languages".*?</form>',
    re.DOTALL,
)
ATTRIBUTES = re.compile(r'\b(?:aria-label|placeholder|title)="([^"]+)"')


def language_of(page: Page) -> str:
    """Return the language that a page says it is in."""
    found = re.findall(r'<html[^>]*\blang="([\w-]+)"', page.text)
    assert len(found) == 1, page.url
    return str(found[0])


def choose(visitor: Stranger, language: str, path: str = "/") -> Page:
    """Press a button of the switch."""
    form = visitor.get(path).form({"next"}, "/language")
    return visitor.post("/language", form.fields | {"language": language})


def texts_of(page: Page) -> set[str]:
    """Return what a page says in words of its own, piece by piece."""
    text = TYPED.sub(" ", page.text)
    pieces = [*re.findall(r">([^<>]+)<", text), *ATTRIBUTES.findall(text)]
    said = {" ".join(html.unescape(piece).split()).strip("› :") for piece in pieces}
    return {piece for piece in said if re.search("[A-Za-z]{2}", piece)}


@pytest.fixture
def german(deployment: Deployment) -> Stranger:
    """Return somebody who has chosen German."""
    return deployment.visitor(cookies={"language": "de"})


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("de-AT, en;q=0.5", "de"),
        ("fr, de;q=0.5, en;q=0.4", "de"),
        ("en;q=0.5, de;q=0.8", "de"),
        ("de;q=0.5, en;q=0.8", "en"),
        ("de;q=0, fr", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        (";;q=,,=", "en"),
        ("de;q=abc", "en"),
        ("de," * 1000, "de"),
    ],
)
def test_the_browser_says_which_language(visitor: Stranger, accepted: str, language: str) -> None:
    """N1."""
    page = visitor.get("/", headers={"Accept-Language": accepted})
    assert (page.status, language_of(page)) == (200, language)
    assert page.headers["Content-Language"] == language


@pytest.mark.parametrize("path", ["/", "/products", "/login", "/register", "/nothing"])
def test_a_page_says_what_its_language_depends_on(visitor: Stranger, path: str) -> None:
    """N1."""
    page = visitor.get(path, headers=GERMAN)
    assert language_of(page) == page.headers["Content-Language"] == "de"
    varies = {
        name.strip().lower() for name in ",".join(page.headers.get_all("Vary", [])).split(",")
    }
    assert {"accept-language", "cookie"} <= varies


def test_the_switch_overrides_the_browser_and_is_remembered(deployment: Deployment) -> None:
    """N1."""
    visitor = deployment.visitor()
    visitor.headers |= GERMAN
    page = choose(visitor, "en", "/products?q=lamp&page=1")
    assert (page.status, page.location) == (303, f"{deployment.site}/products?q=lamp&page=1")
    [cookie] = [cookie for cookie in page.cookies if cookie.key == "language"]
    assert (cookie.value, cookie["path"], cookie["samesite"].lower()) == ("en", "/", "lax")
    assert int(cookie["max-age"]) >= 364 * 24 * 3600
    assert cookie["httponly"]
    assert cookie["secure"]
    assert language_of(visitor.get("/products")) == "en"
    assert choose(visitor, "de").status == 303
    assert language_of(visitor.get("/products")) == "de"


def test_the_choice_outlives_logging_in_and_out(deployment: Deployment, german: Stranger) -> None:
    """N1."""
    assert try_to_log_in(german, demo(deployment)).status == 303
    assert language_of(german.get("/account")) == "de"
    page = german.get("/")
    assert german.post("/logout", page.form((), "/logout").fields).status == 303
    assert language_of(german.get("/")) == "de"


def test_the_switch_is_on_every_page_and_leads_back(deployment: Deployment) -> None:
    """N1."""
    owner = log_in(deployment, demo(deployment))
    for address, page in crawl(owner).items():
        form = page.form({"next"}, "/language")
        back = owner.get(form.fields["next"])
        assert (back.status, back.title) == (200, page.title), address
        buttons = re.findall(r'<button[^>]*\bname="language"[^>]*>', page.text)
        assert len(buttons) == 2, address
        for language, button in zip(("en", "de"), buttons, strict=True):
            assert f'value="{language}"' in button
            assert f'lang="{language}"' in button
            assert ('aria-current="true"' in button) == (language == "en"), address


@pytest.mark.parametrize("language", ["", "fr", "DE", "de-AT", "../de", "de\r\nX: 1", "d" * 9999])
def test_a_language_that_is_none_is_ignored(visitor: Stranger, language: str) -> None:
    """N1."""
    page = choose(visitor, language)
    assert page.status in (303, 400)
    assert "language" not in visitor.cookies
    cookie = {"Cookie": f"language={language[:99].splitlines()[0] if language else ''}"}
    assert language_of(visitor.get("/", headers=cookie | GERMAN)) == "de"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "/\n/evil.test",
        "",
    ],
)
def test_the_switch_leads_nowhere_else(visitor: Stranger, target: str) -> None:
    """N1, A8."""
    form = visitor.get("/").form({"next"}, "/language")
    page = visitor.post("/language", form.fields | {"language": "de", "next": target})
    assert (page.status, page.location) == (303, f"{visitor.site}/")


def test_the_switch_needs_its_token(visitor: Stranger) -> None:
    """N1, C1."""
    form = visitor.get("/").form({"next"}, "/language")
    rest = {"language": "de", "next": form.fields["next"]}
    assert visitor.post("/language", rest).status == 403
    assert "language" not in visitor.cookies
    assert visitor.get("/language").status == 405


def test_nothing_is_left_in_english(deployment: Deployment) -> None:
    """N1."""
    for account in (demo(deployment), admin(deployment)):
        visitor = log_in(deployment, account)
        starts = [
            path for path, needed in (("/admin", "admin"), ("/", "pages")) if needed in FEATURES
        ]
        english = {address: texts_of(page) for address, page in crawl(visitor, *starts).items()}
        assert choose(visitor, "de").status == 303
        stranger = deployment.visitor(cookies={"language": "de"})
        german = {address: visitor.follow(visitor.get(address)) for address in english}
        names = {account.email}.union(*(names_in_forms(page) for page in german.values()))
        for address, page in german.items():
            left = english[address] & texts_of(page) - SAME - PEOPLE
            own = names | product_words(address, page)
            left = {piece for piece in left if not own & {piece} and not NO_WORDS.fullmatch(piece)}
            assert not left, f"{address} still says {sorted(left)}"
        for path in ("/", "/login", "/register", "/password-reset", "/register/sent"):
            assert language_of(stranger.get(path)) == "de"


def names_in_forms(page: Page) -> set[str]:
    """Return what products and accounts are called, as their forms have it."""
    inputs = re.findall(r'<input[^>]*\bname="(?:display_)?name"[^>]*>', page.text)
    values = [re.findall(r'\bvalue="([^"]+)"', each) for each in inputs]
    return {html.unescape(value) for value in itertools.chain(*values)}


def product_words(address: str, page: Page) -> set[str]:
    """Return what stands on a page because it is about one product or account."""
    if not re.match(r"/products/|/admin/", address):
        return set()
    values = re.findall(r'\bvalue="([^"]+)"', page.text)
    headings = page.document.headings
    named = [heading.partition(": ")[2] for heading in headings]  # "History: Brass lamp"
    titles = [*headings, *named, page.title, page.title.partition(" · ")[0]]
    return {html.unescape(word) for word in itertools.chain(values, titles)}


def test_a_form_complains_in_german(german: Stranger) -> None:
    """N1."""
    page = german.get("/register")
    fields = {"email": "nobody", "display_name": "Ada", "password": "password1234"}
    again = german.post("/register", page.form(fields).fields | fields)
    assert language_of(again) == "de"
    for field in ("email", "password"):
        assert re.search(r"\b(?:Sie|nicht|das|dieses)\b", complaint(again, field), re.IGNORECASE)


def test_a_price_is_written_as_in_german(deployment: Deployment) -> None:
    """N1."""
    owner = log_in(deployment, demo(deployment))
    made = owner.submit(owner.get("/products/new"), product(price="1234.50"))
    choose(owner, "de")
    shown = owner.get(made.location)
    assert "1234,50" in shown.document.text.replace(".", "")
    assert re.search(r"\b\d{1,2}\. [A-ZÄ]\w+ \d{4}\b", shown.document.text)
    assert owner.get(f"{made.location}/edit").form({"price"}).fields["price"] == "1234.50"


def test_mails_are_in_the_language_of_who_caused_them(
    deployment: Deployment, german: Stranger
) -> None:
    """N1."""
    account = somebody()
    assert ask_to_register(german, account).status == 303
    mail = deployment.mail(account.email, "Bestätigen")
    assert mail.text.startswith("Guten Tag,")
    assert german.get(mail.link).status in (302, 303)
    assert ask_to_register(deployment.visitor(), account).status == 303
    assert deployment.mail(account.email, "You already have").text.startswith("Hello,")
    ask_for_reset(german, account.email)
    link = deployment.mail(account.email, "Passwort").link
    password = {"password": "eine ganz andere Zeile"}
    assert german.submit(german.get(link), password).status == 303
    changed = deployment.mail(account.email, "geändert")
    assert not re.search(r"\b(?:the|your|you|and|link works)\b", changed.text.replace(NAME, ""))


@pytest.mark.skipif("api" not in FEATURES, reason="the project has no `api`")
def test_the_api_speaks_english(deployment: Deployment) -> None:
    """N1."""
    wrong: dict[str, object] = {"email": "?", "display_name": "", "password": "short"}
    asks: list[tuple[str, str, object]] = [
        ("POST", "/api/users", wrong),
        ("POST", "/api/token", {"email": "a@example.com", "password": "b"}),
        ("POST", "/api/products", {}),
    ]
    visitor = deployment.visitor(cookies={"language": "de"})
    for method, path, value in asks:
        answers = [
            Client(deployment).ask(method, path, value),
            Client(deployment, visitor=visitor).ask(method, path, value, GERMAN),
        ]
        english, german = (page.text for page in answers)
        assert english == german, path
        assert answers[1].headers["Content-Language"] in (None, "en")
    account = Account(somebody().email, "four words nobody expects")
    fields = {"email": account.email, "display_name": "A", "password": account.password}
    Client(deployment).ask("POST", "/api/users", fields, GERMAN)
    assert deployment.mail(account.email, "Confirm your address").text.startswith("Hello,")
