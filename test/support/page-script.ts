/** Bundles a module of the project for a page that a browser test holds, as Vite bundles the game's own page. */
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @param entry the module's path from the project's root
 * @param name the global variable that is to hold its exports
 * @returns a classic script
 */
export async function bundleForPage(entry: string, name: string): Promise<string> {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: true, lib: { entry, name, formats: ["iife"] } },
  });
  const [bundle] = [built].flat();
  if (bundle === undefined || !("output" in bundle)) throw new Error(`${entry} gave no bundle`);
  return bundle.output[0].code;
}
