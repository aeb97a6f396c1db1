"""The address of the switch between the languages."""

from django.urls import path

from languages import views

urlpatterns = [path("language", views.choose, name="language")]
