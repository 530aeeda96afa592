// A ticket held before the camera.
import { fileURLToPath } from "node:url";
import config from "../playwright.config.js";
import { expect, hydrated, test } from "../support/journey.js";
import { modules } from "../support/qr.js";
import { film } from "../support/video.js";
import {
  buy, counts, device, door, drawn, evening, gone, green, guest, makeLink, says, unique,
} from "./steps.js";

const { launchOptions } = config.use;
const recording = fileURLToPath(new URL("../test-results/camera.y4m", import.meta.url));

test.use({
  launchOptions: {
    ...launchOptions,
    args: [
      ...launchOptions.args,
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${recording}`,
    ],
  },
});

let night;
test.beforeAll(async ({ browser, baseURL }) => {
  night = await evening(browser, baseURL);
});

test("the camera reads a ticket, once, with the scanner's own eyes", async ({ page, another }) => {
  // Where browsers bring a detector, Bilten's own would stay untried.
  await page.addInitScript(() => delete globalThis.BarcodeDetector);
  const name = `Camera ${unique()}`;
  const buyer = await another(guest);
  await buy(buyer, night, name);
  film(recording, modules((await drawn(buyer))[0]));
  const organizer = await another();
  await door(organizer, night);

  await device(page, await makeLink(organizer, ""), `Eye ${unique()}`);
  await says(page, { word: "Welcome", note: name, colour: green });
  await gone(page);
  // The code comes and goes before the lens for longer than the scanner looks away.
  const camera = page.getByLabel("Camera picture");
  const seen = await camera.evaluate((video) => video.currentTime);
  await expect.poll(() => camera.evaluate((video) => video.currentTime)).toBeGreaterThan(seen + 4);
  await counts(page, "Refused", 0);
  await page.getByRole("button", { name: "Camera off" }).click();
  await expect(camera).toHaveCount(0);
});

test("a link is read by the camera of the device that is paired", async ({ page, another }) => {
  await page.addInitScript(() => delete globalThis.BarcodeDetector);
  const organizer = await another();
  await door(organizer, night);
  await makeLink(organizer, "");
  const code = organizer.getByRole("img", { name: "Code that pairs a scanner" });
  film(recording, modules(await code.innerHTML()));

  await page.goto("/scan");
  await hydrated(page);
  await page.getByRole("button", { name: "Scan the code" }).click();
  await expect(page.getByLabel("Or paste the link")).toHaveCount(0, { timeout: 15_000 });
  await page.getByRole("button", { name: "Pair", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Ready for offline" })).toBeVisible({ timeout: 20_000 });
});
