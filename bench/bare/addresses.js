/** Asks for each of the addresses, eight at a time, as `login preview` does: its requests without its work. */
import { readFileSync } from "node:fs";

const { OKTA_CLIENT_TOKEN: token, BENCH_ADDRESSES: file } = process.env;
const addresses = readFileSync(file, "utf8").split("\n");

async function ask() {
  for (let address = addresses.shift(); address !== undefined; address = addresses.shift()) {
    const answer = await fetch(address, { headers: { authorization: `SSWS ${token}` } });
    // One of them is a page, for a browser.
    await (answer.headers.get("content-type")?.includes("json") ? answer.json() : answer.text());
  }
}
await Promise.all(Array.from({ length: 8 }, ask));
