"""Decides who may listen, as the site decides about every other request.

So a handshake has its line in the log, its number, and the usual answers to a host or
an origin that is not the site's.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from config.security import is_cross_site
from live.threads import HANDSHAKE

SWITCHING_PROTOCOLS = 101


def products(request: HttpRequest) -> HttpResponse:
    if not request.META.get(HANDSHAKE):
        raise Http404("Here one listens over a WebSocket.")
    # Programs send no origin, and the catalogue is public: but the pages of other
    # sites do not listen with the cookies of our visitors.
    if is_cross_site(request):
        raise PermissionDenied("This page belongs to another site.")
    return HttpResponse(status=SWITCHING_PROTOCOLS)


urlpatterns = [path("ws/products", products)]
