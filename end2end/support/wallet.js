// A wallet in the page, as extensions of browsers put one there (ERC-1193). The key is beside the tests, and so is the person
// who says yes or no.
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

export async function wallet(page) {
  const account = privateKeyToAccount(generatePrivateKey());
  const state = { address: account.address, account, says: "yes", asked: [] };
  await page.exposeFunction("walletRequest", async ({ method, params }) => {
    if (state.says === "no") throw new Error("User rejected the request.");
    switch (method) {
      case "eth_requestAccounts":
        return [state.account.address.toLowerCase()];
      case "eth_chainId":
        return "0x1";
      case "personal_sign": {
        const text = Buffer.from(params[0].slice(2), "hex").toString();
        state.asked.push(text);
        return state.account.signMessage({ message: text });
      }
      default:
        throw new Error(`${method} is not known here`);
    }
  });
  await page.addInitScript(() => {
    window.ethereum = { request: (question) => window.walletRequest(question) };
  });
  return state;
}
