// What goes wrong with a device at a door, and what it says then: time, space, camera, and who may read what it keeps.
import { accessible, expect, hydrated, open, test } from "../support/journey.js";
import {
  amber, buy, check, counts, device, door, evening, gone, green, guest, kept, makeLink, pair, says, start, unique,
} from "./steps.js";

const HOUR = 3_600_000;

let night;
test.beforeAll(async ({ browser, baseURL }) => {
  night = await evening(browser, baseURL);
});

// A clock that can be set, as in the settings of a phone. It stays so when the page is opened again.
function settable() {
  const RealDate = Date;
  const wrong = () => Number(localStorage.getItem("wrong") ?? 0);
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(RealDate.now() + wrong());
      else super(...given);
    }
    static now() {
      return RealDate.now() + wrong();
    }
  };
}

function setClock(page, wrong) {
  return page.evaluate((wrong) => localStorage.setItem("wrong", String(wrong)), wrong);
}

// Everything in the browser's databases: bytes as text, and how many things lie in each store.
function stored(page) {
  return page.evaluate(async () => {
    const wait = (asked) =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const seen = { text: "", counts: {}, extractable: [] };
    const look = (value) => {
      if (typeof value === "string") seen.text += value;
      else if (ArrayBuffer.isView(value)) seen.text += new TextDecoder("latin1").decode(value);
      else if (value instanceof CryptoKey) seen.extractable.push(value.extractable);
      else if (value && typeof value === "object") Object.values(value).forEach(look);
    };
    for (const { name } of await indexedDB.databases()) {
      const base = await wait(indexedDB.open(name));
      for (const store of base.objectStoreNames) {
        const all = await wait(base.transaction(store).objectStore(store).getAll());
        seen.counts[store] = all.length;
        all.forEach(look);
      }
      base.close();
    }
    return seen;
  });
}

test("nothing a phone keeps can be read without its key, and the key stays in the browser", async ({ page, another }) => {
  const name = `Secretly ${unique()}`;
  const [code] = await buy(await another(guest), night, name);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, "Hidden gate"), `Phone ${unique()}`);
  await check(page, code);
  await says(page, { word: "Welcome", note: name, colour: green });
  const { text, counts, extractable } = await stored(page);
  expect(extractable).toEqual([false, false]);
  expect(counts.log).toBeGreaterThan(0);
  expect(counts.roster).toBeGreaterThan(0);
  for (const secret of ["Secretly", "Hidden gate", night.title, "valid", "Admission"]) expect(text).not.toContain(secret);
});

test("a day without contact: names go, the door stops, and what happened is told", async ({ page, another }) => {
  await page.addInitScript(settable);
  const [phone, name] = [`Late ${unique()}`, `Owed ${unique()}`];
  const [code, later] = await buy(await another(guest), night, name, 2);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, "North gate"), phone);
  await kept(page);
  await page.context().setOffline(true);
  await check(page, code);
  await says(page, { word: "Welcome", note: name, colour: green });
  await gone(page);

  await page.addInitScript((wrong) => localStorage.setItem("wrong", wrong), String(25 * HOUR));
  await page.reload();
  await expect(page.getByRole("heading", { name: "Connect to go on" })).toBeVisible();
  await expect(page.getByText("1 scan still waits to be sent")).toBeVisible();
  await accessible(page);
  await expect(async () => {
    expect((await stored(page)).counts).toMatchObject({ roster: 0, log: 1, keys: 1 });
  }).toPass();
  // Closed and opened again it is no wiser, and the scan is still there.
  await page.reload();
  await expect(page.getByText("1 scan still waits to be sent")).toBeVisible();

  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await start(page);
  await counts(page, "Waiting", 0);
  await expect(organizer.getByRole("row", { name: phone }).filter({ hasText: "Let in" })).toHaveCount(1);
  await check(page, code);
  await says(page, { word: "Already in", note: "Used at", colour: amber });
  await page.getByRole("button", { name: "Next guest" }).click();
  await check(page, later);
  await says(page, { word: "Welcome", note: name, colour: green });
});

