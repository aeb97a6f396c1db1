"""The page that shows changes as they come."""

from django.urls import path
from django.views.generic import ListView

from catalogue.models import Product, ProductQuerySet

LATEST = 10


class LiveView(ListView):
    template_name = "live/live.html"
    context_object_name = "products"

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.order_by("-updated_at", "-pk")[:LATEST]


urlpatterns = [path("live", LiveView.as_view(), name="live")]
