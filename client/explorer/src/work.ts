/** Answers of the server, as hooks. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { CallError } from "./api";
import { Latest } from "./latest";

export interface Answer<Result> {
  readonly result: Result | undefined;
  readonly error: Error | undefined;
}

/** Who is told that a token is missing or wrong. */
export const tokenWanted = new EventTarget();

/**
 * What `ask` gives for the latest `key`; the last result stays while the next one is waited for, and
 * beside an error.
 */
export function useAnswer<Result>(key: string, ask: () => Promise<Result>): Answer<Result> {
  const [answer, setAnswer] = useState<Answer<Result>>({ result: undefined, error: undefined });
  const isOver = useRef(false);
  const latest = useRef<Latest<() => Promise<Result>>>(undefined);
  latest.current ??= new Latest(async (task) => {
    const next = await task().then(
      (result) => ({ result, error: undefined }),
      (error: unknown) => ({ error: error as Error }),
    );
    if (isOver.current) return;
    if (next.error instanceof CallError && next.error.needsToken) {
      tokenWanted.dispatchEvent(new Event("wanted"));
    }
    setAnswer((before) => ({ ...before, ...next }));
  });
  // Before the browser paints, because the answer takes longer than that.
  useLayoutEffect(() => {
    latest.current?.ask(ask);
  }, [key]);
  useEffect(
    () => () => {
      isOver.current = true;
      latest.current?.forget();
    },
    [],
  );
  return answer;
}
