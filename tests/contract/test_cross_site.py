"""C. Cross-site requests: what another site makes a browser send changes nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest

from .browsers import Chromium, log_in_by_keyboard
from .crawling import changes
from .deployments import Deployment, Stranger
from .people import (
    add_product,
    ask_for_reset,
    can_log_in,
    demo,
    is_logged_in,
    product,
    register,
    somebody,
)
from .projects import FEATURES

EVIL = "https://evil.test"
# Forms that a stranger or an ordinary user meets, by the feature that brings them.
BROUGHT = {"i18n": "/language", "ml": "/predict"}
NEW_PASSWORD = "a-rather-different-sentence"


class Everything:
    """Every form of a site that changes something, and what it could change."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.owner, self.account = register(deployment)
        self.product = add_product(self.owner)
        ask_for_reset(deployment.visitor(), self.account.email)
        reset = deployment.mail(self.account.email, "Reset your password").link
        stranger = deployment.visitor()
        own = [f"{self.product}/edit", f"{self.product}/delete", "/account"]
        self.changes = changes(self.owner, *own, "/products/new", "/")
        self.changes += changes(stranger, reset.removeprefix(deployment.site), "/login", "/")
        self.target = somebody()
        self.values = product() | {
            "email": self.target.email,
            "display_name": "Planted",
            "password": self.account.password,
            "old_password": self.account.password,
            "new_password": NEW_PASSWORD,
        }

    def state(self) -> tuple[object, ...]:
        """Return all that one of the forms could have changed."""
        return (
            is_logged_in(self.owner),
            self.owner.get(self.product).document.text,
            self.owner.get(f"/products?q={quote(self.values['name'])}").document.text,
            self.owner.get("/account").document.text,
            len(self.deployment.mailbox.find(self.target.email)),
        )


@pytest.fixture(scope="module")
def everything(running_deployment: Deployment) -> Everything:
    return Everything(running_deployment)


@pytest.fixture(scope="module")
def foreign_token(running_deployment: Deployment) -> str:
    """Return a token that is good, but only in another session."""
    visitor, _ = register(running_deployment)
    change = changes(visitor, "/products/new")[0]
    return change.form.fields[change.token]


def test_the_forms_that_change_something_are_found(everything: Everything) -> None:
    """C1."""
    found = {change.path.replace(everything.product, "*") for change in everything.changes}
    resets = {path for path in found if path.startswith("/password-reset/")}
    assert len(resets) == 1
    assert found - resets == {
        *(path for feature, path in BROUGHT.items() if feature in FEATURES),
        "/products/new",
        "*/edit",
        "*/delete",
        "/logout",
        "/account/password",
        "/account/email",
        "/login",
        "/register",
        "/password-reset",
    }


def test_without_the_right_token_nothing_changes(
    deployment: Deployment, everything: Everything, foreign_token: str
) -> None:
    """C1."""
    before = everything.state()
    for change in everything.changes:
        sent = change.filled_in(everything.values)
        without = {name: value for name, value in sent.items() if name != change.token}
        tokens = ("", "garbage", "ßöö 😀", "x" * 10_000, foreign_token)
        for fields in (without, *(sent | {change.token: token} for token in tokens)):
            page = change.visitor.post(change.path, fields)
            assert page.status == 403, f"{change.path} with {fields.get(change.token)!r}"
            assert len(page.document.headings) == 1
    assert everything.state() == before
    assert can_log_in(deployment, everything.account)


def test_a_token_in_the_address_does_not_count(everything: Everything) -> None:
    """C2."""
    before = everything.state()
    for change in everything.changes:
        sent = change.filled_in(everything.values)
        token = sent.pop(change.token)
        page = change.visitor.post(f"{change.path}?{change.token}={token}", sent)
        assert page.status == 403, change.path
    assert everything.state() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://shop.test"},
        {"Origin": "https://shop.test.evil.test"},
        {"Origin": EVIL, "Referer": "https://shop.test/"},
        {"Sec-Fetch-Site": "cross-site", "Origin": EVIL},
    ],
    ids=str,
)
def test_a_form_sent_from_another_site_changes_nothing(
    everything: Everything, headers: dict[str, str]
) -> None:
    """C3."""
    before = everything.state()
    for change in everything.changes:
        page = change.visitor.post(change.path, change.filled_in(everything.values), headers)
        assert page.status == 403, f"{change.path} with {headers}"
    assert everything.state() == before


def test_the_method_cannot_be_overridden(owner: Stranger) -> None:
    """C4."""
    path = add_product(owner)
    token = changes(owner, f"{path}/delete")[0]
    fields = {token.token: token.form.fields[token.token]}
    for method in ("DELETE", "PUT", "PATCH"):
        for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
            owner.get(path, {name: method})
            owner.post(path, fields, {name: method})
            owner.get(f"{path}/delete", {name: "POST"})
        owner.post(path, fields | {"_method": method})
        owner.get(f"{path}?_method={method}")
        owner.get(f"{path}/delete?_method=POST")
        owner.request(method, path)
    assert owner.get(path).status == 200


@contextmanager
def evil_site(*forms: tuple[str, dict[str, str]]) -> Iterator[str]:
    """Serve a site with one page for each form, that sends it as soon as it is opened."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            action, fields = forms[int(self.path.strip("/"))]
            inputs = "".join(f'<input name="{k}" value="{v}">' for k, v in fields.items())
            body = (
                "<!doctype html><title>Evil</title>"
                f'<form method=post action="{action}">{inputs}</form>'
                "<script>document.forms[0].submit()</script>"
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, args=(0.05,)).start()
    try:
        # Another site than 127.0.0.1, as far as a browser is concerned.
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.browser
def test_a_form_that_another_site_sends_in_a_real_browser_changes_nothing(
    open_deployment: Deployment, chromium: Chromium
) -> None:
    """C5."""
    account = demo(open_deployment)
    page = chromium.page()
    log_in_by_keyboard(page, open_deployment, account)
    planted = product()
    passwords = {"old_password": account.password, "new_password": NEW_PASSWORD}
    forms = [
        (f"{open_deployment.site}/products/new", planted),
        (f"{open_deployment.site}/account/password", passwords),
        (f"{open_deployment.site}/logout", {}),
    ]
    with evil_site(*forms) as evil:
        for number, (action, _) in enumerate(forms):
            with page.expect_response(action) as caught:
                page.goto(f"{evil}/{number}")
            assert caught.value.status in (302, 303, 403)
    page.goto(f"{open_deployment.site}/account")
    assert page.url.endswith("/account")
    found = open_deployment.visitor().get(f"/products?q={quote(planted['name'])}")
    assert planted["description"] not in found.text
    assert f"/products/{planted['name'].lower().replace(' ', '-')}" not in found.text
    assert can_log_in(open_deployment, account)
