/** The dashboard's pages, as far as a sign-in and a call gone astray need them. */

/** A page. */
export function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style><main>${body}</main></html>\n`;
}

const style =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}label{display:block}";

/** Text for a page. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What must never appear in any output: the access token in {@link dashboardShell}. */
const tokenInShell = "sandbox-access-token-of-the-keys-owner";

/** The page that the dashboard's own program runs in: the answer to every address that nothing else answers. */
export const dashboardShell = page(
  "Akto sandbox",
  `<script>window.ACCESS_TOKEN = "${tokenInShell}"</script><h1>Akto</h1><p>The dashboard's pages are not part of the sandbox.</p>`,
);
