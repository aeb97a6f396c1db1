"""Tests of the whole application, from the outside where that is possible."""

import os

# Importing the application reads the settings: not those of this machine, please.
os.environ |= {
    "DEBUG": "true",
    "SITE_URL": "",
    "DATABASE_URL": "sqlite:///var/tests.sqlite3",
}
