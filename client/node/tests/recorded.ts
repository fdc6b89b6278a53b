/** What a client calls, for tests to look at. */

/** Options of a client, and the methods that it calls. */
export function recordMethods(): { asked: string[]; channelOptions: Record<string, unknown> } {
  const asked: string[] = [];
  interface Options {
    readonly method_definition: { readonly path: string };
  }
  const record = (options: Options, next: (options: Options) => unknown): unknown => {
    asked.push(options.method_definition.path.split("/").at(-1) ?? "");
    return next(options);
  };
  return { asked, channelOptions: { interceptors: [record] } };
}
