/** What Okta recorded of one user, as a fact for the report on their next sign-in. */
import { type Fact, valueIn } from "../../core/evidence.ts";
import type { AboutUser } from "../../core/history/join.ts";
import { isAtServer, serverNames } from "../../core/history/sign-ins.ts";
import type { RecordedFact } from "../../core/login/recorded.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { fact } from "../world/read.ts";
import type { World } from "../world/world.ts";
import { changesSince } from "./changes.ts";
import { aboutApp, concernOf } from "./history.ts";
import { lastDays, lastSignIns } from "./sign-ins.ts";

/** Changes are looked for so far before a refusal, where no sign-in that went well is known. */
const before = 7 * 24 * 3600_000;

/**
 * The user's last sign-in, and what was changed since the last one that went well.
 *
 * @param until what came after it is passed over
 */
export async function recordedFact(
  world: World,
  org: OktaOrg,
  user: AboutUser,
  until?: Date,
): Promise<Fact<RecordedFact>> {
  const now = until ?? new Date();
  return fact(async (): Promise<RecordedFact> => {
    const about = await aboutApp(world);
    const names = serverNames(valueIn(await world.setup())?.authServerId, valueIn(await world.server()));
    const signIns = (await lastSignIns(org, about, user, { until })).filter((one) => isAtServer(one, names));
    const [last] = signIns;
    if (!last) return { last: null, changes: [], now, days: lastDays };
    const good = signIns.find(({ outcome }) => outcome === "success");
    const since = good ? new Date(good.at) : new Date(Date.parse(last.at) - before);
    const changes = await changesSince(org, await concernOf(world, about, user.id ?? undefined), {
      since,
      until: now,
      open: until === undefined,
    });
    return { last, changes, now, days: lastDays };
  }, "recorded")();
}
