/** The decoded claims of a sign-in for a terminal. */
import { claimLines, claimPlaces, opaqueToken, type SignInClaims } from "../core/login/claims.ts";
import type { Style } from "./style.ts";

// A longer name stands on its own.
const widest = 24;

/** Each place's claims under its name. */
export function renderClaims(claims: SignInClaims, style: Style, now: Date): string {
  return claimPlaces
    .map(([place, title, about]) => {
      const own = claims[place];
      const lines = own === null ? [] : claimLines(own, now);
      const width = Math.min(widest, Math.max(0, ...lines.map(({ name }) => name.length)));
      return [
        `  ${style.bold(title)}  ${style.dim(about)}`,
        ...(own === null ? [`    ${opaqueToken}`] : []),
        ...lines.map(
          ({ name, value, time }) =>
            `    ${style.dim(name.padEnd(width))}  ${value}${time === undefined ? "" : style.dim(`  ${time}`)}`,
        ),
      ].join("\n");
    })
    .join("\n\n");
}
