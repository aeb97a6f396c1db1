"""What the categories are called on pages; a new one by its own name."""

from app.languages import N_

NAMES = {
    "garden": N_("Garden"),
    "kitchen": N_("Kitchen"),
    "lighting": N_("Lighting"),
    "stationery": N_("Stationery"),
    "textiles": N_("Textiles"),
    "tools": N_("Tools"),
}


def name_of(category: str) -> str:
    return NAMES.get(category, category)
