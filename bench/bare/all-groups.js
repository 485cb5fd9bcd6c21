/** Every group as JSON Lines, page by page, with nothing looked after: no limits, no repeats, no escapes. */
const { OKTA_CLIENT_ORGURL: org, OKTA_CLIENT_TOKEN: token } = process.env;

for (let address = `${org}/api/v1/groups?limit=200`; address !== undefined; ) {
  const answer = await fetch(address, { headers: { authorization: `SSWS ${token}` } });
  const groups = await answer.json();
  for (const { id, type, profile } of groups) process.stdout.write(`${JSON.stringify({ id, type, ...profile })}\n`);
  address = /<([^>]+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
}
