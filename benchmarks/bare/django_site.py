"""The site in Django with nothing around it: `application` is WSGI, and `asgi` is ASGI.

The tables and the templates are the project's. There is no middleware, no log and no
check of what is asked for, and each answer takes the shortest queries that give it.
"""

from typing import Any

import django
from config import settings as theirs
from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.core.wsgi import get_wsgi_application
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import include, path

REQUEST = "django.template.context_processors.request"
settings.configure(
    **{name: getattr(theirs, name) for name in dir(theirs) if name.isupper()}
    | {
        "DATABASES": {"default": theirs.DATABASES["default"] | {"CONN_HEALTH_CHECKS": False}},
        "LOGGING": {},
        "MIDDLEWARE": [],
        "ROOT_URLCONF": __name__,
        "TEMPLATES": [theirs.TEMPLATES[0] | {"OPTIONS": {"context_processors": [REQUEST]}}],
    }
)
django.setup()

from catalogue.models import Product  # noqa: E402
from config.threads import Threads  # noqa: E402
from django.contrib.auth.hashers import check_password, make_password  # noqa: E402
from django.contrib.auth.models import AnonymousUser  # noqa: E402

TYPED = "the password of everybody"
STORED = make_password(TYPED)
CONTEXT: dict[str, Any] = {
    "site_name": theirs.SITE_NAME,
    "navigation": theirs.NAVIGATION,
    "user": AnonymousUser(),
    "csrf_token": "none",
}


def home(request: HttpRequest) -> HttpResponse:
    """Show the newest products."""
    newest = Product.objects.order_by("-created_at", "-pk")[:6]
    return render(request, "home.html", CONTEXT | {"products": newest})


def products(request: HttpRequest) -> HttpResponse:
    """Show a page of products, newest first."""
    found = Product.objects.order_by("-created_at", "-pk")
    page = Paginator(found, 12).page(1)
    more = {"products": page.object_list, "page_obj": page, "paginator": page.paginator}
    context = CONTEXT | more | {"is_paginated": page.has_other_pages(), "q": ""}
    return render(request, "catalogue/products.html", context)


def api_products(request: HttpRequest) -> JsonResponse:
    """List products, newest first."""
    number = int(request.GET.get("page", 1))
    size = int(request.GET.get("page_size", 20))
    found = Product.objects.select_related("owner").order_by("-created_at", "-pk")
    try:
        page = Paginator(found, size).page(number)
    except EmptyPage as error:
        raise Http404 from error
    items = [
        {
            "id": product.id,
            "slug": product.slug,
            "name": product.name,
            "description": product.description,
            "price": str(product.price),
            "stock": product.stock,
            "owner": product.owner.display_name,
            "created_at": product.created_at,
            "updated_at": product.updated_at,
            "version": product.version,
        }
        for product in page
    ]
    return JsonResponse(
        {
            "items": items,
            "total": page.paginator.count,
            "page": number,
            "page_size": size,
            "pages": page.paginator.num_pages,
        }
    )


def login(request: HttpRequest) -> HttpResponse:
    """Check a password, and that is all."""
    assert check_password(TYPED, STORED)
    return HttpResponseRedirect("/")


urlpatterns = [
    path("", home),
    path("products", products),
    path("api/products", api_products),
    path("login", login),
    # What the templates link to
    path("", include(theirs.ROOT_URLCONF)),
]
application = Threads(get_wsgi_application())


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """Answer on the server that a project with live updates has."""
    if scope["type"] == "http":
        await site(scope, receive, send)
    else:
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})


if "live" in theirs.INSTALLED_APPS:
    from live.threads import OverASGI

    site = OverASGI(application)
