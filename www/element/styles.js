/** The element's style sheet. What a page may set is at the top: custom properties, each with what it is without. */
export const styles = `
:host {
  --accent: var(--semblance-accent, light-dark(#0b6b66, #63d2c8));
  --on-accent: var(--semblance-on-accent, light-dark(#ffffff, #06211f));
  --background: var(--semblance-background, light-dark(#ffffff, #1c1d1f));
  --text: var(--semblance-text, light-dark(#1b1d1f, #ededeb));
  --muted: var(--semblance-muted, light-dark(#5b5e62, #a7aaae));
  --line: var(--semblance-line, light-dark(#d9d6cf, #3a3d41));
  --track: var(--semblance-track, light-dark(#efede8, #2b2d30));
  --danger: var(--semblance-danger, light-dark(#b3261e, #f2a49d));
  --radius: var(--semblance-radius, 0.875rem);
  --gap: var(--semblance-gap, 1.25rem);

  display: block;
  container-type: inline-size;
  color: var(--text);
  font: inherit;
  line-height: 1.4;
}

:host([hidden]),
[hidden] {
  display: none !important;
}

* {
  box-sizing: border-box;
  margin: 0;
}

.box {
  display: grid;
  gap: var(--gap);
  padding: var(--gap);
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--background);
  transition: border-color 140ms;
}

.box[data-over] {
  border-color: var(--accent);
  box-shadow: inset 0 0 0 1px var(--accent);
}

.place {
  display: grid;
  justify-items: center;
  gap: 0.75rem;
  padding: clamp(1.5rem, 8cqi, 3rem) 1rem;
  border: 1.5px dashed var(--line);
  border-radius: calc(var(--radius) * 0.7);
  text-align: center;
  text-wrap: balance;
  cursor: pointer;
  transition: border-color 140ms;
}

.place:hover,
[data-over] .place {
  border-color: var(--accent);
}

.question {
  max-width: 100%;
  overflow-wrap: anywhere;
  font-size: 1.25em;
  font-weight: 600;
  letter-spacing: -0.01em;
}

.prompt,
.note {
  color: var(--muted);
}

.note {
  font-size: 0.8125em;
}

.seen {
  display: grid;
  gap: var(--gap);
  align-items: start;
}

.picture {
  display: grid;
  place-items: center;
  overflow: hidden;
  border-radius: calc(var(--radius) * 0.7);
  background: var(--track);
}

.picture > * {
  display: block;
  max-width: 100%;
  max-height: min(20rem, 60vh);
  object-fit: contain;
}

.answers {
  display: grid;
  gap: 1rem;
  min-width: 0;
}

.bars {
  display: grid;
  gap: 0.75rem;
  padding: 0;
  list-style: none;
}

.bars:empty {
  display: none;
}

.bar {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: 0.25rem 0.75rem;
  color: var(--muted);
}

.bar:first-child {
  color: var(--text);
  font-weight: 600;
}

.label {
  overflow-wrap: anywhere;
}

.value {
  font-variant-numeric: tabular-nums;
}

.track {
  grid-column: 1 / -1;
  height: 0.375rem;
  overflow: hidden;
  border-radius: 1rem;
  background: var(--track);
}

.fill {
  display: block;
  width: 100%;
  height: 100%;
  border-radius: inherit;
  background: var(--accent);
  opacity: 0.55;
  transform: translateX(calc(var(--share, 0) * 100% - 100%));
  transition: transform 260ms ease-out;
}

.bar:first-child .fill {
  opacity: 1;
}

.bars[aria-busy="true"] .fill {
  opacity: 0.3;
}

.foot {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 0.5rem 1rem;
}

button {
  min-height: 2.75rem;
  padding: 0.5rem 1.125rem;
  border: 1px solid var(--accent);
  border-radius: calc(var(--radius) * 0.6);
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 550;
  cursor: pointer;
}

button:hover {
  filter: brightness(1.08);
}

.seen button {
  border-color: var(--line);
  background: none;
  color: var(--text);
  font-weight: 500;
}

.seen button:hover {
  border-color: var(--accent);
}

button:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

.work {
  display: grid;
  gap: 0.375rem;
  color: var(--muted);
  font-size: 0.875em;
  font-variant-numeric: tabular-nums;
}

progress {
  width: 100%;
  height: 0.25rem;
  overflow: hidden;
  border: 0;
  border-radius: 1rem;
  background: var(--track);
  appearance: none;
}

progress::-webkit-progress-bar {
  background: var(--track);
}

progress::-webkit-progress-value {
  background: var(--accent);
}

progress::-moz-progress-bar {
  background: var(--accent);
}

.error {
  overflow-wrap: anywhere;
  color: var(--danger);
}

.heard {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

@container (min-width: 32rem) {
  .seen {
    grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
  }
}

@media (prefers-reduced-motion: reduce) {
  .box,
  .place,
  .fill {
    transition: none;
  }
}

@media (forced-colors: active) {
  .fill {
    background: Highlight;
    forced-color-adjust: none;
  }
}
`;
