/** Where to find the server when nobody says where. */

import { accessSync, constants, statSync } from "node:fs";

/**
 * The gRPC target of the socket on which `rectifierd` listens by default, the first of these that
 * this process can enter:
 *
 * 1. `unix:/run/rectifier/rectifierd.sock`, where the directory `/run/rectifier` exists;
 * 2. `unix:$XDG_RUNTIME_DIR/rectifierd.sock`;
 * 3. `unix:/tmp/rectifierd-UID.sock`.
 *
 * Whether a socket is there plays no part.
 *
 * @param root stands in for `/` of the first case in tests.
 */
export function defaultTarget(root = ""): string {
  const serviceDirectory = `${root}/run/rectifier`;
  if (canEnter(serviceDirectory)) return `unix:${serviceDirectory}/rectifierd.sock`;
  // The XDG specification: a relative path is to be ignored.
  const userDirectory = process.env["XDG_RUNTIME_DIR"] ?? "";
  if (userDirectory.startsWith("/") && canEnter(userDirectory)) {
    return `unix:${userDirectory}/rectifierd.sock`;
  }
  return `unix:/tmp/rectifierd-${process.getuid?.() ?? 0}.sock`;
}

function canEnter(directory: string): boolean {
  try {
    accessSync(directory, constants.X_OK);
    return statSync(directory).isDirectory();
  } catch {
    return false;
  }
}
