// More than a password: setting the second factor up, coming in with it, losing the phone, and what a team may ask.
import { code } from "../support/authenticator.js";
import { mail } from "../support/mailbox.js";
import { expect, test } from "./steps.js";

const main = (page) => page.getByRole("main");

// Learns the key that the page shows to be typed.
async function setUp(person) {
  await person.open("/account/security");
  await person.press("Set up");
  await person.suits();
  const key = await main(person.page).locator("code").first().innerText();
  await main(person.page).getByLabel("Code of the app").fill("000000");
  await person.press("Turn on");
  await expect(main(person.page).getByText("This code is not right")).toBeVisible();
  await main(person.page).getByLabel("Code of the app").fill(code(key));
  await person.press("Turn on");
  const codes = await main(person.page).locator(".recovery-codes li").allInnerTexts();
  expect(codes).toHaveLength(10);
  await person.suits();
  return { key, codes };
}

async function signOut(person) {
  await person.page.context().clearCookies();
}

test("a second factor, and a phone that is lost", async ({ organizer, page }) => {
  await organizer.signUp("Olga");
  await organizer.confirmAddress();
  const { key, codes } = await setUp(organizer);
  await mail(organizer.email, /second factor/);

  await signOut(organizer);
  await organizer.signIn();
  await expect(page).toHaveURL(/\/sign-in\/code/);
  await organizer.suits();
  // Half a sign-in is none.
  expect((await page.request.get("/api/app_api/accounts/account", { maxRedirects: 0 })).status()).toBe(401);
  await main(page).getByLabel("Code").fill("123 456");
  await organizer.press("Sign in", main(page));
  await expect(main(page).getByText("This code is not right")).toBeVisible();
  await main(page).getByLabel("Code").fill(code(key, 1));
  await organizer.press("Sign in", main(page));
  await expect(page).toHaveURL(/\/organize/);

  await signOut(organizer);
  await organizer.signIn();
  await main(page).getByLabel("Code").fill(codes[4].toUpperCase());
  await organizer.press("Sign in", main(page));
  await expect(page).toHaveURL(/\/organize/);
  await mail(organizer.email, /recovery code was used/);
  await organizer.open("/account/security");
  await expect(main(page).getByText("9 codes are left.")).toBeVisible();

  await organizer.unfold("Turn off");
  const off = main(page).locator("form").filter({ has: page.getByRole("button", { name: "Turn the second factor off" }) });
  await off.getByLabel("Code").fill(codes[4]);
  await organizer.press("Turn the second factor off", off);
  await expect(off.getByText("This code is not right")).toBeVisible();
  await off.getByLabel("Code").fill(codes[5]);
  await organizer.press("Turn the second factor off", off);
  await signOut(organizer);
  await organizer.signIn();
  await expect(page).toHaveURL(/\/organize/);
});

test("a team asks its members for it, and reads what was done", async ({ organizer, page }) => {
  await organizer.signUp("Olga");
  await organizer.confirmAddress();
  await organizer.found();
  await organizer.open(`${organizer.home}/settings`);
  const box = page.getByRole("checkbox", { name: /^Members need a second factor/ });
  const form = page.locator("form").filter({ has: box });
  await box.check();
  await organizer.press("Save", form);
  await expect(form.getByText("Set up a second factor for yourself first")).toBeVisible();
  await setUp(organizer);
  await organizer.open(`${organizer.home}/settings`);
  await box.check();
  await organizer.press("Save", form);
  await organizer.suits();

  await organizer.follow("Record");
  await expect(page.getByRole("heading", { level: 1, name: "Record" })).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: "Second factor for members" });
  await expect(row).toContainText("Olga");
  await expect(row).toContainText("Required: yes");
  await organizer.suits();
  const file = await page.request.get(`${organizer.home}/audit.csv`);
  expect(await file.text()).toContain("organization.require_second_factor");
});
