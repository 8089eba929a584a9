/** A Dockerfile to try things on, for those who have none at hand. */
import * as vscode from "vscode";

/** Its text: what a newcomer sees first, and what the start of the extension is measured with. */
export const example = `# A service as it is often written. Look at what is underlined, then press Ctrl+. (Cmd+. on a Mac).
FROM node:latest AS build
WORKDIR /app
ARG NPM_TOKEN
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:latest
WORKDIR /app
COPY --from=build /app /app
EXPOSE 3000
CMD node dist/server.js
`;

/** Opens it as a file that nobody has saved yet. */
export async function openExample(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "dockerfile", content: example });
  await vscode.window.showTextDocument(document);
}
