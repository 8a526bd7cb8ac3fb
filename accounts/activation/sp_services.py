"""Asking MitID who is there, taking the answer once, and handing it to the browser that asked."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from unilogin_portal.lib import crypto
from unilogin_portal.lib.gate import LevelOfAssurance
from unilogin_portal.lib.paths import local_path

from .. import audit
from ..models import MitidRequest, SeenAssertion, User
from ..models.mitid import Purpose
from . import saml, sp_browser
from .refusals import Reason, SamlRefused

ANSWER_WITHIN = dt.timedelta(minutes=10)
COLLECT_WITHIN = dt.timedelta(minutes=2)
KEEP_REQUESTS = dt.timedelta(days=1)
IDENTITY_CONTEXT = "mitid.identity"
ASSERTION_CONTEXT = "mitid.assertion"
# For these MitID must ask anew even where it remembers somebody: the computer may be the child's or the school's.
FRESH = frozenset({Purpose.OWN_PASSWORD, Purpose.CHILD_PASSWORD, Purpose.STEP_UP})


def begin(
    request: HttpRequest,
    *,
    purpose: Purpose,
    next_path: str = "",
    loa: LevelOfAssurance = LevelOfAssurance.SUBSTANTIAL,
) -> HttpResponse:
    """Send the browser to MitID. `next_path` is where a log-in leads afterwards, a path of the portal or nothing."""
    secret = sp_browser.secret_of(request) or sp_browser.new_secret()
    user = request.user if isinstance(request.user, User) else None
    question = _ask(purpose, loa, sp_browser.hashed(secret), local_path(next_path), by=user)
    url = saml.authn_request(
        request_id=question.request_id, loa=loa, force_authn=purpose in FRESH, now=question.created_at
    )
    response = HttpResponseRedirect(url)
    response["Cache-Control"] = "no-store"
    sp_browser.remember(response, secret)
    return response


@transaction.atomic
def _ask(
    purpose: Purpose, loa: LevelOfAssurance, browser_hash: str, next_path: str, *, by: User | None
) -> MitidRequest:
    question = MitidRequest.objects.create(
        request_id=saml.new_id(),
        browser_hash=browser_hash,
        purpose=purpose,
        loa=loa,
        next_path=next_path,
        created_at=timezone.now(),
    )
    audit.record("mitid.asked", question, by=by, purpose=purpose, loa=loa.name)
    return question


def receive(raw: str, secret: str) -> str:
    """Take a posted answer from the browser with `secret`; return the receipt to collect it by, or raise `SamlRefused`.

    One answer a question: also one that is refused uses the question up, so nobody can try variations of an answer.
    """
    now = timezone.now()
    question = _question_for(raw, secret, now)
    try:
        identity = saml.read_response(
            raw,
            expected_request_id=question.request_id,
            required_loa=LevelOfAssurance(question.loa),
            now=now,
            authenticated_after=question.created_at if question.purpose in FRESH else None,
        )
        return _take(question, identity, now)
    except SamlRefused as refusal:
        _use_up(question, refusal, now)
        raise


def _question_for(raw: str, secret: str, now: dt.datetime) -> MitidRequest:
    """Return the open question that the answer names, asked by this very browser (D8.3, 1)."""
    if not secret:
        raise SamlRefused(Reason.NO_BROWSER_COOKIE)
    question = MitidRequest.objects.filter(request_id=saml.answered_request(raw)).first()
    if question is None:
        raise SamlRefused(Reason.UNKNOWN_REQUEST)
    if question.answered_at:
        raise SamlRefused(Reason.ALREADY_ANSWERED)
    if not constant_time_compare(question.browser_hash, sp_browser.hashed(secret)):
        raise SamlRefused(Reason.OTHER_BROWSER)
    if question.created_at < now - ANSWER_WITHIN:
        raise SamlRefused(Reason.REQUEST_TOO_OLD)
    return question


@transaction.atomic
def _take(question: MitidRequest, identity: saml.Identity, now: dt.datetime) -> str:
    """Keep the identity, encrypted, for whom this receipt is given to. Of two at once only one gets through."""
    receipt = sp_browser.new_secret()
    taken = MitidRequest.objects.filter(pk=question.pk, answered_at=None).update(
        answered_at=now,
        browser_hash=sp_browser.hashed(receipt),
        identity=crypto.seal(saml.dumped(identity), IDENTITY_CONTEXT),
    )
    if not taken:
        raise SamlRefused(Reason.ALREADY_ANSWERED)
    assertion_hash = crypto.fingerprint(f"{identity.issuer} {identity.assertion_id}", ASSERTION_CONTEXT)
    try:
        with transaction.atomic():
            SeenAssertion.objects.create(
                assertion_hash=assertion_hash, expires_at=identity.not_on_or_after + ANSWER_WITHIN
            )
    except IntegrityError:
        raise SamlRefused(Reason.ASSERTION_REPLAYED) from None
    audit.record(
        "mitid.answered",
        question,
        by=None,
        purpose=question.purpose,
        loa=identity.loa.name,
        kind=identity.kind,
        assertion=assertion_hash,
    )
    return receipt


@transaction.atomic
def _use_up(question: MitidRequest, refusal: SamlRefused, now: dt.datetime) -> None:
    if MitidRequest.objects.filter(pk=question.pk, answered_at=None).update(answered_at=now):
        audit.record("mitid.refused", question, by=None, purpose=question.purpose, reason=refusal.reason)


@transaction.atomic
def collect(receipt: str) -> tuple[saml.Identity, Purpose, str]:
    """Return the identity that waits for this browser, what it was for and where to go next; it is gone afterwards."""
    now = timezone.now()
    waiting = MitidRequest.objects.waiting(now - COLLECT_WITHIN)
    question = waiting.filter(browser_hash=sp_browser.hashed(receipt)).last() if receipt else None
    if question is None or not waiting.filter(pk=question.pk).update(fetched_at=now, identity=b""):
        raise SamlRefused(Reason.NOTHING_TO_COLLECT)
    audit.record("mitid.collected", question, by=None, purpose=question.purpose)
    identity = saml.loaded(crypto.unseal(question.identity, IDENTITY_CONTEXT))
    return identity, Purpose(question.purpose), question.next_path


@transaction.atomic
def forget_old() -> dict[str, int]:
    """Drop what nobody will ask for again; return how many of each."""
    now = timezone.now()
    uncollected = MitidRequest.objects.exclude(identity=b"").filter(answered_at__lt=now - COLLECT_WITHIN)
    gone = {
        "identities": uncollected.update(identity=b""),
        "requests": MitidRequest.objects.filter(created_at__lt=now - KEEP_REQUESTS).delete()[0],
        "assertions": SeenAssertion.objects.filter(expires_at__lt=now).delete()[0],
    }
    if any(gone.values()):
        audit.record("mitid.forgotten", by=None, gone=gone)
    return gone
