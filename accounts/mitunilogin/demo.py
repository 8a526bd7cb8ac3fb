"""The services of the demo country: they only say that one has arrived."""

from django.urls import reverse

from ..models import ServiceLink
from ..models.user import ActorGroup

EVERYBODY = [ActorGroup.STUDENT, ActorGroup.EMPLOYEE, ActorGroup.EXTERNAL, ActorGroup.CONTACT]
LEARNERS = [ActorGroup.STUDENT, ActorGroup.EMPLOYEE]
STAFF = [ActorGroup.EMPLOYEE]

SERVICES = [
    ("laesebroen", "Læsebroen", "Læsning og lydbøger", "Reading and audio books", LEARNERS),
    ("talvaerkstedet", "Talværkstedet", "Matematik", "Mathematics", LEARNERS),
    ("skemaet", "Skemaet", "Skema og fravær", "Timetable and absence", EVERYBODY),
    ("proevebanken", "Prøvebanken", "Prøver og opgaver", "Tests and exercises", LEARNERS),
    ("klasseposten", "Klasseposten", "Beskeder i klassen", "Messages in class", LEARNERS),
    ("laererbordet", "Lærerbordet", "Materialer til undervisningen", "Teaching materials", STAFF),
]
# Why two of them ask for an adult's word before they let a pupil in (D3.5).
REASONS = {
    "proevebanken": ("elevens svar gemmes", "the pupil's answers are kept"),
    "klasseposten": ("eleven kan skrive til andre", "the pupil can write to others"),
}


def offer() -> int:
    """Make or mend the demo's services; return how many there are. A second time changes nothing."""
    for position, (slug, name, danish, english, audience) in enumerate(SERVICES):
        why_danish, why_english = REASONS.get(slug, ("", ""))
        ServiceLink.objects.update_or_create(
            slug=slug,
            defaults={
                "name": name,
                "description_da": danish,
                "description_en": english,
                "step_up_reason_da": why_danish,
                "step_up_reason_en": why_english,
                "url": reverse("mitunilogin:practice_service", kwargs={"slug": slug}),
                "audience": [str(group) for group in audience],
                "position": position,
            },
        )
    return len(SERVICES)
