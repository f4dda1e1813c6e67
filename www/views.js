/** The views: a line each, and a folder below `views/`. The first one is what the page opens with. */

/** @type {readonly import("./shell/view.js").ViewLine[]} */
export const views = [
  { name: "match", title: "Match", open: () => import("./views/match/match.js") },
  { name: "search", title: "Search", open: () => import("./views/search/search.js") },
  { name: "describe", title: "Describe", open: () => import("./views/describe/describe.js") },
  { name: "teach", title: "Teach", open: () => import("./views/teach/teach.js") },
  { name: "organise", title: "Organise", open: () => import("./views/organise/organise.js") },
  { name: "measure", title: "Measure", open: () => import("./views/measure/measure.js") },
];
