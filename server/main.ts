/** The server's process: from its first moment on it can be told to end, while the rest of the server is still read. */
import { listenForStop, watchStarter } from "./engine/stop-request.ts";

const stop = listenForStop();
watchStarter("server/main.ts", stop.request);
const { serve } = await import("./serve.ts");
await serve(stop);
