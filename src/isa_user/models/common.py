"""The base of all models and the field types they share.

Models are frozen, keep fields they do not know, keep enum values they do not know as ``str``, and are
strict on money: an amount is a JSON integer in minor units, never a float, a bool or a numeric string.

A field is required unless rules section 10 marks it with ``?``. Of the four resources that the page prints
(PaymentIntent, Wallet, Subscription, CreditBalance) only the printed fields are required.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from isa_user._meta import RESPONSE_KEY, ResponseInfo
from isa_user.errors._secret import Secret, masked

__all__ = [
    "Count",
    "LatestPaymentIntent",
    "Metadata",
    "MinorUnits",
    "Model",
    "MoneyByCurrency",
    "OpenStatus",
    "PaymentError",
    "Reference",
    "SecretText",
    "UtcDatetime",
]

MinorUnits = Annotated[int, Field(strict=True)]
"""Money in the currency's minor unit (2999 usd = $29.99), or a number of credits (rules M-1)."""

Count = Annotated[int, Field(strict=True)]
"""A number of things that is not money."""

Metadata = Mapping[str, Any]
"""Free data given at creation (rules M-12)."""


class _ByCurrency(dict[str, int]):
    """Amounts by currency, which say what is there when another is asked for."""

    def __missing__(self, currency: str) -> NoReturn:
        raise KeyError(
            f"there is no {currency!r} among {', '.join(self)}; .get({currency!r}, 0) gives 0 for it"
        )


MoneyByCurrency = Annotated[Mapping[str, MinorUnits], AfterValidator(_ByCurrency)]
"""Minor units by currency; ``.get(currency, 0)`` for one that may never have been held (rules W-1)."""

OpenStatus = Literal["pending", "succeeded", "failed", "canceled"] | str


def _as_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


UtcDatetime = Annotated[datetime, AfterValidator(_as_utc)]
"""An aware datetime in UTC; a stamp without a zone is read as UTC (rules CK-2)."""


SecretText = Annotated[str, AfterValidator(Secret)]
"""A secret of the customer: its repr is a mask, also inside containers; ``str()`` and f-strings have it."""


class Model(BaseModel):
    """Base of everything the services answer.

    ``repr`` masks secrets; ``model.response`` tells status, headers, request id, attempts and elapsed
    time, and takes no part in equality.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="allow", defer_build=True, hide_input_in_errors=True
    )

    @property
    def response(self) -> ResponseInfo:
        """The answer this object came from.

        Raises LookupError for an object that was not an answer of its own: a row of a page (its page has
        ``response``), a nested object, an event's object, or one you made yourself.
        """
        info: ResponseInfo | None = self.__dict__.get(RESPONSE_KEY)
        if info is None:
            raise LookupError(
                f"This {type(self).__name__} has no response: it did not come straight from an answer "
                "(for a row of a list, look at the page's response)."
            )
        return info

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        return [(name, masked(value, name or "")) for name, value in super().__repr_args__()]

    def _repr_html_(self) -> str:
        from isa_user.models._display import html_table

        return html_table(self)


class Reference(Model):
    """What a row belongs to, such as a deposit or an invoice."""

    type: str
    id: str


class PaymentError(Model):
    """Why the last attempt to pay failed (rules 2.1)."""

    code: str
    decline_code: str | None = None
    message: str


class LatestPaymentIntent(Model):
    """The intent that waits for the customer, with what a front end needs to go on."""

    payment_intent_id: str
    client_secret: SecretText | None = None
    status: str
