"""What the API itself keeps."""

from django.conf import settings
from django.db import models


class Token(models.Model):
    """Stands for its user in requests, until it expires or their password changes.

    Only its hash is kept, so whoever reads the database cannot use it. See `api.tokens`.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    password_fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"token of {self.user_id}"
