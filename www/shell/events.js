/** Answering the elements' events: what goes wrong is said. */

/** @typedef {Record<string, (detail: any) => unknown>} Handlers */

/**
 * @param {EventTarget} root
 * @param {Handlers} table
 * @param {(message: string) => void} complain
 */
export function listen(root, table, complain) {
  for (const [name, handle] of Object.entries(table)) {
    root.addEventListener(name, async (event) => {
      try {
        await handle(/** @type {CustomEvent} */ (event).detail);
      } catch (error) {
        complain(/** @type {Error} */ (error).message);
      }
    });
  }
}
