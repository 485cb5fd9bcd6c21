/** The orgs that are measured. */

const rateLimit = 10_000_000;
const numbers = (length) => Array.from({ length }, (_, at) => at);

/** An org of so many groups and one admin. */
const groupsAlone = (groups) => ({
  okta: {
    users: [{ login: "admin@acme.example", roles: ["SUPER_ADMIN"] }],
    groups: numbers(groups).map((at) => ({ name: `Team ${at}`, description: "Those who work on one thing" })),
    rateLimit,
  },
});

/** An org in which everyone is in ten groups, and some 1,600 in a mapped one. */
function people(users, groups) {
  const login = (at) => `user${at}@acme.example`;
  const range = (from, length) => numbers(length).map((at) => login((from + at) % users));
  const teams = numbers(groups).map((at) => ({
    name: at % 40 === 0 ? `Akto Team ${at}` : `Team ${at}`,
    members: numbers(Math.floor((users * 10) / groups)).map((nth) => login((at * 7 + nth * 131) % users)),
  }));
  const mapped = [
    { name: "Akto Admins", members: range(0, 20) },
    { name: "Akto Developers", members: range(1_000, 1_500) },
    { name: "Contractors", members: range(5_000, 100) },
  ];
  return {
    okta: {
      users: numbers(users).map((at) => ({ login: login(at), ...(at === 0 ? { roles: ["SUPER_ADMIN"] } : {}) })),
      groups: [...mapped, ...teams],
      rateLimit,
    },
    akto: {
      mapping: new Map([
        ["Akto Admins", "ADMIN"],
        ["Akto Developers", "DEVELOPER"],
        ["Contractors", "GUEST"],
      ]),
    },
  };
}

export const seeds = {
  small: () => ({ akto: { mapping: new Map([["Akto Admins", "ADMIN"]]) } }),
  groups: () => groupsAlone(100_000),
  people: () => people(20_000, 2_000),
};
