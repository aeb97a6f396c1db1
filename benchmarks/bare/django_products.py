"""The list of products in Django, as short as it can be written: `application` is WSGI."""

import os

import django
from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["DATABASE"],
            "CONN_MAX_AGE": None,
        }
    },
    ROOT_URLCONF=__name__,
)
django.setup()


class User(models.Model):
    """Who offers it."""

    password = models.CharField(max_length=128)
    last_login = models.DateTimeField(null=True)
    email = models.EmailField()
    display_name = models.CharField(max_length=80)
    is_staff = models.BooleanField()
    is_active = models.BooleanField()
    date_joined = models.DateTimeField()

    class Meta:  # noqa: D106
        app_label = "bare"
        db_table = "accounts_user"


class Product(models.Model):
    """What is offered."""

    name = models.CharField(max_length=120)
    description = models.TextField()
    price = models.DecimalField(max_digits=8, decimal_places=2)
    stock = models.PositiveIntegerField()
    owner = models.ForeignKey(User, models.CASCADE)
    slug = models.SlugField(max_length=140)
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:  # noqa: D106
        app_label = "bare"
        db_table = "catalogue_product"


def products(request: HttpRequest) -> JsonResponse:
    """List products, newest first."""
    number = int(request.GET.get("page", 1))
    size = int(request.GET.get("page_size", 20))
    found = Product.objects.select_related("owner").order_by("-created_at", "-id")
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


urlpatterns = [path("api/products", products)]
application = get_wsgi_application()
