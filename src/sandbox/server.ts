/** A server on 127.0.0.1 that listens before it knows what to answer: the two halves need each other's address. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Failure } from "../core/failure.ts";
import { guarded } from "./guard.ts";
import type { Certificate } from "./tls.ts";

/** A listening server. */
export interface Listening {
  readonly origin: string;
  readonly port: number;
  /** Sets what it answers with. */
  serve(listener: RequestListener): void;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1.
 *
 * @param port 0 takes a free one
 * @throws Failure `sandbox.port_in_use`, `sandbox.port_refused`
 */
export async function listen(port: number, certificate: Certificate | null): Promise<Listening> {
  const server: Server = certificate ? (await import("node:https")).createServer(certificate) : createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenFailure(error, port)));
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    origin: `${certificate ? "https" : "http"}://127.0.0.1:${address.port}`,
    port: address.port,
    serve: (listener) => server.on("request", guarded(listener)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listenFailure(error: NodeJS.ErrnoException, port: number): Failure {
  return error.code === "EADDRINUSE"
    ? new Failure("usage", "sandbox.port_in_use", `Port ${port} is already in use.`, {
        hint: "Choose another one, or 0 for any free one.",
        cause: error,
      })
    : new Failure("usage", "sandbox.port_refused", `Port ${port} can't be listened on (${error.code}).`, {
        hint: "Choose a port above 1023, or 0 for any free one.",
        cause: error,
      });
}
