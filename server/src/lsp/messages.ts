/** Messages of the server that nobody answers. */
import type { Connection } from "vscode-languageserver";

/** A message that wants no answer. */
export function tell(connection: Connection, message: string): void {
  // 3: information.
  notify(connection, "window/showMessage", { type: 3, message });
}

/** Sends without waiting. A client that is gone misses nothing, and this process ends with it. */
export function notify(connection: Connection, method: string, params: object): void {
  try {
    void connection.sendNotification(method, params).catch(() => undefined);
  } catch {
    // The connection was closed while a check was under way.
  }
}
