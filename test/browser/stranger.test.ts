import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type LoopbackListener, listen } from "../../src/oidc/listener.ts";
import { chromiumPath, startChromium, unlessMissing } from "./chromium.ts";

const state = "the-state-of-this-sign-in";

/** Tries, one after the other, what a page can do with an address that isn't its own, and says what came of each. */
const attempts = `<!doctype html><title>Elsewhere</title><body><script type="module">
const address = new URLSearchParams(location.search).get("address");
const fetched = (options) => fetch(address, options).then(({ type, status }) => type + " " + status, () => "refused");
const loaded = (tag) => new Promise((resolve) => {
  const element = document.createElement(tag);
  element.onload = () => resolve("loaded");
  element.onerror = () => resolve("refused");
  element.src = address;
  document.body.append(element);
});
const posted = () => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.name = "target";
  const form = Object.assign(document.createElement("form"), { action: address, method: "post", target: "target" });
  document.body.append(frame, form);
  frame.onload = () => resolve("answered");
  form.submit();
});
const results = {
  cors: await fetched({}),
  noCors: await fetched({ mode: "no-cors" }),
  credentials: await fetched({ credentials: "include" }),
  header: await fetched({ headers: { "x-own": "1" } }),
  image: await loaded("img"),
  script: await loaded("script"),
  frame: await loaded("iframe"),
  form: await posted(),
};
document.body.append(Object.assign(document.createElement("output"), { textContent: JSON.stringify(results) }));
</script>`;

describe.skipIf(chromiumPath === undefined)(`a page elsewhere, in Chromium${unlessMissing}`, () => {
  let browser: Awaited<ReturnType<typeof startChromium>>;
  let elsewhere: Server;
  let listener: LoopbackListener;
  beforeAll(async () => {
    browser = await startChromium();
    elsewhere = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? "", "http://localhost");
      const onwards = searchParams.get("onwards");
      if (onwards !== null) return void response.writeHead(302, { location: onwards }).end();
      response.writeHead(200, { "content-type": "text/html" }).end(attempts);
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    await browser?.close();
    elsewhere?.close();
    elsewhere?.closeAllConnections();
  });
  afterEach(() => listener.close());

  /** An address of another site than 127.0.0.1, as far as browsers go. */
  const pageElsewhere = (parameter: "address" | "onwards", address: string) =>
    `http://localhost:${(elsewhere.address() as AddressInfo).port}/?${new URLSearchParams({ [parameter]: address })}`;
  const callback = (code: string, known = state) => `${listener.redirectUri}?code=${code}&state=${known}`;

  it("can't finish a sign-in by fetching, embedding or posting, even if it knew the state, nor by a window without it", async () => {
    listener = await listen(0, state);
    const page = await browser.context.newPage();
    await page.goto(pageElsewhere("address", callback("stolen")));
    expect(JSON.parse(await page.locator("output").innerText())).toEqual({
      cors: "refused",
      noCors: "refused",
      credentials: "refused",
      header: "refused",
      image: "refused",
      script: "refused",
      // With the refusal, which the page can't read.
      frame: "loaded",
      form: "answered",
    });
    const forged = await page.goto(callback("stolen", "forged"));
    expect(forged?.status()).toBe(400);

    const returning = page.goto(callback("right"));
    const arrival = await listener.arrival;
    expect(arrival.url.searchParams.get("code")).toBe("right");
    await arrival.answer("<!doctype html><title>Done</title>");
    expect((await returning)?.status()).toBe(200);
    await page.close();
  });

  it("is where the user comes from: a redirect from another site ends the wait", async () => {
    listener = await listen(0, state);
    const page = await browser.context.newPage();
    const returning = page.goto(pageElsewhere("onwards", callback("right")));
    const arrival = await listener.arrival;
    await arrival.answer("<!doctype html><title>Done</title>");
    await returning;
    expect(await page.title()).toBe("Done");
    await page.close();
  });
});
