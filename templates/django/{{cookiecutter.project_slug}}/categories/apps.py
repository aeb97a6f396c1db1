"""https://docs.djangoproject.com/en/5.2/ref/applications/"""

from django.apps import AppConfig

from categories import serving
from config import health


class CategoriesConfig(AppConfig):
    name = "categories"

    def ready(self) -> None:
        serving.found()
        health.CHECKS.append(serving.model_is_there)
