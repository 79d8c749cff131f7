"""A payment over a blockchain: the address, the transfer, the blocks. Needs no running server."""

from isa_mockserver.testing import MockServer
from isa_user import CryptoPayment, SyncPaymentClient

PAYER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


def chain(server: MockServer, payment: CryptoPayment, what: str, **body: object) -> None:
    """What happens on the chain; here it is played, elsewhere it happens."""
    server.request("POST", f"/_mock/crypto/{payment.crypto_payment_id}/{what}", json_body=body)


def show(payments: SyncPaymentClient, payment: CryptoPayment) -> None:
    """Where the payment stands."""
    now = payments.get_crypto_payment(payment.crypto_payment_id)
    print(f"{now.status}: {now.amount_received} of {now.amount}, {now.confirmations} confirmations")


with MockServer() as server:
    payments = server.client(SyncPaymentClient, user="user_1")
    asked = payments.create_crypto_payment(
        amount=2500, currency="usdc", blockchain="polygon", wallet_address=PAYER
    )
    print(f"send {asked.amount_decimal} USDC ({asked.amount_atomic} atoms) to {asked.deposit_address[:6]}...")

    chain(server, asked, "transactions", tx_hash="0xaa", amount=1500)
    show(payments, asked)
    chain(server, asked, "transactions", tx_hash="0xbb", amount=1000)
    show(payments, asked)
    chain(server, asked, "confirmations", confirmations=128)
    show(payments, asked)

    short = payments.create_crypto_payment(
        amount=5000, currency="usdc", blockchain="polygon", wallet_address=PAYER
    )
    chain(server, short, "transactions", tx_hash="0xcc", amount=4900)
    server.clock.advance(hours=1)
    show(payments, short)
    chain(server, short, "resolve", resolution="accept")
    show(payments, short)
