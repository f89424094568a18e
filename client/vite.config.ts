import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Writes each asset a second time, compressed, for the server to send: Phaser is 1.4 MB without. */
const compressAssets: Plugin = {
  name: "compress-assets",
  apply: "build",
  generateBundle(_options, bundle) {
    for (const [fileName, file] of Object.entries(bundle)) {
      if (!/\.(js|css)$/.test(fileName)) continue;
      const source = brotliCompressSync(file.type === "chunk" ? file.code : file.source);
      this.emitFile({ type: "asset", fileName: `${fileName}.br`, source });
    }
  },
};

export default defineConfig({
  root,
  plugins: [compressAssets],
  cacheDir: "../node_modules/.vite",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    sourcemap: true,
    // Phaser alone is larger than the default limit, and it is loaded only when a match opens.
    chunkSizeWarningLimit: 1700,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "phaser", test: /node_modules[\\/]phaser/ }] },
      },
    },
  },
  server: {
    proxy: { "/socket.io": { target: `http://localhost:${process.env.PORT ?? 3000}`, ws: true } },
  },
});
