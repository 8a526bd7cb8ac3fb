"""Addresses of the pages of Sygefravær, and what a page says."""

import re

from django.http import HttpResponse
from django.urls import reverse


def url(name: str, *arguments: object) -> str:
    return reverse(f"reporting:{name}", args=arguments)


def text_of(response: HttpResponse) -> str:
    """Return what a page says, in one line."""
    plain = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(plain.split())
