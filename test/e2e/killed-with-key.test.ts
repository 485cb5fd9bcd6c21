import { replacesThoughKilled } from "./killed.ts";

replacesThoughKilled("private key");