test("a scanner that was shut out keeps what it could not tell, for another pairing", async ({ page, another }) => {
  const [phone, name] = [`Gone ${unique()}`, `Kept ${unique()}`];
  const [code] = await buy(await another(guest), night, name);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), phone);
  await kept(page);
  await page.context().setOffline(true);
  await check(page, code);
  await says(page, { word: "Welcome", note: name, colour: green });
  await gone(page);
  const row = organizer.getByRole("row", { name: phone });
  await row.getByText("Remove", { exact: true }).click();
  await row.getByRole("button", { name: "Remove this scanner" }).click();
  await organizer.getByText("Removed scanners").click();
  await page.context().setOffline(false);
  await expect(page.getByRole("heading", { name: "This device was shut out" })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("1 scan could not be sent")).toBeVisible();
  await page.reload();
  await expect(page.getByText("1 scan could not be sent")).toBeVisible();

  const again = `Back ${unique()}`;
  // As from a link in another application.
  await page.goto("about:blank");
  await pair(page, await makeLink(organizer, ""), again);
  await start(page);
  await counts(page, "Waiting", 0);
  await expect(organizer.getByRole("row", { name: again }).filter({ hasText: "Let in" })).toHaveCount(1);
});

test("whoever sets the clock is noticed, and scans keep the right time", async ({ page, another }) => {
  await page.addInitScript(settable);
  const [first, second] = await buy(await another(guest), night, `Time ${unique()}`, 2);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), `Phone ${unique()}`);
  await kept(page);
  await page.context().setOffline(true);
  await setClock(page, -3 * HOUR);
  await check(page, first);
  await says(page, { word: "Welcome", colour: green });
  await gone(page);
  await expect(page.getByText("The clock of this device was changed.")).toBeVisible();
  await check(page, first);
  await says(page, { word: "Already in", note: "Used at", colour: amber });
  // What is shown is the server's time, not the device's.
  const now = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Ljubljana", hour: "2-digit", minute: "2-digit" });
  const minutes = [0, 60_000].map((ago) => now.format(Date.now() - ago)).join("|");
  await expect(page.locator("[data-verdict]")).toContainText(new RegExp(`Used at (${minutes})`));
  await page.getByRole("button", { name: "Next guest" }).click();

  // Set back while nobody was there to see it: this door waits for the network.
  await page.reload();
  await expect(page.getByRole("button", { name: "Start scanning" })).toBeVisible();
  await page.addInitScript((wrong) => localStorage.setItem("wrong", wrong), String(-5 * HOUR));
  await page.reload();
  await expect(page.getByRole("heading", { name: "The clock of this device is wrong" })).toBeVisible();
  await accessible(page);
  await page.context().setOffline(false);
  await start(page);
  await check(page, second);
  await says(page, { word: "Welcome", colour: green });
  await gone(page);
  await counts(page, "Waiting", 0);
  await page.reload();
  await expect(page.getByText("The clock of this device is 300 minutes wrong.")).toBeVisible();
});

test("no space left: nobody is let in, and the page says what to do", async ({ page, another }) => {
  await page.addInitScript(() => {
    const add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = function (...given) {
      if (globalThis.full && this.name === "log") throw new DOMException("The disk is full", "QuotaExceededError");
      return add.apply(this, given);
    };
  });
  const [code] = await buy(await another(guest), night, `Full ${unique()}`);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), `Phone ${unique()}`);
  await page.evaluate(() => (globalThis.full = true));
  await check(page, code);
  await expect(page.getByRole("heading", { name: "No space left on this device" })).toBeVisible();
  await expect(page.locator("[data-verdict]")).toHaveCount(0);
  await accessible(page);
  await page.getByRole("button", { name: "Try again" }).click();
  await hydrated(page);
  await start(page);
  await check(page, code);
  await says(page, { word: "Welcome", colour: green });
});

test("a browser that stores nothing is told apart from one that is full", async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("Not in a private window", "SecurityError");
    };
  });
  await open(page, "/scan");
  await expect(page.getByRole("heading", { name: "This device cannot remember scans" })).toBeVisible();
  await expect(page.getByText("a normal window instead of a private one")).toBeVisible();
  await page.getByRole("button", { name: "العربية" }).click();
  await expect(page.getByText("افتح الماسح في نافذة عادية")).toBeVisible();
  await accessible(page);
});

for (const [fault, title] of [
  ["NotAllowedError", "The camera is not allowed"],
  ["NotFoundError", "This device has no camera"],
  ["NotReadableError", "The camera does not start"],
]) {
  test(`${fault}: the page says what to do, and typing goes on`, async ({ page, another }) => {
    await page.addInitScript((fault) => {
      MediaDevices.prototype.getUserMedia = async () => {
        throw new DOMException("No", fault);
      };
    }, fault);
    const organizer = await another();
    await door(organizer, night);
    await device(page, await makeLink(organizer, ""), `Phone ${unique()}`);
    await expect(page.getByText(title)).toBeVisible();
    await expect(page.getByRole("alert").getByRole("button", { name: "Try again" })).toBeVisible();
    await accessible(page);
    await expect(page.getByLabel("Code, order or name")).toBeVisible();
  });
}
