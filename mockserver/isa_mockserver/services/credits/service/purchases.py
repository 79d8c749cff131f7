"""Buying credits: charge first, then grant, in one Unit (rules CR-1, CR-2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from isa_mockserver.kernel.chart import revenue
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.hiding import shown
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.credits.model import (
    PACKAGES,
    PURCHASE_NEXT,
    PURCHASES,
    Package,
    Purchase,
    PurchaseStatus,
)
from isa_mockserver.services.ports import (
    Charge,
    ChargeNow,
    ChargeOutcome,
    Declined,
    RequiresAction,
    Succeeded,
)

from .accounts import balance_of
from .grants import GrantOrder, default_expiry, issue

REFERENCE_TYPE = "credit_purchase"

_STATUS_AFTER: Mapping[type, PurchaseStatus] = {RequiresAction: "requires_action", Declined: "failed"}


class PurchaseResult(NamedTuple):
    """A purchase, and the secret with which the customer authenticates its payment, if that is needed."""

    purchase: Purchase
    client_secret: str | None = None

    def __repr__(self) -> str:
        return shown(self, "client_secret")


def purchase(
    unit: Unit, charge: ChargeNow, *, owner: str, package: str, payment_method_id: str
) -> PurchaseResult | Declined:
    """Buy a package (heading "Purchase Credits", rules CR-2).

    A declined purchase is kept too: its intent can still be confirmed with another card (rules PI-5), and
    then the credits are granted.

    Raises:
        DomainError: `package_not_found`, and what the charge refuses.
    """
    chosen = package_of(package)
    purchase_id = unit.new_id("cp")
    outcome = charge(
        unit,
        Charge(
            owner=owner,
            amount=chosen.price,
            currency=chosen.currency,
            type="credits",
            destination=revenue("credits"),
            payment_method_id=payment_method_id,
            reference=Reference(REFERENCE_TYPE, purchase_id),
            description=f"{chosen.credits} credits",
        ),
    )
    begun = unit.put(PURCHASES, _begun(unit, owner, chosen, purchase_id, outcome))
    if isinstance(outcome, Declined):
        return outcome
    if isinstance(outcome, Succeeded):
        return PurchaseResult(_granted(unit, begun))
    return PurchaseResult(begun, outcome.client_secret if isinstance(outcome, RequiresAction) else None)


def package_of(text: str) -> Package:
    """The package of this id, or of this name in any case (rules CR-1).

    Raises:
        DomainError: `package_not_found`.
    """
    by_name = {package.name.lower(): package for package in PACKAGES.values()}
    found = PACKAGES.get(text) or by_name.get(text.lower())
    if found is None:
        raise DomainError(
            "package_not_found",
            f"There is no package {text!r}; choose one of {', '.join(PACKAGES)}.",
            param="package",
            context={"packages": list(PACKAGES)},
        )
    return found


def paid(unit: Unit, purchase_id: str) -> None:
    """The payment of a waiting purchase succeeded: grant its credits once (rules CR-2)."""
    waiting = unit.get(PURCHASES, purchase_id)
    if waiting is not None and (waiting.status, "pay") in PURCHASE_NEXT:
        _granted(unit, waiting)


def payment_failed(unit: Unit, purchase_id: str) -> None:
    """The payment of a waiting purchase failed: nothing is granted, unless it is paid after all."""
    waiting = unit.get(PURCHASES, purchase_id)
    if waiting is not None and (status := PURCHASE_NEXT.get((waiting.status, "fail"))):
        unit.put(PURCHASES, waiting._replace(status=status))


def _begun(unit: Unit, owner: str, package: Package, purchase_id: str, outcome: ChargeOutcome) -> Purchase:
    return Purchase(
        id=purchase_id,
        owner=owner,
        created_at=unit.now,
        package=package.id,
        credits=package.credits,
        amount=package.price,
        currency=package.currency,
        status=_STATUS_AFTER.get(type(outcome), "pending"),
        payment_intent_id=outcome.payment_intent_id,
        balance=balance_of(unit, owner),
    )


def _granted(unit: Unit, waiting: Purchase) -> Purchase:
    order = GrantOrder(
        owner=waiting.owner,
        amount=waiting.credits,
        source="purchase",
        expires_at=default_expiry("purchase", unit.now),
        cost_basis=PACKAGES[waiting.package].cost_basis,
        purchase_id=waiting.id,
    )
    grant = issue(unit, order)
    completed = waiting._replace(
        status=PURCHASE_NEXT[waiting.status, "pay"],
        grant_id=grant.id,
        expires_at=grant.expires_at,
        balance=balance_of(unit, waiting.owner),
    )
    return unit.put(PURCHASES, completed)
