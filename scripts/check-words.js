/**
 * Keeps the chosen spelling everywhere (American, and email as Okta and Google write it), and out of what people read the
 * turns of phrase that sound translated: in the texts of src, not in its comments, and in the documents.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "rolldown/parseAst";

const root = join(import.meta.dirname, "..");

/** What is spelled otherwise here, and how. Names of Akto's own API stay: `authorisationServerId`. */
const spellings = [
  [/\be-mails?\b/i, "email"],
  [/behaviour|colour|favour|honour|neighbour/i, "-or"],
  [/(?:organ|recogn|normal|summar|initial|serial|custom|synchron|minim|util)is(?:e|ing|ation)/i, "-ize"],
  [/\bauthoris(?!ationServerId)/i, "authoriz-"],
  [/\bcatalogue/i, "catalog"],
  [/\blabelled\b/i, "labeled"],
  [/\benrol\b/i, "enroll"],
  [/\blicence\b/i, "license"],
  [/\bspelt\b/i, "spelled"],
  [/\bwhilst\b/i, "while"],
];

/** What no native writer says, and what one does say. */
const phrases = [
  [/\bset-ups?\b(?!\.md)/i, "setup"],
  [/\bbears? (?:the|that|this|its) (?:\w+ )?name/i, "has the name"],
  [/\bmend(?:s|ed|ing)?\b/i, "fix"],
  [/\bwhoever may\b/i, "anyone who can"],
  [/\b(?:anew|afresh)\b/i, "again, or over"],
  [/\b(?:thereby|for want of|in its stead|in their stead)\b/i, "something plainer"],
  [/\bas (?:it|they) ha(?:s|ve) to be\b/i, "correct"],
  [
    /\b(?:is|are) no (?:list|text|object|JSON|PEM|JWK|JWT|folder|file|key|label|filter|token|Admin)\b(?! (?:to|of|that))/,
    "is not a …",
  ],
  [/\bdemands? (?:PKCE|DPoP|pushed|a signed)/, "requires"],
  [/\bloopback \w+ alone\b/i, "only"],
  [/\b(?:Okta|Akto) knows no\b/, "doesn't know"],
  [/\bby upper and lower case\b/i, "in capitalization"],
  [/\b(?:tells|tell) of\b/i, "shows"],
  [/\bupper and lower case count\b/i, "capitalization counts"],
  [/\bmay be used from\b/i, "can be used from"],
  [/\b(?:un)?tick(?:s|ed|ing)?\b/i, "select, or clear"],
  [/\bfrom start to end\b/i, "from start to finish"],
  [/(?<![-\w])(?!that )([a-z]{2,}) \1\b(?![-.])/, "it once"],
];

const found = [];

for (const path of filesIn("src", "test", "scripts", "bench", "examples", "schema", "docs", ".")) {
  const text = readFileSync(join(root, path), "utf8");
  const rules = path.endsWith(".md") ? [...spellings, ...phrases] : spellings;
  for (const [index, line] of text.split("\n").entries()) look(path, index + 1, line, rules);
  if (!path.startsWith("src/") || !path.endsWith(".ts")) continue;
  for (const [offset, said] of textsIn(path, text)) look(path, text.slice(0, offset).split("\n").length, said, phrases);
}

for (const line of found) process.stderr.write(`${line}\n`);
process.exitCode = found.length > 0 ? 1 : 0;

/** Files that this project writes itself: no recorded answers of others, and nothing that is made from the rest. */
function* filesIn(...folders) {
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: folder !== "." })) {
      const path = join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/");
      if (!entry.isFile() || !/\.(?:ts|js|md|ya?ml|json)$/.test(path)) continue;
      if (/(?:^|\/)fixtures\/|^package-lock|^scripts\/check-words|^docs\/interoperability/.test(path)) continue;
      yield path;
    }
  }
}

function look(path, line, text, rules) {
  for (const [pattern, better] of rules) {
    const match = pattern.exec(text);
    if (match) found.push(`${path}:${line}: “${match[0]}”: write ${better}.`);
  }
}

/** Every text of a module, with its place; comments and names are none. */
function* textsIn(path, source) {
  const rest = [parseAst(source, { lang: "ts" }, path)];
  while (rest.length > 0) {
    const node = rest.pop();
    if (typeof node !== "object" || node === null) continue;
    const said = node.type === "Literal" ? node.value : node.type === "TemplateElement" ? node.value.cooked : undefined;
    // One word is a name or a path.
    if (typeof said === "string" && said.includes(" ")) yield [node.start, said];
    rest.push(...Object.values(node));
  }
}
