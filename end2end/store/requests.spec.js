import { mail } from "../support/mailbox.js";
import { called, expect, test, unique } from "../organizer/steps.js";

// An organizer whose event asks them before anybody gets tickets.
async function asks(organizer, { price = "", hold = false } = {}) {
  await organizer.sells({ price });
  await organizer.open(`${organizer.event}/edit/rules`);
  const form = organizer.page.locator("form").filter({ has: organizer.page.getByLabel("Orders need my approval") });
  await form.getByLabel("Orders need my approval").check();
  if (hold) await form.getByLabel("Hold the amount on the card meanwhile").check();
  await organizer.press("Save", form);
  await expect(form.getByLabel("Orders need my approval")).toBeChecked();
}

// Somebody asks for a seat; leaves their browser on the page of the request.
async function request(guest, shop, { held } = {}) {
  const name = `Bruno ${unique()}`;
  Object.assign(guest, { name, email: `${name.toLowerCase().replaceAll(" ", "-")}@buyers.example` });
  await guest.open(shop);
  await expect(guest.page.getByText("Tickets on request")).toBeVisible();
  await guest.page.getByLabel("How many: Seat").fill("1");
  await guest.press("Continue", guest.page.locator("#choose"));
  await expect(guest.page.getByText("This is a request")).toBeVisible();
  await guest.suits();
  await guest.page.getByLabel(called("Email")).first().fill(guest.email);
  await guest.page.getByLabel(called("Name")).first().fill(name);
  await guest.press(held ? "On to the card" : "Send the request");
  if (held) {
    await expect(guest.page.getByText("Your card is held, not charged")).toBeVisible();
    await guest.press(`Hold ${held} on my card`);
    await guest.page.locator("button[value=succeed]").click();
  }
  await expect(guest.page).toHaveURL(/\/orders\/[a-z2-7]{32}$/, { timeout: 20_000 });
  guest.order = new URL(guest.page.url()).pathname;
  await expect(guest.page.getByRole("heading", { level: 1 })).toContainText("Waiting for");
  await guest.suits();
}

async function openRequest(organizer, guest) {
  await organizer.open(`${organizer.event}/orders?state=asked`);
  await organizer.page.getByRole("row", { name: new RegExp(guest.email) }).getByRole("link").first().click();
  await expect(organizer.page.getByText("This request waits for your decision")).toBeVisible();
  await organizer.settled();
}

test("a yes brings the ticket, a no its reason", async ({ organizer, somebody, page }) => {
  await asks(organizer);
  const [first, second] = [await somebody(), await somebody()];
  await request(first, organizer.shop);
  await request(second, organizer.shop);
  await organizer.open(organizer.event);
  await expect(page.getByText("2 requests wait for your decision")).toBeVisible();
  await openRequest(organizer, first);
  await organizer.suits();
  await organizer.press("Approve");
  await expect(page.getByText("The request is approved.")).toBeVisible();
  await first.open(first.order);
  await expect(first.page.getByText("Ticket 1 of 1")).toBeVisible();
  await mail(first.email, /\/orders\/[a-z2-7]{32}/);

  await openRequest(organizer, second);
  await organizer.unfold("Decline");
  await page.getByLabel("Reason").fill("Only friends of the house tonight");
  await organizer.press("Decline the request");
  await expect(page.getByText("The request is declined, and the buyer is told.")).toBeVisible();
  await second.open(second.order);
  await expect(second.page.getByRole("heading", { level: 1 })).toHaveText("The answer is no");
  await expect(second.page.getByText("Only friends of the house tonight")).toBeVisible();
  await mail(second.email, /Only friends of the house tonight/);
});

test("a card is held, and charged when several are approved; who takes a request back is not", async ({ organizer, somebody, page }) => {
  await asks(organizer, { price: "20", hold: true });
  const [stays, leaves] = [await somebody(), await somebody()];
  await request(stays, organizer.shop, { held: "€20.00" });
  await request(leaves, organizer.shop, { held: "€20.00" });
  await leaves.unfold("Take the request back");
  await leaves.press("Take it back");
  await leaves.open(leaves.order);
  await expect(leaves.page.getByRole("heading", { level: 1 })).toHaveText("You took this request back");
  await organizer.open(`${organizer.event}/orders?state=asked`);
  await organizer.suits();
  const boxes = page.getByRole("checkbox", { name: /^Approve / });
  await expect(boxes).toHaveCount(1);
  await boxes.first().check();
  await organizer.press("Approve those that are ticked");
  await expect(page.getByText("Approved: 1. Not possible any more: 0.")).toBeVisible();
  await stays.open(stays.order);
  await expect(stays.page.getByText("Ticket 1 of 1")).toBeVisible();
});
