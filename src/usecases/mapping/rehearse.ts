/** A change of the mapping that is only shown. */
import type { Context } from "../../context.ts";
import type { Mapping } from "../../core/model/akto.ts";
import { addressOf } from "../../core/plan/plan.ts";
import { wordChange } from "../../core/plan/words.ts";
import { diffMappings } from "../../core/roles/mapping.ts";
import { clean } from "../../core/text.ts";
import type { Settings } from "../../settings/settings.ts";
import { renderReview } from "../../terminal/review.ts";
import { type EffectWorld, effectLines } from "./effects.ts";
import { type MappingAccess, mappingDocument } from "./mapping.ts";

/** Shows what would become of the mapping, as a setup's review does, and writes nothing. */
export async function rehearse(
  context: Context,
  world: EffectWorld,
  { aktoUrl }: Settings,
  { source, mapping }: MappingAccess,
  next: Mapping,
): Promise<void> {
  const { terminal, globals } = context;
  const changes = diffMappings(mapping, next);
  const worded = changes.map(({ group, from, to }) =>
    wordChange({
      system: "akto",
      kind: from === null ? "add" : to === null ? "remove" : "change",
      address: addressOf("mapping", group),
      fields: [{ field: "role", from, to }],
    }),
  );
  const title = source === "akto" ? `In Akto, ${clean(aktoUrl)}` : `Here, in the profile ${clean(globals.profile)}`;
  // What would come of it is what a rehearsal is for: a script gets it as well.
  const effects = globals.offline ? [] : await effectLines(context, world, { before: mapping, after: next }, "all");
  const notes = changes.length === 0 ? ["nothing: it is that way already"] : [];
  terminal.result(renderReview([{ title, changes: worded, notes }], terminal.style), {
    ...mappingDocument(source, next),
    changes,
    effects,
    dryRun: true,
  });
  for (const line of effects) terminal.note(`  ${line}`);
  if (source === "profile" && changes.length > 0) terminal.note("  It would have to be done in Akto as well.");
}
