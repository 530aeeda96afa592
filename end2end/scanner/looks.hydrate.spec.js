// The scanner as it is seen at arm's length: every state, in the dark and in the sun, in both directions of writing.
import { accessible, expect, fits, test } from "../support/journey.js";
import { buy, door, evening, forged, gone, guest, makeLink, pair, unique, verdict } from "./steps.js";

const sizes = { phone: { width: 360, height: 740 }, tablet: { width: 768, height: 1024 } };
const ink = { dark: "rgb(246, 246, 245)", light: "rgb(10, 10, 10)" };

async function seen(page, name) {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await fits(page);
    await page.screenshot({ path: `shots/scanner-${name}-${size}.png` });
  }
  await page.setViewportSize(sizes.phone);
  await accessible(page);
}

// By place instead of word, because the words change.
async function ask(page, text) {
  await page.getByRole("search").getByRole("textbox").fill(text);
  await page.getByRole("search").getByRole("button").click();
}

let night;
test.beforeAll(async ({ browser, baseURL }) => {
  night = await evening(browser, baseURL);
});

for (const [language, appearance] of [["en", "dark"], ["en", "light"], ["ar", "dark"]]) {
  test(`every state in ${language}, ${appearance}`, async ({ page, another }) => {
    const look = `${language}-${appearance}`;
    const name = unique();
    const [code, other] = await buy(await another(guest), night, `Ana ${name}`, 2);
    const organizer = await another();
    await door(organizer, night);
    const link = await makeLink(organizer, "North gate");
    await page.setViewportSize(sizes.phone);
    await pair(page, link, `Look ${name}`);
    await page.getByText("Settings", { exact: true }).click();
    await page.getByRole("button", { name: appearance, exact: false }).click();
    await page.getByRole("button", { name: language === "ar" ? "العربية" : "English" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveCSS("color", ink[appearance]);
    await seen(page, `${look}-ready`);
    await page.getByRole("button", { name: language === "ar" ? "ابدأ المسح" : "Start scanning" }).click();
    await seen(page, `${look}-scan`);

    await ask(page, name);
    await expect(page.getByRole("button", { name: language === "ar" ? "أدخِله" : "Let in" })).toHaveCount(2);
    await seen(page, `${look}-found`);
    await page.getByRole("button", { name: language === "ar" ? "إغلاق" : "Close" }).click();

    // Good news do not wait for a photographer.
    await ask(page, code);
    await expect(verdict(page)).toBeVisible();
    await page.screenshot({ path: `shots/scanner-${look}-valid-phone.png` });
    await gone(page);
    for (const [state, text] of Object.entries({ again: code, forged: forged(other), foreign: "https://example.org" })) {
      await ask(page, text);
      await expect(verdict(page)).toBeVisible();
      await seen(page, `${look}-${state}`);
      await verdict(page).getByRole("button").click();
      await gone(page);
    }
    await page.context().setOffline(true);
    await expect(page.getByRole("status")).toHaveText(language === "ar" ? /^دون اتصال/ : /^Offline/);
    await page.locator("summary").first().click();
    await page.screenshot({ path: `shots/scanner-${look}-lists-phone.png`, fullPage: true });
    await seen(page, `${look}-offline`);
  });
}

test("a phone held sideways shows the whole verdict", async ({ page, another }) => {
  const [code] = await buy(await another(guest), night, `Anastasia Maria ${unique()} von und zu Habenichts`);
  const organizer = await another();
  await door(organizer, night);
  await page.setViewportSize({ width: 740, height: 360 });
  await pair(page, await makeLink(organizer, "North gate"), `Wide ${unique()}`);
  await page.getByRole("button", { name: "Start scanning" }).click();
  await ask(page, code);
  await expect(verdict(page)).toBeVisible();
  await gone(page);
  await ask(page, code);
  await expect(verdict(page).getByRole("button", { name: "Next guest" })).toBeInViewport({ ratio: 1 });
  await expect(verdict(page).locator("svg")).toBeInViewport({ ratio: 1 });
});
