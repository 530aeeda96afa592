// An account elsewhere: coming in with it, connecting it to an account that is there, and what it must not open.
import { expect, test, unique } from "../organizer/steps.js";
import { start } from "../support/provider.js";

const main = (person) => person.page.getByRole("main");
let provider;

test.beforeAll(async ({ baseURL }) => {
  provider = await start(`${baseURL}/sign-in/provider/return`);
});
test.afterAll(() => provider.stop());

// Somebody whom the provider knows.
function known(name, more = {}) {
  const sub = `${name.toLowerCase()}-${unique()}`;
  return { sub, email: `${sub}@people.example`, email_verified: true, name, ...more };
}

// Forgets both sites.
async function signOut(person) {
  await person.page.context().clearCookies();
}

async function comeWith(person, who, next = "") {
  provider.person = who;
  await person.open(`/sign-in${next && `?next=${next}`}`);
  await main(person).getByRole("link", { name: "Sign in with Paper House" }).click();
}

// Goes to the provider and back, up to the last step: the address with the code.
async function wayBack(person, who) {
  provider.person = who;
  const { request } = person.page.context();
  let address = new URL("/sign-in/provider", person.page.url()).href;
  for (let steps = 0; steps < 10; steps += 1) {
    const answer = await request.get(address, { maxRedirects: 0 });
    address = new URL(answer.headers().location, address).href;
    if (new URL(address).pathname === "/sign-in/provider/return") return address;
  }
  throw new Error("the provider leads nowhere");
}

test("somebody new comes in, again and again", async ({ organizer: ada, page }) => {
  const who = known("Ada");
  await ada.open("/sign-in");
  await ada.suits();
  await comeWith(ada, who);
  await expect(page).toHaveURL(/\/organize$/);
  await ada.open("/account");
  await expect(main(ada).getByLabel("Your name")).toHaveValue("Ada");
  await expect(main(ada).getByText(who.email).first()).toBeVisible();
  await expect(main(ada).getByText(/You have no password so far/)).toBeVisible();
  await ada.suits();
  await signOut(ada);
  await comeWith(ada, who, "/account/security");
  await expect(page).toHaveURL(/\/account\/security$/);
  await expect(main(ada).getByText(/Connected since/)).toBeVisible();
  await ada.suits();
});

test("an account that is there needs both proofs", async ({ organizer: ada, somebody }) => {
  await ada.signUp("Ada");
  await ada.confirmAddress();
  const who = known("Ada", { email: ada.email });
  // The address alone opens nothing.
  const other = await somebody();
  await comeWith(other, who);
  await expect(main(other).getByText(/There is an account with your address already/)).toBeVisible();
  await other.suits();
  await other.open("/account");
  await expect(main(other).getByRole("link", { name: "Sign in" })).toBeVisible();

  provider.person = who;
  await ada.open("/account/security");
  await main(ada).getByRole("link", { name: "Connect Paper House" }).click();
  await expect(main(ada).getByText(/Connected since/)).toBeVisible();
  await signOut(other);
  await comeWith(other, who);
  await expect(other.page).toHaveURL(/\/organize$/);

  await ada.press("Disconnect");
  await expect(main(ada).getByRole("link", { name: "Connect Paper House" })).toBeVisible();
  await signOut(other);
  await comeWith(other, who);
  await expect(main(other).getByText(/There is an account with your address already/)).toBeVisible();
});

test("what does not fit opens nothing", async ({ organizer: ada, page, somebody }) => {
  // Somebody says no.
  await comeWith(ada, null);
  await expect(main(ada).getByText(/was not finished/)).toBeVisible();
  // No way there, only a way back.
  await ada.open("/sign-in/provider/return?code=abc&state=def");
  await expect(main(ada).getByText(/was not finished/)).toBeVisible();

  // The address with the code, caught on its way, opens nothing in another browser, with another state, or a second time.
  const who = known("Eve");
  const caught = await wayBack(ada, who);
  const thief = await somebody();
  await thief.open(caught);
  await expect(main(thief).getByText(/was not finished/)).toBeVisible();
  const { cookies } = await page.context().storageState();
  const wrong = new URL(caught);
  wrong.searchParams.set("state", "another");
  await ada.open(wrong.href);
  await expect(main(ada).getByText(/was not finished/)).toBeVisible();
  await page.context().addCookies(cookies);
  await ada.open(caught);
  await expect(main(ada).getByText(/was not finished/)).toBeVisible();

  // Another provider claims to have answered.
  const mixed = new URL(await wayBack(ada, who));
  mixed.searchParams.set("iss", "https://evil.example");
  await ada.open(mixed.href);
  await expect(main(ada).getByText(/could not be accepted/)).toBeVisible();

  // Nothing came of all that.
  await ada.open("/account");
  await expect(main(ada).getByRole("link", { name: "Sign in" })).toBeVisible();
});

test("an address that the provider has not proven stays unproven here", async ({ organizer: ada }) => {
  await comeWith(ada, known("Ada", { email_verified: false }));
  await expect(ada.page).toHaveURL(/\/organize$/);
  await ada.open("/account");
  await expect(main(ada).getByText(/Your address is not confirmed yet/)).toBeVisible();
});
