/** A sandbox in a process of its own, so that what it does is no part of what is measured. Ends when its parent does. */
import { startSandbox } from "../dist/sandbox.js";
import { seeds } from "./orgs.js";

const { okta, akto, users } = await startSandbox({ aktoConfigured: true, seed: seeds[process.argv[2]]() });
process.send({ okta, akto, user: users[0].login });
process.on("disconnect", () => process.exit());
