/** A person before a provider's pages, played over HTTP: fills in each form and sends it, until the browser is sent back. */
import { type HTMLElement, parse } from "node-html-parser";
import { type Visit, Visitor } from "../../src/sandbox/visitor.ts";

/** Who signs in, and what they do with the provider's pages. */
export interface Person {
  /** What is typed, by the field's name. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The `name` of the button to press, where a page has it. */
  readonly press?: string;
  /** Words of the form to choose, on a page that has one for each user. */
  readonly choose?: string;
}

/** More pages than this before the browser is sent back is a loop. */
const pageLimit = 6;

/** Opens the address and does what its pages ask for. @returns where that ended */
export async function visit(url: string, person: Person): Promise<Visit> {
  const visitor = new Visitor();
  let at = await visitor.open(url);
  for (let page = 0; page < pageLimit; page += 1) {
    const form = at.page && formFor(at.page.text, person);
    if (!form) return at;
    at = await visitor.submit(new URL(form.action, at.url), form.filled);
  }
  throw new Error(`More than ${pageLimit} pages, the last at ${at.url.origin}${at.url.pathname}`);
}

interface Form {
  /** Empty for the page's own address. */
  readonly action: string;
  readonly filled: URLSearchParams;
}

/** The page's form that is meant for this person, filled in; `undefined` when there is none. */
function formFor(html: string, person: Person): Form | undefined {
  for (const form of parse(html).querySelectorAll("form")) {
    const filled = new URLSearchParams();
    const typed = form
      .querySelectorAll("input[name], textarea[name]")
      .filter((field) => fill(filled, field, person.fields ?? {}));
    const button = person.press === undefined ? null : form.querySelector(`[name="${person.press}"]`);
    if (person.press !== undefined && button) filled.set(person.press, button.getAttribute("value") ?? "");
    const chosen = person.choose !== undefined && form.structuredText.includes(person.choose);
    if (typed.length > 0 || button || chosen) return { action: form.getAttribute("action") ?? "", filled };
  }
  return undefined;
}

/** Fills in one field as a browser sends it. @returns whether the person typed there */
function fill(filled: URLSearchParams, field: HTMLElement, fields: Readonly<Record<string, string>>): boolean {
  const name = field.getAttribute("name") ?? "";
  const typed = fields[name];
  const type = field.getAttribute("type") ?? "text";
  if (typed === undefined && ["submit", "button", "checkbox", "radio"].includes(type)) return false;
  filled.set(name, typed ?? field.getAttribute("value") ?? "");
  return typed !== undefined;
}

/** Where the browser was left and what it says there, for whoever must find out why nobody was sent back. */
export function textOf({ url, page }: Visit): string {
  const html = parse(page?.text ?? "", { blockTextElements: { script: false, style: false } });
  const text = html.structuredText.replace(/\s+/g, " ").trim().slice(0, 300);
  return `${url.origin}${url.pathname}, HTTP ${page?.status ?? "-"}: ${text}`;
}
