import { describe, expect, it } from "vitest";
import { forwardLine, whereIs } from "../../src/terminal/where.ts";

describe("where the terminal is", () => {
  it.each<[string, NodeJS.ProcessEnv, NodeJS.Platform, string]>([
    ["on a desktop", { DISPLAY: ":0" }, "linux", "here"],
    ["on Wayland", { WAYLAND_DISPLAY: "wayland-0" }, "linux", "here"],
    ["on a Mac", {}, "darwin", "here"],
    ["in WSL, where Windows' browser opens", { WSL_DISTRO_NAME: "Ubuntu" }, "linux", "here"],
    ["where there is no display", {}, "linux", "no display"],
    ["over SSH", { SSH_CONNECTION: "198.51.100.2 5 203.0.113.7 22", DISPLAY: "localhost:10" }, "linux", "remote"],
    ["over SSH to a Mac", { SSH_TTY: "/dev/ttys001" }, "darwin", "remote"],
    ["in a dev container", { REMOTE_CONTAINERS: "true", DISPLAY: ":0" }, "linux", "remote"],
    ["in GitHub Codespaces", { CODESPACES: "true" }, "linux", "remote"],
    ["in Gitpod", { GITPOD_WORKSPACE_ID: "x" }, "linux", "remote"],
  ])("is told %s", (_, env, platform, kind) => {
    expect(whereIs(env, platform, "build-7").kind).toBe(kind);
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{ SSH_CONNECTION: "198.51.100.2 5 203.0.113.7 22", USER: "ada" }, "ssh -N -L 8765:127.0.0.1:8765 ada@203.0.113.7"],
    [
      { SSH_CONNECTION: "2001:db8::2 5 2001:db8::7 2222", LOGNAME: "ada" },
      "ssh -N -L 8765:127.0.0.1:8765 -p 2222 ada@2001:db8::7",
    ],
    [{ SSH_TTY: "/dev/pts/1" }, "ssh -N -L 8765:127.0.0.1:8765 build-7"],
  ])("gives the line that forwards the port (%j)", (env, line) => {
    const where = whereIs(env, "linux", "build-7");
    expect(where.kind === "remote" && where.ssh && forwardLine(where.ssh, 8765)).toBe(line);
  });
});
