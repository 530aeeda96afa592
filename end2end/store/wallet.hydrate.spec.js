// A wallet of Ethereum: adding one, coming in with it, and what it must not open.
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { parseSiweMessage, validateSiweMessage } from "viem/siwe";
import { expect, test } from "../organizer/steps.js";
import { mail } from "../support/mailbox.js";
import { wallet } from "../support/wallet.js";

const main = (person) => person.page.getByRole("main");

async function signOut(person) {
  await person.page.context().clearCookies();
}

test("a wallet signs in until it is removed", async ({ organizer: ada, page, baseURL }) => {
  const purse = await wallet(page);
  await ada.signUp("Ada");
  await ada.confirmAddress();

  // Not tied yet: it opens nothing.
  await signOut(ada);
  await ada.open("/sign-in");
  await ada.suits();
  await ada.press("Sign in with a wallet");
  await expect(main(ada).getByText(/No account has this wallet/)).toBeVisible();

  await ada.signIn();
  await ada.open("/account/security");
  await ada.press("Add a wallet");
  await expect(main(ada).getByText("The wallet is added.")).toBeVisible();
  await expect(main(ada).getByText(purse.address)).toBeVisible();
  await ada.suits();
  await mail(ada.email, new RegExp(purse.address));

  // The text is what the standard says, read by a reader that is not ours.
  const message = parseSiweMessage(purse.asked.at(-1));
  expect(message.address).toBe(purse.address);
  expect(message.uri).toBe(baseURL);
  const { host } = new URL(baseURL);
  expect(validateSiweMessage({ message, domain: host, nonce: message.nonce })).toBe(true);

  await signOut(ada);
  await ada.open("/sign-in?next=/account/security");
  await ada.press("Sign in with a wallet");
  await expect(page).toHaveURL(/\/account\/security$/);

  await ada.unfold("Remove");
  await ada.press("Remove this wallet");
  await expect(main(ada).getByText("The wallet is removed.")).toBeVisible();
  await expect(main(ada).getByText(purse.address)).toHaveCount(0);
});

test("saying no, and signing for somebody else", async ({ organizer: bob, page }) => {
  const purse = await wallet(page);
  await bob.open("/sign-in");
  purse.says = "no";
  await main(bob).getByRole("button", { name: "Sign in with a wallet" }).click();
  await expect(main(bob).getByText(/The wallet has stopped this/)).toBeVisible();
  // It names one address and signs with another.
  purse.says = "yes";
  const other = privateKeyToAccount(generatePrivateKey());
  const own = purse.account;
  purse.account = { address: own.address, signMessage: (text) => other.signMessage(text) };
  await bob.press("Sign in with a wallet");
  await expect(main(bob).getByText(/not one of the wallet that was asked/)).toBeVisible();
});

test("a browser without a wallet shows nothing of it", async ({ organizer: eve }) => {
  await eve.open("/sign-in");
  await expect(main(eve).getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(main(eve).getByRole("button", { name: "Sign in with a wallet" })).toBeHidden();
});
