/** Entry point of `plimsoll-language-server`. */
import { startServer } from "./start-server";

startServer();
