/** Classes of folders: each folder that pictures lie in is one, called as the folder is. Pure. */

/** Folders that have no other one in them: those whose pictures are of one kind. @param {string[]} folders */
export function leaves(folders) {
  return folders.filter((folder) => !folders.some((other) => other.startsWith(`${folder}/`)));
}

/** What people write for words in the names of files. @param {string} folder */
export const nameOf = (folder) => (folder.split("/").pop() ?? folder).replace(/[_]+/g, " ").trim();

/** A name that is not taken yet. @param {string} name @param {string[]} taken */
export function unused(name, taken) {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name} ${number}`;
    if (!taken.includes(tried)) return tried;
  }
}
