"""Products."""

from string import ascii_lowercase
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.models import User
from catalogue import rules
from config.names import validate_name
from languages import _

NOT_SLUGS = ("new", "import")  # these addresses below /products may be pages


class OwnerGoneError(Exception):
    """The account of a product's owner was deleted while they added it."""


class ProductQuerySet(models.QuerySet["Product"]):
    """What one asks of the products, in words."""

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def matching(self, words: str) -> Self:
        if not words:
            return self.all()  # counting those is much faster
        return self.filter(Q(name__icontains=words) | Q(description__icontains=words))

    def with_owner(self) -> Self:
        return self.select_related("owner")

    def free_slug(self, name: str) -> str:
        """Return a slug for a name: `lamp`, or `lamp-2` if there is a `lamp` already."""
        # A character may become several letters, and the number needs room too.
        slug = slugify(name)[:120].rstrip("-_") or "product"
        numbered = [slug, *(f"{slug}-{number}" for number in range(2, 100))]
        similar = self.filter(slug__in=numbered).values_list("slug", flat=True)
        taken = {*NOT_SLUGS, *similar}
        # Of so many nobody looks at the number, and it would take longer each time.
        another = f"{slug}-{get_random_string(12, ascii_lowercase)}"
        return next((free for free in numbered if free not in taken), another)


class Product(models.Model):
    """Something in the catalogue."""

    EDITABLE = ("name", "description", "price", "stock")

    name = models.CharField(
        _("name"), max_length=rules.LONGEST_NAME, validators=[validate_name]
    )
    description = models.TextField(
        _("description"), max_length=rules.LONGEST_DESCRIPTION, blank=True
    )
    price = models.DecimalField(
        _("price"),
        max_digits=8,
        decimal_places=2,
        validators=[
            MinValueValidator(rules.LOWEST_PRICE),
            MaxValueValidator(rules.HIGHEST_PRICE),
        ],
    )
    stock = models.PositiveIntegerField(
        _("stock"), validators=[MaxValueValidator(rules.HIGHEST_STOCK)]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="products",
        verbose_name=_("owner"),
    )
    slug = models.SlugField(max_length=140, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        # The two orders in which they are listed
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="newest_first"),
            models.Index(fields=("-updated_at", "-id"), name="changed_last"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new product gets its slug here, and keeps it when its name changes."""
        needs_slug = not self.slug
        while True:
            try:
                with transaction.atomic():
                    if needs_slug:
                        self.slug = Product.objects.free_slug(self.name)
                    return super().save(*args, **kwargs)
            except IntegrityError as error:
                if not User.objects.filter(pk=self.owner_id).exists():
                    raise OwnerGoneError from error
                # Somebody may have taken the slug just now: then look for another.
                taken = Product.objects.filter(slug=self.slug).exists()
                if not (needs_slug and taken):
                    raise

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.slug])

    def may_be_changed_by(self, user: User | AnonymousUser) -> bool:
        return user.is_staff or user.pk == self.owner_id

    def save_changes(self, version: int) -> bool:
        """Save what was edited, unless somebody else saved since `version` was read."""
        now = timezone.now()
        changed = Product.objects.filter(pk=self.pk, version=version).update(
            **{name: getattr(self, name) for name in self.EDITABLE},
            version=version + 1,
            updated_at=now,
        )
        if changed:
            self.version, self.updated_at = version + 1, now
        return changed == 1
