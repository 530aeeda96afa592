// Passkeys with the browser's own virtual device: adding one, coming in with it, losing it.
import { expect, test } from "../organizer/steps.js";
import { mail } from "../support/mailbox.js";

const main = (person) => person.page.getByRole("main");

// A phone with a screen lock, of which the browser asks for a key.
async function device(page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send("WebAuthn.enable");
  const { authenticatorId } = await browser.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    // The finger of somebody else.
    refuses: (refuses) =>
      browser.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: !refuses }),
    lose: () => browser.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
  };
}

async function signOut(person) {
  await person.page.context().clearCookies();
}

test("a passkey signs in until it is lost", async ({ organizer: ada, page }) => {
  const phone = await device(page);
  await ada.signUp("Ada");
  await ada.confirmAddress();
  await ada.open("/account/security");
  await ada.fill({ "Name of the device": "My phone" });
  await ada.press("Add a passkey");
  await expect(main(ada).getByText("The passkey is added.")).toBeVisible();
  await expect(main(ada).getByText("My phone", { exact: true })).toBeVisible();
  await expect(main(ada).getByText("Keep these recovery codes")).toBeVisible();
  const code = await main(ada).locator(".recovery-codes li").first().innerText();
  await ada.suits();
  await mail(ada.email, /“My phone”/);

  await signOut(ada);
  await ada.open("/sign-in?next=/account/security");
  await ada.suits();
  await ada.press("Sign in with a passkey");
  await expect(page).toHaveURL(/\/account\/security$/);
  await expect(main(ada).getByText(/Last used/)).toBeVisible();
  await ada.open("/sign-in/again?next=/account");
  await ada.suits();
  await ada.press("Use a passkey");
  await expect(page).toHaveURL(/\/account$/);

  // Somebody else's finger.
  await signOut(ada);
  await phone.refuses(true);
  await ada.open("/sign-in");
  await main(ada).getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(main(ada).getByText(/The browser has stopped this/)).toBeVisible({ timeout: 15_000 });
  await phone.refuses(false);
  await ada.press("Sign in with a passkey");
  await expect(page).toHaveURL(/\/organize$/);

  // Lost: the mailbox lets its owner in, who removes the key after a recovery code: a mailbox alone is one proof.
  await phone.lose();
  await signOut(ada);
  await ada.open("/sign-in/link");
  await ada.fill({ Email: ada.email });
  await ada.press("Send the link");
  const [link] = await mail(ada.email, /http:\/\/[^\s"<]+\/sign-in\/link\/[\w-]+/);
  await ada.open(new URL(link).pathname);
  await ada.press("Sign in", main(ada));
  await ada.open("/account/security");
  await expect(main(ada).getByText("You came in with one proof only")).toBeVisible();
  await ada.unfold("Remove");
  await ada.press("Remove this passkey");
  await expect(main(ada).getByText(/Show your passkey or a recovery code first/)).toBeVisible();
  await ada.suits();
  await ada.open("/account/security");
  await ada.unfold("Use a recovery code");
  await ada.fill({ "Recovery code": code });
  await ada.press("Continue");
  await expect(page).toHaveURL(/\/account\/security$/);
  await expect(main(ada).getByText("You came in with one proof only")).toHaveCount(0);
  await ada.unfold("Remove");
  await ada.press("Remove this passkey");
  await expect(main(ada).getByText("The passkey is removed.")).toBeVisible();
  await expect(main(ada).getByText("My phone", { exact: true })).toHaveCount(0);
  await mail(ada.email, /passkey was removed/i);
});
