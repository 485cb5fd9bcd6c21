import { replacesThoughKilled } from "./killed.ts";

replacesThoughKilled("API token");
