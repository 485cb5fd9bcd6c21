import type { MappingChange } from "../core/roles/mapping.ts";
import { roleLabel } from "../core/roles/roles.ts";
import { clean, quoted } from "../core/text.ts";
import type { Style } from "./style.ts";

/** The changes to a mapping, one a line: `+` added, `-` removed, `~` changed. */
export function renderChanges(changes: readonly MappingChange[], style: Style): string {
  const label = (role: string) => clean(roleLabel(role));
  return changes
    .map(({ group, from, to }) => {
      if (to === null) return style.red(`- ${quoted(group)} → ${from === null ? "" : label(from)}`);
      if (from === null) return style.green(`+ ${quoted(group)} → ${label(to)}`);
      return style.yellow(`~ ${quoted(group)} → ${label(to)} (was ${label(from)})`);
    })
    .join("\n");
}
