/** Where the terminal is, as far as that decides where a browser can be opened. */

/** `remote`: the person's browser is on another machine, and 127.0.0.1 there is not this one's. */
export type Where =
  | { readonly kind: "here" | "no display" }
  | {
      readonly kind: "remote";
      /** What leads here, in words. */
      readonly by: string;
      /** Whom and what to forward a port from: `ada@203.0.113.7`, where `ssh` leads here. */
      readonly ssh?: { readonly to: string; readonly port: string };
    };

/**
 * Tells by what each way in leaves in the environment.
 *
 * @param hostname this machine's, where `ssh` doesn't tell its address
 */
export function whereIs(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, hostname: string): Where {
  if (env.CODESPACES === "true") return { kind: "remote", by: "GitHub Codespaces" };
  if (env.GITPOD_WORKSPACE_ID) return { kind: "remote", by: "Gitpod" };
  if (env.REMOTE_CONTAINERS || env.DEVCONTAINER || env.VSCODE_REMOTE_CONTAINERS_SESSION) {
    return { kind: "remote", by: "a dev container" };
  }
  if (env.SSH_CONNECTION || env.SSH_TTY || env.SSH_CLIENT) {
    // The client's address and port, then the server's (sshd: SSH_CONNECTION).
    const [, , address, port = "22"] = (env.SSH_CONNECTION ?? "").split(" ");
    const user = env.USER ?? env.LOGNAME;
    const host = address || hostname;
    return { kind: "remote", by: "SSH", ssh: { to: user ? `${user}@${host}` : host, port } };
  }
  const isWsl = Boolean(env.WSL_DISTRO_NAME || env.WSL_INTEROP);
  // From WSL the browser of Windows opens, which reaches WSL at its own 127.0.0.1.
  if (platform === "linux" && !isWsl && !env.DISPLAY && !env.WAYLAND_DISPLAY) return { kind: "no display" };
  return { kind: "here" };
}

/** The line to copy that makes a port of this machine one of the person's own. */
export function forwardLine({ to, port }: { readonly to: string; readonly port: string }, local: number): string {
  return `ssh -N -L ${local}:127.0.0.1:${local} ${port === "22" ? "" : `-p ${port} `}${to}`;
}
