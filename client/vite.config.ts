import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Of `npm run dev`, where Vite has the page and this server the game. */
const GAME_SERVER = `http://localhost:${process.env.PORT ?? 3000}`;
const root = fileURLToPath(new URL(".", import.meta.url));

/** Writes each asset twice more, compressed, for the server to send: Phaser is 1.4 MB without. */
const compressAssets: Plugin = {
  name: "compress-assets",
  apply: "build",
  // Only what is written is final: Vite still fills in places of its own before.
  writeBundle({ dir = "" }, bundle) {
    for (const fileName of Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name))) {
      const path = join(dir, fileName);
      const bytes = readFileSync(path);
      writeFileSync(`${path}.br`, brotliCompressSync(bytes));
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
    }
  },
};

export default defineConfig({
  root,
  // The page does not know where it will lie: at a server's root, below a path, on another site.
  base: "./",
  plugins: [compressAssets],
  cacheDir: "../node_modules/.vite",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    // npm run build, and the server, build elsewhere and put the page here when it is whole: see server/page-build.ts.
    outDir: "dist",
    emptyOutDir: false,
    // A map of Phaser has 11 MB, forty times what players load, and would be there for strangers to ask for. Who looks into a page
    // has the sources: `npm run dev` maps them, and `npx vite build client --sourcemap` makes the maps of the same page.
    sourcemap: false,
    // Phaser alone is larger than the default limit, and it is loaded only when a match opens.
    chunkSizeWarningLimit: 1700,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "phaser", test: /node_modules[\\/]phaser/ }] },
      },
    },
  },
  server: {
    proxy: { "/socket.io": { target: GAME_SERVER, ws: true }, "/reach": { target: GAME_SERVER } },
  },
});
