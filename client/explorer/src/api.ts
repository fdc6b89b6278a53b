/** Calls of the server that served this page, by the Connect protocol in JSON. */

import type {
  EvaluateRequestJson,
  EvaluateResponseJson,
  GetServerInfoResponseJson,
  ListActivationsResponseJson,
} from "./messages/rectifier/v1/activation_pb";

const SERVICE = "rectifier.v1.ActivationService/";
const TOKEN_KEY = "rectifier-token";

/** What the server, or the way to it, says against a call. */
export class CallError extends Error {
  override readonly name = "CallError";

  constructor(
    /** Connect's: "invalid_argument", "unauthenticated"; "unreachable" where nobody answers. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Whether a token, or another one, would help. */
  get needsToken(): boolean {
    return this.code === "unauthenticated";
  }
}

// The token outlives a reload of the page, and not its tab.
export function storeToken(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token);
}

export function hasToken(): boolean {
  return sessionStorage.getItem(TOKEN_KEY) !== null;
}

function credentials(): Record<string, string> {
  const token = sessionStorage.getItem(TOKEN_KEY);
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

export function evaluate(
  request: EvaluateRequestJson,
  signal?: AbortSignal,
): Promise<EvaluateResponseJson> {
  return call("Evaluate", request, signal);
}

export async function listActivations(): Promise<ListActivationsResponseJson> {
  return call("ListActivations", {});
}

export async function serverInfo(): Promise<GetServerInfoResponseJson> {
  return call("GetServerInfo", {});
}

/** The text of /metrics; undefined where the server does not have it here. */
export async function metrics(): Promise<string | undefined> {
  const response = await send("metrics", { headers: credentials() });
  if (response.status === 404) return undefined;
  if (!response.ok) throw await errorOf(response);
  return response.text();
}

async function call<Reply>(method: string, request: object, signal?: AbortSignal): Promise<Reply> {
  const response = await send(SERVICE + method, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...credentials() },
    body: JSON.stringify(request),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw await errorOf(response);
  return (await response.json()) as Reply;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new CallError("unreachable", "The server does not answer.");
  }
}

async function errorOf(response: Response): Promise<CallError> {
  const text = await response.text();
  try {
    const { code, message } = JSON.parse(text) as { code: string; message: string };
    return new CallError(code, message);
  } catch {
    return new CallError("unknown", `The server answers ${response.status}: ${text.slice(0, 200)}`);
  }
}
