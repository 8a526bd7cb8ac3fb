"""What may leave the portal by one agreement: of whom, and which fields."""

from dataclasses import dataclass

from institutions.models import Institution

from ..packages import Field, Package


@dataclass(frozen=True)
class Release:
    """One institution's people, in one package, with these fields of it and no others."""

    institution: Institution
    package: Package
    fields: frozenset[Field]

    def holds(self, field: Field) -> bool:
        return field in self.fields
