"""A week that is open, with a school and a municipality that are asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from reporting import links
from reporting.models import Campaign, Report
from tests import sick_leave


@pytest.fixture
def week(db: None) -> Campaign:
    return sick_leave.campaign()


@pytest.fixture
def school(week: Campaign) -> Report:
    """Søndre Friskole, asked this week."""
    return sick_leave.report_of(week, sick_leave.free_school())


@pytest.fixture
def roskilde(week: Campaign) -> Report:
    """Roskilde Kommune, asked this week."""
    return sick_leave.report_of(week, sick_leave.municipality())


class Respondent:
    """Somebody with a link, and a browser that keeps no more than its cookies."""

    def __init__(self, report: Report) -> None:
        self.token = links.token_of(report)
        self.client = Client()

    def url(self, name: str, *more: Any) -> str:
        return reverse(f"reporting:{name}", args=[self.token, *more])

    def get(self, name: str, *more: Any) -> HttpResponse:
        return self.client.get(self.url(name, *more))  # type: ignore[return-value]

    def post(self, name: str, *more: Any, **data: Any) -> HttpResponse:
        return self.client.post(self.url(name, *more), data)  # type: ignore[return-value]

    def was(self, slug: str) -> str:
        """Return what the page of a section shows as saved."""
        return str(self.get("step", slug).context["was"])  # type: ignore[attr-defined]

    def write(self, slug: str, /, button: str = "next", **numbers: Any) -> HttpResponse:
        """Load a section's page, type numbers and press a button: `school_staff__monday=3`."""
        typed = {name.replace("__", "-"): value for name, value in numbers.items()}
        return self.post("step", slug, was=self.was(slug), **{button: "1"}, **typed)


@pytest.fixture
def by_link() -> Callable[[Report], Respondent]:
    return Respondent
