/** The page: its sections, its state in the address, and the token where one is asked for. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { hasToken, storeToken } from "./api";
import { Catalogue } from "./catalogue";
import { Failure } from "./controls";
import { CatalogueSection } from "./sections/catalogue";
import { PairsSection } from "./sections/pairs";
import { PlotSection } from "./sections/plot";
import { RowsSection } from "./sections/rows";
import { ServerSection } from "./sections/server";
import type { Section, State } from "./state";
import { fromHash, SECTIONS, toHash } from "./state";
import { tokenWanted, useAnswer } from "./work";

const TITLES: Record<Section, string> = {
  plot: "Plot",
  rows: "Rows",
  pairs: "Gated pairs",
  catalogue: "Catalogue",
  server: "Server",
};

export function App(): VNode {
  const [state, update] = useAddress();
  const [needsToken, setNeedsToken] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const ask = (): void => {
      setNeedsToken(true);
    };
    tokenWanted.addEventListener("wanted", ask);
    return () => {
      tokenWanted.removeEventListener("wanted", ask);
    };
  }, []);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        To the content
      </a>
      <header>
        <h1>Rectifier</h1>
        <Navigation state={state} />
      </header>
      <main id="main" tabIndex={-1}>
        {needsToken ? (
          <TokenForm
            onToken={(token) => {
              storeToken(token);
              setNeedsToken(false);
              setAttempt(attempt + 1);
            }}
          />
        ) : (
          <Sections key={attempt} {...{ state, update }} />
        )}
      </main>
    </>
  );
}

// The address is the state's, so the link must not change it.
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Navigation({ state }: { readonly state: State }): VNode {
  return (
    <nav aria-label="Sections">
      {SECTIONS.map((section) => (
        <a
          key={section}
          href={toHash({ ...state, section })}
          aria-current={state.section === section ? "page" : undefined}
        >
          {TITLES[section]}
        </a>
      ))}
    </nav>
  );
}

function Sections(properties: {
  readonly state: State;
  readonly update: (change: Partial<State>) => void;
}): VNode {
  const { state, update } = properties;
  const { result: catalogue, error } = useAnswer("catalogue", loadCatalogue);
  const all = { state, catalogue, update };
  return (
    <>
      {state.section !== "plot" && <Failure error={error} />}
      {state.section === "plot" && <PlotSection {...all} />}
      {state.section === "rows" && <RowsSection {...all} />}
      {state.section === "pairs" && <PairsSection {...all} />}
      {state.section === "catalogue" && <CatalogueSection {...all} />}
      {state.section === "server" && <ServerSection />}
    </>
  );
}

/** The first plot does not need it, so it comes a frame later. */
async function loadCatalogue(): Promise<Catalogue> {
  await new Promise(requestAnimationFrame);
  return Catalogue.load();
}

function TokenForm({ onToken }: { readonly onToken: (token: string) => void }): VNode {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  return (
    <form
      class="token"
      onSubmit={(event) => {
        event.preventDefault();
        onToken(box.current?.value.trim() ?? "");
      }}
    >
      <h2>This server asks who calls</h2>
      {hasToken() && <p role="alert">It does not know the token that was given.</p>}
      <label class="field">
        <span>Token</span>
        <input ref={box} type="password" autocomplete="off" required />
      </label>
      <p class="hint">It is kept until this tab is closed, and sent to this server alone.</p>
      <button type="submit">Go on</button>
    </form>
  );
}

// Browsers allow so many changes of the address in a while, and a slider makes more.
const WRITE_DELAY = 250;

/** The state, which the address has, too: a moment later, but for another section at once. */
function useAddress(): readonly [State, (change: Partial<State>) => void] {
  const [state, setState] = useState(() => fromHash(location.hash));
  const current = useRef(state);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const write = (isNew: boolean): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const hash = toHash(current.current);
    if (hash === location.hash) return;
    if (isNew) history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
  };
  const update = (change: Partial<State>): void => {
    const isNew = change.section !== undefined && change.section !== current.current.section;
    if (isNew) write(false);
    current.current = { ...current.current, ...change };
    setState(current.current);
    if (isNew) write(true);
    else
      timer.current ??= setTimeout(() => {
        write(false);
      }, WRITE_DELAY);
  };
  useEffect(() => {
    const read = (): void => {
      clearTimeout(timer.current);
      timer.current = undefined;
      current.current = fromHash(location.hash);
      setState(current.current);
    };
    addEventListener("popstate", read);
    return () => {
      removeEventListener("popstate", read);
    };
  }, []);
  return [state, update];
}
