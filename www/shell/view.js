/**
 * What a view is to the shell, and the shell to a view. Types only.
 *
 * A view is a folder `www/views/<name>/` with `<name>.js` (a ViewModule), `view.html` (its markup and `<template>`s, in one
 * `<div class="view" data-view="<name>">`), `view.css` and `words.js`, and one line in `www/views.js`. It has a state of
 * its own, imports nothing of another view or of the engine, and may import the shell: `dom.js`, `words.js`, `format.js`,
 * `leaving.js`, the elements it places in its markup (`work-progress`, `model-note`), and `library/` where its pictures
 * are a library's. Its elements tell by events that bubble; `picture-remove` ({ id }), `pictures-clear`, `work-stop` and
 * `work-resume` are the shell's to answer, wherever they come from.
 *
 * @typedef {object} ViewLine A line of the list of views. The first one's markup stands in `index.html`.
 * @property {string} name In the address (`#/search`), and of its folder.
 * @property {string} title For people, where there are several.
 * @property {() => Promise<ViewModule>} open Its module, loaded when it is first opened.
 *
 * @typedef {object} ViewModule
 * @property {(shell: Shell, root: HTMLElement) => View} mount Called once, with its markup on the page.
 *
 * @typedef {object} View
 * @property {(fields: URLSearchParams) => void} open Its address was opened: for the first time, again, or with other
 *   fields (`#/search?text=…`). No fields say nothing: what it shows stays.
 * @property {() => void} [close] Another view takes its place. It stays mounted, hidden, and may go on with its work.
 * @property {() => void} draw Show what is: once a frame while it is open, if the shell's state or (`Shell.redraw`) its own
 *   has changed.
 * @property {(given: Given) => boolean} [take] Something was dropped or pasted while it is open: whether it takes it. A view
 *   that has this has pictures of its own, and the page's are out of sight.
 * @property {() => Texts} [texts] The words it works with, for what the panel compares.
 *
 * @typedef {{ labels: (string | string[])[], template: string | string[] }} Texts Several words of one label, or templates, are averaged.
 *
 * @typedef {object} Shell
 * @property {() => State} getState Model, pictures, the work over them: only to be read.
 * @property {readonly string[]} views Their names: whether there is another one to lead to.
 * @property {typeof import("../../semblance.js").Semblance} library For what needs no model, or opens things of its own.
 * @property {() => Clip | null} clip The model that answers now.
 * @property {(id: number) => Embedding | undefined} vector Of a picture whose status is `done`.
 * @property {(id: number) => ImageSource | undefined} source The very picture that was seen, for the model to look at again.
 * @property {(intake: Intake) => void} add Pictures from elsewhere, as if they had been dropped.
 * @property {(ids: number[]) => void} remove
 * @property {Signals["on"]} on See `Happenings`.
 * @property {() => void} redraw Ask for `View.draw`.
 * @property {(table: Handlers, root: EventTarget) => void} listen Answer events from its elements; what is thrown becomes a notice.
 * @property {(message: string) => void} notice One sentence, in sight for a while.
 * @property {(message: string) => void} announce For those who listen to the page.
 * @property {() => void} used The model has done something: the panel's figures and requests are looked at anew.
 * @property {(message: string) => void} lost A call failed with an `EngineError`: this model answers no more.
 * @property {(fields: URLSearchParams) => void} address Write what it shows into the address, as `open` will be given it.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./signals.js").Signals} Signals
 * @typedef {import("./events.js").Handlers} Handlers
 * @typedef {import("./pictures/intake.js").Intake} Intake
 * @typedef {import("./pictures/intake.js").Given} Given
 * @typedef {import("../../semblance.js").Semblance} Clip
 * @typedef {import("../../semblance.js").Embedding} Embedding
 * @typedef {import("../../semblance.js").ImageSource} ImageSource
 */

export {};
