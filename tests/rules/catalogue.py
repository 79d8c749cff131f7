"""The ids of all domain rules, so that a rule which no test names is seen."""

from __future__ import annotations

_NUMBERED = {
    "M": 12,
    "PI": 9,
    "PH": 2,
    "CY": 8,
    "L": 2,
    "W": 11,
    "BL": 12,
    "US": 8,
    "QU": 7,
    "PE": 3,
    "SB": 6,
    "CH": 11,
    "CN": 5,
    "DU": 5,
    "CR": 17,
    "WH": 13,
    "AU": 5,
    "ID": 5,
    "CK": 2,
    "AD": 1,
}
_PRINCIPLES = ("P1", "P2", "P2b", "P3", "P4", "P5", "P6", "P7")
_REFUNDS = ("RF-1", "RF-2", "RF-3", "RF-4", "RF-5", "RF-7", "RF-8", "RF-9")

RULES = frozenset(
    {f"{family}-{n}" for family, count in _NUMBERED.items() for n in range(1, count + 1)}
    | {*_PRINCIPLES, *_REFUNDS, "WH-3b"}
)
"""Every rule id of sections 0 to 8."""

INVARIANTS = frozenset(range(1, 41))
"""The invariants of section 8.8."""
