/** What counts as an address on the web, for the dialog that asks for one and for what is dropped or pasted. */

/** An http(s) address, or null. @param {string} value */
export function webAddress(value) {
  const address = value.trim();
  return /^https?:\/\/\S+$/i.test(address) && URL.canParse(address) ? address : null;
}
