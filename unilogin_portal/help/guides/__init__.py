"""All guides, in the order in which the help page shows them."""

from ..guide import Group, Guide
from . import about, daycare, institutions, parents, passwords, pupils, staff, suppliers, support, trouble

GROUPS: tuple[Group, ...] = (
    parents.GROUP,
    pupils.GROUP,
    staff.GROUP,
    passwords.GROUP,
    trouble.GROUP,
    institutions.GROUP,
    daycare.GROUP,
    suppliers.GROUP,
    about.GROUP,
    support.GROUP,
)
GUIDES: dict[str, Guide] = {guide.slug: guide for group in GROUPS for guide in group.guides}
