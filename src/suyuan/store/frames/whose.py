"""Which cases stand for a customer's matter."""

from suyuan.domain.disconnection import PROCEDURE as DISCONNECTION
from suyuan.domain.parts import OF_THE_HOUSE

CUSTOMERS = "c.procedure NOT IN ({})".format(", ".join(f"'{name}'" for name in sorted(OF_THE_HOUSE)))
"""The condition for cases that are no debt of the house to itself, ``c`` being the case."""

OWED = f"({CUSTOMERS} OR c.procedure = '{DISCONNECTION}')"
"""The same with the disconnections, whose customers wait for supply once they have paid."""
