// The waiting room before a sale: several people at browsers of their own, one event with too few places.
import { found, onSale, ownAddress, unique } from "../support/founder.js";
import { accessible, expect, fits, hydrated, test } from "../support/journey.js";
import { mail } from "../support/mailbox.js";

test.describe.configure({ mode: "serial" });

// Puts a waiting room before the event whose public page is at `event`.
async function waitingRoom(page, home, event) {
  const slug = event.split("/").pop();
  await page.goto(`${home}/events/${slug}/edit/rules`);
  const main = page.locator("main");
  await main.getByLabel("Put a waiting room before the sale").check();
  const form = main.locator("form").filter({ has: page.getByLabel("Put a waiting room before the sale") });
  await form.getByRole("button", { name: "Save" }).click();
  await expect(main.getByLabel("Put a waiting room before the sale")).toBeChecked();
}

// Begins the only ticket type's sale at a time of the venue's clock, such as "2030-05-01T10:00".
async function sellFrom(page, home, event, from) {
  const slug = event.split("/").pop();
  await page.goto(`${home}/events/${slug}/edit/tickets`);
  await page.locator(".ticket-row .event-row-title").first().click();
  const field = page.locator("[name=sales_from]");
  await expect(page.locator("summary").getByText("When it is on sale")).toBeVisible();
  if (!(await field.isVisible())) await page.locator("summary").getByText("When it is on sale").click();
  await field.fill(from);
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page).toHaveURL(/\/edit\/tickets/);
}

const venueClock = (minutes) =>
  new Date(Date.now() + minutes * 60_000).toLocaleString("sv-SE", { timeZone: "Europe/Ljubljana" }).slice(0, 16).replace(" ", "T");

async function comeIn(page, event) {
  await page.goto(event);
  await page.getByRole("button", { name: "Go to the waiting room" }).click();
  await expect(page).toHaveURL(/\/waiting\/\d+-[a-z2-7]{32}$/);
}

// The line moves once a second; without scripts the page looks again when asked.
async function turn(page, scripts) {
  await expect(async () => {
    if (!scripts) await page.reload();
    await expect(page.getByRole("heading", { name: "It is your turn" })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
}

test("two choose for each place, the others wait and are let in when places come back", async ({ page, another, javaScriptEnabled }) => {
  test.slow();
  await page.context().setExtraHTTPHeaders(ownAddress());
  const home = await found(page, {
    person: "Mira",
    email: `mira-${unique()}@people.example`,
    organization: `House ${unique()}`,
  });
  const event = await onSale(page, home, { title: `Everybody's Night ${unique()}`, places: 1 });
  await waitingRoom(page, home, event);

  const [ada, bo, cy] = [
    await another({ extraHTTPHeaders: ownAddress() }),
    await another({ extraHTTPHeaders: ownAddress() }),
    await another({ extraHTTPHeaders: ownAddress() }),
  ];
  // Tickets cannot be chosen on the event's page.
  await ada.goto(event);
  await expect(ada.locator("#choose")).toHaveCount(0);
  await comeIn(ada, event);
  await turn(ada, javaScriptEnabled);
  await comeIn(bo, event);
  await turn(bo, javaScriptEnabled);
  await comeIn(cy, event);
  await expect(cy.getByRole("heading", { name: "You are in line" })).toBeVisible();
  await expect(cy.getByText("people before you")).toBeVisible();
  await fits(cy);
  if (javaScriptEnabled) {
    await hydrated(cy);
    await accessible(cy);
  }

  // A place is kept: by the address, by the browser, and by a mail to another device.
  const place = new URL(cy.url()).pathname;
  await cy.goto(event);
  await cy.getByRole("button", { name: "Go to the waiting room" }).click();
  await expect(cy).toHaveURL(place);
  await cy.locator("summary").getByText("Go on waiting on another device").click();
  const address = `cy-${unique()}@people.example`;
  await cy.getByLabel("Email").fill(address);
  await cy.getByRole("button", { name: "Send me the link" }).click();
  await expect(cy.getByText("The link is on its way")).toBeVisible();
  const [link] = await mail(address, /http:\/\/[^\s"<]+\/waiting\/[\w-]+/);
  expect(new URL(link).pathname).toBe(place);
  const phone = await another({ extraHTTPHeaders: ownAddress() });
  await phone.goto(link);
  await expect(phone.getByRole("heading", { name: "You are in line" })).toBeVisible();

  // Ada takes the only place: Cy hears of it. She gives it back, and the line moves on.
  await ada.locator("#choose button[type=submit]").click();
  await expect(ada).toHaveURL(/\/checkout\//);
  await expect(async () => {
    if (!javaScriptEnabled) await cy.reload();
    await expect(cy.getByText("No tickets can be had right now")).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  // With scripts Bo's page says so by itself.
  if (!javaScriptEnabled) await bo.locator("#choose button[type=submit]").click();
  await expect(bo.getByText("sold out", { exact: false }).first()).toBeVisible();
  await ada.getByText("Leave and give the tickets back").click();
  await ada.getByRole("button", { name: "Give the tickets back" }).click();
  await turn(cy, javaScriptEnabled);
  await cy.locator("#choose button[type=submit]").click();
  await expect(cy).toHaveURL(/\/checkout\//);

  // Mira sees the line, and opens the doors: nobody has to wait any more.
  await page.goto(`${home}/events/${event.split("/").pop()}`);
  await expect(page.getByText("Let in", { exact: true })).toBeVisible();
});

test("those who are there before the sale see the clock, and how the order will be drawn", async ({ page, another, javaScriptEnabled }) => {
  await page.context().setExtraHTTPHeaders(ownAddress());
  const home = await found(page, {
    person: "Noor",
    email: `noor-${unique()}@people.example`,
    organization: `House ${unique()}`,
  });
  const event = await onSale(page, home, { title: `The First Night ${unique()}`, places: 20 });
  await sellFrom(page, home, event, venueClock(180));
  await waitingRoom(page, home, event);
  const ada = await another({ extraHTTPHeaders: ownAddress() });
  await ada.goto(event);
  await ada.getByRole("button", { name: "Go to the waiting room" }).click();
  await expect(ada.getByText("The waiting room opens")).toBeVisible();
  await expect(ada.getByRole("button", { name: "Come in" })).toHaveCount(0);

  await sellFrom(page, home, event, venueClock(30));
  await expect(async () => {
    await ada.reload();
    await expect(ada.getByRole("button", { name: "Come in" })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await ada.getByRole("button", { name: "Come in" }).click();
  await expect(ada.getByRole("heading", { name: "You are in the waiting room" })).toBeVisible();
  await expect(ada.getByRole("timer")).toBeVisible();
  await fits(ada);
  if (javaScriptEnabled) {
    await hydrated(ada);
    await accessible(ada);
  }
  await ada.locator("summary").getByText("How the order is drawn").click();
  await expect(ada.getByText(/^[0-9a-f]{64}$/)).toBeVisible();

  // A place that was made up.
  const response = await ada.goto(`${event}/waiting/1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`);
  expect(response.status()).toBe(410);
});
