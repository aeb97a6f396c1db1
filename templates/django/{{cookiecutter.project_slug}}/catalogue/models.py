"""Products."""

from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User

TAKEN_BY_PAGES = "new"


class ProductQuerySet(models.QuerySet["Product"]):
    """What one asks of the products, in words."""

    def matching(self, words: str) -> "ProductQuerySet":
        return self.filter(Q(name__icontains=words) | Q(description__icontains=words))

    def newest_first(self) -> "ProductQuerySet":
        return self.order_by("-created_at", "-pk")

    def with_owner(self) -> "ProductQuerySet":
        return self.select_related("owner")

    def free_slug(self, name: str) -> str:
        """Return a slug for a name: `lamp`, or `lamp-2` if there is a `lamp` already."""
        slug = slugify(name) or "product"
        taken = {TAKEN_BY_PAGES, *self.filter(slug__startswith=slug).values_list("slug", flat=True)}
        if slug not in taken:
            return slug
        return next(f"{slug}-{n}" for n in count(2) if f"{slug}-{n}" not in taken)


class Product(models.Model):
    """Something in the catalogue."""

    EDITABLE = ("name", "description", "price", "stock")

    name = models.CharField(max_length=120)
    description = models.TextField(max_length=5000, blank=True)
    price = models.DecimalField(
        max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    stock = models.PositiveIntegerField(
        validators=[MinValueValidator(0), MaxValueValidator(1_000_000)]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="products"
    )
    slug = models.SlugField(max_length=140, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("-created_at", "-id"), name="newest_first"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.slug])
