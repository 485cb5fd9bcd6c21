/** One page of groups, as the shortest script that gets it: what `groups list` is measured by. */
const { OKTA_CLIENT_ORGURL: org, OKTA_CLIENT_TOKEN: token } = process.env;

const answer = await fetch(`${org}/api/v1/groups?limit=200`, { headers: { authorization: `SSWS ${token}` } });
const groups = await answer.json();
process.stdout.write(groups.map(({ profile, type }) => `${profile.name}\t${type}\n`).join(""));
