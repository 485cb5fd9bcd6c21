/** Reports for the page's tests: made by the real builder from facts such as admins bring. */

import { known } from "../../src/core/evidence.ts";
import { buildLoginReport } from "../../src/core/login/build-report.ts";
import type { SignInClaims } from "../../src/core/login/claims.ts";
import type { LoginFacts } from "../../src/core/login/facts.ts";
import type { LoginReport } from "../../src/core/login/report.ts";

export function accessTokenWith(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.e30`;
}

export const facts: LoginFacts = {
  user: { id: "00u1ab2cd3EF4gh5ij6", email: "ada@acme.com", preferredUsername: "ada@acme.com", name: "Ada Lovelace" },
  token: { accessToken: accessTokenWith({ groups: ["Everyone", "Akto Developers", "Akto Admins", "Payments"] }) },
  api: { kind: "not_needed" },
  mapping: new Map([
    ["Akto Admins", "ADMIN"],
    ["Akto Developers", "DEVELOPER"],
    ["Payments", "PAYMENTS_AUDIT"],
    ["Akto Security", "MEMBER"],
  ]),
  customRoles: [{ name: "PAYMENTS_AUDIT", baseRole: "THREAT VIEWER" }],
  organizationDomain: known("acme.com"),
  membership: { kind: "new" },
};

export function report(over: Partial<LoginFacts> = {}): LoginReport {
  return buildLoginReport({ ...facts, ...over });
}

const scripts = [
  "Akto Admins",
  "Инженеры безопасности – отдел платёжных систем",
  "セキュリティ担当・決済基盤チーム（東京）",
  "فريق الأمن والحماية",
  "אבטחת מידע",
  "सुरक्षा दल",
  "Ürün Güvenliği ve Çevik Dönüşüm Ekibi",
  "app-okta-prod-eu-west-1-payments-settlement-service-on-call-escalation-secondary-rotation",
];

/** 300 groups with long names in several scripts. */
export const manyGroups: readonly string[] = Array.from({ length: 300 }, (_, index) =>
  index === 140 ? "Akto Admins" : `${scripts[1 + (index % (scripts.length - 1))]} ${index + 1}`,
);

export const hostile = "</style><script>alert(1)</script>\u202e\u001b[31m\n& \"quoted\" 'name' <b>bold</b>";

/** When the claims were looked at. */
export const claimsAt = "2026-11-26T17:05:12Z";

const issued = Date.parse(claimsAt) / 1000;

/** Claims as Okta gives them, and some that no provider should. */
export const claims: SignInClaims = {
  accessToken: {
    ver: 1,
    iss: "https://acme.okta.com/oauth2/default",
    iat: issued,
    exp: issued + 3600,
    scp: ["openid", "email", "profile"],
    sub: "ada@acme.com",
    groups: manyGroups.slice(0, 40),
  },
  idToken: {
    sub: "00u1ab2cd3EF4gh5ij6",
    auth_time: issued - 90_000,
    [hostile]: { nested: [hostile, 1, null] },
    none: [],
  },
  userinfo: { sub: "00u1ab2cd3EF4gh5ij6", email: "ada@acme.com", email_verified: true, updated_at: 1e300 },
};
