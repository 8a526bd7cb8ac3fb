"""How passwords are hashed (Argon2id, RFC 9106)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with t=2, m=19456 KiB, p=1: Django's default costs eight times that memory for no gain here."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
