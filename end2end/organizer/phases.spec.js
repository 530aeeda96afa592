// Prices that follow one another: made without scripts, shown to buyers, and charged as shown.
import { expect, test } from "./steps.js";

test.use({ javaScriptEnabled: false });

test("an early price is set, runs out by count, and each ticket costs what its turn costs", async ({ organizer, somebody, page }) => {
  await organizer.sells({ price: "20" });
  await organizer.open(`${organizer.event}/edit/tickets`);
  await organizer.follow("Price phases");
  await organizer.suits();

  // Slips are named beside their fields, and what was typed stays.
  await organizer.fill({ "Name": "Early bird", "Price": "12.50" });
  await organizer.press("Add a phase");
  await expect(page.locator(".field-error")).toHaveCount(1);
  await organizer.fill({ "Or after so many tickets": "3" });
  await organizer.press("Add a phase");
  await expect(page.getByRole("cell", { name: "after 3 tickets" })).toBeVisible();
  await expect(page.getByText("On sale now")).toBeVisible();
  await organizer.suits();

  const guest = await somebody();
  await guest.open(organizer.shop);
  await expect(guest.page.getByText("Early bird, then €20.00")).toBeVisible();
  await expect(guest.page.getByText("3 left at this price")).toBeVisible();
  await guest.page.getByLabel("How many: Seat").fill("4");
  await guest.press("Continue", guest.page.locator("#choose"));
  await expect(guest.page.getByText("Seat · Early bird", { exact: true })).toBeVisible();
  await expect(guest.page.getByText("Seat · Regular", { exact: true })).toBeVisible();
  await expect(guest.page.locator(".summary-sum")).toHaveText("€57.50");

  await organizer.open(`${organizer.event}/edit/tickets`);
  await organizer.follow("Price phases");
  await expect(page.getByText("Taken so far: 4")).toBeVisible();
});
