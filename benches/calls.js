/** A worker, called by verbs: both ends. */
import { describe } from "./report.js";

/** `call` does one at a time. @typedef {{ call: (verb: string, argument?: unknown) => Promise<any>, end: () => void }} Called */
/** @typedef {Record<string, (argument: any) => unknown>} Actions */

/** The page's end. @param {URL} script @returns {Called} */
export function startWorker(script) {
  const worker = new Worker(script, { type: "module" });
  return {
    call: (verb, argument = null) =>
      new Promise((resolve, reject) => {
        worker.onerror = ({ message }) => reject(new Error(message ?? `${script} could not be started`));
        worker.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data.ok));
        worker.postMessage({ verb, argument });
      }),
    end: () => worker.terminate(),
  };
}

/** The worker's end. @param {Actions} actions */
export function answerCalls(actions) {
  self.onmessage = async ({ data: { verb, argument } }) => {
    try {
      self.postMessage({ ok: await actions[verb](argument) });
    } catch (thrown) {
      self.postMessage({ error: describe(thrown) });
    }
  };
}
