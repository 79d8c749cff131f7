"""Coins and chains as data: units, limits, and what runs where (rules CY-2 to CY-4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

AddressFormat = Literal["evm", "solana", "bitcoin"]

MAX_AMOUNT = 99_999_999_999


class Coin(NamedTuple):
    """A coin: `decimals` of its API unit, `atomic_decimals` of the chain's, smallest payment, chains."""

    decimals: int
    atomic_decimals: int
    minimum: int
    chains: frozenset[str]


class Chain(NamedTuple):
    """A blockchain: how its addresses look, and how many confirmations make a payment final."""

    addresses: AddressFormat
    confirmations: int


def _stable(atomic_decimals: int, chains: str) -> Coin:
    return Coin(2, atomic_decimals, 100, frozenset(chains.split()))


def _gwei(chains: str) -> Coin:
    return Coin(9, 18, 100_000, frozenset(chains.split()))


COINS: Mapping[str, Coin] = {
    "usdc": _stable(6, "ethereum polygon base arbitrum optimism avalanche solana"),
    "usdt": _stable(6, "ethereum polygon arbitrum optimism avalanche bnb_chain"),
    "dai": _stable(18, "ethereum polygon arbitrum optimism"),
    "eth": _gwei("ethereum base arbitrum optimism"),
    "matic": _gwei("polygon"),
    "avax": _gwei("avalanche"),
    "bnb": _gwei("bnb_chain"),
    "sol": Coin(9, 9, 1_000_000, frozenset({"solana"})),
    "btc": Coin(8, 8, 1_000, frozenset({"bitcoin"})),
}
"""Code -> coin."""

CHAINS: Mapping[str, Chain] = {
    "ethereum": Chain("evm", 12),
    "polygon": Chain("evm", 128),
    "base": Chain("evm", 12),
    "arbitrum": Chain("evm", 12),
    "optimism": Chain("evm", 12),
    "avalanche": Chain("evm", 12),
    "bnb_chain": Chain("evm", 15),
    "solana": Chain("solana", 32),
    "bitcoin": Chain("bitcoin", 3),
}
"""Name -> chain."""


def in_whole_coins(amount: int, coin: Coin) -> str:
    """The amount in whole coins, such as `1.00`, without a float (rules CY-2)."""
    whole, part = divmod(amount, 10**coin.decimals)
    return f"{whole}.{part:0{coin.decimals}d}"


def in_atoms(amount: int, coin: Coin) -> str:
    """The amount in the chain's own smallest unit (rules CY-2)."""
    return str(amount * 10 ** (coin.atomic_decimals - coin.decimals))
