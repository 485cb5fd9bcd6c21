/** A server before another one that holds some requests back until the test lets them through. */
import { once } from "node:events";
import { request as send } from "node:http";
import { serve } from "./http/server.ts";

export interface Gate {
  readonly origin: string;
  /** Resolves once a request is held. */
  readonly reached: Promise<void>;
  /** Lets through what is held, and all that comes. */
  open(): void;
}

/**
 * Starts one before the server at `origin` until the test ends.
 *
 * @param holds whether a request is held, by its method and path
 */
export async function gateBefore(origin: string, holds: (method: string, path: string) => boolean): Promise<Gate> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const own = await serve(async (request, response) => {
    const { method = "GET", url = "/", headers } = request;
    if (holds(method, url)) {
      reach();
      await opened;
    }
    const onward = send(new URL(url, origin), { method, headers: { ...headers, host: new URL(origin).host } });
    request.pipe(onward);
    const [answer] = await once(onward, "response").catch(() => [undefined]);
    if (!answer) return request.destroy();
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  return { origin: own, reached, open };
}
