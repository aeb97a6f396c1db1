"""The addresses of the accounts' pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import TemplateView

from accounts import account_views, views

urlpatterns = [
    path("login", views.LoginView.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("register", views.RegisterView.as_view(), name="register"),
    path(
        "register/sent",
        TemplateView.as_view(template_name="accounts/register_sent.html"),
        name="register-sent",
    ),
    path(
        "register/confirm/<str:token>",
        views.RegisterConfirmView.as_view(),
        name="register-confirm",
    ),
    path("password-reset", views.PasswordResetView.as_view(), name="password-reset"),
    path(
        "password-reset/sent",
        TemplateView.as_view(template_name="accounts/password_reset_sent.html"),
        name="password-reset-sent",
    ),
    path(
        "password-reset/<str:token>",
        views.PasswordResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
    path("account", account_views.AccountView.as_view(), name="account"),
    path(
        "account/password",
        account_views.PasswordChangeView.as_view(),
        name="password-change",
    ),
    path("account/email", account_views.EmailChangeView.as_view(), name="email-change"),
    path(
        "account/email/<str:token>",
        views.EmailConfirmView.as_view(),
        name="email-confirm",
    ),
]
