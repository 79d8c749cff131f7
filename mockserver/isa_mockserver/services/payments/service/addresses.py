"""Addresses on the chains: what is valid, its canonical form, and addresses of our own (rules CY-6)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping

import base58
import bech32

from isa_mockserver.services.payments.model.coins import AddressFormat

_EVM = re.compile(r"0x[0-9a-fA-F]{40}")
_BASE58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]{25,44}")
_BITCOIN_VERSIONS = (0x00, 0x05)
_BITCOIN_PREFIX = "bc"
_BECH32_CONSTANT = 1
_BECH32M_CONSTANT = 0x2BC830A3
_CHECKSUM_LENGTH = 6
_MAX_BECH32_LENGTH = 90


def keccak_256(data: bytes) -> bytes:
    """Keccak-256, which is not `hashlib.sha3_256`: its padding differs (rules CY-6)."""
    from Crypto.Hash import keccak  # costly to import, and few runs need it

    return keccak.new(digest_bits=256, data=data).digest()


def canonical_address(text: str, format_: AddressFormat) -> str | None:
    """The address in its canonical form (EVM: with EIP-55 checksum), or None when it is not valid."""
    return _READERS[format_](text)


def address_for(purpose: str, format_: AddressFormat) -> str:
    """An address of the server's own, valid in the format and fixed by `purpose`."""
    digest = hashlib.sha256(purpose.encode()).digest()
    return _WRITERS[format_](digest)


def _read_evm(text: str) -> str | None:
    if not _EVM.fullmatch(text):
        return None
    digits = text[2:]
    checksummed = _with_evm_checksum(digits.lower())
    if set(digits) == {"0"}:
        return None
    one_case = digits in (digits.lower(), digits.upper())
    return checksummed if one_case or text == checksummed else None


def _with_evm_checksum(digits: str) -> str:
    """EIP-55: a letter is upper case where the same nibble of the digits' hash is 8 or more."""
    nibbles = keccak_256(digits.encode("ascii")).hex()
    cased = (
        digit.upper() if int(nibble, 16) >= 8 else digit
        for digit, nibble in zip(digits, nibbles, strict=False)
    )
    return "0x" + "".join(cased)


def _read_solana(text: str) -> str | None:
    return text if _BASE58.fullmatch(text) and len(base58.b58decode(text)) == 32 else None


def _read_bitcoin(text: str) -> str | None:
    if text.lower().startswith(f"{_BITCOIN_PREFIX}1"):
        return _read_segwit(text)
    if not _BASE58.fullmatch(text):
        return None
    try:
        payload = base58.b58decode_check(text)
    except ValueError:
        return None
    return text if len(payload) == 21 and payload[0] in _BITCOIN_VERSIONS else None


def _read_segwit(text: str) -> str | None:
    """BIP-173 and BIP-350: witness version 0 has the bech32 checksum, later ones bech32m's."""
    if len(text) > _MAX_BECH32_LENGTH or text not in (text.lower(), text.upper()):
        return None
    lower = text.lower()
    values = [bech32.CHARSET.find(character) for character in lower[len(_BITCOIN_PREFIX) + 1 :]]
    if -1 in values or len(values) <= _CHECKSUM_LENGTH:
        return None
    version, program = values[0], bech32.convertbits(values[1:-_CHECKSUM_LENGTH], 5, 8, False)
    checksum = bech32.bech32_polymod(bech32.bech32_hrp_expand(_BITCOIN_PREFIX) + values)
    expected = _BECH32M_CONSTANT if version else _BECH32_CONSTANT
    if checksum != expected or program is None or version > 16:
        return None
    fits = len(program) in (20, 32) if version == 0 else 2 <= len(program) <= 40
    return lower if fits else None


def _write_segwit(digest: bytes) -> str:
    written = bech32.encode(_BITCOIN_PREFIX, 0, digest[:20])
    if written is None:
        raise ValueError("20 bytes always make a witness program")
    return written


_READERS: Mapping[AddressFormat, Callable[[str], str | None]] = {
    "evm": _read_evm,
    "solana": _read_solana,
    "bitcoin": _read_bitcoin,
}
_WRITERS: Mapping[AddressFormat, Callable[[bytes], str]] = {
    "evm": lambda digest: _with_evm_checksum(digest[:20].hex()),
    "solana": lambda digest: base58.b58encode(digest).decode("ascii"),
    "bitcoin": _write_segwit,
}
