/**
 * A gRPC target that is a list of addresses, of which each may be a unix socket, a host with
 * several addresses, or one address. gRPC itself has lists of plain IP addresses alone.
 */

import { experimental, status } from "@grpc/grpc-js";
import type { ChannelOptions } from "@grpc/grpc-js";

type Resolver = experimental.Resolver;
type Listener = experimental.ResolverListener;
type Uri = experimental.GrpcUri;
type Resolution = Parameters<Listener>[0];

const SCHEME = "rectifier";
const KNOWN_SCHEMES = ["dns", "unix", "ipv4", "ipv6"];

/** The one target that gRPC is given for these addresses. */
export function toGrpcTarget(targets: readonly string[]): string {
  const [first = "", ...others] = targets;
  return others.length === 0 ? first : `${SCHEME}:${targets.join(",")}`;
}

/** Asks the resolver of each address, and tells gRPC about all endpoints once each has answered. */
class AddressListResolver implements Resolver {
  readonly #children: Resolver[];
  readonly #answers: (Resolution | undefined)[];

  constructor(target: Uri, listener: Listener, options: ChannelOptions) {
    const addresses = splitList(target.path);
    this.#answers = addresses.map(() => undefined);
    this.#children = addresses.map((address, i) =>
      experimental.createResolver(
        toUri(address),
        (answer) => {
          this.#answers[i] = answer;
          const all = merge(this.#answers);
          return all === undefined || listener(all, {}, null, "");
        },
        options,
      ),
    );
  }

  updateResolution(): void {
    for (const child of this.#children) child.updateResolution();
  }

  destroy(): void {
    for (const child of this.#children) child.destroy();
    this.#answers.fill(undefined);
  }

  // By this name TLS knows the server where no other is given.
  static getDefaultAuthority(target: Uri): string {
    const { scheme, path } = toUri(splitList(target.path)[0] ?? "");
    return scheme === "unix" ? "localhost" : path;
  }
}

experimental.registerResolver(SCHEME, AddressListResolver);

function splitList(path: string): string[] {
  return path.split(",").filter((address) => address !== "");
}

function toUri(address: string): Uri {
  const colon = address.indexOf(":");
  const scheme = address.slice(0, colon);
  if (!KNOWN_SCHEMES.includes(scheme)) return { scheme: "dns", path: address };
  return { scheme, path: address.slice(colon + 1).replace(/^\/\/(?=\/)/, "") };
}

// The endpoints of all that could be resolved; an error where none could; undefined where one has
// yet to answer.
function merge(answers: readonly (Resolution | undefined)[]): Resolution | undefined {
  const known = answers.filter((answer) => answer !== undefined);
  if (known.length < answers.length) return undefined;
  const endpoints = known.flatMap((answer) => (answer.ok ? answer.value : []));
  if (endpoints.length > 0) return experimental.statusOrFromValue(endpoints);
  const failed = known.find((answer) => !answer.ok);
  return (
    failed ?? experimental.statusOrFromError({ code: status.UNAVAILABLE, details: "no address" })
  );
}
