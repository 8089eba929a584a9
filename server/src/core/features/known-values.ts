/** Variables and ports that many images share. */
import type { Choice } from "./help";

/** Settings of programs by ENV that are worth knowing. */
export const environment: readonly Choice[] = [
  { value: "NODE_ENV=production", text: "Node.js: libraries leave out what only helps developers." },
  { value: "PYTHONUNBUFFERED=1", text: "Python: what is printed appears at once in the container's log." },
  { value: "PYTHONDONTWRITEBYTECODE=1", text: "Python: writes no `.pyc` files." },
  { value: "PIP_NO_CACHE_DIR=1", text: "pip: keeps no cache in the layer." },
  { value: "UV_COMPILE_BYTECODE=1", text: "uv: compiles while the image is built, so that programs start sooner." },
  { value: "CGO_ENABLED=0", text: "Go: programs that need no C library." },
  { value: "JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75", text: "Java: the heap follows the container's memory." },
  { value: "RAILS_ENV=production", text: "Rails: the production settings." },
  { value: "BUNDLE_WITHOUT=development:test", text: "Bundler: leaves out gems for development." },
  { value: "COMPOSER_NO_DEV=1", text: "Composer: leaves out packages for development." },
  { value: "LANG=C.UTF-8", text: "Programs read and write UTF-8." },
  { value: "TZ=UTC", text: "The time zone." },
];

/** Ports that programs listen on by default. */
export const ports: readonly Choice[] = [
  { value: "8080", text: "Web servers without root" },
  { value: "80", text: "HTTP" },
  { value: "443", text: "HTTPS" },
  { value: "3000", text: "Node.js, Rails, Grafana" },
  { value: "5000", text: "Flask" },
  { value: "8000", text: "Django, FastAPI" },
  { value: "8443", text: "HTTPS without root" },
  { value: "9090", text: "Prometheus" },
  { value: "5432", text: "PostgreSQL" },
  { value: "3306", text: "MySQL, MariaDB" },
  { value: "6379", text: "Redis" },
  { value: "27017", text: "MongoDB" },
];
