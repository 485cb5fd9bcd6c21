/** A list to choose from with a search field above it: of one thing, or of several. */
import {
  createPrompt,
  isDownKey,
  isEnterKey,
  isTabKey,
  isUpKey,
  makeTheme,
  useEffect,
  useKeypress,
  useMemo,
  usePagination,
  usePrefix,
  useRef,
  useState,
} from "@inquirer/core";
import { clean } from "../core/text.ts";

/** One thing to choose. `hint` stands under the list while it is marked. */
export interface Choice<Value> {
  readonly value: Value;
  /** As it is shown. */
  readonly name: string;
  /** As it is shown once it is chosen, if that is another thing. */
  readonly short?: string | undefined;
  /** What a person types to mean exactly this one; absent for what must be seen before it is chosen. */
  readonly typed?: string | undefined;
  readonly hint?: string | undefined;
  /** Why it can't be chosen. */
  readonly disabled?: string | undefined;
}

export interface FindConfig<Value> {
  readonly message: string;
  /** Finds what fits a text; asked again at each change of it. The signal means that nobody is waiting any more. */
  readonly find: (text: string, signal: AbortSignal) => Promise<readonly Choice<Value>[]>;
  /** Several things may be chosen. */
  readonly several?: Several | undefined;
  /** What is chosen from the start. */
  readonly chosen?: readonly Choice<Value>[] | undefined;
  /** Further keys for the line of help: `["esc", "back"]`. */
  readonly keys: readonly [string, string][];
  readonly pageSize: number;
}

/** How several things are chosen. */
export interface Several {
  /** What a number of them is called: `2 groups`. */
  readonly called: (chosen: number) => string;
  /** What it is to go on without any, where one may. */
  readonly none?: string | undefined;
}

/** What was found for which text. */
interface Results<Value> {
  readonly text: string;
  readonly found: readonly Choice<Value>[];
}

/** The line under a list that says which key does what. */
export function helpLine(keys: readonly [string, string][]): string {
  return makeTheme().style.help(keys.map(([key, what]) => `${key} ${what}`).join(" · "));
}

// How long the person may pause between two keys before Okta is asked, in milliseconds: a request a word, not a letter.
const typingPause = 120;

/** The row that goes on with what is chosen. */
const goOnRow = { goOn: true } as const;

type Row<Value> = Choice<Value> | typeof goOnRow;

const isChoice = <Value>(row: Row<Value> | undefined): row is Choice<Value> => row !== undefined && !("goOn" in row);
const isSame = <Value>(a: Row<Value> | undefined, b: Row<Value> | undefined) =>
  a !== undefined && (a === b || (isChoice(a) && isChoice(b) && a.value === b.value));

/**
 * Asks. Enter goes by the results for what was typed, never by those for an earlier text: it waits for them. It takes the entry
 * that was typed exactly, or the marked one if that was on the screen when Enter was pressed. Where several may be chosen,
 * Enter adds the marked one, or removes it if nothing is typed, and continues from the first row.
 */
