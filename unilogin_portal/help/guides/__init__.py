"""All guides, in the order in which the help page shows them."""

from ..guide import Group, Guide
from . import support

GROUPS: tuple[Group, ...] = (support.GROUP,)
GUIDES: dict[str, Guide] = {guide.slug: guide for group in GROUPS for guide in group.guides}
