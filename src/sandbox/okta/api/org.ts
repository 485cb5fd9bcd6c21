/** `/api/v1/org` and `/.well-known/okta-organization`: the org itself. */
import { type Call, isoTime, link, ok, type Route, route } from "../routes.ts";
import type { OktaState } from "../types.ts";

function orgView({ state, origin }: Call) {
  const { org } = state;
  const self = `${origin}/api/v1/org`;
  return {
    id: org.id,
    subdomain: org.subdomain,
    companyName: org.companyName,
    status: "ACTIVE",
    expiresAt: null,
    created: isoTime(org.created),
    lastUpdated: isoTime(org.lastUpdated),
    website: "",
    phoneNumber: "",
    endUserSupportHelpURL: "",
    supportPhoneNumber: "",
    address1: null,
    address2: null,
    city: null,
    state: null,
    country: null,
    postalCode: null,
    _links: {
      preferences: { href: `${self}/preferences` },
      uploadLogo: link(`${self}/logo`, "POST"),
      oktaCommunication: { href: `${self}/privacy/oktaCommunication` },
      logo: { href: `${self}/logo` },
      oktaSupport: { href: `${self}/privacy/oktaSupport` },
      contacts: { href: `${self}/contacts` },
    },
  };
}

/** The only document that an org shows to anyone who asks. */
export function wellKnownOrg(state: OktaState, origin: string, otherOrigin: string) {
  return {
    id: state.org.id,
    cell: "sandbox",
    pipeline: "idx",
    settings: {
      analyticsCollectionEnabled: false,
      bugReportingEnabled: true,
      omEnabled: false,
      pssoEnabled: false,
      desktopMFAEnabled: false,
      itpEnabled: false,
    },
    _links: {
      organization: { href: origin },
      alternate: { href: otherOrigin },
    },
  };
}

export const orgRoutes: readonly Route[] = [route("GET", "/api/v1/org", "orgs.read", (call) => ok(orgView(call)))];
