/** Tools that send usage data home unless told not to, with the variable their own documentation names. */

/** One tool. */
export interface TelemetryTool {
  readonly label: string;
  readonly variable: string;
  readonly value: string;
  /** Variables that switch it off as well. */
  readonly also?: readonly string[];
}

const next: TelemetryTool = { label: "Next.js", variable: "NEXT_TELEMETRY_DISABLED", value: "1" };
const dotnet: TelemetryTool = { label: "The .NET SDK", variable: "DOTNET_CLI_TELEMETRY_OPTOUT", value: "1" };
const gatsby: TelemetryTool = { label: "Gatsby", variable: "GATSBY_TELEMETRY_DISABLED", value: "1" };
const nuxt: TelemetryTool = { label: "Nuxt", variable: "NUXT_TELEMETRY_DISABLED", value: "1" };
const astro: TelemetryTool = { label: "Astro", variable: "ASTRO_TELEMETRY_DISABLED", value: "1" };
const angular: TelemetryTool = { label: "The Angular CLI", variable: "NG_CLI_ANALYTICS", value: "false" };
const turbo: TelemetryTool = {
  label: "Turborepo",
  variable: "TURBO_TELEMETRY_DISABLED",
  value: "1",
  also: ["DO_NOT_TRACK"],
};
const azure: TelemetryTool = { label: "The Azure CLI", variable: "AZURE_CORE_COLLECT_TELEMETRY", value: "0" };
const wrangler: TelemetryTool = { label: "Wrangler", variable: "WRANGLER_SEND_METRICS", value: "false" };
const storybook: TelemetryTool = { label: "Storybook", variable: "STORYBOOK_DISABLE_TELEMETRY", value: "1" };
const sam: TelemetryTool = { label: "The AWS SAM CLI", variable: "SAM_CLI_TELEMETRY", value: "0" };
const brew: TelemetryTool = { label: "Homebrew", variable: "HOMEBREW_NO_ANALYTICS", value: "1" };
const vcpkg: TelemetryTool = { label: "vcpkg", variable: "VCPKG_DISABLE_METRICS", value: "1" };
const powershell: TelemetryTool = { label: "PowerShell", variable: "POWERSHELL_TELEMETRY_OPTOUT", value: "1" };
const huggingFace: TelemetryTool = {
  label: "The Hugging Face CLI",
  variable: "HF_HUB_DISABLE_TELEMETRY",
  value: "1",
  also: ["DO_NOT_TRACK", "HF_HUB_OFFLINE"],
};

/** By the name of the program that is called. */
export const telemetryTools: ReadonlyMap<string, TelemetryTool> = new Map([
  ["next", next],
  ["dotnet", dotnet],
  ["gatsby", gatsby],
  ["nuxt", nuxt],
  ["nuxi", nuxt],
  ["astro", astro],
  ["ng", angular],
  ["turbo", turbo],
  ["az", azure],
  ["wrangler", wrangler],
  ["storybook", storybook],
  ["sam", sam],
  ["brew", brew],
  ["vcpkg", vcpkg],
  ["pwsh", powershell],
  ["huggingface-cli", huggingFace],
  ["hf", huggingFace],
]);
