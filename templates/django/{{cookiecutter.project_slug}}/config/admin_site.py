"""The admin panel as a whole: who may enter it, and which of Django's pages it has.

https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#overriding-the-default-admin-site
"""

from collections.abc import Callable

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig as DjangosAdminConfig
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from languages import _

Handler = Callable[[HttpRequest], HttpResponse]

# The site's own pages limit how often passwords are tried, and mail those whose
# password has changed; its links are plain ones.
LEFT_OUT = (
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "view_on_site",
)


def staff_only(get_response: Handler) -> Handler:
    """Hold every address below /admin to the same, also those where there is nothing."""

    @login_required
    def guarded(request: HttpRequest) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied("The admin panel is for staff.")
        return get_response(request)

    def middleware(request: HttpRequest) -> HttpResponse:
        is_admin = f"{request.path_info}/".startswith("/admin/")
        return guarded(request) if is_admin else get_response(request)

    return middleware


class Site(admin.AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = _("Admin")
    final_catch_all_view = False

    def get_urls(self) -> list[URLResolver | URLPattern]:
        urls = super().get_urls()
        return [url for url in urls if getattr(url, "name", None) not in LEFT_OUT]


class AdminConfig(DjangosAdminConfig):
    default_site = "config.admin_site.Site"

    def ready(self) -> None:
        super().ready()
        # Groups give permissions, and here being staff is the only one.
        admin.site.unregister(apps.get_model("auth", "Group"))
