import { describe, expect, it } from "vitest";
import {
  leftOffAktoUrl,
  leftOffOktaDomain,
  parseAktoUrl,
  parseAuthServerId,
  parseClientId,
  parseOktaDomain,
  parsePastedOktaDomain,
  quotedAddress,
} from "../../src/core/address.ts";
import { Failure } from "../../src/core/failure.ts";

describe("an Okta domain that is copied from a browser", () => {
  it.each([
    ["https://acme.okta.com/app/UserHome?fromLogin=true", "acme.okta.com", "belongs to a page"],
    ["acme.okta.com/oauth2/default", "acme.okta.com", "belongs to a page"],
    ["https://acme-admin.okta.com/admin/groups#people", "acme.okta.com", "acme-admin.okta.com is its admin console."],
    ["acme-admin.oktapreview.com", "acme.oktapreview.com", "acme-admin.oktapreview.com is its admin console."],
  ])("is the host of %s", (typed, host, said) => {
    expect(parsePastedOktaDomain(typed)).toEqual({ host, origin: `https://${host}` });
    expect(leftOffOktaDomain(typed)).toContain(`The Okta domain is ${host}: `);
    expect(leftOffOktaDomain(typed)).toContain(said);
  });

  it.each(["acme.okta.com", "https://acme.okta.com/", "127.0.0.1:3000"])("is all of %s", (typed) => {
    expect(parsePastedOktaDomain(typed)).toEqual(parseOktaDomain(typed));
    expect(leftOffOktaDomain(typed)).toBeUndefined();
  });

  it.each(["", "http://acme.okta.com/app", "https://ana:secret@acme.okta.com/app", "https://10.0.0.5/app"])(
    "is refused as any other, such as “%s”",
    (typed) => {
      expect(() => parsePastedOktaDomain(typed)).toThrow(Failure);
    },
  );
});

describe("an Okta domain", () => {
  it.each([
    ["acme.okta.com", "https://acme.okta.com"],
    ["https://Acme.okta.com/", "https://acme.okta.com"],
    ["login.acme.example:8443", "https://login.acme.example:8443"],
    ["localhost:3000", "http://localhost:3000"],
    ["127.0.0.1:3000", "http://127.0.0.1:3000"],
    ["https://127.0.0.1:3000", "https://127.0.0.1:3000"],
    ["[::1]:3000", "http://[::1]:3000"],
  ])("is taken from %s", (typed, origin) => {
    expect(parseOktaDomain(typed)).toEqual({ host: new URL(origin).host, origin });
  });

  it.each(["5", "https://5", "0x7f.1", "127.1", "2130706433", "0177.0.0.1:3000", "0.0.0.5", "10.0.0.5", "[fe80::1]"])(
    "is no number, such as %s",
    (typed) => {
      expect(() => parseOktaDomain(typed)).toThrow(`“${typed}” is not an Okta domain.`);
    },
  );

  it.each([
    ".okta.com",
    "*.okta.com",
    "-admin.okta.com",
    "acme-.okta.com",
    "acme..okta.com",
    `${"a".repeat(64)}.okta.com`,
  ])("is a host's name, and not %s", (typed) => {
    expect(() => parseOktaDomain(typed)).toThrow(`“${typed}” is not an Okta domain.`);
  });

  it.each([
    ["\u0430cme.okta.com", "xn--cme-5cd.okta.com"],
    ["acme\u3002okta\u3002com", "acme.okta.com"],
    ["acme\u200b.okta.com", "acme.okta.com"],
    ["https://acme.okta.com%2eevil.example", "acme.okta.com.evil.example"],
    ["acme.okta.com\uff0eevil.example", "acme.okta.com.evil.example"],
  ])("is written in plain letters, not as %s, which stands for %s", (typed, host) => {
    const refused = expect.objectContaining({ hint: expect.stringContaining(`It stands for ${host}:`) });
    expect(() => parseOktaDomain(typed)).toThrow(refused);
    expect(() => parseAktoUrl(typed)).toThrow(refused);
    expect(parseOktaDomain(host).host).toBe(host);
  });

  it.each(["okta.com", "https://oktapreview.com/", "OKTA-EMEA.com"])("is an org's, and not %s", (typed) => {
    expect(() => parseOktaDomain(typed)).toThrow("is Okta's own domain, not an org's.");
  });
});

it("an address of a million slashes is taken or refused at once", () => {
  const slashes = "/".repeat(1_000_000);
  for (const typed of [slashes, `https://acme.okta.com${slashes}x`, `${slashes}x`, `https:${slashes}`]) {
    for (const parse of [parseOktaDomain, parseAktoUrl, parseAuthServerId, parseClientId, quotedAddress]) {
      try {
        parse(typed);
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
      }
    }
  }
});

describe("an Akto URL", () => {
  it.each(["https://10.0.0.5:9090", "http://127.0.0.1:3000", "http://[::1]:3000"])(
    "may be %s, where somebody runs their own",
    (typed) => {
      expect(parseAktoUrl(typed)).toBe(typed);
    },
  );

  it.each([
    ["https://app.akto.io/dashboard/observe", "https://app.akto.io"],
    ["https://akto.acme.example:9090/dashboard/settings?tab=a#/b", "https://akto.acme.example:9090"],
    ["app.akto.io/login", "https://app.akto.io"],
  ])("is the origin of %s, which was copied from the address bar, and says so", (typed, origin) => {
    expect(parseAktoUrl(typed)).toBe(origin);
    expect(leftOffAktoUrl(typed)).toMatch(/^The Akto URL is \S+: what came after the host .* was dropped\.$/);
  });

  it.each(["https://app.akto.io", "https://APP.akto.io/", "app.akto.io:443"])("says nothing of %s", (typed) => {
    expect(leftOffAktoUrl(typed)).toBeUndefined();
  });

  it.each(["5", "https://5", "http://127.1:3000", "0x7f000001"])("is no number, such as %s", (typed) => {
    expect(() => parseAktoUrl(typed)).toThrow(`“${typed}” is not an Akto URL.`);
  });
});
