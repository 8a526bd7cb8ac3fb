"""The door: a request for a collection or one object, and what is answered.

A request costs a number of queries that depends on the resource only: one counts, one finds the keys of the page, the
rest read what the objects of the page need. Whatever the query string holds, the answer is 200 or 400, and 404 for an
id that is not there to be read by this caller, which looks the same as one that does not exist.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet, Value

from ..release import Release
from . import query as queries
from .columns import Column
from .query import Filter, Operator, Predicate, Query
from .resources import Branch, Item, Key, Links, Resource
from .scope import Scope
from .status import CodeMinor, Refusal, quoted
from .tables import RESOURCES

_Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Answer:
    """What goes back, and for bookkeeping the institutions whose data it holds: of how many persons of each it tells.

    A person counts who is named by id only, too: the contact persons of a pupil, whose enrollment it is.
    """

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    told: Mapping[int, int] = field(default_factory=dict)


def answer(
    resource: str,
    sourced_id: str | None,
    releases: Sequence[Release],
    query: Mapping[str, str],
    base_url: str,
    *,
    now: dt.datetime,
) -> Answer:
    """Return the answer to `GET {base_url}/{resource}` or, with an id, to `GET {base_url}/{resource}/{sourced_id}`.

    `releases` is what the caller may read. `base_url` begins every reference and ends before the resource's name.
    `now` decides the school year of who has never delivered one.
    """
    scope, links = Scope.of(releases, now), Links(base_url.rstrip("/"))
    try:
        if (found := RESOURCES.get(resource)) is None:
            raise Refusal(CodeMinor.UNKNOWN, "There is no such resource.")
        if sourced_id is None:
            return _collection(found, scope, query, links)
        return _single(found, sourced_id, scope, query, links)
    except Refusal as refusal:
        return Answer(refusal.status, refusal.body())


def _collection(resource: Resource, scope: Scope, parameters: Mapping[str, str], links: Links) -> Answer:
    query = queries.read(parameters)
    _check_fields(resource, query.fields)
    rows = _rows(resource, scope, query)
    total = rows.count()
    items = resource.items(_page(rows, query), scope, links)
    body = {resource.name: [_selected(item, query.fields) for item in items]}
    headers = {"X-Total-Count": str(total)}
    if pages := _links(query, total, parameters, f"{links.base}/{resource.name}"):
        headers["Link"] = pages
    return _answer(body, items, headers)


def _single(resource: Resource, sourced_id: str, scope: Scope, parameters: Mapping[str, str], links: Links) -> Answer:
    fields = queries.read_fields(parameters)
    _check_fields(resource, fields)
    items: list[Item] = []
    if queries.is_storable(sourced_id):
        itself = Filter((Predicate("sourcedId", Operator.EQUAL, sourced_id),))
        query = Query(limit=1, filter=itself)
        items = resource.items(_page(_rows(resource, scope, query), query), scope, links)
    if not items:
        raise Refusal(CodeMinor.UNKNOWN, "There is no such object, or it is not released to you.")
    return _answer({resource.single: _selected(items[0], fields)}, items, {})


def _answer(body: dict[str, Any], items: Sequence[Item], headers: dict[str, str]) -> Answer:
    told: dict[int, set[str]] = {}
    for item in items:
        for institution in item.institutions:
            told.setdefault(institution, set()).update(item.people)
    return Answer(200, body, headers, {institution: len(people) for institution, people in told.items()})


def _selected(item: Item, fields: frozenset[str] | None) -> dict[str, Any]:
    if fields is None:
        return item.body
    return {name: value for name, value in item.body.items() if name in fields}


def _check_fields(resource: Resource, fields: frozenset[str] | None) -> None:
    for name in sorted((fields or frozenset()) - resource.fields):
        raise Refusal(CodeMinor.SELECTION, f"{resource.name} have no field {quoted(name)} to select.")


def _rows(resource: Resource, scope: Scope, query: Query) -> _Rows:
    """Return what is meant as rows of branch, key and, if asked for, what they are sorted by."""
    if query.sort is not None and query.sort not in resource.sortable:
        raise Refusal(CodeMinor.SORT, f"{resource.name} cannot be sorted by {quoted(query.sort)}.")
    for predicate in query.filter.predicates if query.filter else ():
        if predicate.field not in resource.columns:
            raise Refusal(CodeMinor.FILTER, f"{resource.name} cannot be filtered by {quoted(predicate.field)}.")
    first, *others = (_share(number, branch, scope, query) for number, branch in enumerate(resource.branches))
    return first.union(*others, all=True) if others else first


def _share(number: int, branch: Branch, scope: Scope, query: Query) -> _Rows:
    rows = branch.rows(scope).order_by()
    if query.filter:
        rows = rows.filter(_condition(query.filter, branch, scope))
    told: dict[str, Any] = {"the_branch": Value(number), "the_key": F(branch.key)}
    if isinstance(column := branch.columns.get(query.sort or ""), Column):
        told["the_sort"] = column.order(scope)
    shared: _Rows = rows.annotate(**told).values_list(*told)
    return shared


def _condition(asked: Filter, branch: Branch, scope: Scope) -> Q:
    conditions = [branch.columns[predicate.field].condition(scope, predicate) for predicate in asked.predicates]
    first, *others = conditions
    for other in others:
        first = first | other if asked.either else first & other
    return first


def _page(rows: _Rows, query: Query) -> list[Key]:
    """Return the keys of a page. No two rows have the same branch and key, so the order is total: nobody gets lost."""
    order: list[Any] = ["the_branch", "the_key"]
    if query.sort is not None:
        by = F("the_sort")
        order.insert(0, by.desc(nulls_last=True) if query.descending else by.asc(nulls_last=True))
    page = rows.order_by(*order)[query.offset : query.offset + query.limit]
    return [(branch, key) for branch, key, *_ in page]


def _links(query: Query, total: int, parameters: Mapping[str, str], address: str) -> str:
    """Return the Link header: the way to the other pages, with the same filter, order and fields."""
    kept = {name: parameters[name] for name in queries.PARAMETERS if name in parameters}
    offsets = {"first": 0, "last": max(0, (total - 1) // query.limit * query.limit)}
    if query.offset + query.limit < total:
        offsets["next"] = query.offset + query.limit
    if query.offset:
        offsets["prev"] = max(0, query.offset - query.limit)
    pages = {rel: urlencode({**kept, "limit": query.limit, "offset": offset}) for rel, offset in offsets.items()}
    return ", ".join(f'<{address}?{page}>; rel="{rel}"' for rel, page in pages.items())
