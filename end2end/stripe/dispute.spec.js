// Money by Stripe, against the server that behaves like it: 3-D Secure, a part back, a dispute with evidence, a payout. In the
// end its own book and our ledger must say the same.
// STRIPE_BASE_URL: a server that takes money with Stripe; STRIPE_URL: the double.
import { expect, test } from "../organizer/steps.js";

const double = process.env.STRIPE_URL;

test.use({ baseURL: process.env.STRIPE_BASE_URL ?? "http://localhost:3000", javaScriptEnabled: false });
test.skip(!double, "STRIPE_URL says where the double is");
test.setTimeout(120_000);

const stat = (page, label) => page.locator(".stat").filter({ hasText: label });

async function ask(page, method, path, form) {
  const answer = await page.request.fetch(`${double}${path}`, { method, form });
  const body = await answer.json();
  expect(answer.ok(), JSON.stringify(body)).toBe(true);
  return body;
}

// What happens at Stripe comes by a message: the page is looked at until it says so.
async function until(person, address, check) {
  await expect(async () => {
    await person.open(address);
    await check();
  }).toPass({ timeout: 30_000, intervals: [300, 700, 1500] });
}

// The buyer's bank asks first.
async function buysWithChallenge(guest, shop, total) {
  const page = guest.page;
  await guest.open(shop);
  await page.getByLabel("How many: Seat").fill("2");
  await guest.press("Continue", page.locator("#choose"));
  guest.name = `Bruno ${Date.now()}`;
  guest.email = `${guest.name.toLowerCase().replaceAll(" ", "-")}@buyers.example`;
  await page.getByLabel(/^Email/).first().fill(guest.email);
  await page.getByLabel(/^Name/).first().fill(guest.name);
  await guest.press("Continue to payment");
  guest.order = new URL(page.url()).pathname.replace(/\/pay$/, "");
  await page.getByRole("button", { name: `Pay ${total}` }).click();
  await page.waitForURL((url) => url.href.startsWith(double));
  await page.getByRole("button", { name: /asks for 3D Secure/ }).click();
  await expect(page.getByText("Your bank asks whether you want to pay")).toBeVisible();
  await page.getByRole("button", { name: "Complete" }).click();
  await expect(page).toHaveURL(/\/orders\/[a-z2-7]{32}/, { timeout: 20_000 });
  await until(guest, guest.order, () => expect(page.getByText("Ticket 2 of 2")).toBeVisible({ timeout: 1000 }));
}

test("a payment is disputed, answered and won, and both books agree", async ({ organizer, somebody, page }) => {
  await organizer.sells({ price: "20" });
  const guest = await somebody();
  await buysWithChallenge(guest, organizer.shop, "€40.00");
  const money = `${organizer.home}/money`;
  await until(organizer, money, () => expect(stat(page, "Ready to be paid out")).toContainText("€40.00", { timeout: 1000 }));

  // A part goes back, and the tickets stay good.
  await organizer.open(`${organizer.home}/orders`);
  await organizer.follow(/^[A-Z0-9]{8}$/, page.getByRole("row", { name: new RegExp(guest.email) }));
  const code = new URL(page.url()).pathname.split("/").pop();
  await organizer.open(`${organizer.home}/orders/${code}/refund?choice=amount&amount=5&keep=on`);
  await organizer.press("Refund €5.00");
  await until(organizer, money, () => expect(stat(page, "Ready to be paid out")).toContainText("€35.00", { timeout: 1000 }));

  // Promised is not sent yet: a bank that came before would take all of it.
  await until(organizer, `${organizer.home}/orders/${code}`, () => expect(page.getByText("Refund of €5.00 sent")).toBeVisible({ timeout: 1000 }));

  // The buyer's bank takes the rest.
  const charges = await page.request.get(`${double}/v1/charges?limit=1`, { headers: { authorization: `Bearer ${(await ask(page, "GET", "/_double")).secret_key}` } });
  const charge = (await charges.json()).data[0].id;
  await ask(page, "POST", `/_double/charges/${charge}/dispute`, { reason: "fraudulent" });
  const disputes = `${money}/disputes`;
  await until(organizer, disputes, () => expect(page.getByRole("row", { name: new RegExp(code) })).toContainText("Answer due", { timeout: 1000 }));
  await organizer.open(money);
  await expect(stat(page, "In dispute")).toContainText("€35.00");
  await guest.open(guest.order);
  await expect(guest.page.getByText("The payment is disputed")).toBeVisible();
  await expect(guest.page.locator(".ticket-code svg")).toHaveCount(0);

  // Evidence: looked at, then sent for good. With this text the bank decides for the organizer.
  await organizer.open(disputes);
  await organizer.follow(/.+/, page.getByRole("row", { name: new RegExp(code) }));
  await expect(page.getByText(guest.email).first()).toBeVisible();
  await page.getByLabel("Your own words").fill("winning_evidence");
  await organizer.press("Save and look at it above");
  await expect(page.getByText("Saved. Nothing was sent yet.")).toBeVisible();
  await organizer.unfold("Send the evidence to the bank");
  await organizer.press("Send it for good");
  await expect(page.getByText("The evidence was sent.")).toBeVisible();
  await until(organizer, disputes, () => expect(page.getByRole("row", { name: new RegExp(code) })).toContainText("Won", { timeout: 1000 }));
  await guest.open(guest.order);
  await expect(guest.page.getByText("The payment is disputed")).toHaveCount(0);

  // 35.00 less what Stripe keeps for the dispute is paid out.
  await organizer.open(money);
  await organizer.fill({ "Account holder": "Paper Hall Ltd", "IBAN or account number": "DE89 3704 0044 0532 0130 00" });
  await organizer.press("Save the account");
  await organizer.open(money);
  await expect(stat(page, "Ready to be paid out")).toContainText("€20.00");
  await organizer.press("Ask for the payout");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Payout no. 1");

  // Nothing else was sold on this server: before its fees on payments, Stripe holds what our books say.
  const book = await ask(page, "GET", "/_double/book");
  const kinds = book.accounts[book.platform].eur.by_type;
  const amounts = ["charge", "refund"].reduce((sum, kind) => sum + (kinds[kind]?.amount ?? 0), 0);
  expect(amounts + kinds.adjustment.net).toBe(2000);
});