export const findPrompt: <Value>(
  config: FindConfig<Value>,
  context: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream; signal: AbortSignal },
) => Promise<readonly Choice<Value>[]> = createPrompt(
  <Value>(config: FindConfig<Value>, done: (chosen: readonly Choice<Value>[]) => void) => {
    const { several, pageSize } = config;
    const theme = makeTheme();
    const [isDone, setDone] = useState(false);
    const [text, setText] = useState("");
    const [results, setResults] = useState<Results<Value>>();
    const [chosen, setChosen] = useState<readonly Choice<Value>[]>(config.chosen ?? []);
    const [complaint, setComplaint] = useState<string>();
    // The row that the person has gone to; until then it is the first that can be chosen.
    const [marked, setMarked] = useState<number>();
    // Enter before the results: its turn comes with them.
    const entered = useRef(false);
    // The marked row as it stands on the screen, and as it stood there when Enter came before the results.
    const onScreen = useRef<Row<Value> | undefined>(undefined);
    const meant = useRef<Row<Value> | undefined>(undefined);
    // Lines that came while results were waited for, as a list of names that is pasted does.
    const ahead = useRef<{ lines: string[]; rest: string }>({ lines: [], rest: "" });

    const settled = results?.text === text ? results.found : undefined;
    const status = isDone ? "done" : settled ? "idle" : "loading";
    const prefix = usePrefix({ status, theme });
    const isChosen = (one: Choice<Value>) => chosen.some(({ value }) => value === one.value);
    // What is chosen but not found without a search has no other row in which it could be removed.
    const apart = useMemo(
      () => (settled && text === "" ? chosen.filter((one) => !settled.some(({ value }) => value === one.value)) : []),
      [results, text, chosen],
    );
    // Until the results are there, what is known already is narrowed by what was typed.
    const shown = useMemo(() => {
      const fitting = results?.found.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
      return [...apart, ...(settled ?? fitting ?? [])];
    }, [results, text, apart]);
    const mayGoOn = several !== undefined && (chosen.length > 0 || several.none !== undefined);
    const goOn = mayGoOn && text === "";
    const rows: readonly Row<Value>[] = goOn ? [goOnRow, ...shown] : shown;
    const selectable = (row: Row<Value> | undefined) =>
      row === goOnRow || (isChoice(row) && row.disabled === undefined);
    // Pressing Enter by accident must not continue without any.
    const first = rows.findIndex((row) => selectable(row) && (isChoice(row) || chosen.length > 0));
    const active = marked ?? (first < 0 && settled ? rows.findIndex(selectable) : first);

    const finish = (all: readonly Choice<Value>[]) => {
      setChosen(all);
      setDone(true);
      done(all);
    };
    const choose = (one: Choice<Value>, clear: boolean) => {
      if (!several) return finish([one]);
      // Someone who looks for a name, or pastes one twice, wants it chosen.
      if (!isChosen(one)) setChosen([...chosen, one]);
      else if (!clear || text === "") setChosen(chosen.filter(({ value }) => value !== one.value));
      if (!clear) return;
      meant.current = undefined;
      const { lines, rest } = ahead.current;
      const next = lines.shift();
      entered.current = next !== undefined;
      if (next === undefined) ahead.current = { lines, rest: "" };
      setMarked(undefined);
      setText(next ?? rest);
    };
    /**
     * What Enter means, now that the results of the text are there.
     *
     * @param seen whether they were there when it was pressed
     * @returns whether it meant something
     */
    const decide = (found: readonly Choice<Value>[], seen: boolean): boolean => {
      const exact = found.find((one) => one.typed !== undefined && one.typed === text.trim());
      const here = rows[active];
      const row =
        seen && marked !== undefined ? here : (exact ?? (seen || isSame(here, meant.current) ? here : undefined));
      if (row === goOnRow) finish(chosen);
      else if (isChoice(row) && row.disabled === undefined) choose(row, true);
      else {
        const problem = isChoice(row) ? `${clean(row.name)} ${clean(row.disabled)}.` : undefined;
        setComplaint(
          problem ??
            (found.length > 0 && text !== "" ? "No name is exactly that. Choose one, or keep typing." : complaint),
        );
        ahead.current = { lines: [], rest: "" };
        return false;
      }
      return true;
    };

    useEffect(() => {
      const nobodyWaits = new AbortController();
      const { signal } = nobodyWaits;
      const ask = async () => {
        try {
          const found = await config.find(text, signal);
          if (!signal.aborted) setResults({ text, found });
        } catch (error) {
          if (signal.aborted || !(error instanceof Error)) return;
          entered.current = false;
          setResults({ text, found: [] });
          setComplaint(error.message);
        }
      };
      const pause = setTimeout(() => void ask(), text === "" || entered.current ? 0 : typingPause);
      return () => {
        clearTimeout(pause);
        nobodyWaits.abort();
      };
    }, [text]);

    useEffect(() => {
      // Not before the keys that came together with the last one: a paste counts as typed, and nobody has seen its results.
      const drawn = setImmediate(() => {
        onScreen.current = rows[active];
      });
      return () => clearImmediate(drawn);
    }, [rows[active], text]);

    useEffect(
      (line) => {
        if (!settled || isDone || !entered.current) return;
        entered.current = false;
        const decided = decide(settled, false);
        line.clearLine(0);
        line.write(decided ? ahead.current.rest : text);
      },
      [settled],
    );

    useKeypress((key, line) => {
      if (isDone) return;
      if (isEnterKey(key)) {
        if (entered.current) {
          const { lines, rest } = ahead.current;
          ahead.current = { lines: rest.trim() === "" ? lines : [...lines, rest], rest: "" };
        } else if (!settled) {
          entered.current = true;
          meant.current = onScreen.current;
        }
        // The line is emptied by Enter, and is what was typed until something else is.
        else if (!decide(settled, true)) line.write(text);
      } else if (entered.current) {
        ahead.current.rest = line.line;
      } else if (isUpKey(key) || isDownKey(key)) {
        line.clearLine(0);
        line.write(text);
        const step = isUpKey(key) ? -1 : 1;
        let next = active + step;
        while (next >= 0 && next < rows.length && !selectable(rows[next])) next += step;
        if (selectable(rows[next])) setMarked(next);
      } else if (isTabKey(key)) {
        line.clearLine(0);
        line.write(text);
        const row = rows[active];
        if (several && settled && isChoice(row) && selectable(row)) choose(row, false);
      } else if (line.line !== text) {
        setText(line.line);
        setMarked(undefined);
        setComplaint(undefined);
      }
    });

    const names = chosen.map(({ name, short }) => clean(short ?? name));
    const message = theme.style.message(config.message, status);
    if (isDone) return `${prefix} ${message} ${theme.style.answer(names.join(", ") || (several?.none ?? ""))}`;

    const page = usePagination({
      items: rows,
      active: Math.max(active, 0),
      renderItem: ({ item, isActive }) => {
        const cursor = isActive ? "❯" : " ";
        const paint = isActive ? theme.style.highlight : (line: string) => line;
        if (!isChoice(item)) {
          const what = chosen.length > 0 ? `Continue with ${several?.called(chosen.length)}` : (several?.none ?? "");
          return paint(`${cursor} ${what}`);
        }
        const box = several ? `${isChosen(item) ? "◉" : "◯"} ` : "";
        if (item.disabled !== undefined)
          return theme.style.help(`  ${box}${clean(item.name)} (${clean(item.disabled)})`);
        return paint(`${cursor} ${box}${clean(item.name)}`);
      },
      pageSize,
      loop: false,
    });
    const nothing = settled && rows.length === 0 ? (text === "" ? "There is none." : "Nothing matches.") : undefined;
    const current = rows[active];
    const hint = isChoice(current) ? current.hint : undefined;
    const keys: [string, string][] = [
      ["type", "to search"],
      ["↑↓", "move"],
      ["⏎", "select"],
      ...(several ? ([["tab", "select or clear"]] as [string, string][]) : []),
      ...config.keys,
    ];
    const under = [
      ...(several && names.length > 0 ? [theme.style.answer(`Chosen: ${clean(names.join(", "))}`)] : []),
      ...(rows.length > 0 ? [page] : []),
      ...((complaint ?? nothing) ? [theme.style.error(complaint ?? nothing ?? "")] : []),
      ...(hint === undefined ? [] : [theme.style.help(clean(hint))]),
      helpLine(keys),
    ];
    return [`${prefix} ${message} ${theme.style.highlight(text)}`, under.join("\n")];
  },
);
