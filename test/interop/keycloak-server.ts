/** Keycloak, from Maven Central, on a loopback port with a database in memory. */
import { join } from "node:path";
import { realm } from "./keycloak-realm.ts";
import { atLeast, attempt, kept, type Server, serve, tool } from "./tools.ts";

/** The version that is got. */
export const version = "26.7.3";

const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
const admin = { username: "interop", password: "the-admin-of-the-interop-run" };

/** Keycloak's folder, unpacked, and built for `start --optimized`, which halves the time of each start. */
async function installed(): Promise<string> {
  atLeast(17, "Java", await tool("java", ["-version"]), /version "(\d+)/);
  return kept(`keycloak-${version}`, async (folder) => {
    const artifact = `-Dartifact=org.keycloak:keycloak-quarkus-dist:${version}:zip`;
    await tool("mvn", ["-q", "-B", `${plugin}:unpack`, artifact, `-DoutputDirectory=${folder}`], { cwd: folder });
    const home = join(folder, `keycloak-${version}`);
    await attempt("java", java(home, ["build", "--db=dev-mem"]));
  });
}

/** Keycloak without its shell script, so that there is one process to end. */
function java(home: string, args: readonly string[]): string[] {
  return [
    "-Xmx512m",
    `-Dkc.home.dir=${home}`,
    // As Keycloak's script says it: the common pool needs the class path of Quarkus.
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
    "-cp",
    join(home, "lib", "quarkus-run.jar"),
    "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
    ...args,
  ];
}

/** Starts Keycloak with the realm `interop`, whose clients send the browser back to the redirect URI. */
export async function startKeycloak(port: number, redirectUri: string): Promise<Server> {
  const home = join(await installed(), `keycloak-${version}`);
  const base = `http://127.0.0.1:${port}`;
  const options = [
    "--optimized",
    // Otherwise it would look for other Keycloaks on the network.
    "--cache=local",
    "--http-enabled=true",
    "--hostname-strict=false",
    "--http-host=127.0.0.1",
    `--http-port=${port}`,
  ];
  const server = await serve("java", java(home, ["start", ...options]), {
    cwd: home,
    ready: `${base}/realms/master`,
    env: { KC_BOOTSTRAP_ADMIN_USERNAME: admin.username, KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password },
  });
  try {
    await createRealm(base, redirectUri);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function createRealm(base: string, redirectUri: string): Promise<void> {
  const login = await fetch(`${base}/realms/master/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "password", client_id: "admin-cli", ...admin }),
  });
  const token: unknown = await login.json();
  const bearer = typeof token === "object" && token !== null && "access_token" in token ? token.access_token : "";
  const created = await fetch(`${base}/admin/realms`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: JSON.stringify(realm("interop", redirectUri)),
  });
  if (created.status !== 201) throw new Error(`The realm was not created: ${await created.text()}`);
}
