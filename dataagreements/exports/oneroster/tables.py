"""All resources, by the name that they have in addresses."""

from .classes import CLASSES, ENROLLMENTS
from .demographics import DEMOGRAPHICS
from .people import USERS
from .places import ORGS
from .resources import Resource
from .terms import COURSES, SESSIONS

RESOURCES: dict[str, Resource] = {
    resource.name: resource for resource in (ORGS, SESSIONS, COURSES, CLASSES, ENROLLMENTS, USERS, DEMOGRAPHICS)
}
