// A real OpenID provider (npm oidc-provider) beside the tests. Whoever comes is whom the test says, without pages.
import { Provider } from "oidc-provider";

// Where the server under test was told to find it.
export const issuer = process.env.PROVIDER_URL;

// Opens nothing. The same each time, because the server keeps its public half for a while.
const key = { kty: "EC", crv: "P-256", x: "bEZA9W0wyq7njxUkOe8fT7qMDs9Vabnvvl9OtjoFin0", y: "Ci2aazpTovsyLEz-vkgziO4_k91k0C2Ij-lQm0Ycyqg", d: "d9DihOGXaId1RQ5BIz_ywuRj2ChVGDxlOUF9S1NPseQ" };

// Starts it; `person` is who comes next: { sub, email, email_verified, name }, or null for somebody who says no.
export async function start(returnTo) {
  const people = new Map();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "bilten",
        client_secret: "a secret of the journeys",
        redirect_uris: [returnTo],
        response_types: ["code"],
        grant_types: ["authorization_code"],
        // RS256, which it would take by itself, is accepted where an operator says so only.
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [key] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    pkce: { required: () => true },
    cookies: { keys: ["only for journeys"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/come/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people.get(sub) }) }),
    renderError: (ctx, out) => {
      ctx.body = out;
    },
  });
  const self = { person: null, people };
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith("/come/")) return next();
    const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res);
    const finish = (result) => provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
    if (!self.person) return finish({ error: "access_denied" });
    if (prompt.name === "login") {
      people.set(self.person.sub, self.person);
      return finish({ login: { accountId: self.person.sub } });
    }
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    return finish({ consent: { grantId: await grant.save() } });
  });
  const server = provider.listen(Number(new URL(issuer).port), "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  self.stop = () => new Promise((resolve) => server.close(resolve));
  return self;
}
