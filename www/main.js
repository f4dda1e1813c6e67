/** The composition root: the library, the shell and the views, and the order in which a visit begins. */

import { Semblance } from "../semblance.js";
import { isolationWouldHelp } from "./engine/running/builds.js";
import { isolate } from "./shell/isolation.js";
import { startOffline } from "./shell/offline.js";
import { createShell } from "./shell/shell.js";
import { views } from "./views.js";

const shell = createShell(Semblance, views);

async function start() {
  shell.start();
  // The view is there at once; the model may have to wait.
  const [isolation] = await Promise.all([isolate(isolationWouldHelp()), shell.openView()]);
  if (isolation === "next time") shell.panel.sayReload();
  window.addEventListener("hashchange", () => shell.open());
  await shell.openModel();
  // Once the page is of use, the rest of its files are fetched for the next visit.
  shell.panel.offline = await startOffline({ onUpdate: shell.notices.offerUpdate });
  await shell.panel.refreshRequests();
}

start();
