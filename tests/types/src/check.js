// The body of a function that runs in the browser, beside typescript.js. Its argument: the root files of a program.
const [roots] = arguments;

return fetch("files.json")
  .then((response) => response.json())
  .then((texts) => check(new Map(Object.entries(texts)), roots));

/** @param {Map<string, string>} texts @param {string[]} roots */
function check(texts, roots) {
  const folders = new Set([...texts.keys()].flatMap((path) => path.split("/").map((_, i, parts) => parts.slice(0, i).join("/") || "/")));
  const host = {
    fileExists: (path) => texts.has(path),
    readFile: (path) => texts.get(path),
    directoryExists: (path) => folders.has(path.replace(/\/$/, "") || "/"),
    getDirectories: () => [],
    getCurrentDirectory: () => "/site",
    getDefaultLibLocation: () => "/lib",
    getDefaultLibFileName: (options) => `/lib/${ts.getDefaultLibFileName(options)}`,
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile() {},
    getSourceFile: (path, languageVersionOrOptions) =>
      texts.has(path) ? ts.createSourceFile(path, texts.get(path), languageVersionOrOptions, true) : undefined,
  };
  const config = ts.parseConfigFileTextToJson("/site/jsconfig.json", texts.get("/site/jsconfig.json"));
  const { options, errors } = ts.convertCompilerOptionsFromJson(config.config?.compilerOptions, "/site", "/site/jsconfig.json");
  const program = ts.createProgram({ rootNames: roots, options, host });
  const diagnostics = [config.error, ...errors, ...ts.getPreEmitDiagnostics(program)].filter(Boolean);
  return {
    diagnostics: ts.sortAndDeduplicateDiagnostics(diagnostics).map(describe),
    files: program.getSourceFiles().filter(({ fileName }) => fileName.startsWith("/site/")).length,
  };
}

/** `www/main.js:3:7 TS2322: Type … is not assignable …` */
function describe({ file, start, code, messageText }) {
  const message = ts.flattenDiagnosticMessageText(messageText, "\n    ");
  if (!file) return `TS${code}: ${message}`;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return `${file.fileName.replace("/site/", "")}:${line + 1}:${character + 1} TS${code}: ${message}`;
}
