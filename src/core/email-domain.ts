/** Email domains as Akto compares them: it lets in one, that of the person who set the SSO up. */

/** The part of an address that Akto compares: what stands between the first `@` and a second one, in lower case. */
export function emailDomain(email: string): string {
  return (email.split("@")[1] ?? "").toLowerCase();
}

/**
 * The organization's email domain, told from the logins of Akto's team: the one that most of them have. Akto itself
 * never tells it.
 */
export function organizationDomain(logins: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const login of logins) {
    const domain = emailDomain(login);
    if (domain !== "") counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  return first && first[1] !== second?.[1] ? first[0] : null;
}
