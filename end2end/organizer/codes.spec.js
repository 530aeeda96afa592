// A promo code from its making to the charge: what the page says it costs is what is paid.
import { expect, test } from "./steps.js";

// Neither who makes a code nor who uses it needs scripts.
test.use({ javaScriptEnabled: false });

test("a code is made, followed by its link, and paid with at the price shown", async ({ organizer, somebody, page }) => {
  await organizer.sells({ price: "20" });
  const codes = `${organizer.home}/promo-codes`;
  await organizer.open(codes);
  await expect(page.getByText("No codes yet")).toBeVisible();
  await organizer.suits();
  await organizer.follow("New code");

  // Slips are named beside their fields, and what was typed stays.
  await organizer.fill({ "Code": "50% off", "How much": "120" });
  await organizer.press("Make the code");
  await expect(page.locator(".field-error").filter({ hasText: "letters from A to Z" })).toBeVisible();
  await expect(page.locator(".field-error")).toHaveCount(2);
  await organizer.fill({ "Code": "Early-Bird", "How much": "25", "Orders in all": "1" });
  await page.getByLabel("Currency").selectOption("EUR");
  await organizer.press("Make the code");
  await expect(page.getByText("The code can be used now.")).toBeVisible();
  await organizer.suits();
  const link = new URL(await page.locator('input[name="link-0"]').inputValue()).pathname + "?code=EARLYBIRD";

  const guest = await somebody();
  await guest.open(link);
  await expect(guest.page.getByText("The code EARLYBIRD is used in the next step")).toBeVisible();
  await guest.page.getByLabel("How many: Seat").fill("2");
  await guest.press("Continue", guest.page.locator("#choose"));
  await expect(guest.page.getByText("Code Early-Bird saves you €10.00.")).toBeVisible();
  await expect(guest.page.locator(".summary-sum")).toHaveText("€30.00");
  const basket = new URL(guest.page.url()).pathname;

  // Nobody else has the last use; they are told, and pay what it costs.
  const late = await somebody();
  await late.open(link);
  await late.page.getByLabel("How many: Seat").fill("1");
  await late.press("Continue", late.page.locator("#choose"));
  await expect(late.page.getByText("used as often as it could be")).toBeVisible();
  await expect(late.page.locator(".summary-sum")).toHaveText("€20.00");

  // Without the code and with it again: what was typed stays, and Enter in the code's field takes the code.
  await guest.open(basket);
  const email = guest.page.locator('[name="form[email]"]');
  await email.fill("gita@buyers.example");
  await guest.press("Remove the code");
  await expect(guest.page.locator(".summary-sum")).toHaveText("€40.00");
  await expect(email).toHaveValue("gita@buyers.example");
  await guest.page.getByText("Have a code?").click();
  await guest.page.locator("#promo-code").fill("early bird");
  await guest.page.locator("#promo-code").press("Enter");
  await expect(guest.page.locator(".summary-sum")).toHaveText("€30.00");
  await expect(email).toHaveValue("gita@buyers.example");
  await guest.page.locator('[name="form[name]"]').fill("Gita Sol");
  await guest.press("Continue to payment");
  await guest.press("Pay €30.00");
  await guest.page.locator("button[value=succeed]").click();
  await expect(guest.page).toHaveURL(/\/orders\/[a-z2-7]{32}$/, { timeout: 20_000 });
  await expect(guest.page.getByText("Code Early-Bird")).toBeVisible();
  await expect(guest.page.locator(".summary-sum")).toHaveText("€30.00");

  await organizer.open(codes);
  const row = page.getByRole("row").filter({ hasText: "Early-Bird" });
  await expect(row).toContainText("1 of 1");
  await expect(row).toContainText("€10.00");
  // Figures are those of some seconds ago.
  await expect(async () => {
    await organizer.open(`${organizer.home}/money/report/codes`);
    await expect(page.getByRole("row").filter({ hasText: "Early-Bird" })).toContainText("€30.00", { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
});
