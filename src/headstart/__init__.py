"""From a few answers to a running Django, Flask or FastAPI project."""

__version__ = "0.1.0"
