/** The server: what it is, what it is held to, and what it does just now. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { CallError, metrics, serverInfo } from "../api";
import { Choice, Failure } from "../controls";
import type { Bucket, Samples } from "../metrics";
import { histogram, parseMetrics, quantile, totals, valueOf } from "../metrics";
import { tokenWanted, useAnswer } from "../work";

const LATENCY = "grpc_server_handling_seconds";
const PERIOD = 2000;

export function ServerSection(): VNode {
  const { result: info, error } = useAnswer("info", serverInfo);
  return (
    <div class="server">
      <Failure error={error} />
      {info !== undefined && (
        <Panel title="What it is">
          <dl>
            <Fact name="version">{info.version}</Fact>
            <Fact name="CPU target">{info.cpuTarget}</Fact>
            <Fact name="threads that compute">{info.threads}</Fact>
            <Fact name="transports">{info.transports?.join(", ")}</Fact>
          </dl>
        </Panel>
      )}
      <Live />
      {info?.limits !== undefined && (
        <Panel title="Limits">
          <table>
            <tbody>
              {Object.entries(info.limits).map(([name, limit]) => (
                <tr key={name}>
                  <th scope="row">{words(name)}</th>
                  <td>{amount(name, Number(limit))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
    </div>
  );
}

/** "max message bytes" of "maxMessageBytes". */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function amount(name: string, number: number): string {
  if (!/bytes/i.test(name)) return number.toLocaleString("en");
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = number === 0 ? 0 : Math.min(Math.floor(Math.log2(number) / 10), 4);
  return `${Number((number / 1024 ** power).toPrecision(4))} ${units[power] ?? ""}`;
}

function Panel(properties: {
  readonly title: string;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <section class="panel" aria-label={properties.title}>
      <h2>{properties.title}</h2>
      {properties.children}
    </section>
  );
}

function Fact(properties: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{properties.name}</dt>
      <dd>{properties.children}</dd>
    </div>
  );
}

interface Look {
  /** Undefined where the server has no metrics here. */
  readonly samples: Samples | undefined;
  readonly error: Error | undefined;
}

/** Looks every two seconds, while the page is seen. */
function useMetrics(): Look | undefined {
  const [look, setLook] = useState<Look | undefined>(undefined);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const next = async (): Promise<void> => {
      let isThere = true;
      if (!document.hidden) {
        try {
          const text = await metrics();
          isThere = text !== undefined;
          if (isOver) return;
          setLook({
            samples: text === undefined ? undefined : parseMetrics(text),
            error: undefined,
          });
        } catch (error) {
          if (isOver) return;
          if (error instanceof CallError && error.needsToken) {
            tokenWanted.dispatchEvent(new Event("wanted"));
          }
          setLook((before) => ({ samples: before?.samples, error: error as Error }));
        }
      }
      if (!isOver && isThere) timer = setTimeout(() => void next(), PERIOD);
    };
    void next();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  return look;
}

function Live(): VNode {
  const look = useMetrics();
  if (look === undefined) return <></>;
  return (
    <>
      <Failure error={look.error} />
      {look.samples === undefined ? (
        look.error === undefined && (
          <Panel title="Calls">
            <p>
              This server shows its metrics at <code>--metrics_listen</code> alone. With{" "}
              <code>--http_metrics</code> they are here, too.
            </p>
          </Panel>
        )
      ) : (
        <>
          <Calls samples={look.samples} />
          <Saturation samples={look.samples} />
        </>
      )}
    </>
  );
}

