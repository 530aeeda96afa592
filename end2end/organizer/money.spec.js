// What an organizer is owed, how it is paid out, and what the platform does for that.
import { mail } from "../support/mailbox.js";
import { enterAsAdmin } from "../support/platform.js";
import { expect, test } from "./steps.js";

// A code of the platform's authenticator is good once: sometimes the next one has to be waited for.
test.setTimeout(150_000);

const stat = (page, label) => page.locator(".stat").filter({ hasText: label });

test("money is earned, asked for, sent, and every step ties", async ({ organizer, somebody, page }) => {
  await organizer.sells({ price: "20" });
  const money = `${organizer.home}/money`;
  await organizer.open(money);
  await organizer.suits();
  await expect(page.getByText("No money yet")).toBeVisible();

  const guest = await somebody();
  await guest.buys(organizer.shop, { quantity: 2, pay: "€40.00" });
  await organizer.open(money);
  await expect(stat(page, "Ready to be paid out")).toContainText("€40.00");
  await expect(page.getByText("Say below to which account it should go.")).toBeVisible();

  // A slip of the finger in the number is noticed, and what was typed stays.
  await organizer.fill({ "Account holder": "Paper Hall Ltd", "IBAN or account number": "DE89 3704 0044 0532 0130 01" });
  await organizer.press("Save the account");
  await expect(page.getByText("This is not an IBAN, or a digit is wrong.")).toBeVisible();
  await expect(page.getByLabel("Account holder")).toHaveValue("Paper Hall Ltd");
  await organizer.fill({ "IBAN or account number": "DE89 3704 0044 0532 0130 00" });
  await organizer.press("Save the account");
  await expect(page.getByText("account ending in 3000")).toBeVisible();
  await organizer.suits();
  await mail(organizer.email, /payout account was changed/);

  for (const [amount, words] of [["40.01", "40.00"], ["-3", "number"], ["1.234", "decimal"]]) {
    await organizer.fill({ Amount: amount });
    await organizer.press("Ask for the payout");
    await expect(page.locator(".field-error").filter({ hasText: words }), amount).toBeVisible();
    await expect(page.getByLabel("Amount")).toHaveValue(amount);
  }
  await organizer.fill({ Amount: "30" });
  await organizer.press("Ask for the payout");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Payout no. 1");
  await organizer.suits();
  const sums = page.locator("dl").filter({ hasText: "Owed before" });
  for (const words of ["Owed before€0.00", "Sale€40.00", "Left for the next one€10.00"]) {
    await expect(sums).toContainText(words);
  }
  const file = await page.request.get(`${money}/payouts/1/statement.csv`);
  const cells = (await file.text()).trim().split("\r\n").slice(1).map((line) => line.split(","));
  const owed = cells.map((line) => [line[1], Number(line[7])]);
  const change = owed.slice(1, -1).reduce((sum, [, amount]) => sum + amount, owed[0][1]);
  expect(owed[0][0]).toBe("opening");
  expect(owed.at(-1)).toEqual(["closing", 10]);
  expect(change).toBe(10);

  // The platform sends it, and says what its bank calls the transfer.
  const browser = page.context().browser();
  const desk = await (await browser.newContext()).newPage();
  await enterAsAdmin(desk);
  await desk.goto(new URL("/admin/finance", page.url()).href);
  if (await desk.getByText("Show once more that it is you").isVisible()) {
    await desk.getByRole("link", { name: "Go on" }).click();
    await desk.getByLabel("Password").fill("curtain up at eight");
    await desk.locator("main form button[type=submit]").first().click();
    await expect(desk).toHaveURL(/\/admin\/finance/);
  }
  const waiting = desk.getByRole("listitem").filter({ hasText: organizer.organization });
  await expect(waiting).toContainText("DE89 3704 0044 0532 0130 00");
  await waiting.getByLabel("Reference of the bank").fill("NBK 2026/17");
  await waiting.getByRole("button", { name: "It is sent" }).click();
  await expect(desk.getByText("That is written down.")).toBeVisible();
  // It waits no more, and stands among those that were sent, in case the bank gives it back.
  await expect(waiting.getByRole("button", { name: "It is sent" })).toHaveCount(0);
  await expect(waiting).toContainText("NBK 2026/17");

  await organizer.open(`${money}/payouts/1`);
  await expect(page.getByText("NBK 2026/17")).toBeVisible();
  await organizer.open(money);
  await expect(stat(page, "Ready to be paid out")).toContainText("€10.00");
  // Figures are those of some seconds ago.
  await expect(async () => {
    await organizer.open(`${money}/report?by=event`);
    await expect(page.getByRole("row", { name: /Evening/ }).first()).toContainText("€40.00", { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await organizer.suits();
  await organizer.open(`${money}/bookings`);
  await organizer.suits();
  await expect(page.getByRole("row").filter({ hasText: "Payout" })).toContainText("−€30.00");
});
