import { fileURLToPath } from "node:url";

// Nothing about Semblance: that it needs no configuration is what is tested.
export default {
  mode: "production",
  entry: "./page.js",
  output: { path: fileURLToPath(new URL("dist", import.meta.url)), clean: true },
};
