"""Drives the double with Stripe's own client: every flow, as a shop would go through it.

Usage: drive.py URL KEY  (a fresh double; the driver registers its own webhook endpoint)
"""

import http.server
import json
import re
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import stripe

URL, KEY = sys.argv[1], sys.argv[2]
stripe.api_key = KEY
stripe.api_base = URL
stripe.max_network_retries = 0

SECRETS = {}
HEARD = []
REFUSE = {"next": 0}


class Shop(http.server.BaseHTTPRequestHandler):
    """Takes webhooks and checks their signatures with Stripe's own code."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if REFUSE["next"] > 0:
            REFUSE["next"] -= 1
            self.send_response(500)
            self.end_headers()
            return
        event = stripe.Webhook.construct_event(body, self.headers["stripe-signature"], SECRETS[self.path])
        HEARD.append((self.path, event))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


BROWSER = urllib.request.build_opener(NoRedirect)


def browse(url, form=None):
    """One request of a browser: status, where to, and the page."""
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    try:
        with BROWSER.open(url, data) as answer:
            return answer.status, answer.headers.get("location"), answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers.get("location"), answer.read().decode()


def control(address, verb="POST", /, **params):
    """Asks the control addresses."""
    request = urllib.request.Request(
        f"{URL}/_double/{address}", json.dumps(params).encode(), {"content-type": "application/json"}, method=verb
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def heard(kind, about=None, count=1, where=lambda _: True, patience=5.0):
    """Waits for events of a kind about an object."""
    until = time.monotonic() + patience
    while True:
        found = [e for _, e in HEARD if e.type == kind and about in (None, getattr(e.data.object, "id", None)) and where(e)]
        if len(found) >= count:
            return found
        assert time.monotonic() < until, f"no {kind} about {about}; heard {[e.type for _, e in HEARD]}"
        time.sleep(0.01)


def refused(kind, code, call, **also):
    """Expects an error, and checks what it says."""
    try:
        call()
    except kind as error:
        # The client itself drops the code of some kinds of errors; the answer has it.
        given = error.error.code if error.error else error.code
        assert given == code, f"{given} instead of {code}: {error}"
        for key, value in also.items():
            given = getattr(error.error, key)
            assert given == value, f"{key} is {given}"
        assert error.headers["request-id"].startswith("req_")
        return error
    raise AssertionError(f"{kind.__name__} {code} was expected")


def pay(amount=5_000, method="pm_card_visa", **more):
    more = {"allowed_payment_method_types": ["card"], "currency": "eur", **more}
    return stripe.PaymentIntent.create(amount=amount, payment_method=method, confirm=True, **more)


def session(**more):
    more = {
        "mode": "payment",
        "success_url": "http://shop.example/thanks?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.example/cart",
        "line_items": [
            {"price_data": {"currency": "eur", "unit_amount": 2_500, "product_data": {"name": "Stalls <1>"}}, "quantity": 2}
        ],
        **more,
    }
    return stripe.checkout.Session.create(**more)


def intents():
    intent = stripe.PaymentIntent.create(
        amount=4_200, currency="eur", payment_method_types=["card"], metadata={"order": "A1"}, description="Two seats"
    )
    assert intent.status == "requires_payment_method" and intent.capture_method == "automatic_async"
    intent = stripe.PaymentIntent.modify(intent.id, amount=5_000, metadata={"order": "", "row": "7"})
    assert intent.amount == 5_000 and intent.metadata.to_dict() == {"row": "7"}
    intent = stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa", expand=["latest_charge.balance_transaction"])
    assert intent.status == "succeeded" and intent.amount_received == 5_000
    line = intent.latest_charge.balance_transaction
    assert (line.amount, line.fee, line.net, line.type, line.status) == (5_000, 100, 4_900, "charge", "pending")
    heard("payment_intent.created", intent.id)
    heard("payment_intent.succeeded", intent.id)
    assert heard("charge.succeeded", intent.latest_charge.id)[0].data.object.balance_transaction is None
    updated = heard("charge.updated", intent.latest_charge.id)[0]
    assert updated.data.object.balance_transaction == line.id
    assert updated.data.previous_attributes.to_dict() == {"balance_transaction": None}
    refused(stripe.InvalidRequestError, "payment_intent_unexpected_state", lambda: stripe.PaymentIntent.cancel(intent.id))
    refused(stripe.InvalidRequestError, "payment_intent_unexpected_state", lambda: stripe.PaymentIntent.confirm(intent.id))
    assert stripe.PaymentIntent.retrieve(intent.id).latest_charge == intent.latest_charge.id

    held = pay(9_000, capture_method="manual")
    assert held.status == "requires_capture" and held.amount_capturable == 9_000
    heard("payment_intent.amount_capturable_updated", held.id)
    refused(stripe.InvalidRequestError, "amount_too_large", lambda: stripe.PaymentIntent.capture(held.id, amount_to_capture=9_001))
    held = stripe.PaymentIntent.capture(held.id, amount_to_capture=4_000, expand=["latest_charge"])
    assert held.status == "succeeded" and held.latest_charge.amount_captured == 4_000
    heard("charge.captured", held.latest_charge.id)
    given_up = stripe.PaymentIntent.cancel(pay(900, capture_method="manual").id, cancellation_reason="abandoned")
    assert given_up.status == "canceled" and given_up.cancellation_reason == "abandoned"
    heard("payment_intent.canceled", given_up.id)

    def create(**params):
        return lambda: stripe.PaymentIntent.create(**{"amount": 500, "currency": "eur", **params})

    refused(stripe.InvalidRequestError, "amount_too_small", create(amount=49), param="amount")
    refused(stripe.InvalidRequestError, "amount_too_large", create(amount=100_000_000), param="amount")
    refused(stripe.InvalidRequestError, "parameter_invalid_integer", create(amount=-5), param="amount")
    refused(stripe.InvalidRequestError, None, create(currency="xyz"), param="currency")
    refused(stripe.InvalidRequestError, "parameter_invalid_integer", create(currency="kwd", amount=1_001), param="amount")
    refused(stripe.InvalidRequestError, "parameter_unknown", create(colour="red"), param="colour")
    refused(stripe.InvalidRequestError, "parameter_missing", lambda: stripe.PaymentIntent.create(currency="eur"), param="amount")
    refused(stripe.InvalidRequestError, None, create(confirm=True, payment_method="pm_card_visa"), param="return_url")
    refused(stripe.InvalidRequestError, "resource_missing", lambda: stripe.PaymentIntent.retrieve("pi_nothing"))
    assert pay(500, currency="jpy").currency == "jpy"


def cards():
    table = {
        "pm_card_visa_chargeDeclined": ("card_declined", "generic_decline"),
        "pm_card_visa_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
        "pm_card_visa_chargeDeclinedLostCard": ("card_declined", "lost_card"),
        "pm_card_chargeDeclinedExpiredCard": ("expired_card", "expired_card"),
        "pm_card_chargeDeclinedIncorrectCvc": ("incorrect_cvc", "incorrect_cvc"),
        "pm_card_chargeDeclinedProcessingError": ("processing_error", "processing_error"),
    }
    for method, (code, decline) in table.items():
        error = refused(stripe.CardError, code, lambda: pay(method=method), decline_code=decline)
        assert error.http_status == 402
        intent = stripe.PaymentIntent.retrieve(error.error.payment_intent.id, expand=["latest_charge"])
        assert intent.status == "requires_payment_method"
        assert intent.last_payment_error.code == code and intent.latest_charge.status == "failed"
        assert intent.latest_charge.id == error.error.charge
        heard("payment_intent.payment_failed", intent.id)
        heard("charge.failed", intent.latest_charge.id)
    again = stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_mastercard")
    assert again.status == "succeeded"

    def card(**fields):
        fields = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2044, "cvc": "123", **fields}
        return lambda: stripe.PaymentMethod.create(type="card", card=fields)

    assert card()().card.last4 == "4242"
    refused(stripe.CardError, "incorrect_number", card(number="4242424242424241"))
    refused(stripe.CardError, "invalid_expiry_month", card(exp_month=13))
    refused(stripe.CardError, "invalid_expiry_year", card(exp_year=2020))
    refused(stripe.CardError, "invalid_cvc", card(cvc="12"))

    asked = pay(method="pm_card_threeDSecure2Required", return_url="http://shop.example/back?x=1")
    assert asked.status == "requires_action" and asked.next_action.type == "redirect_to_url"
    heard("payment_intent.requires_action", asked.id)
    page = asked.next_action.redirect_to_url.url
    assert "Complete" in browse(page)[2]
    status, where, _ = browse(page, {"answer": "fail"})
    assert status == 303 and where.startswith("http://shop.example/back?x=1&payment_intent=" + asked.id)
    assert "redirect_status=failed" in where
    intent = stripe.PaymentIntent.retrieve(asked.id)
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    asked = stripe.PaymentIntent.confirm(asked.id, payment_method="pm_card_threeDSecure2Required", return_url="http://shop.example/back")
    _, where, _ = browse(page, {"answer": "complete"})
    assert "redirect_status=succeeded" in where
    assert stripe.PaymentIntent.retrieve(asked.id).status == "succeeded"


def debits():
    def debit(iban):
        method = {"type": "sepa_debit", "sepa_debit": {"iban": iban}, "billing_details": {"name": "Ada", "email": "ada@example.com"}}
        return stripe.PaymentIntent.create(
            amount=3_000, currency="eur", payment_method_types=["sepa_debit"], payment_method_data=method, confirm=True
        )

    slow = debit("DE08370400440532013003")
    assert slow.status == "processing"
    heard("payment_intent.processing", slow.id)
    assert stripe.PaymentIntent.retrieve(slow.id).status == "processing"
    control(f"payments/{slow.id}/settle", outcome="fail")
    failed = stripe.PaymentIntent.retrieve(slow.id)
    assert failed.status == "requires_payment_method" and failed.last_payment_error.type == "card_error"
    soon = debit("DE89370400440532013000")
    heard("payment_intent.succeeded", soon.id)
    bad = debit("DE62370400440532013001")
    heard("payment_intent.payment_failed", bad.id)
    later = debit("DE08370400440532013003")
    control("clock/advance", seconds=181)
    heard("payment_intent.succeeded", later.id)


def checkout():
    made = session(
        customer_email="ada@example.com",
        client_reference_id="order-7",
        metadata={"order": "7"},
        payment_intent_data={"metadata": {"order": "7"}, "transfer_group": "order-7", "description": "Order 7"},
        payment_method_types=["card", "sepa_debit"],
        expand=["line_items"],
    )
    assert (made.status, made.payment_status, made.amount_total, made.payment_intent) == ("open", "unpaid", 5_000, None)
    assert made.line_items.data[0].description == "Stalls <1>"
    _, _, page = browse(made.url)
    for needed in ["€50.00", "ada@example.com", "Stalls &lt;1&gt;", "Card number", "Slow bank debit", "Back to the shop"]:
        assert needed in page, needed
    typed = {"number": "4000 0000 0000 0002", "expiry": "12 / 44", "cvc": "123", "name": "Ada", "method": "card"}
    status, _, page = browse(made.url, typed)
    assert status == 200 and "Your card was declined." in page and 'role="alert"' in page
    heard("charge.failed")
    status, where, _ = browse(made.url, {**typed, "number": "4242424242424242"})
    assert status == 303 and where == f"http://shop.example/thanks?session={made.id}"
    done = stripe.checkout.Session.retrieve(made.id, expand=["payment_intent.latest_charge.balance_transaction"])
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert done.customer_details.email == "ada@example.com" and done.client_reference_id == "order-7"
    intent = done.payment_intent
    assert intent.metadata["order"] == "7" and intent.description == "Order 7"
    assert intent.latest_charge.transfer_group == "order-7" and intent.latest_charge.balance_transaction.net == 4_900
    event = heard("checkout.session.completed", made.id)[0]
    assert event.data.object.payment_status == "paid" and event.api_version and event.livemode is False
    _, _, page = browse(f"{URL}/c/pay/{made.id}")
    assert "Continue to the shop" in page
    refused(stripe.InvalidRequestError, None, lambda: stripe.checkout.Session.expire(made.id))
    assert stripe.checkout.Session.list(payment_intent=intent.id).data[0].id == made.id

    for outcome, event in [("succeed", "succeeded"), ("fail", "failed")]:
        made = session(payment_method_types=["card", "sepa_debit"])
        status, where, _ = browse(made.url, {"test_debit": "DE08370400440532013003"})
        assert status == 303, status
        waits = stripe.checkout.Session.retrieve(made.id)
        assert (waits.status, waits.payment_status) == ("complete", "unpaid")
        control(f"payments/{made.id}/settle", outcome=outcome)
        heard(f"checkout.session.async_payment_{event}", made.id)
        assert stripe.checkout.Session.retrieve(made.id).payment_status == ("paid" if outcome == "succeed" else "unpaid")

    secure = session()
    status, where, _ = browse(secure.url, {"test_card": "4000000000003220"})
    assert status == 303 and "/c/3ds/" in where
    _, back, _ = browse(where, {"answer": "fail"})
    assert back == secure.url
    _, where, _ = browse(secure.url, {"test_card": "4000000000003220"})
    _, where, _ = browse(where, {"answer": "complete"})
    assert where.endswith(secure.id)

    gone = session()
    _, where, _ = browse(gone.url, {"test_card": "4000000000003220"})
    stripe.checkout.Session.expire(gone.id)
    _, back, _ = browse(where, {"answer": "complete"})
    assert back == gone.url, "who agrees too late has not paid"
    assert stripe.checkout.Session.retrieve(gone.id).payment_status == "unpaid"

    held = session(payment_intent_data={"capture_method": "manual"}, payment_method_types=["card"])
    browse(held.url, {"test_card": "4242424242424242"})
    held = stripe.checkout.Session.retrieve(held.id)
    assert (held.status, held.payment_status) == ("complete", "unpaid")
    stripe.PaymentIntent.capture(held.payment_intent)
    assert stripe.checkout.Session.retrieve(held.id).payment_status == "paid"

    left = session(expires_at=control("", "GET")["now"] + 1_800)
    early = stripe.checkout.Session.expire(left.id)
    assert early.status == "expired"
    heard("checkout.session.expired", left.id)
    assert "expired" in browse(f"{URL}/c/pay/{left.id}")[2]
    late = session(expires_at=control("", "GET")["now"] + 1_800)
    control("clock/advance", seconds=1_801)
    heard("checkout.session.expired", late.id)
    refused(stripe.InvalidRequestError, None, lambda: session(expires_at=5), param="expires_at")
    refused(stripe.InvalidRequestError, "parameter_missing", lambda: session(line_items=[]), param="line_items")


def refunds():
    paid = pay(5_000)
    first = stripe.Refund.create(payment_intent=paid.id, amount=2_000, reason="requested_by_customer", metadata={"why": "ill"})
    assert (first.status, first.amount, first.charge) == ("succeeded", 2_000, paid.latest_charge)
    heard("refund.created", first.id)
    charge = heard("charge.refunded", paid.latest_charge)[0].data.object
    assert (charge.amount_refunded, charge.refunded) == (2_000, False)
    refused(stripe.InvalidRequestError, None, lambda: stripe.Refund.create(payment_intent=paid.id, amount=3_001), param="amount")
    stripe.Refund.create(charge=paid.latest_charge)
    assert stripe.Charge.retrieve(paid.latest_charge).refunded
    refused(stripe.InvalidRequestError, "charge_already_refunded", lambda: stripe.Refund.create(charge=paid.latest_charge))
    assert len(stripe.Refund.list(payment_intent=paid.id).data) == 2
    assert stripe.BalanceTransaction.retrieve(first.balance_transaction).amount == -2_000
    refused(stripe.InvalidRequestError, None, lambda: stripe.Refund.cancel(first.id))

    slow = stripe.Refund.create(payment_intent=pay(method="pm_card_pendingRefund").id)
    assert slow.status == "pending"
    control(f"refunds/{slow.id}/settle", status="succeeded")
    heard("refund.updated", slow.id)
    assert stripe.Refund.retrieve(slow.id).status == "succeeded"
    waits = stripe.Refund.create(payment_intent=pay(method="pm_card_pendingRefund").id)
    control(f"refunds/{waits.id}/settle", status="requires_action")
    assert stripe.Refund.cancel(waits.id).status == "canceled"
    assert stripe.Charge.retrieve(waits.charge).amount_refunded == 0

    bad = stripe.Refund.create(payment_intent=pay(method="pm_card_refundFail").id, amount=1_000)
    assert bad.status == "succeeded"
    control("clock/advance", seconds=61)
    heard("refund.failed", bad.id)
    bad = stripe.Refund.retrieve(bad.id, expand=["failure_balance_transaction", "charge"])
    assert bad.status == "failed" and bad.failure_reason == "expired_or_canceled_card"
    assert bad.failure_balance_transaction.type == "refund_failure" and bad.failure_balance_transaction.amount == 1_000
    assert bad.charge.amount_refunded == 0 and bad.charge.refunds.data[0].status == "failed"


def disputes():
    paid = pay(8_000, "pm_card_createDispute")
    opened = heard("charge.dispute.created")[-1].data.object
    assert opened.charge == paid.latest_charge and opened.status == "needs_response" and opened.reason == "fraudulent"
    heard("charge.dispute.funds_withdrawn", opened.id)
    line = opened.balance_transactions[0]
    assert (line.type, line.amount, line.fee, line.net) == ("adjustment", -8_000, 1_500, -9_500)
    assert stripe.Charge.retrieve(paid.latest_charge).disputed
    refused(stripe.InvalidRequestError, "charge_disputed", lambda: stripe.Refund.create(charge=paid.latest_charge))
    kept = stripe.Dispute.modify(opened.id, evidence={"customer_name": "Ada"}, submit=False)
    assert kept.status == "needs_response" and kept.evidence_details.has_evidence
    sent = stripe.Dispute.modify(opened.id, evidence={"uncategorized_text": "winning_evidence"})
    assert sent.status == "under_review" and sent.evidence.customer_name == "Ada"
    heard("charge.dispute.funds_reinstated", opened.id)
    assert heard("charge.dispute.closed", opened.id)[0].data.object.status == "won"
    lines = stripe.Dispute.retrieve(opened.id).balance_transactions
    assert [line.amount for line in lines] == [-8_000, 8_000]

    control(f"charges/{pay(1_000).id}/dispute", reason="product_not_received")
    lost = stripe.Dispute.list(limit=1).data[0]
    stripe.Dispute.modify(lost.id, evidence={"uncategorized_text": "losing_evidence"}, submit=True)
    assert heard("charge.dispute.closed", lost.id)[0].data.object.status == "lost"
    control(f"charges/{pay(1_000).latest_charge}/dispute")
    given_up = stripe.Dispute.close(stripe.Dispute.list(limit=1).data[0].id)
    assert given_up.status == "lost"
    pay(1_000, "pm_card_createDisputeInquiry")
    asked = heard("charge.dispute.created", count=4)[-1].data.object
    assert asked.status == "warning_needs_response" and len(asked.balance_transactions) == 0


def connected():
    account = stripe.Account.create(
        country="DE",
        email="venue@example.com",
        controller={
            "fees": {"payer": "application"}, "losses": {"payments": "application"},
            "stripe_dashboard": {"type": "express"},
        },
        capabilities={"card_payments": {"requested": True}, "transfers": {"requested": True}},
        settings={"payouts": {"schedule": {"interval": "manual"}}},
        metadata={"organizer": "9"},
    )
    assert not account.charges_enabled and "external_account" in account.requirements.currently_due
    assert account.settings.payouts.schedule.interval == "manual" and account.capabilities.transfers == "inactive"
    refused(stripe.InvalidRequestError, "insufficient_capabilities_for_transfer",
            lambda: stripe.Transfer.create(amount=100, currency="eur", destination=account.id))
    refused(stripe.InvalidRequestError, None, lambda: stripe.Account.create_login_link(account.id))

    link = stripe.AccountLink.create(
        account=account.id, type="account_onboarding",
        return_url="http://shop.example/done", refresh_url="http://shop.example/again",
    )
    assert "tos_acceptance.date" in browse(link.url)[2]
    assert browse(link.url)[1] == "http://shop.example/again"
    assert browse(link.url, {"answer": "enabled"})[1] == "http://shop.example/done"
    account = stripe.Account.retrieve(account.id)
    assert account.charges_enabled and account.payouts_enabled and account.details_submitted
    event = heard("account.updated", account.id, where=lambda e: e.data.object.payouts_enabled)[-1]
    assert event.account == account.id and event.data.previous_attributes.payouts_enabled is False
    assert account.capabilities.transfers == "active" and len(account.external_accounts.data) == 1
    assert "balance" in browse(stripe.Account.create_login_link(account.id).url)[2]
    assert stripe.Account.modify(account.id, metadata={"organizer": "10"}).metadata["organizer"] == "10"
    told = {"mcc": "7922", "support_phone": "4930123456", "url": "https://venue.example"}
    told = stripe.Account.modify(account.id, business_profile=told, settings={"payouts": {"schedule": {"delay_days": 9}}})
    assert (told.business_profile.mcc, told.business_profile.support_phone) == ("7922", "4930123456")
    assert told.settings.payouts.schedule.delay_days == 9 and told.settings.payouts.schedule.interval == "manual"
    express = stripe.Account.create(type="express", country="AT")
    assert express.type == "express" and express.default_currency == "eur"
    assert {a.id for a in stripe.Account.list().data} == {account.id, express.id}

    # Separate charge and transfer.
    paid = pay(10_000, transfer_group="show")
    refused(stripe.InvalidRequestError, "balance_insufficient",
            lambda: stripe.Transfer.create(amount=900_000, currency="eur", destination=account.id))
    sent = stripe.Transfer.create(
        amount=7_000, currency="eur", destination=account.id, source_transaction=paid.latest_charge, metadata={"of": "show"}
    )
    assert sent.transfer_group == "show" and sent.source_transaction == paid.latest_charge
    heard("transfer.created", sent.id)
    refused(stripe.InvalidRequestError, None, lambda: stripe.Transfer.create(
        amount=3_001, currency="eur", destination=account.id, source_transaction=paid.latest_charge))
    back = stripe.Transfer.create_reversal(sent.id, amount=2_000)
    assert back.amount == 2_000 and back.transfer == sent.id
    heard("transfer.reversed", sent.id)
    refused(stripe.InvalidRequestError, None, lambda: stripe.Transfer.create_reversal(sent.id, amount=5_001))
    sent = stripe.Transfer.retrieve(sent.id, expand=["destination_payment"])
    assert sent.amount_reversed == 2_000 and sent.reversals.data[0].id == back.id
    assert sent.destination_payment.amount_refunded == 2_000

    balance = stripe.Balance.retrieve(stripe_account=account.id)
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, 5_000)
    refused(stripe.InvalidRequestError, "balance_insufficient",
            lambda: stripe.Payout.create(amount=1, currency="eur", stripe_account=account.id))
    control("clock/advance", days=3)
    balance = stripe.Balance.retrieve(stripe_account=account.id)
    assert (balance.available[0].amount, balance.pending[0].amount) == (5_000, 0)
    out = stripe.Payout.create(amount=4_000, currency="eur", stripe_account=account.id, metadata={"run": "1"})
    assert out.status == "pending" and out.destination.startswith("ba_")
    control("clock/advance", days=2)
    event = heard("payout.paid", out.id)[0]
    assert event.account == account.id
    out = stripe.Payout.create(amount=500, currency="eur", stripe_account=account.id)
    control(f"payouts/{out.id}/settle", outcome="failed")
    heard("payout.failed", out.id)
    assert stripe.Balance.retrieve(stripe_account=account.id).available[0].amount == 1_000
    out = stripe.Payout.create(amount=500, currency="eur", stripe_account=account.id)
    assert stripe.Payout.cancel(out.id, stripe_account=account.id).status == "canceled"

    # Destination charge with a fee, through a session; refunded with everything that belongs to it.
    made = session(payment_intent_data={"application_fee_amount": 400, "transfer_data": {"destination": account.id}})
    browse(made.url, {"test_card": "4242424242424242", "email": "bob@example.com"})
    made = stripe.checkout.Session.retrieve(made.id, expand=["payment_intent.latest_charge.transfer"])
    assert made.customer_details.email == "bob@example.com"
    charge = made.payment_intent.latest_charge
    assert charge.transfer.amount == 5_000 and charge.transfer.destination == account.id
    fee = stripe.ApplicationFee.retrieve(charge.application_fee)
    assert fee.amount == 400 and fee.account == account.id and fee.originating_transaction == charge.id
    returned = stripe.Refund.create(
        payment_intent=made.payment_intent.id, amount=2_500, reverse_transfer=True, refund_application_fee=True
    )
    assert stripe.Transfer.retrieve(charge.transfer.id).amount_reversed == 2_500
    assert returned.transfer_reversal.startswith("trr_")
    assert stripe.ApplicationFee.retrieve(fee.id).amount_refunded == 200
    refused(stripe.InvalidRequestError, None, lambda: stripe.PaymentIntent.create(
        amount=500, currency="eur", application_fee_amount=10), param="application_fee_amount")

    later = stripe.PaymentIntent.create(amount=900, currency="eur", transfer_data={"destination": account.id})
    assert stripe.PaymentIntent.modify(later.id, application_fee_amount=90).application_fee_amount == 90

    # Direct charge.
    direct = pay(2_000, application_fee_amount=100, stripe_account=account.id, expand=["latest_charge.balance_transaction"])
    line = direct.latest_charge.balance_transaction
    assert line.fee == 155 and {d.type for d in line.fee_details} == {"stripe_fee", "application_fee"}
    refused(stripe.InvalidRequestError, "resource_missing", lambda: stripe.PaymentIntent.retrieve(direct.id))
    assert heard("payment_intent.succeeded", direct.id)[0].account == account.id

    control(f"accounts/{account.id}/state", state="restricted")
    account = stripe.Account.retrieve(account.id)
    assert not account.payouts_enabled and account.requirements.disabled_reason == "requirements.past_due"
    refused(stripe.InvalidRequestError, "payouts_not_allowed",
            lambda: stripe.Payout.create(amount=1, currency="eur", stripe_account=account.id))
    refused(stripe.PermissionError, "account_invalid", lambda: stripe.Account.retrieve("acct_nobody"))

    # The book agrees with what the accounts are told, and with its own lines.
    book = control("book", "GET")
    for owner, currencies in book["accounts"].items():
        told = stripe.Balance.retrieve(stripe_account=owner)
        for currency, sums in currencies.items():
            assert sums["total"] == sum(t["net"] for t in sums["by_type"].values()), (owner, currency)
            assert [b.amount for b in told.available if b.currency == currency] == [sums["available"]]
            assert [b.amount for b in told.pending if b.currency == currency] == [sums["pending"]]


def manners():
    first = stripe.PaymentIntent.create(amount=700, currency="eur", idempotency_key="once")
    again = stripe.PaymentIntent.create(amount=700, currency="eur", idempotency_key="once")
    assert first.id == again.id
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert again.last_response.headers["original-request"] == first.last_response.headers["request-id"]
    refused(stripe.IdempotencyError, None,
            lambda: stripe.PaymentIntent.create(amount=701, currency="eur", idempotency_key="once"))
    refused(stripe.CardError, "card_declined", lambda: pay(method="pm_card_chargeDeclined", idempotency_key="no"))
    error = refused(stripe.CardError, "card_declined", lambda: pay(method="pm_card_chargeDeclined", idempotency_key="no"))
    assert error.headers["idempotent-replayed"] == "true"
    refused(stripe.InvalidRequestError, "amount_too_small",
            lambda: stripe.PaymentIntent.create(amount=1, currency="eur", idempotency_key="mend"))
    assert stripe.PaymentIntent.create(amount=100, currency="eur", idempotency_key="mend").amount == 100

    control("faults", kind="slow", ms=400, path="/v1/payment_intents")
    slow = threading.Thread(target=lambda: stripe.PaymentIntent.create(amount=800, currency="eur", idempotency_key="both"))
    slow.start()
    time.sleep(0.15)
    error = refused(stripe.APIError, "idempotency_key_in_use",
                    lambda: stripe.PaymentIntent.create(amount=800, currency="eur", idempotency_key="both"))
    assert error.http_status == 409
    slow.join()

    control("faults", kind="error")
    assert refused(stripe.APIError, None, lambda: stripe.Balance.retrieve()).http_status == 500
    control("faults", kind="rate_limit", retry_after=3)
    error = refused(stripe.RateLimitError, "rate_limit", lambda: stripe.Balance.retrieve())
    assert error.headers["retry-after"] == "3"
    count = len(stripe.PaymentIntent.list(limit=100).data)
    control("faults", kind="timeout_after", method="POST")
    try:
        stripe.PaymentIntent.create(amount=900, currency="eur", idempotency_key="unknown")
        raise AssertionError("the connection should have been cut")
    except stripe.APIConnectionError:
        pass
    known = stripe.PaymentIntent.create(amount=900, currency="eur", idempotency_key="unknown")
    assert known.last_response.headers["idempotent-replayed"] == "true"
    assert len(stripe.PaymentIntent.list(limit=100).data) == count + 1
    control("faults", kind="timeout_before", method="POST")
    try:
        stripe.PaymentIntent.create(amount=950, currency="eur", idempotency_key="never")
        raise AssertionError("the connection should have been cut")
    except stripe.APIConnectionError:
        pass
    fresh = stripe.PaymentIntent.create(amount=950, currency="eur", idempotency_key="never")
    assert "idempotent-replayed" not in fresh.last_response.headers

    pages = stripe.PaymentIntent.list(limit=3)
    assert len(pages.data) == 3 and pages.has_more and pages.data[0].id == fresh.id
    every = [intent.id for intent in pages.auto_paging_iter()]
    assert len(every) == len(set(every)) > 20
    before = stripe.PaymentIntent.list(ending_before=every[2], limit=10)
    assert [intent.id for intent in before.data] == every[:2] and not before.has_more
    refused(stripe.InvalidRequestError, None, lambda: stripe.PaymentIntent.retrieve(fresh.id, expand=["amounts"]))
    wrong = stripe.StripeClient("sk_test_wrong", base_addresses={"api": URL})
    try:
        wrong.v1.balance.retrieve()
        raise AssertionError("a wrong key was taken")
    except stripe.AuthenticationError as error:
        assert error.http_status == 401

    customer = stripe.Customer.create(email="c@example.com", name="Cleo")
    method = stripe.PaymentMethod.create(type="card", card={"token": "tok_visa"})
    assert stripe.PaymentMethod.attach(method.id, customer=customer.id).customer == customer.id
    assert stripe.Customer.list(email="c@example.com").data[0].id == customer.id
    assert stripe.Customer.delete(customer.id).deleted
    kinds = {event.type for event in stripe.Event.list(limit=100).data}
    assert "payment_intent.created" in kinds
    event = stripe.Event.list(type="charge.succeeded", limit=1).data[0]
    assert stripe.Event.retrieve(event.id).data.object.object == "charge"


def webhooks():
    def made(count):
        return [stripe.PaymentIntent.create(amount=500 + n, currency="eur").id for n in range(count)]

    def order(ids):
        return [e.data.object.id for _, e in HEARD if e.type == "payment_intent.created" and e.data.object.id in ids]

    def settled():
        until = time.monotonic() + 10
        while not control("webhooks/deliveries", "GET")["quiet"]:
            assert time.monotonic() < until
            time.sleep(0.01)

    settled()
    REFUSE["next"] = 2
    (first,) = made(1)
    heard("payment_intent.created", first)
    settled()
    log = [d for d in control("webhooks/deliveries", "GET")["deliveries"] if d["type"] == "payment_intent.created"]
    assert log[-1]["state"] == "delivered" and log[-1]["attempts"] == 3, log[-1]

    control("webhooks/lose", count=1)
    lost, kept = made(2)
    settled()
    assert order([lost, kept]) == [kept]
    event = [e for e in stripe.Event.list(type="payment_intent.created").data if e.data.object.id == lost][0]
    control("webhooks/resend", event=event.id)
    settled()
    assert order([lost]) == [lost]

    control("webhooks/repeat", count=1, times=2)
    (thrice,) = made(1)
    settled()
    assert order([thrice]) == [thrice] * 3

    control("webhooks/shuffle", count=5)
    ids = made(5)
    settled()
    assert sorted(order(ids)) == sorted(ids) and order(ids) != ids

    control("webhooks/hold")
    ids = made(2)
    time.sleep(0.1)
    assert order(ids) == []
    control("webhooks/release")
    settled()
    assert order(ids) == ids

    control("webhooks/delay", count=1, ms=300)
    start = time.monotonic()
    (late,) = made(1)
    settled()
    assert order([late]) == [late] and time.monotonic() - start >= 0.3

    endpoint = stripe.WebhookEndpoint.list().data[0]
    assert "secret" not in endpoint
    assert stripe.WebhookEndpoint.modify(endpoint.id, enabled_events=["charge.succeeded"]).enabled_events == ["charge.succeeded"]
    (unheard,) = made(1)
    settled()
    assert order([unheard]) == []
    assert stripe.WebhookEndpoint.delete(endpoint.id).deleted


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for path, connect in [("/connect", True), ("/platform", False)]:
        made = stripe.WebhookEndpoint.create(
            url=f"http://127.0.0.1:{server.server_port}{path}", enabled_events=["*"], connect=connect
        )
        assert re.fullmatch(r"whsec_\w{32}", made.secret)
        SECRETS[path] = made.secret
    # The newest comes first in lists, and `webhooks` changes that of the platform: so it is made last.
    for flow in [intents, cards, debits, checkout, refunds, disputes, connected, manners, webhooks]:
        start = time.monotonic()
        flow()
        print(f"{flow.__name__}: well, {time.monotonic() - start:.2f} s", flush=True)
    for path, event in HEARD:
        assert ("account" in event) == (path == "/connect"), (path, event.type)


main()
