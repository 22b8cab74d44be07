import { fileURLToPath } from "node:url";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `annals serve` listens while the UI is developed. */
const server = process.env.ANNALS_SERVER ?? "http://127.0.0.1:4720";

/** Everything that the server answers itself; whatever else is asked for is a page of the UI. */
const answeredByTheServer = /^\/(v1|api|logs|checkpoint|tile|session|docs|openapi\.json)(\/|\?|$)/;

const proxy = { [answeredByTheServer.source]: { target: server } };

export default defineConfig({
  plugins: [
    react(),
    // React Aria brings its few sentences in thirty languages; the UI speaks one.
    { ...optimizeLocales.vite({ locales: ["en-US"] }), enforce: "pre" },
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist/pages",
    // From which the size of the first load is reckoned; no browser asks for it.
    manifest: true,
    target: ["chrome123", "firefox120", "safari17.5"],
    // A font or picture inside a style sheet would be a data: address, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy },
  preview: { proxy },
});
