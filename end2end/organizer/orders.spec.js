import { mail, mailsTo } from "../support/mailbox.js";
import { expect, test } from "./steps.js";

// An organizer at the list of the orders of an event for which one guest has bought.
async function sold(organizer, somebody, order = {}) {
  await organizer.sells({ price: "20" });
  const guest = await somebody();
  await guest.buys(organizer.shop, { quantity: 2, pay: "€40.00", ...order });
  return guest;
}

async function openOrder(organizer, guest) {
  await organizer.open(`${organizer.home}/orders`);
  const row = organizer.page.getByRole("row", { name: new RegExp(guest.email) });
  await row.getByRole("link").first().click();
  await expect(organizer.page.getByRole("heading", { level: 1, name: /^Order / })).toBeVisible();
  await organizer.settled();
}

const ticketRows = (page, guest) =>
  page.getByRole("table", { name: "Tickets" }).getByRole("row", { name: new RegExp(guest.name) });

test("an order is found by name, mail and code, and tells all about itself", async ({ organizer, somebody, page }) => {
  const guest = await sold(organizer, somebody);
  await organizer.open(`${organizer.home}/orders`);
  await organizer.suits();
  const row = page.getByRole("row", { name: new RegExp(guest.email) });
  await expect(row).toContainText("€40.00");
  const code = await row.getByRole("link").first().innerText();
  for (const words of [guest.name, guest.email.toUpperCase(), code.toLowerCase()]) {
    await page.getByRole("searchbox").fill(words);
    await organizer.press("Search", page.getByRole("main"));
    await expect(page.getByRole("row", { name: new RegExp(guest.email) }), words).toHaveCount(1);
  }
  await page.getByRole("searchbox").fill("nobody-by-this-name");
  await organizer.press("Search", page.getByRole("main"));
  await expect(page.getByText("Nothing found")).toBeVisible();
  await organizer.suits();

  await openOrder(organizer, guest);
  await organizer.suits();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Order ${code}`);
  await expect(ticketRows(page, guest)).toHaveCount(2);
  for (const happened of ["Order placed", "Paid; tickets issued"]) await expect(page.getByText(happened)).toBeVisible();
});

test("tickets are sent again", async ({ organizer, somebody, page }) => {
  const guest = await sold(organizer, somebody);
  await mail(guest.email, /\/orders\/[a-z2-7]{32}/);
  await openOrder(organizer, guest);
  await organizer.press("Send tickets again");
  await expect(page.getByText("The tickets are on their way to the buyer again.")).toBeVisible();
  await expect.poll(() => mailsTo(guest.email).filter((text) => text.includes(guest.order)).length, { timeout: 15_000 }).toBe(2);
});

test("one ticket is refunded, then the rest", async ({ organizer, somebody, page }) => {
  const guest = await sold(organizer, somebody);
  await openOrder(organizer, guest);
  await organizer.follow("Refund");
  await organizer.settled();
  await organizer.suits();

  // Too much is refused in words before anything happens.
  const amount = page.locator("form").filter({ has: page.getByLabel("Amount") });
  await amount.getByLabel("Amount").fill("40.01");
  await organizer.press("Show what happens", amount);
  await expect(page.getByRole("alert").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Refund €/ })).toHaveCount(0);

  const tickets = page.locator("form").filter({ has: page.getByRole("checkbox", { name: new RegExp(guest.name) }) });
  await tickets.getByRole("checkbox", { name: new RegExp(guest.name) }).first().check();
  await organizer.press("Show what happens", tickets);
  await expect(page.getByText(`${guest.name} gets back €20.00.`)).toBeVisible();
  await organizer.suits();
  await organizer.press("Refund €20.00");
  await expect(page.getByText("The refund is on its way.")).toBeVisible();
  await expect(ticketRows(page, guest).filter({ hasText: "Void" })).toHaveCount(1);
  await mail(guest.email, /€20\.00/);

  await organizer.follow("Refund");
  await organizer.settled();
  const all = page.locator("form").filter({ has: page.locator('[name="choice"][value="full"]') });
  await organizer.press("Show what happens", all);
  await organizer.press("Refund €20.00");
  await expect(ticketRows(page, guest).filter({ hasText: "Void" })).toHaveCount(2);
  await expect(page.getByRole("link", { name: "Refund", exact: true })).toHaveCount(0);

  await organizer.open(`${organizer.home}/orders`);
  await expect(page.getByRole("row", { name: new RegExp(guest.email) })).toContainText("Refunded");
  await organizer.open(organizer.event);
  await expect(page.getByText("0 of 20")).toBeVisible();
  await expect(page.getByText("€40.00 given back")).toBeVisible();
  await guest.open(guest.order);
  await expect(guest.page.getByText("€40.00").first()).toBeVisible();
});

test("an order is cancelled while the money stays", async ({ organizer, somebody, page }) => {
  const guest = await sold(organizer, somebody);
  await openOrder(organizer, guest);
  await organizer.unfold("Cancel this order");
  await expect(page.getByText(/€40\.00 stays with you/)).toBeVisible();
  await organizer.fill({ Reason: "Bought twice by mistake" });
  await organizer.press("Cancel the order");
  await expect(page.getByText("The order is cancelled.")).toBeVisible();
  await expect(ticketRows(page, guest).filter({ hasText: "Void" })).toHaveCount(2);
  await mail(guest.email, /Bought twice by mistake/);
});

test("the list of attendees can be taken along", async ({ organizer, somebody, page }) => {
  const guest = await sold(organizer, somebody);
  await organizer.open(`${organizer.event}/attendees`);
  await organizer.suits();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.csv$/);
  const lines = await new Promise((resolve, reject) => {
    file.createReadStream().then((stream) => {
      const parts = [];
      stream.on("data", (part) => parts.push(part)).on("end", () => resolve(Buffer.concat(parts).toString("utf8").trim().split("\r\n")));
      stream.on("error", reject);
    }, reject);
  });
  expect(lines).toHaveLength(3);
  expect(lines.filter((line) => line.includes(guest.name) && line.includes(guest.email))).toHaveLength(2);
});

test("a cancelled event gives everybody their money back", async ({ organizer, somebody, page }) => {
  const guest = await sold(organizer, somebody);
  await organizer.open(`${organizer.event}/call-off`);
  await organizer.suits();
  await organizer.unfold("Cancel the event");
  const panel = page.locator("form").filter({ has: page.getByRole("button", { name: "Cancel the event and refund everybody" }) });
  await organizer.fill({ Reason: "The roof leaks" }, panel);
  await organizer.press("Cancel the event and refund everybody", panel);
  await expect(page.getByRole("heading", { name: "The event was cancelled" })).toBeVisible();
  await expect(page.getByText("Finished", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  await organizer.suits();
  await mail(guest.email, /The roof leaks/);

  await guest.open(organizer.shop);
  await expect(guest.page.getByText("The roof leaks")).toBeVisible();
  await expect(guest.page.getByLabel("How many: Seat")).toHaveCount(0);
  await expect(async () => {
    await openOrder(organizer, guest);
    await expect(page.getByText("Refund of €40.00 sent")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await expect(ticketRows(page, guest).filter({ hasText: "Void" })).toHaveCount(2);
});
