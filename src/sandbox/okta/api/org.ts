/** `/api/v1/org` and `/.well-known/okta-organization`: the org itself. */
import { type Call, isoTime, ok, type Route, route } from "../routes.ts";
import type { OktaState } from "../types.ts";

function orgView({ state, origin }: Call) {
  const { org } = state;
  return {
    id: org.id,
    companyName: org.companyName,
    subdomain: org.subdomain,
    status: "ACTIVE",
    created: isoTime(org.created),
    lastUpdated: isoTime(org.lastUpdated),
    _links: { logo: { href: `${origin}/api/v1/org/logo` } },
  };
}

/** The only document that an org shows to anyone who asks. */
export function wellKnownOrg(state: OktaState, origin: string, otherOrigin: string) {
  return {
    id: state.org.id,
    cell: "sandbox",
    pipeline: "idx",
    settings: { analyticsCollectionEnabled: false, bugReportingEnabled: false, omEnabled: false },
    _links: {
      organization: { href: origin },
      alternate: { href: otherOrigin },
    },
  };
}

export const orgRoutes: readonly Route[] = [route("GET", "/api/v1/org", "orgs.read", (call) => ok(orgView(call)))];
