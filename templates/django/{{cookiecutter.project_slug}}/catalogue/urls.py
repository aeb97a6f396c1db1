"""The addresses of the products' pages."""

from django.urls import path

from catalogue import views

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("products", views.ProductListView.as_view(), name="products"),
    path("products/new", views.ProductCreateView.as_view(), name="product-new"),
    path("products/<slug:slug>", views.ProductDetailView.as_view(), name="product"),
    path(
        "products/<slug:slug>/edit",
        views.ProductUpdateView.as_view(),
        name="product-edit",
    ),
    path(
        "products/<slug:slug>/delete",
        views.ProductDeleteView.as_view(),
        name="product-delete",
    ),
]