function Calls({ samples }: { readonly samples: Samples }): VNode {
  const methods = totals(samples, `${LATENCY}_count`, "grpc_method").map(([name]) => name);
  const [wanted, setWanted] = useState("Evaluate");
  const method = methods.includes(wanted) ? wanted : (methods[0] ?? wanted);
  const buckets = histogram(samples, LATENCY, { grpc_method: method });
  return (
    <>
      <Panel title="Latency">
        <Choice
          label="Method"
          value={method}
          words={(methods.includes(method) ? methods : [method]).map((name) => [name, name])}
          onChange={setWanted}
        />
        <Histogram buckets={buckets} />
      </Panel>
      <Panel title="Calls by status">
        <Meters
          rows={totals(samples, "grpc_server_handled_total", "grpc_code").map(([code, count]) => ({
            name: code,
            part: count,
            of: valueSum(samples),
            text: count.toLocaleString("en"),
          }))}
        />
      </Panel>
    </>
  );
}

function valueSum(samples: Samples): number {
  const all = samples.get("grpc_server_handled_total") ?? [];
  return all.reduce((sum, { value }) => sum + value, 0);
}

function Histogram({ buckets }: { readonly buckets: readonly Bucket[] }): VNode {
  const seen = buckets.filter(({ count }) => count > 0);
  if (seen.length === 0) return <p>No call of it has ended yet.</p>;
  const first = buckets.findIndex(({ count }) => count > 0);
  const last = buckets.findLastIndex(({ count }) => count > 0);
  const shown = buckets.slice(Math.max(0, first - 1), last + 2);
  const most = Math.max(...seen.map(({ count }) => count));
  const [half, rare] = [quantile(buckets, 0.5), quantile(buckets, 0.99)];
  return (
    <>
      <div class="histogram" aria-hidden="true">
        {shown.map(({ to, count }) => (
          <div key={to}>
            <span class="count">{count > 0 ? count.toLocaleString("en") : ""}</span>
            <i style={{ height: `${(100 * count) / most}px` }} />
            <span>{duration(to)}</span>
          </div>
        ))}
      </div>
      <p>
        Half of the calls took at most {duration(half ?? 0)}, and 99 % at most {duration(rare ?? 0)}
        .
      </p>
    </>
  );
}

export function duration(seconds: number): string {
  if (seconds === Infinity) return "more";
  if (seconds < 0.001) return `${Number((seconds * 1e6).toPrecision(3))} µs`;
  if (seconds < 1) return `${Number((seconds * 1e3).toPrecision(3))} ms`;
  return `${Number(seconds.toPrecision(3))} s`;
}

interface MeterRow {
  readonly name: string;
  readonly part: number;
  readonly of: number;
  readonly text: string;
}

function Meters({ rows }: { readonly rows: readonly MeterRow[] }): VNode {
  return (
    <table class="meters">
      <tbody>
        {rows.map(({ name, part, of, text }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <meter min={0} max={of > 0 ? of : 1} value={part} aria-label={name} />
            </td>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// What is used, and how much of it there is.
const USES = [
  ["bytes of calls", "rectifier_inflight_bytes", "rectifier_inflight_bytes_limit"],
  ["calls", "rectifier_inflight_calls", "rectifier_inflight_calls_limit"],
  ["calls at the engine, by threads", "rectifier_engine_calls", "rectifier_engine_threads"],
  ["bytes of HTTP", "rectifier_http_bytes", "rectifier_http_bytes_limit"],
  ["memory in bytes", "process_resident_memory_bytes", "rectifier_memory_limit_bytes"],
  ["file descriptors", "process_open_fds", "process_max_fds"],
] as const;

function Saturation({ samples }: { readonly samples: Samples }): VNode {
  const rows: MeterRow[] = USES.flatMap(([name, used, limit]) => {
    const [part, of] = [valueOf(samples, used), valueOf(samples, limit)];
    if (part === undefined || of === undefined) return [];
    return [{ name, part, of, text: `${amount(name, part)} of ${amount(name, of)}` }];
  });
  const connections = totals(samples, "rectifier_connections", "transport");
  const limit = valueOf(samples, "rectifier_connections_limit") ?? 0;
  const open = connections.reduce((sum, [, count]) => sum + count, 0);
  rows.push({ name: "connections", part: open, of: limit, text: `${open} of ${limit}` });
  return (
    <Panel title="Saturation">
      <Meters rows={rows} />
    </Panel>
  );
}
