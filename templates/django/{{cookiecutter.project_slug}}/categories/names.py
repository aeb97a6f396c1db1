"""What the categories are called on pages; a new one by its own name."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "garden": _("Garden"),
    "kitchen": _("Kitchen"),
    "lighting": _("Lighting"),
    "stationery": _("Stationery"),
    "textiles": _("Textiles"),
    "tools": _("Tools"),
}


def name_of(category: str) -> str:
    return str(NAMES.get(category, category))
