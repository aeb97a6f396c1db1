"""Users, the links that are mailed to them, and attempts at their passwords."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.utils import timezone
from django.utils.encoding import punycode

from accounts.addresses import LONGEST
from config.names import validate_name
from languages import _


class UserManager(BaseUserManager["User"]):
    """Makes users; addresses are the same in any case, and with a domain in either form."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        plain = (email or "").strip().lower()
        local, at, domain = plain.rpartition("@")
        if domain.isascii() or len(plain) > LONGEST:
            return plain
        try:
            return local + at + punycode(domain)
        except UnicodeError:  # which is no domain, as the validator will say
            return plain

    def get_by_natural_key(self, username: str | None) -> "User":
        # PostgreSQL cannot even look for a NUL.
        email = self.normalize_email(username).replace("\0", " ")
        return self.get(email=email)

    def create_user(
        self, email: str, display_name: str, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(
            email=self.normalize_email(email), display_name=display_name, **fields
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, display_name: str, password: str | None = None, **fields: Any
    ) -> "User":
        rights = {"is_staff": True}
        return self.create_user(email, display_name, password, **fields | rights)


class User(AbstractBaseUser):
    """Somebody who logs in with an e-mail address.

    https://docs.djangoproject.com/en/5.2/topics/auth/customizing/#substituting-a-custom-user-model
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(
        _("display name"), max_length=80, validators=[validate_name]
    )
    is_staff = models.BooleanField(
        _("staff"), default=False, help_text=_("May change the products of everybody.")
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Switch this off instead of deleting a user."),
    )
    date_joined = models.DateTimeField(
        _("date joined"), default=timezone.now, editable=False
    )

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is theirs; if it should be hashed anew, it is.

        Django's would write the new hash over a password that was set meanwhile.
        """

        def store(password: str) -> None:
            old, self.password = self.password, make_password(password)
            same = User.objects.filter(pk=self.pk, password=old)
            stored.append(bool(same.update(password=self.password)))

        stored: list[bool] = []
        is_right = check_password(raw_password, self.password, store)
        if all(stored):
            return is_right
        # Somebody was faster, with the same password or another one.
        now = User.objects.filter(pk=self.pk).values_list("password", flat=True).first()
        self.password = now or ""
        return check_password(raw_password, self.password)

    # Being staff is the only right, so nobody needs permissions in the database.

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return UserManager.normalize_email(username)


class Link(models.Model):
    """A link that was mailed: it works once, and until it expires.

    Only the hash of its token is kept, so whoever reads the database cannot use it. See
    `accounts.links`.
    """

    class Purpose(models.TextChoices):
        REGISTER = "register"
        RESET = "reset"
        EMAIL = "email"

    purpose = models.CharField(max_length=8, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField("e-mail address")
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="links", null=True
    )
    display_name = models.CharField(max_length=80)
    password = models.CharField(max_length=128)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.purpose} for {self.email}"


class Attempt(models.Model):
    """Somebody tried a password. See `accounts.attempts`."""

    key = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = (models.Index(fields=("key", "at"), name="attempts_by_key"),)

    def __str__(self) -> str:
        return f"{self.key} at {self.at}"
