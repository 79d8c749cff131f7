"""Addresses (rules CY-6): the published vectors, and everything that is one change away from them."""

from __future__ import annotations

import hashlib

import base58
import bech32
import pytest

from isa_mockserver.services.payments.model.coins import AddressFormat
from isa_mockserver.services.payments.service.addresses import address_for, canonical_address, keccak_256

EVM = [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
]
SOLANA = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
BITCOIN = [
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
]


def test_cy_6_keccak_is_not_sha3() -> None:
    empty = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak_256(b"").hex() == empty
    assert hashlib.sha3_256(b"").hexdigest() != empty


@pytest.mark.parametrize("address", EVM)
def test_cy_6_evm_addresses_come_out_in_checksum_form(address: str) -> None:
    assert canonical_address(address, "evm") == address
    assert canonical_address("0x" + address[2:].lower(), "evm") == address
    assert canonical_address("0x" + address[2:].upper(), "evm") == address


@pytest.mark.parametrize("place", [i for i, c in enumerate(EVM[0]) if c.isalpha() and i > 1])
def test_cy_6_one_letter_of_the_other_case_breaks_the_checksum(place: int) -> None:
    address = EVM[0]
    flipped = address[:place] + address[place].swapcase() + address[place + 1 :]
    assert canonical_address(flipped, "evm") is None


@pytest.mark.parametrize(
    "address",
    [
        "0x...",
        "",
        "0x" + "0" * 40,
        EVM[0][:-1],
        EVM[0] + "0",
        EVM[0] + "\n",
        EVM[0][2:],
        "0X" + EVM[0][2:],
        " " + EVM[0],
        "0x" + "g" * 40,
        SOLANA,
        *BITCOIN,
    ],
)
def test_cy_6_what_is_no_evm_address(address: str) -> None:
    assert canonical_address(address, "evm") is None


def test_cy_6_a_solana_address_is_32_bytes_in_base58() -> None:
    assert canonical_address(SOLANA, "solana") == SOLANA
    system_program = "1" * 32
    assert canonical_address(system_program, "solana") == system_program


@pytest.mark.parametrize(
    "address",
    [
        "",
        "0x...",
        SOLANA + "1",
        SOLANA + "\n",
        SOLANA.replace("E", "0", 1),
        SOLANA.replace("E", "é", 1),
        base58.b58encode(b"\x07" * 31).decode(),
        base58.b58encode(b"\x07" * 33).decode(),
        EVM[0],
        *BITCOIN,
    ],
)
def test_cy_6_what_is_no_solana_address(address: str) -> None:
    assert canonical_address(address, "solana") is None


@pytest.mark.parametrize("address", BITCOIN)
def test_cy_6_bitcoin_addresses(address: str) -> None:
    assert canonical_address(address, "bitcoin") == address


def test_cy_6_bech32_in_upper_case_is_the_same_address() -> None:
    assert canonical_address(BITCOIN[2].upper(), "bitcoin") == BITCOIN[2]


def with_checksum(constant: int, version: int, program: bytes, prefix: str = "bc") -> str:
    """A segwit address with the checksum of the given constant."""
    words = bech32.convertbits(program, 8, 5)
    assert words is not None
    values = [version, *words]
    expanded = bech32.bech32_hrp_expand(prefix) + values + [0] * 6
    rest = bech32.bech32_polymod(expanded) ^ constant
    checksum = [(rest >> 5 * (5 - i)) & 31 for i in range(6)]
    return prefix + "1" + "".join(bech32.CHARSET[value] for value in values + checksum)


BECH32, BECH32M = 1, 0x2BC830A3


def test_cy_6_the_witness_version_chooses_the_checksum() -> None:
    program = bytes(range(32))
    assert canonical_address(with_checksum(BECH32, 0, program), "bitcoin")
    assert canonical_address(with_checksum(BECH32M, 1, program), "bitcoin")
    assert canonical_address(with_checksum(BECH32M, 16, program), "bitcoin")
    for length in (2, 40):
        assert canonical_address(with_checksum(BECH32M, 1, bytes(length)), "bitcoin")
    assert canonical_address(with_checksum(BECH32M, 0, program), "bitcoin") is None
    assert canonical_address(with_checksum(BECH32, 1, program), "bitcoin") is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bc1",
        "bc1qqqqqq",
        BITCOIN[0][:-1] + "b",
        BITCOIN[0] + "\n",
        BITCOIN[2][:-1] + "5",
        BITCOIN[2][:4] + BITCOIN[2][4].upper() + BITCOIN[2][5:],
        with_checksum(BECH32, 0, bytes(20), prefix="tb"),
        with_checksum(BECH32, 0, bytes(19)),
        with_checksum(BECH32, 0, bytes(21)),
        with_checksum(BECH32M, 17, bytes(20)),
        with_checksum(BECH32M, 1, bytes(1)),
        with_checksum(BECH32M, 1, bytes(41)),
        base58.b58encode_check(b"\x6f" + bytes(20)).decode(),
        base58.b58encode_check(b"\xc4" + bytes(20)).decode(),
        base58.b58encode_check(b"\x00" + bytes(19)).decode(),
        "bc1" + "q" * 200,
        EVM[0],
        SOLANA,
    ],
)
def test_cy_6_what_is_no_bitcoin_address(address: str) -> None:
    assert canonical_address(address, "bitcoin") is None


@pytest.mark.parametrize("format_", ["evm", "solana", "bitcoin"])
def test_our_own_addresses_are_valid_and_each_payments_own(format_: AddressFormat) -> None:
    addresses = [address_for(f"crypto_{number}", format_) for number in range(50)]
    assert [canonical_address(address, format_) for address in addresses] == addresses
    assert len(set(addresses)) == 50
    assert address_for("crypto_1", format_) == addresses[1]
