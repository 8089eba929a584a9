// Every test that runs inside VS Code, in order: activation must come first, since it looks at what was not yet woken.
import "./activation";
import "./diagnostics";
import "./actions";
import "./features";
import "./hover";
import "./configuration";
import "./commands";
import "./stages";
