import { describe, expect, it } from "vitest";
import type { TeamMember } from "../../../src/core/model/akto.ts";
import { leftInTeam, sayLeft } from "../../../src/core/preview/left.ts";
import type { PreviewRow, TurnedAway } from "../../../src/core/preview/preview.ts";

const member = (login: string, changes: Partial<TeamMember> = {}): TeamMember => ({
  login,
  name: login,
  storedRole: "GUEST",
  scopedRoles: new Map(),
  invited: false,
  ...changes,
});
const person = (email: string | null, status = "ACTIVE") => ({
  id: "00u1",
  login: "x@acme.com",
  name: "X",
  email,
  status,
});
const admitted = (email: string): PreviewRow => ({
  person: person(email),
  inAkto: undefined,
  turnedAway: null,
  role: {
    id: "GUEST",
    label: "Guest",
    decidedBy: "default",
    group: null,
    source: null,
    certain: true,
    doubt: null,
  },
});
const away = (email: string | null, turnedAway: TurnedAway, status?: string): PreviewRow => ({
  person: person(email, status),
  inAkto: undefined,
  turnedAway,
  role: null,
});
const left = (team: TeamMember[], rows: PreviewRow[]) =>
  leftInTeam(team, rows, "not assigned to the app").map((each) => [each.member.login, each.why]);

describe("who is left in Akto's team", () => {
  it("is whoever isn't assigned, or is turned away, by the email address in whatever case", () => {
    const team = [member("ada@acme.com"), member("Ben@acme.com"), member("gone@acme.com"), member("eve@acme.com")];
    const rows = [admitted("ADA@acme.com"), admitted("ben@acme.com"), away("eve@acme.com", "not_active", "SUSPENDED")];
    expect(left(team, rows)).toEqual([
      ["gone@acme.com", "not assigned to the app"],
      ["eve@acme.com", "suspended in Okta"],
    ]);
  });

  it("is nobody whom one of two users with the address brings in, and nobody who is only invited", () => {
    const rows = [away("ada@acme.com", "not_active", "DEPROVISIONED"), admitted("ada@acme.com")];
    expect(left([member("ada@acme.com"), member("new@acme.com", { invited: true })], rows)).toEqual([]);
    expect(left([member("ada@acme.com")], rows.toReversed())).toEqual([]);
  });

  it("is told in one sentence that names a few, harmless", () => {
    const team = ["a\u001b[2J", "b", "c", "d", "e", "f", "g"].map((name) => member(`${name}@acme.com`));
    const said = sayLeft(leftInTeam(team, [], "not assigned to the app"), { admitted: 1 });
    expect(said).toMatch(
      /^7 members of Akto's team can't sign in through Okta: a\\u\{1b\}\[2J@acme\.com \(not assigned/,
    );
    expect(said).toMatch(/e@acme\.com \(not assigned to the app\) and 2 others\. Akto removes nobody by itself/);
    expect(sayLeft([], { admitted: 1 })).toBeNull();
    expect(sayLeft(leftInTeam(team, [], "not assigned to the app"), { admitted: 0 })).toBeNull();
  });
});
