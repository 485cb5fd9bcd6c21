/** The pages that a person sees at the org: plain forms, no script. */
import type { UserRecord } from "../types.ts";

/** The most users shown by name; the others are typed in. */
const most = 50;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const html = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; color: #1d1d21; background: #f4f4f4; margin: 0; }
  main { max-width: 26rem; margin: 4rem auto; padding: 2rem; background: #fff; border: 1px solid #d7d7dc; border-radius: 6px; }
  h1 { font-size: 1.25rem; margin: 0 0 .25rem; } p { margin: 0 0 1rem; } dt { color: #6e6e78; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
  button { font: inherit; width: 100%; text-align: left; padding: .6rem .8rem; margin: 0 0 .5rem; background: #fff; border: 1px solid #8c8c96; border-radius: 4px; cursor: pointer; }
  button:hover, button:focus { border-color: #1662dd; outline: 2px solid #1662dd33; } small { display: block; color: #6e6e78; overflow-wrap: anywhere; }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin: .25rem 0 .5rem; } [role=alert] { color: #c8102e; }`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${html(title)}</title><style>${style}</style></head>
<body><main>${body}</main></body></html>
`;
}

/** The sign-in page: every user is a button of one form, which posts `username`. */
export function signInPage(
  companyName: string,
  appLabel: string,
  users: readonly UserRecord[],
  problem?: string,
): string {
  const buttons = users
    .slice(0, most)
    .map(
      ({ profile }) =>
        `<button name="username" value="${html(profile.login)}">${html(`${profile.firstName} ${profile.lastName}`.trim() || profile.login)}<small>${html(profile.login)}</small></button>`,
    );
  const more =
    users.length > most
      ? `<form method="post"><label>Username<input name="username" autocomplete="username" required></label><button>Sign in</button></form>`
      : "";
  return page(
    `${companyName} - Sign In`,
    `<h1>Sign in to ${html(companyName)}</h1>
<p>to continue to ${html(appLabel)}. This is a sandbox: choose a user, there are no passwords.</p>
${problem === undefined ? "" : `<p role="alert">${html(problem)}</p>`}
<form method="post">${buttons.join("\n")}</form>${more}`,
  );
}

/** The page that Okta shows instead of going back to an address that it does not know. */
export function errorPage(status: number, code: string, description: string): string {
  return page(
    `${status}`,
    `<h1>${status === 400 ? "400 Bad Request" : html(String(status))}</h1>
<p>Your request resulted in an error.</p>
<dl><dt>Identity Provider</dt><dd>Unknown</dd><dt>Error Code</dt><dd>${html(code)}</dd><dt>Description</dt><dd>${html(description)}</dd></dl>`,
  );
}
