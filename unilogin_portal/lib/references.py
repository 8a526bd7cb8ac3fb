"""Which rows nothing else refers to: asked of the models, so that a table added later is not forgotten."""

from collections.abc import Collection, Iterable
from typing import cast

from django.db import models

from . import bulk


def unreferenced(
    model: type[models.Model], ids: Collection[int], *, apart_from: Iterable[type[models.Model]] = ()
) -> set[int]:
    """Return those of these primary keys that no foreign key points to, leaving out the tables in `apart_from`."""
    free = set(ids)
    overlooked = set(apart_from)
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model in overlooked or not free:
            continue
        column = relation.field.name
        table = cast("type[models.Model]", relation.related_model)
        rows = table._default_manager.values_list(column, flat=True).distinct()
        for part in bulk.batches(sorted(free), bulk.MOST_VALUES):
            free.difference_update(rows.filter(**{f"{column}__any_of": list(part)}))
    return free
