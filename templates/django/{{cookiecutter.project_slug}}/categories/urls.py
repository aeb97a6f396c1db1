"""The address of the page on which people try the model."""

from django.urls import path

from categories import views

urlpatterns = [path("predict", views.PredictView.as_view(), name="predict")]
