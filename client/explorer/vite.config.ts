import type { Plugin } from "vite";
import { defineConfig } from "vite";

// RECTIFIER_HTTP is the server that `npm run dev` passes calls on to.
const server = process.env["RECTIFIER_HTTP"] ?? "http://127.0.0.1:8080";

// uPlot sets up the browser's formats of numbers and times as it is loaded, which takes 30 to 50 ms, half
// of what is there until the first plot. The page writes its numbers itself, and has no times.
const SETUP = [
  ["new Intl.NumberFormat(domEnv ? nav.language : 'en-US')", "{ format: String }"],
  ["new Intl.DateTimeFormat().resolvedOptions().timeZone", '""'],
] as const;

const withoutSetup: Plugin = {
  name: "uplot-without-setup",
  transform(code, id) {
    if (!id.includes("uPlot.esm.js")) return undefined;
    return SETUP.reduce((text, [setup, instead]) => {
      if (!text.includes(setup)) this.error(`uPlot no longer has ${setup}`);
      return text.replace(setup, instead);
    }, code);
  },
};

export default defineConfig({
  base: "./",
  plugins: [withoutSetup],
  build: {
    // A module is preloaded by the one line of index.html, so the polyfill would be dead weight.
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        entryFileNames: "explorer.js",
        assetFileNames: "explorer[extname]",
      },
    },
  },
  server: {
    proxy: {
      "/rectifier.v1.ActivationService": { target: server },
      "/metrics": { target: server },
    },
  },
});
