/** The reference in docs and the man page, made from the program itself. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, type Option } from "commander";
import { parseAst } from "rolldown/parseAst";
import { buildProgram, type CommandEntry } from "../../src/commands/program.ts";
import { commandTable } from "../../src/commands/table.ts";
import { catalog } from "../../src/core/doctor/catalog.ts";
import { meansWords } from "../../src/core/doctor/means.ts";
import { exitCodes } from "../../src/core/failure.ts";
import { settingDefinitions } from "../../src/settings/definitions.ts";

/** A command as its help has it. */
interface Described {
  /** `sso setup`. */
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly options: readonly { readonly flags: string; readonly description: string }[];
  readonly examples: readonly string[];
}

const globals = () => buildProgram(commandTable, new AbortController().signal);

async function describeCommand(name: string, { summary, load }: CommandEntry): Promise<Described> {
  const command = new Command(name);
  (await load()).declare(command);
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const examples = Array.from(help.matchAll(/^ {2}\$ ((?:.*\\\n)*.*)$/gm), ([, line = ""]) => line);
  const usage = command.registeredArguments.map((argument) => {
    const word = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${word}>` : `[${word}]`;
  });
  return {
    name,
    summary,
    usage: ["akto-okta", name, ...usage].join(" "),
    options: command.options.map(describeOption),
    examples,
  };
}

function describeOption({ flags, description, defaultValue, argChoices }: Option) {
  const choices = argChoices ? ` (${argChoices.join(", ")})` : "";
  const usual =
    defaultValue === undefined || defaultValue === true || defaultValue === false
      ? ""
      : `; ${String(defaultValue)} unless given`;
  return { flags, description: `${description}${choices}${usual}` };
}

/** Every command, in the order of the help. */
export function describeCommands(): Promise<Described[]> {
  return Promise.all(
    commandTable.flatMap((entry) =>
      "verbs" in entry
        ? entry.verbs.map((verb) => describeCommand(`${entry.name} ${verb.name}`, verb))
        : [describeCommand(entry.name, entry)],
    ),
  );
}

/** One error code, as the source has it. */
interface ErrorCode {
  readonly code: string;
  readonly kind: string;
  readonly messages: Set<string>;
  readonly hints: Set<string>;
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string };
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value : [value]).filter(isNode);

/** A text with its gaps, or what the first text within is; `undefined` where there is none. */
function textOf(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type === "TemplateLiteral") {
    const parts = nodes(node.quasis).map(({ value }) => String(Object(value).cooked));
    return parts.join("…");
  }
  if (node.type === "ArrowFunctionExpression") return textOf(nodes(node.body)[0]);
  if (node.type === "ConditionalExpression")
    return textOf(nodes(node.consequent)[0]) ?? textOf(nodes(node.alternate)[0]);
  return undefined;
}

const propertyOf = (object: Node | undefined, name: string): Node | undefined =>
  nodes(object?.properties)
    .filter((property) => Object(property.key).name === name)
    .flatMap((property) => nodes(property.value))[0];

const codePattern =
  /^(?:akto|claim|doctor|file|group|input|login|mapping|http|oidc|okta|output|plan|preview|profile|role|sandbox|sso|store|usage)\.[a-z_]+$/;
const isCode = (text: string | undefined): text is string => text !== undefined && codePattern.test(text);

/** Every error code that a failure in the source bears. */
export function errorCodes(): ErrorCode[] {
  const found = new Map<string, ErrorCode>();
  const note = (code: string, kind: string | undefined, message: string | undefined, hint: string | undefined) => {
    const known = found.get(code) ?? { code, kind: kind ?? "", messages: new Set<string>(), hints: new Set<string>() };
    if (message !== undefined) known.messages.add(message);
    if (hint !== undefined) known.hints.add(hint);
    found.set(code, known.kind === "" && kind !== undefined ? { ...known, kind } : known);
  };
  const visit = (node: Node, kindAbove: string | undefined): void => {
    let kind = kindAbove;
    if (node.type === "NewExpression" || node.type === "CallExpression") {
      const args = nodes(node.arguments);
      const at = args.findIndex((argument) => isCode(textOf(argument)));
      const callee = String(Object(node.callee).name);
      if (at >= 0 && (callee === "Failure" || !["isFailure", "check", "gate", "defineCheck"].includes(callee))) {
        const before = textOf(args[at - 1]);
        const named =
          before !== undefined && Object.hasOwn(exitCodes, before) ? before : callee === "usage" ? "usage" : undefined;
        const rest = args.slice(at + 1);
        const hint = propertyOf(rest.at(-1), "hint");
        const message = textOf(rest[0]);
        if (message !== undefined)
          note(textOf(args[at]) ?? "", named, message, textOf(hint) ?? (hint ? undefined : textOf(rest[1])));
      }
    }
    if (node.type === "ObjectExpression") {
      const code = textOf(propertyOf(node, "code"));
      if (isCode(code)) {
        kind = textOf(propertyOf(node, "kind")) ?? kind;
        note(code, kind, textOf(propertyOf(node, "message")), textOf(propertyOf(node, "hint")));
      }
    }
    for (const value of Object.values(node)) for (const child of nodes(value)) visit(child, kind);
  };
  for (const entry of readdirSync("src", { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !file.endsWith(".ts") || file.endsWith(".d.ts")) continue;
    visit(parseAst(readFileSync(file, "utf8"), { lang: "ts" }) as unknown as Node, undefined);
  }
  // These rooms make failures by a helper that knows the kind.
  const rooms = new Map([
    ["http", "unavailable"],
    ["oidc", "negative"],
    ["store", "usage"],
  ]);
  const whole = [...found.values()].map((each) => ({
    ...each,
    kind: each.kind || (rooms.get(each.code.split(".")[0] ?? "") ?? ""),
  }));
  return whole.sort((a, b) => (a.code < b.code ? -1 : 1));
}

const cell = (text: string) =>
  text
    .replaceAll("|", "\\|")
    .replaceAll("\n", " ")
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 0 ? part.replaceAll("<", "&lt;") : part))
    .join("");
const row = (...cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(...head), row(...head.map(() => "---")), ...rows.map((each) => row(...each))].join("\n");

const exitWords: Readonly<Record<keyof typeof exitCodes | "done", string>> = {
  done: "done; or left as it was, because you said no when it asked",
  bug: "a bug, or anything unexpected",
  usage: "wrong usage or invalid input",
  rule: "refused by a rule: a role or a group is mapped already, Akto has another SSO",
  auth: "not authorized: a token, key or secret is wrong or too weak",
  unavailable: "a service could not be reached, or kept failing",
  negative: "it ran, and the answer is no",
  interrupted: "interrupted: by Ctrl-C or a signal",
};

/** The reference as Markdown. */
export async function renderReference(): Promise<string> {
  const commands = await describeCommands();
  const options = ({ options: all }: Pick<Described, "options">) =>
    table(
      ["flag", "does"],
      all.map(({ flags, description }) => [`\`${flags}\``, description]),
    );
  const settings = Object.values(settingDefinitions).map(({ title, flag, argument, env }) => [
    title,
    `\`${flag} ${argument}\``,
    `\`${env}\``,
  ]);
  const codes = errorCodes().map(({ code, kind, messages, hints }) => [
    `\`${code}\``,
    Object.hasOwn(exitCodes, kind) ? String(exitCodes[kind as keyof typeof exitCodes]) : "its cause's",
    [...messages].slice(0, 2).join(" / "),
    [...hints].slice(0, 2).join(" / "),
  ]);
  return `${[
    "# Reference",
    "Generated from the program itself, and checked against it by a test: `npm run reference` writes it again.",
    "## Commands",
    ...commands.flatMap((command) => [
      `### ${command.name}`,
      `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
      `\`\`\`\n${command.usage}\n\`\`\``,
      ...(command.options.length > 0 ? [options(command)] : []),
      ...(command.examples.length > 0
        ? [
            `\`\`\`sh\n${command.examples.map((line) => `akto-okta ${line.replace(/^akto-okta /, "")}`).join("\n")}\n\`\`\``,
          ]
        : []),
    ]),
    "## Flags of every command",
    options({ options: globals().options.map(describeOption) }),
    "## Settings",
    "Each is read from its flag, else from the environment, else from the profile. No secret is ever a flag's value: its flag names a file, and `-` is standard input.",
    table(["setting", "flag", "environment"], settings),
    "## Exit codes",
    table(
      ["code", "means"],
      [
        ["0", exitWords.done],
        ...Object.entries(exitCodes).map(([kind, code]) => [String(code), exitWords[kind as keyof typeof exitWords]]),
      ],
    ),
    "## The checks of doctor",
    table(
      ["check", "needs", "is right when", "else"],
      catalog.map(({ id, title, means, remedy }) => [
        `\`${id}\``,
        means.map((each) => meansWords[each]).join(", "),
        title,
        remedy,
      ]),
    ),
    "## Error codes",
    'With `--json`, the last line on standard error has the code: `{"error":{"code":"mapping.role_taken","message":"…","hint":"…"}}`. An ellipsis stands for what the case fills in.',
    table(["code", "exit", "says", "what to do"], codes),
  ].join("\n\n")}\n`;
}

const roff = (text: string) => text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll(/^\./gm, "\\&.");

/** The man page, in the man macros (`man 7 man`). */
export async function renderManPage(version: string): Promise<string> {
  const commands = await describeCommands();
  const flags = (options: Described["options"]) =>
    options.flatMap(({ flags: words, description }) => [".TP", `.B ${roff(words)}`, roff(description)]);
  return `${[
    `.TH AKTO\\-OKTA 1 "" "akto-okta ${version}" "User Commands"`,
    ".SH NAME",
    "akto\\-okta \\- set up, provision and explain Okta single sign\\-on for Akto",
    ".SH SYNOPSIS",
    ".B akto\\-okta",
    ".RI [ flags ]",
    ".I command",
    ".RI [ arguments ]",
    ".SH COMMANDS",
    ...commands.flatMap((command) => [
      `.SS ${roff(command.name)}`,
      `${roff(command.summary.charAt(0).toUpperCase() + command.summary.slice(1))}.`,
      ".PP",
      `.B ${roff(command.usage)}`,
      ...flags(command.options),
      ...(command.examples.length > 0
        ? [
            ".PP",
            "Examples:",
            ".PP",
            ".nf",
            ...command.examples.map((line) => roff(`akto-okta ${line.replace(/^akto-okta /, "")}`)),
            ".fi",
          ]
        : []),
    ]),
    ".SH FLAGS OF EVERY COMMAND",
    ...flags(globals().options.map(describeOption)),
    ".SH ENVIRONMENT",
    ...Object.values(settingDefinitions).flatMap(({ title, env }) => [".TP", `.B ${roff(env)}`, roff(title)]),
    ".SH EXIT STATUS",
    ".TP",
    ".B 0",
    exitWords.done,
    ...Object.entries(exitCodes).flatMap(([kind, code]) => [
      ".TP",
      `.B ${code}`,
      roff(exitWords[kind as keyof typeof exitWords]),
    ]),
  ].join("\n")}\n`;
}
