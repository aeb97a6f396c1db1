{% from "macros.jinja" import lines with context %}
"""The addresses of the site: each app brings its own.

https://docs.djangoproject.com/en/5.2/topics/http/urls/
"""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
{% call lines("first_routes") %}
{% endcall %}
{% call lines("routes") %}
{% endcall %}
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
