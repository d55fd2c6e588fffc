const idleFolders = /^(?:test|tests|__tests__|doc|docs|example|examples|benchmark|benchmarks|coverage|\.github)\//;
const idleFiles = /(?:\.map|\.test\.[cm]?js|\.[cm]?ts|\.tsx|\.flow|\.tsbuildinfo|\.mdx?|\.markdown|\.html|\.yml)$/i;
const idleNames =
  /(?:^|\/)(?:changelog|history|authors|contributors|\.npmignore|\.eslintrc[^/]*|\.editorconfig|\.nycrc)$/i;
const licences = /(?:^|\/)(?:licen[cs]e|copying|notice)[^/]*$/i;
// The documentation pages load the one bundle; the package brings it three times.
const otherBundles = /^swagger-ui(?:-es-bundle(?:-core)?)?\.js$/;

/** Whether a package needs this file (a path inside it) at run time. Licences go with what they license. */
export function isWanted(file: string): boolean {
  if (licences.test(file)) return true;
  if (/(?:^|\/)node_modules\//.test(file) || otherBundles.test(file)) return false;
  return !idleFolders.test(file) && !idleFiles.test(file) && !idleNames.test(file);
}
