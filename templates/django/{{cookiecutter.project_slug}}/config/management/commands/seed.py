"""Fills an empty site with two accounts and some products, for development."""

import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from catalogue.models import Product
from config.environment import Environment

SAMPLES = settings.BASE_DIR / "catalogue" / "sample_products.json"


class Command(BaseCommand):
    help = "Migrate, then make the sample accounts and the sample products."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Sample data is for development: DEBUG is not true.")
        call_command("migrate", verbosity=0)
        self.fill()

    @transaction.atomic
    def fill(self) -> None:
        owners = [
            self.account("DEMO", "Demo"),
            self.account("ADMIN", "Admin", is_staff=True),
        ]
        samples = json.loads(SAMPLES.read_text(encoding="utf-8"))
        products = [
            Product(
                **sample,
                slug=slugify(sample["name"]),
                owner=owners[number % len(owners)],
            )
            # The first of the list is the newest.
            for number, sample in enumerate(reversed(samples))
        ]
        # Those that are there already, by their slug, stay as they are.
        Product.objects.bulk_create(products, ignore_conflicts=True)
        self.stdout.write(f"Log in as {' or '.join(user.email for user in owners)}.")

    def account(self, name: str, display_name: str, **rights: bool) -> User:
        env = Environment(settings.BASE_DIR / ".env")
        email, password = env.text(f"{name}_EMAIL"), env.text(f"{name}_PASSWORD")
        if not (email and password):
            raise CommandError(f"{name}_EMAIL and {name}_PASSWORD must be set.")
        user = User.objects.filter(email=User.objects.normalize_email(email)).first()
        return user or User.objects.create_user(email, display_name, password, **rights)
