"""Accounts of people who come for an organisation with MitID Erhverv, and whom no institution delivers."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from .user import User

models.CharField.register_lookup(Length)


class Professional(models.Model):
    """Which MitID Erhverv identity an account belongs to (D8.1): a municipal officer's, a supplier's employee's.

    The identity provider's name for it (NameID) is kept as a keyed hash. What such an account may do comes with each
    log-in as rights (D8.4), and is not kept here.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="professional")
    name_id_hash = models.CharField(max_length=64)
    cvr = models.CharField(max_length=8)
    organisation = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name_id_hash"], name="professional_identity_once"),
            models.CheckConstraint(condition=Q(cvr__length=8), name="professional_comes_for_a_cvr"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.cvr}"
