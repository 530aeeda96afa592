// One device, several tabs and several builds of the scanner over the years.
import { accessible, expect, open, test } from "../support/journey.js";
import { device, door, evening, makeLink, start, unique } from "./steps.js";

test("one tab scans, the other says so and looks again", async ({ page, another, browser, baseURL }) => {
  const night = await evening(browser, baseURL);
  const organizer = await another();
  await door(organizer, night);
  await device(page, await makeLink(organizer, ""), `Phone ${unique()}`);
  const second = await page.context().newPage();
  await open(second, "/scan");
  const elsewhere = second.getByRole("heading", { name: "The scanner is open elsewhere" });
  await expect(elsewhere).toBeVisible();
  await accessible(second);
  await second.getByRole("button", { name: "Look again" }).click();
  await expect(elsewhere).toBeVisible();
  await page.close();
  await second.getByRole("button", { name: "Look again" }).click();
  await start(second);
});

// As the first build kept it: in the open, each line as text.
function asTheFirstBuild() {
  const line = (id, state) => ({
    id, ticket: null, kind: "refuse", verdict: "exited", at: "2026-06-01T19:00:00Z", holder: "Ana Novak", type_name: null,
    order_code: null, state,
  });
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("bilten-scanner", 1);
    asked.onupgradeneeded = () => {
      const base = asked.result;
      base.createObjectStore("about");
      base.createObjectStore("roster");
      base.createObjectStore("log", { autoIncrement: true });
    };
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      const base = asked.result;
      const change = base.transaction(["about", "log"], "readwrite");
      const door = { event: { id: "00000000-0000-7000-8000-000000000001" } };
      change.objectStore("about").put(JSON.stringify({ token: "of-its-time", door }), "identity");
      const told = { told: { settled: "accepted", used: null } };
      change.objectStore("log").add(JSON.stringify(line("00000000-0000-7000-8000-000000000002", told)));
      change.objectStore("log").add(JSON.stringify(line("00000000-0000-7000-8000-000000000003", "waiting")));
      change.oncomplete = () => {
        base.close();
        resolve();
      };
    };
  });
}

test("scans the first build could not send are sent, with the token of their time", async ({ page }) => {
  await open(page, "/");
  await page.evaluate(asTheFirstBuild);
  const sent = [];
  await page.route("**/api/v1/scanner/scans", async (route) => {
    const { scans } = route.request().postDataJSON();
    sent.push([route.request().headers().authorization, scans.map((scan) => scan.id), scans.map((scan) => scan.counter)]);
    const answers = scans.map(({ id }) => ({ id, answer: "accepted", settled: "accepted", used: null, reason: null }));
    const now = new Date().toISOString();
    await route.fulfill({ json: { answers, counters: { sold: 1, inside: 0 }, lease_until: now, server_now: now } });
  });
  await open(page, "/scan");
  await expect(page.getByRole("heading", { name: "Pair this device" })).toBeVisible();
  await expect.poll(() => sent).toEqual([["Bearer of-its-time", ["00000000-0000-7000-8000-000000000003"], [2]]]);
});
