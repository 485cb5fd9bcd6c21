/** Lets whoever works at this machine go first: what a worker starts inherits it. */
import { constants, setPriority } from "node:os";

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
