import { deflateSync } from "node:zlib";
import { called, expect, inDays, test, unique } from "./steps.js";

// A picture as it comes from an editor: PNG, 1600 × 900, a slope of greys.
function picture() {
  const [width, height] = [1600, 900];
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.fill((y * 255) / height, y * (width + 1) + 1, (y + 1) * (width + 1));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, sum]);
}

function crc32(bytes) {
  let rest = ~0;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}

test("a newcomer founds an organization and finds every page empty but friendly", async ({ organizer, page }) => {
  await organizer.signUp("Olga");
  await expect(page.getByRole("heading", { name: "Look into your mailbox" })).toBeVisible();
  await organizer.confirmAddress();
  await organizer.open("/organize");
  await expect(page.getByRole("heading", { level: 1, name: "Who holds your events?" })).toBeVisible();
  await organizer.suits();
  await organizer.press("Continue");
  await expect(page.getByLabel("Name of the organization")).toHaveAttribute("aria-invalid", "true");

  await organizer.found();
  await expect(page.getByText(organizer.organization)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Your first event" })).toBeVisible();
  await organizer.suits();
  for (const [section, words] of [["Orders", "No orders yet"], ["Team", "Nobody is being waited for."], ["Settings", "Your public page:"]]) {
    await organizer.follow(section, page.getByRole("navigation", { name: "Sections" }));
    await expect(page.getByText(words)).toBeVisible();
    await organizer.suits();
  }
});

test("an event that lacks everything says so beside each field", async ({ organizer, page }) => {
  await organizer.signUp("Olga");
  await organizer.signIn();
  await organizer.found();
  await organizer.follow("New event");
  await organizer.settled();
  await organizer.suits();
  await page.getByLabel("Title").fill("Kept what was typed");
  await organizer.press("Create draft");
  await expect(page.getByLabel("Title")).toHaveValue("Kept what was typed");
  for (const label of ["Category", "Begins", "Time zone", "Currency", "Places"]) {
    await expect(page.getByLabel(called(label)), label).toHaveAttribute("aria-invalid", "true");
  }
  await organizer.suits();
});

test("from an idea to a guest: draft, picture, tickets, preview, publishing, sale", async ({ organizer, somebody, page }) => {
  test.slow();
  await organizer.signUp("Olga");
  await organizer.signIn();
  await organizer.found();
  await organizer.draft({ places: "30" });
  await expect(page.getByRole("heading", { level: 1, name: organizer.title })).toBeVisible();
  await expect(page.getByText("Draft", { exact: true })).toBeVisible();
  await organizer.suits();

  // What is missing is a link to where it is done, and stops publishing.
  await expect(page.getByRole("button", { name: "Publish", exact: true })).toBeDisabled();
  await expect(page.getByRole("link", { name: "Confirm the owner's email address" })).toBeVisible();
  await organizer.confirmAddress();
  await organizer.open(organizer.event);
  await expect(page.getByRole("link", { name: "Confirm the owner's email address" })).toHaveCount(0);
  await organizer.follow("Describe it");
  await organizer.settled();
  await organizer.suits();
  await page.getByLabel(called("Description")).fill("## First night\n\nPaper walls, **real** weather.");
  await organizer.press("Save");
  await expect(page.getByText("Saved.").filter({ visible: true })).toBeVisible();

  await organizer.open(`${organizer.event}/edit/picture`);
  await organizer.suits();
  await page.getByLabel("Picture file").setInputFiles({ name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await organizer.press("Upload");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("img", { name: "The picture of this event" })).toHaveCount(0);
  await page.getByLabel("Picture file").setInputFiles({ name: "walls.png", mimeType: "image/png", buffer: picture() });
  await organizer.press("Upload");
  const shown = page.getByRole("img", { name: "The picture of this event" });
  await expect(shown).toBeVisible();
  expect(await shown.evaluate((image) => image.naturalWidth)).toBeGreaterThan(600);
  await organizer.suits();

  await organizer.open(`${organizer.event}/edit/pools/new`);
  await organizer.suits();
  await organizer.fill({ "Name of the pool": "Balcony", Places: "8" });
  await organizer.press("Save");
  await expect(page.getByRole("row", { name: /Balcony/ })).toContainText("8");
  await organizer.follow("Add a ticket type");
  await organizer.settled();
  await organizer.suits();
  await organizer.fill({ "Name of the ticket": "Balcony seat", Price: "12,50", "Most per order": "4" });
  await page.getByRole("checkbox", { name: /Balcony/ }).check();
  await organizer.press("Save");
  await expect(page.getByRole("link", { name: "Balcony seat" })).toBeVisible();
  await expect(page.getByText("€12.50").first()).toBeVisible();
  await organizer.suits();

  // The preview is the page, for the team alone.
  await organizer.open(organizer.event);
  await organizer.follow("Preview");
  await expect(page.getByRole("heading", { level: 1, name: organizer.title })).toBeVisible();
  await expect(page.getByText("Only you and your team see this page.")).toBeVisible();
  await expect(page.getByText("Balcony seat")).toBeVisible();
  const guest = await somebody();
  expect((await guest.open(organizer.shop)).status()).toBe(404);

  await organizer.open(organizer.event);
  await organizer.press("Publish");
  await expect(page.getByText("On sale", { exact: true }).first()).toBeVisible();
  expect((await guest.open(organizer.shop)).status()).toBe(200);
  await expect(guest.page.getByRole("heading", { level: 1 })).toHaveText(organizer.title);
  await expect(guest.page.getByRole("heading", { name: "First night" })).toBeVisible();
  await expect(guest.page.getByText("€12.50").first()).toBeVisible();
  await guest.buys(organizer.shop, { quantity: 2 });
  await expect(guest.page.getByText("Ticket 2 of 2")).toBeVisible();

  await organizer.open(organizer.event);
  await expect(page.getByRole("row", { name: /^Seat/ })).toContainText(/Free\s*2/);
  await expect(page.getByText("2 of 38")).toBeVisible();
  await organizer.suits();
  await organizer.follow("Orders");
  await expect(page.getByRole("row", { name: new RegExp(guest.email) })).toContainText("Paid");
  await organizer.follow("Attendees", page.getByRole("navigation", { name: "Sections" }));
  await expect(page.getByRole("row", { name: new RegExp(guest.name) })).toHaveCount(2);
  await organizer.open(organizer.home);
  await expect(page.getByRole("listitem").filter({ hasText: organizer.title })).toContainText("2 of 38");
});

test("each part of an event is changed on its own and kept", async ({ organizer, page }) => {
  await organizer.signUp("Olga");
  await organizer.signIn();
  await organizer.found();
  await organizer.draft();
  const title = `Matinée ${unique()}`;
  const parts = {
    "/edit": { Title: title, "In one sentence": "Before lunch." },
    "/edit/when": { Begins: inDays(41), Ends: inDays(42) },
    "/edit/place": { Venue: "New Depot", "Street and number": "Gleis 7", City: "Leipzig", Country: "DE" },
    "/edit/rules": {},
  };
  for (const [path, fields] of Object.entries(parts)) {
    await organizer.open(organizer.event + path);
    await organizer.suits();
    if (path === "/edit/rules") {
      await page.getByRole("radio", { name: /Only with the link/ }).check();
      await organizer.press("Save", page.locator("form").filter({ has: page.getByRole("radio") }));
    } else {
      await organizer.fill(fields);
      await organizer.press("Save");
    }
    await expect(page.getByText("Saved.").filter({ visible: true })).toBeVisible();
    await organizer.open(organizer.event + path);
    for (const [label, value] of Object.entries(fields)) await expect(page.getByLabel(called(label)), label).toHaveValue(value);
  }
  await expect(page.getByRole("radio", { name: /Only with the link/ })).toBeChecked();
  await organizer.open(organizer.event);
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
});
