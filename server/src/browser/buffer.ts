/**
 * Stands in for Node's `Buffer` in bundles that run without Node: dockerfile-ast looks for a byte order mark with it in
 * every parse. The bundler puts it where the name is used.
 */
export const Buffer = { from: (text: string): Uint8Array => new TextEncoder().encode(text) };
