"""Keeps the queue's own table out of the admin panel: who imports has a page for that."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

admin.site.unregister(DBTaskResult)
