// The door without a network: it goes on, remembers, and tells later.
import { expect, test } from "../support/journey.js";
import {
  amber, buy, check, counts, device, door, evening, gone, green, guest, kept, makeLink, next, says, start, unique,
} from "./steps.js";

let night;
test.beforeAll(async ({ browser, baseURL }) => {
  night = await evening(browser, baseURL);
});

test("airplane mode: the scanner opens, decides and queues; the network brings it all home", async ({ page, another }) => {
  const [name, phone] = [`Offline ${unique()}`, `Phone ${unique()}`];
  const buyer = await another(guest);
  const [first, second] = await buy(buyer, night, name, 2);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, "North gate"), phone);
  await kept(page);

  await page.context().setOffline(true);
  await expect(page.getByText(/^Offline\. List from/)).toBeVisible();
  await check(page, first);
  await says(page, { word: "Welcome", note: name, colour: green });
  await gone(page);
  await counts(page, "Waiting", 1);
  await page.reload();
  await start(page);
  await counts(page, "Waiting", 1);
  await check(page, first);
  await says(page, { word: "Already in", note: "List from", colour: amber });
  await next(page);
  await check(page, second);
  await says(page, { word: "Welcome", colour: green });
  await gone(page);
  // Sold while nobody could tell this device.
  const [sold] = await buy(buyer, night, `Late ${unique()}`);
  await check(page, sold);
  await says(page, { word: "Welcome", note: "Just sold", colour: green });
  await gone(page);
  await counts(page, "Waiting", 4);
  await expect(organizer.getByRole("row", { name: phone }).filter({ hasText: "Welcome" })).toHaveCount(0);

  await page.context().setOffline(false);
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 15_000 });
  await counts(page, "Waiting", 0);
  const seen = organizer.getByRole("row", { name: phone });
  await expect(seen.filter({ hasText: "Let in" })).toHaveCount(3);
  await expect(seen.filter({ hasText: "Already in" })).toHaveCount(1);
  await expect(seen.filter({ has: organizer.getByText("Remove", { exact: true }) }).getByRole("cell").nth(4)).toHaveText("3");
});

test("two doors let the same ticket in without a network: somebody is told", async ({ page, another }) => {
  const name = `Twice ${unique()}`;
  const [code] = await buy(await another(guest), night, name);
  const organizer = await another();
  await door(organizer, night);
  const [north, south] = [page, await another()];
  await device(north, await makeLink(organizer, "North gate"), `North ${unique()}`);
  await device(south, await makeLink(organizer, "South gate"), `South ${unique()}`);
  for (const each of [north, south]) await each.context().setOffline(true);
  for (const each of [north, south]) {
    await check(each, code);
    await says(each, { word: "Welcome", note: name, colour: green });
    await gone(each);
  }
  // The one that was later comes home first: time decides, not the order of telling.
  await south.context().setOffline(false);
  await counts(south, "Waiting", 0);
  await north.context().setOffline(false);
  await counts(north, "Waiting", 0);
  const told = organizer.getByRole("table", { name: "To look at" }).getByRole("row", { name });
  await expect(told).toContainText("Second entry");
  await expect(told).toContainText("South gate");
});

test("the door that was second hears of it", async ({ page, another }) => {
  const name = `Second ${unique()}`;
  const [code] = await buy(await another(guest), night, name);
  const organizer = await another();
  await door(organizer, night);
  const [north, south] = [page, await another()];
  await device(north, await makeLink(organizer, "North gate"), `North ${unique()}`);
  await device(south, await makeLink(organizer, "South gate"), `South ${unique()}`);
  await south.context().setOffline(true);
  for (const each of [north, south]) {
    await check(each, code);
    await says(each, { word: "Welcome", note: name, colour: green });
    await gone(each);
  }
  await counts(north, "Waiting", 0);
  await south.context().setOffline(false);
  await south.getByText("To look at (1)").click();
  await expect(south.getByRole("listitem").filter({ hasText: name }).first()).toContainText(
    /Another door was earlier: \d\d:\d\d, North gate/,
  );
});

test("a scanner that is removed forgets everything", async ({ page, another }) => {
  const phone = `Lost ${unique()}`;
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), phone);
  const row = organizer.getByRole("row", { name: phone });
  await row.getByText("Remove", { exact: true }).click();
  await row.getByRole("button", { name: "Remove this scanner" }).click();
  // Those that are gone are folded away.
  await organizer.getByText("Removed scanners").click();
  await expect(organizer.getByRole("row", { name: phone })).toBeVisible();

  await expect(page.getByRole("heading", { name: "This device was shut out" })).toBeVisible({ timeout: 20_000 });
  await page.reload();
  await expect(page.getByRole("heading", { name: "Pair this device" })).toBeVisible();
  const left = await page.evaluate(async () => {
    const open = (name) =>
      new Promise((resolve, reject) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const left = {};
    for (const { name } of await indexedDB.databases()) {
      const base = await open(name);
      for (const store of base.objectStoreNames) {
        const asked = base.transaction(store).objectStore(store).count();
        left[store] = await new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)));
      }
    }
    return left;
  });
  expect(left).toMatchObject({ roster: 0 });
});
