"""The addresses of the API.

https://django-ninja.dev/guide/routers/
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from api import documentation
from api.bodies import StrictParser, for_one_reader, json_alone
from api.problems import add_handlers


def read_only(view: Any) -> Any:
    return csrf_exempt(require_safe(view))


routers = [import_string(router) for router in settings.API_ROUTERS]
api = documentation.DescribedAPI(
    title=settings.SITE_NAME,
    version="1",
    urls_namespace="api",
    parser=StrictParser(),
    docs_url=None,
    docs_decorator=read_only,
    openapi_extra={
        "tags": [{"name": name} for router in routers for name in router.tags]
    },
)
api.add_decorator(json_alone, mode="view")
api.add_decorator(for_one_reader, mode="view")
for router in (*routers, documentation.pages):
    api.add_router("", router)
add_handlers(api)


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """Stand in the way of Ninja's own view, which would ask for the token of a form."""
    raise Http404


def start(request: HttpRequest) -> HttpResponse:
    """Lead to the documentation, where there is no home page."""
    return redirect("api:swagger", preserve_request=True)


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", nothing),
    path("api/", api.urls),
    path("", read_only(start)),
]
