"""The addresses of imports; they come before those of products."""

from django.urls import path

from imports import views

urlpatterns = [
    path("products/import", views.ImportCreateView.as_view(), name="import-new"),
    path("products/import/<int:pk>", views.ImportDetailView.as_view(), name="import"),
]
