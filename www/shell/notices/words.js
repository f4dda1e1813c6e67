/** The words of what is told in passing. */

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "notice.list": "Notices",
  "update.message": "A new version of this page is ready.",
  "update.pictures": "A new version of this page is ready. Reloading clears the pictures.",
  "update.apply": "Reload",
  "update.later": "Later",
};
