// At the door: pairing, and what each thing that is held before the scanner is answered with.
import { accessible, expect, open, test } from "../support/journey.js";
import {
  amber, buy, check, counts, device, door, evening, forged, gone, green, guest, makeLink, meetup, next, orange, pair, red,
  says, unique, verdict, wedge,
} from "./steps.js";

let night;
test.beforeAll(async ({ browser, baseURL }) => {
  night = await evening(browser, baseURL);
});

test("a link pairs one device, and the organizer sees it", async ({ page, another }) => {
  const name = `Phone ${unique()}`;
  const organizer = await another();
  await door(organizer, night);
  const link = await makeLink(organizer, "North gate");
  await accessible(organizer);

  await open(page, link);
  await expect(page).toHaveURL(/\/scan$/);
  await accessible(page);
  await pair(page, link, name);
  await expect(page.getByText(night.title)).toBeVisible();
  await expect(page.getByText("North gate")).toBeVisible();
  await expect(page.getByText(/^\d+ tickets$/)).toBeVisible();
  await accessible(page);
  const row = organizer.getByRole("row", { name });
  await expect(row).toContainText("North gate");

  const late = await another();
  await open(late, link);
  await late.getByRole("button", { name: "Pair", exact: true }).click();
  await expect(late.getByText("This pairing link has already been used. Ask for a new one.")).toBeVisible();
});

test("who works at the door sees it and cannot pair", async ({ page }) => {
  await door(page, night, "door");
  await expect(page.getByRole("heading", { name: "Last scans" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Pair a scanner" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Remove" })).toHaveCount(0);
});

test("green once, amber the second time, and green again after undoing", async ({ page, another }) => {
  const name = `Ana ${unique()}`;
  const [code] = await buy(await another(guest), night, name);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, "North gate"), `Phone ${unique()}`);

  await check(page, code);
  await says(page, { word: "Welcome", note: name, colour: green });
  await gone(page);
  await check(page, code);
  await says(page, { word: "Already in", note: /Used at \d\d:\d\d, North gate\./, colour: amber });
  await next(page);
  await counts(page, "Refused", 1);

  await page.getByText("Last scans").click();
  const admitted = page.getByRole("listitem").filter({ hasText: "Welcome" });
  await admitted.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Undone" })).toContainText(name);
  await check(page, code);
  await says(page, { word: "Welcome", colour: green });
  await page.getByRole("button", { name: "Undo" }).first().click();
  await gone(page);
  await counts(page, "Waiting", 0);
  await expect(organizer.getByRole("row", { name }).filter({ hasText: "Undone" })).toHaveCount(2);
});

test("whatever does not open this door is told apart in colour and words", async ({ page, another, browser, baseURL }) => {
  const matinee = await evening(browser, baseURL);
  const buyer = await another(guest);
  const [good] = await buy(buyer, night, `Good ${unique()}`);
  const [elsewhere] = await buy(buyer, matinee, `Elsewhere ${unique()}`);
  const [stranger] = await buy(buyer, meetup, `Stranger ${unique()}`);
  const [cancelled] = await buy(buyer, night, `Cancelled ${unique()}`);
  await buyer.getByText("Cancel the order", { exact: true }).click();
  await buyer.getByRole("link", { name: "Choose tickets to give back" }).click();
  await buyer.getByRole("checkbox").first().check();
  await buyer.getByRole("button", { name: "Show what I get back" }).click();
  await buyer.getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(buyer.getByRole("heading", { level: 1 })).toContainText(/cancelled/i);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), `Phone ${unique()}`);

  const answers = [
    [elsewhere, { word: "Other event", note: "A genuine ticket, but not for this event.", colour: orange }],
    [cancelled, { word: "Cancelled", note: "The order was cancelled or refunded.", colour: red }],
    [forged(good), { word: "Not genuine", note: "nobody here signed it", colour: red }],
    [stranger, { word: "No ticket", note: "A ticket of another organizer.", colour: red }],
    [good.slice(0, 90), { word: "No ticket", note: "The code is damaged.", colour: red }],
    ["https://example.org/menu", { word: "No ticket", note: "A web address.", colour: red }],
  ];
  for (const [index, [text, answer]] of answers.entries()) {
    await check(page, text);
    await says(page, answer);
    await next(page);
    await counts(page, "Refused", index + 1);
  }
  // All that fuss has not used the good ticket up; its code may be read out in small letters.
  await check(page, good.toLowerCase());
  await says(page, { word: "Welcome", colour: green });
});

test("a hardware scanner types, wherever the focus is", async ({ page, another }) => {
  const [first, second] = await buy(await another(guest), night, `Wedge ${unique()}`, 2);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), `Phone ${unique()}`);

  await page.getByLabel("Code, order or name").focus();
  await wedge(page, first);
  await says(page, { word: "Welcome", colour: green });
  await expect(page.getByLabel("Code, order or name")).toHaveValue("");
  // The guest's phone stays under the scanner a moment longer: nothing happens.
  await wedge(page, first);
  await gone(page);
  await counts(page, "Refused", 0);

  await wedge(page, "https://example.org/menu");
  await says(page, { word: "No ticket", colour: red });
  // The next guest needs no finger; the Enter presses nothing.
  await wedge(page, second);
  await says(page, { word: "Welcome", colour: green });
  await gone(page);
  await counts(page, "Refused", 1);
});

test("a code that comes while the last one is being written down is not lost", async ({ page, another }) => {
  const codes = await buy(await another(guest), night, `Hurry ${unique()}`, 2);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), `Phone ${unique()}`);
  await page.getByRole("search").evaluate((form, codes) => {
    const field = form.querySelector("input");
    for (const code of codes) {
      field.value = code;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      form.requestSubmit();
    }
  }, codes);
  await gone(page);
  await page.getByText("Last scans").click();
  await expect(page.getByRole("listitem").filter({ hasText: "Welcome" })).toHaveCount(2);
});

test("somebody without a code is found by name, and the rest of the order with them", async ({ page, another }) => {
  const family = unique();
  const name = `Mila ${family}`;
  await buy(await another(guest), night, name, 3);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), `Phone ${unique()}`);

  await check(page, family);
  await expect(page.getByRole("heading", { name: "Found" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Let in" })).toHaveCount(3);
  await page.getByRole("button", { name: "Let in" }).first().click();
  await says(page, { word: "Welcome", note: name, colour: green });
  await gone(page);
  await page.getByText("Last scans").click();
  await page.getByRole("button", { name: "Same order" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Already in" })).toHaveCount(1);
  await page.getByRole("button", { name: "Let in" }).last().click();
  await expect(verdict(page)).toBeVisible();
});

test("a name nobody has is no refusal", async ({ page, another }) => {
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), `Phone ${unique()}`);
  await check(page, "Nobody Ofthatname");
  await expect(page.getByText("No such name or order in the list.")).toBeVisible();
  await counts(page, "Refused", 0);
});
