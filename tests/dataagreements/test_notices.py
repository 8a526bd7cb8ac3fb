"""*Notifikationer*: who is mailed, of what, and how they stop it (D4.3)."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from dataagreements import notices, services, tasks
from dataagreements.models import Agreement, Scope, Subscription
from dataagreements.states import AgreementAction
from institutions.models import Ownership
from tests.agreements import agreement_with, approve, ask, institution
from tests.officers import MUNICIPALITY

from .conftest import OTHER_SUPPLIER

ADDRESS = "dagtilbud@kommune.example"


@pytest.fixture
def subscribed(nadia):
    return Subscription.objects.create(
        email=ADDRESS, scope=Scope.CVR, identifier=MUNICIPALITY, by=nadia.user, confirmed_at=timezone.now()
    )


def link_in(message, words: str) -> str:
    return re.search(rf"http://testserver(/tilslutning/notifikationer/{words}/\S+)", message.body)[1]


def test_an_address_says_yes_itself_before_it_gets_mails(
    cast, nadia, sune, system, day_care, django_capture_on_commit_callbacks
):
    client = nadia.client()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/tilslutning/notifikationer/", {"email": ADDRESS, "om": f"cvr-{MUNICIPALITY}"}, follow=True)
    assert "Vi har sendt et link" in done.content.decode()
    assert "Venter på, at adressen siger ja" in done.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        ask(system, sune, day_care)
    assert len(mail.outbox) == 1  # the question to the address, and no more
    link = link_in(mail.outbox[0], "bekraeft")
    visitor = Client()
    assert "Vil du have mails fra Tilslutning?" in visitor.get(link).content.decode()
    assert not Subscription.objects.get().confirmed_at  # a filter that follows links says nothing
    assert "Adressen er tilmeldt" in visitor.post(link, follow=True).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        ask(system, sune, institution(cast, "G90077"))
    assert mail.outbox[-1].to == [ADDRESS]
    assert mail.outbox[-1].subject == "1 ny anmodning om data venter på jer"


def test_one_act_is_one_mail_however_many_agreements(
    subscribed, cast, sune, system, django_capture_on_commit_callbacks
):
    places = [institution(cast, f"G9010{n}") for n in range(5)]
    with django_capture_on_commit_callbacks(execute=True):
        ask(system, sune, *places, comment="Vi vil gerne læse højt.")
    assert [message.subject for message in mail.outbox] == ["5 nye anmodninger om data venter på jer"]
    assert "Vi vil gerne læse højt." in mail.outbox[0].body
    assert "http://testserver/tilslutning/anmodninger/" in mail.outbox[0].body


def test_a_p_number_is_told_of_what_it_answers_only(
    officer, nadia, cast, sune, system, django_capture_on_commit_callbacks
):
    municipal = institution(cast, "G90120", p_number="1111111111")
    own = institution(cast, "G90121", p_number="2222222222", ownership=Ownership.SELF_OWNED, cvr="12345674")
    for number in ("1111111111", "2222222222"):
        Subscription.objects.create(
            email=f"{number}@x.example", scope=Scope.P, identifier=number, by=nadia.user, confirmed_at=timezone.now()
        )
    with django_capture_on_commit_callbacks(execute=True):
        ask(system, sune, municipal, own)
    assert [message.to for message in mail.outbox] == [["2222222222@x.example"]]


def test_the_supplier_is_told_of_answers_and_the_institution_of_an_end(
    subscribed, nadia, sune, supplier, requested, django_capture_on_commit_callbacks
):
    Subscription.objects.create(
        email="post@nordlys.example", scope=Scope.PROVIDER, provider=supplier, by=sune.user, confirmed_at=timezone.now()
    )
    with django_capture_on_commit_callbacks(execute=True):
        approve(requested, nadia)
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (["post@nordlys.example"], "1 anmodning er godkendt")
    assert "Læsebroen: Bakkehuset (G12345)" in mail.outbox[-1].body
    assert "Nadia" not in mail.outbox[-1].body
    with django_capture_on_commit_callbacks(execute=True):
        services.act_as_provider(requested, AgreementAction.END, by=sune.actor)
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([ADDRESS], "En leverandør har bragt en aftale til ophør")


def test_every_mail_has_a_link_that_stops_them_for_good(
    subscribed, sune, system, day_care, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(system, sune, day_care)
    link = link_in(mail.outbox[0], "afmeld")
    visitor = Client()
    assert "Vil du ikke have flere mails" in visitor.get(link).content.decode()
    assert Subscription.objects.exists()
    assert "ikke flere mails" in visitor.post(link, follow=True).content.decode().lower()
    assert not Subscription.objects.exists()
    assert visitor.get(link).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        notices.digest()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("token", ["1", "1:forged", "x" * 300])
def test_a_forged_link_does_nothing(subscribed, token):
    for name in ("bekraeft", "afmeld"):
        Client().post(f"/tilslutning/notifikationer/{name}/{token}/")
    assert Subscription.objects.filter(pk=subscribed.pk).exists()


def test_once_a_week_it_says_what_waits_and_nothing_where_nothing_does(
    subscribed, nadia, requested, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        tasks.digest()
    assert mail.outbox[-1].subject == "1 anmodning venter på svar"
    approve(requested, nadia)
    before = len(mail.outbox)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.digest()
    assert len(mail.outbox) == before


def test_what_has_waited_for_more_than_a_fortnight_is_reminded_of_once_a_fortnight(
    subscribed, requested, django_capture_on_commit_callbacks
):
    def remind() -> int:
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            tasks.remind()
        return len(mail.outbox) - before

    assert remind() == 0
    Agreement.objects.update(requested_at=timezone.now() - dt.timedelta(days=15))
    assert remind() == 1
    assert mail.outbox[-1].subject == "1 anmodning har ventet i mere end 14 dage"
    assert remind() == 0
    Subscription.objects.update(reminded_at=timezone.now() - dt.timedelta(days=15))
    assert remind() == 1


def test_subjects_are_short(subscribed, cast, sune, system, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask(system, sune, *(institution(cast, f"G9{n:04d}") for n in range(1000, 1300)))
        Agreement.objects.update(requested_at=timezone.now() - dt.timedelta(days=15))
        notices.remind(timezone.now())
        notices.digest()
        keys = list(Agreement.objects.values_list("pk", flat=True))
        notices.must_be_confirmed(keys)
        notices.expired(keys)
    assert mail.outbox
    assert all(len(message.subject) < 60 for message in mail.outbox)


def test_an_officer_manages_the_addresses_of_her_own_right_only(officer, subscribed):
    other = officer("Ole Ny", cvr="12345674").client()
    assert ADDRESS not in other.get("/tilslutning/notifikationer/").content.decode()
    assert other.post(f"/tilslutning/notifikationer/{subscribed.pk}/fjern/").status_code == 404
    assert (
        other.post("/tilslutning/notifikationer/", {"email": "x@x.dk", "om": f"cvr-{MUNICIPALITY}"}).status_code == 200
    )
    assert Subscription.objects.count() == 1


def test_an_address_is_removed_and_subscribed_once(nadia, subscribed):
    client = nadia.client()
    page = client.post("/tilslutning/notifikationer/", {"email": ADDRESS.upper(), "om": f"cvr-{MUNICIPALITY}"})
    assert "allerede tilmeldt" in page.content.decode()
    client.post(f"/tilslutning/notifikationer/{subscribed.pk}/fjern/")
    assert not Subscription.objects.exists()


def test_a_supplier_subscribes_to_its_own_answers(sune, supplier, officer):
    page = sune.client().get("/tilslutning/notifikationer/").content.decode()
    assert "Svar til Nordlys Læring" in page
    other = officer("Ea Friis", cvr=OTHER_SUPPLIER).client()
    assert "Nordlys" not in other.get("/tilslutning/notifikationer/").content.decode()


def test_an_old_request_of_nobody_subscribed_mails_nobody(requested, django_capture_on_commit_callbacks):
    Agreement.objects.update(requested_at=timezone.now() - dt.timedelta(days=90))
    with django_capture_on_commit_callbacks(execute=True):
        notices.remind(timezone.now())
        notices.digest()
    assert mail.outbox == []
    assert agreement_with(requested.institution).state == "waiting"
