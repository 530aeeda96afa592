// A buyer's account: tickets come into it by the address or by their link, links sign in, and the address can change.
import { expect, password, test, unique } from "../organizer/steps.js";
import { mail } from "../support/mailbox.js";

const shop = "/e/mara-lindqvist-quartet";
const main = (person) => person.page.getByRole("main");

async function signOut(person) {
  await person.page.context().clearCookies();
}

// Opens the newest link of a kind that was mailed.
async function openMailed(person, address, path) {
  const [link] = await mail(address, new RegExp(`http://[^\\s"<]+${path}/[\\w-]+`));
  await person.open(new URL(link).pathname);
}

test("a press in another browser needs the password", async ({ organizer: ada, somebody }) => {
  await ada.signUp("Ada");
  const phone = await somebody();
  await openMailed(phone, ada.email, "/verify");
  await phone.press("Confirm my address");
  await expect(main(phone).getByText(/does not know you yet/)).toBeVisible();
  await phone.suits();
  await phone.fill({ Password: "a wild guess of somebody" });
  await phone.press("Confirm my address");
  await expect(main(phone).getByText(/does not know you yet/)).toBeVisible();
  await phone.fill({ Password: password });
  await phone.press("Confirm my address");
  await expect(phone.page).toHaveURL(/\/organize$/);
});

test("tickets come into an account", async ({ organizer: buyer, somebody }) => {
  // As a guest first; the account comes later.
  const guest = await somebody();
  await guest.buys(shop, { ticket: "Standing", pay: "€28.00" });
  const friend = await somebody();
  await friend.buys(shop, { ticket: "Standing", pay: "€28.00" });

  await buyer.signUp("Vida", guest.email);
  await buyer.signIn();
  await buyer.open("/account/tickets");
  await expect(main(buyer).getByText(/appear here/).first()).toBeVisible();
  await expect(main(buyer).getByRole("link", { name: /Quartet/ })).toHaveCount(0);
  await buyer.suits();
  await buyer.confirmAddress();
  await expect(buyer.page).toHaveURL(/\/account\/tickets$/);
  await expect(main(buyer).getByRole("link", { name: /Quartet/ })).toHaveCount(1);
  await buyer.suits();

  // A link signs in, once.
  await signOut(buyer);
  await buyer.open("/sign-in");
  await buyer.follow("Mail me a link instead");
  await buyer.suits();
  await buyer.fill({ Email: guest.email });
  await buyer.press("Send the link");
  await expect(main(buyer).getByRole("heading", { name: "Look into your mailbox" })).toBeVisible();
  await openMailed(buyer, guest.email, "/sign-in/link");
  const used = new URL(buyer.page.url()).pathname;
  await buyer.suits();
  await buyer.press("Sign in", main(buyer));
  await expect(buyer.page).toHaveURL(/\/account\/tickets$/);
  const stranger = await somebody();
  await stranger.open(used);
  await stranger.press("Sign in", main(stranger));
  await expect(main(stranger).getByText("This link is used or too old.")).toBeVisible();

  // The friend's order is kept by its link.
  await stranger.open(friend.order);
  await expect(main(stranger).getByRole("link", { name: "Sign in to keep this order in your account" })).toBeVisible();
  await buyer.open(friend.order);
  await buyer.press("Keep this order in my account");
  await expect(main(buyer).getByText("This order is in your account.")).toBeVisible();
  await buyer.follow("My tickets", main(buyer));
  await expect(main(buyer).getByRole("link", { name: /Quartet/ })).toHaveCount(2);
  await buyer.press("Remove from here");
  await expect(main(buyer).getByRole("link", { name: /Quartet/ })).toHaveCount(1);
});

test("another address, and taking it back", async ({ organizer: buyer, somebody }) => {
  await buyer.signUp("Vida");
  await buyer.confirmAddress();
  const [old, fresh] = [buyer.email, `vida-new-${unique()}@people.example`];
  await buyer.open("/account");
  await buyer.suits();
  await buyer.follow("Change the address", main(buyer));
  await buyer.fill({ "New email address": old });
  await buyer.press("Send the link");
  await expect(main(buyer).getByText("This is what it is already.")).toBeVisible();
  await buyer.fill({ "New email address": fresh });
  await buyer.press("Send the link");
  await expect(main(buyer).getByText("Look into the mailbox of the new address")).toBeVisible();
  await buyer.suits();
  await openMailed(buyer, fresh, "/account/email");
  await buyer.suits();
  await buyer.press("Confirm this address");
  await expect(main(buyer).getByText("Your account has the new address.")).toBeVisible();
  await buyer.open("/account");
  await expect(main(buyer).getByText(fresh).first()).toBeVisible();

  // Somebody reads the old mailbox and did not want this.
  const owner = await somebody();
  await openMailed(owner, old, "/account/email/restore");
  await owner.suits();
  await owner.press("Give me my account back");
  await expect(main(owner).getByText(/has its earlier address again/)).toBeVisible();
  await buyer.open("/account");
  await expect(main(buyer).getByRole("link", { name: "Sign in" })).toBeVisible();
  await openMailed(owner, old, "/reset");
  await owner.fill({ "New password": "another evening, by the lake" });
  await owner.press("Save and sign in");
  await owner.open("/account");
  await expect(main(owner).getByText(old).first()).toBeVisible();
});
