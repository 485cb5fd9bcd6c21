/**
 * oauth2-mock-server with two issuers, of which one has a slash at its end, and a peculiarity for each client id. Runs
 * under the Node that the package wants: `node oauth2-mock-server.mjs PACKAGE_FOLDER PORT PORT_WITH_SLASH`.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...ports] = process.argv.slice(2);
const { OAuth2Server, Events } = await import(pathToFileURL(join(folder, "dist", "index.mjs")).href);

const user = { email: "priya.raman@brightwell.example", preferred_username: "priya.raman@brightwell.example" };

const changesTokenAnswer = {
  "dpop-token": (answer) => {
    answer.body.token_type = "DPoP";
  },
  "token-endpoint-down": (answer) => {
    answer.statusCode = 502;
    answer.body = { message: "Bad Gateway" };
  },
  "feature-missing": (answer) => {
    answer.statusCode = 400;
    answer.body = {
      error: "access_denied",
      error_description: "The requested feature is not enabled in this environment.",
    };
  },
  "claim-fails": (answer) => {
    answer.statusCode = 400;
    answer.body = {
      error: "server_error",
      error_description: "The 'groups' user claim could not be evaluated.",
    };
  },
};

const changesUserinfo = {
  "userinfo-down": (answer) => {
    answer.statusCode = 503;
    answer.body = { message: "Service Unavailable" };
  },
  "userinfo-refuses": (answer) => {
    answer.statusCode = 401;
    answer.body = { error: "invalid_token", error_description: "The access token is unknown here." };
  },
};

/** The client id stands in the access token, which userinfo is asked with. */
function clientOf({ headers }) {
  const payload = headers.authorization?.split(".")[1] ?? "";
  return JSON.parse(Buffer.from(payload, "base64url").toString() || "{}").client_id;
}

for (const [index, port] of ports.entries()) {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  server.service.on(Events.BeforeTokenSigning, ({ payload }, { body }) => {
    Object.assign(payload, user, { groups: ["Akto Admins"], client_id: body.client_id });
  });
  server.service.on(Events.BeforeResponse, (answer, { body }) => changesTokenAnswer[body.client_id]?.(answer));
  server.service.on(Events.BeforeUserinfo, (answer, request) => {
    Object.assign(answer.body, user);
    changesUserinfo[clientOf(request)]?.(answer);
  });
  await server.start(Number(port), "127.0.0.1");
  server.issuer.url = `http://127.0.0.1:${port}${index === 1 ? "/" : ""}`;
}
