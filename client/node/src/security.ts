/** How a client knows that it talks to the right server, and how the server knows the client. */

import { readFileSync } from "node:fs";

import type { ChannelCredentials, ChannelOptions } from "@grpc/grpc-js";
import { credentials } from "@grpc/grpc-js";

/**
 * TLS and tokens. Files are read when the client is made: to exchange one, make a new client.
 * Without any of these there is neither.
 */
export interface Security {
  /**
   * The authorities that may have signed the server's certificate, as a file of PEM; "system"
   * stands for those that Node trusts. Without it there is no TLS.
   */
  readonly tlsCa?: string | undefined;
  /** The client's own certificate, as a file of PEM, for servers that ask for one. */
  readonly tlsCertificate?: string | undefined;
  /** The key of `tlsCertificate`, as a file of PEM. */
  readonly tlsKey?: string | undefined;
  /** The name that the server's certificate must have, where it is not the host of the target. */
  readonly tlsServerName?: string | undefined;
  /** A token. It is sent over TLS, to this machine and to unix sockets alone. */
  readonly token?: string | undefined;
  /** The file that holds the token. */
  readonly tokenFile?: string | undefined;
}

/** What makes a channel secure. */
export interface SecureChannel {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
  /** The value of the metadata `authorization`; empty without a token. */
  readonly authorization: string;
}

/**
 * What RECTIFIER_TLS_CA, RECTIFIER_TLS_CERTIFICATE, RECTIFIER_TLS_KEY, RECTIFIER_TLS_SERVER_NAME,
 * RECTIFIER_TOKEN_FILE and RECTIFIER_TOKEN say. The file of a token goes before a token.
 */
export function securityFromEnvironment(): Security {
  const read = (name: string): string | undefined => process.env[`RECTIFIER_${name}`];
  const tokenFile = read("TOKEN_FILE");
  return {
    tlsCa: read("TLS_CA"),
    tlsCertificate: read("TLS_CERTIFICATE"),
    tlsKey: read("TLS_KEY"),
    tlsServerName: read("TLS_SERVER_NAME"),
    token: tokenFile ? undefined : read("TOKEN"),
    tokenFile,
  };
}

/**
 * Reads what `security` names.
 *
 * @throws {Error} for files that cannot be read, and for parts that do not go together.
 */
export function secure(security: Security, targets: readonly string[]): SecureChannel {
  const { tlsCa, tlsCertificate, tlsKey, tlsServerName } = security;
  if (Boolean(tlsCertificate) !== Boolean(tlsKey)) {
    throw new Error("tlsCertificate and tlsKey are needed together");
  }
  const authorization = readAuthorization(security, targets);
  if (!tlsCa) {
    if (tlsCertificate || tlsServerName) {
      throw new Error('tlsCa is needed for TLS; "system": what Node trusts');
    }
    return { credentials: credentials.createInsecure(), options: {}, authorization };
  }
  return {
    credentials: credentials.createSsl(
      tlsCa === "system" ? null : readPem("tlsCa", tlsCa, "BEGIN CERT"),
      tlsKey ? readPem("tlsKey", tlsKey, "PRIVATE KEY") : null,
      tlsCertificate ? readPem("tlsCertificate", tlsCertificate, "BEGIN CERT") : null,
    ),
    options: tlsServerName
      ? {
          "grpc.ssl_target_name_override": tlsServerName,
          "grpc.default_authority": tlsServerName,
        }
      : {},
    authorization,
  };
}

function readAuthorization(security: Security, targets: readonly string[]): string {
  const { token: given, tokenFile, tlsCa } = security;
  if (given && tokenFile) throw new Error("both token and tokenFile are given; one is needed");
  const token = tokenFile ? readFileSync(tokenFile, "utf8").trim() : given;
  if (!token && !tokenFile) return "";
  if (!token || !/^[A-Za-z0-9._~+/=-]+$/.test(token)) {
    throw new Error("a token has letters, digits and -._~+/= alone");
  }
  const stranger = targets.find((target) => !staysHere(target));
  if (!tlsCa && stranger !== undefined) {
    throw new Error(`the token would travel to ${stranger} in the open; tlsCa turns TLS on`);
  }
  return `Bearer ${token}`;
}

function readPem(what: string, path: string, marker: string): Buffer {
  const content = readFileSync(path);
  if (!content.includes(marker)) throw new Error(`${what}: ${path}: the file holds none in PEM`);
  return content;
}

// Where nobody between client and server can listen. A name may begin with "127.", too, and a list
// of addresses may go on elsewhere.
function staysHere(target: string): boolean {
  const address = target.replace(/^(dns:(\/\/\/)?|ipv4:|ipv6:)/, "");
  return (
    address.startsWith("unix:") || /^(localhost:|\[::1\]:|127\.[0-9.]+(:|$))[^,]*$/.test(address)
  );
}
