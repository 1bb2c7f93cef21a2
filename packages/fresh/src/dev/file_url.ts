/**
 * The URL of a file as imports spell it. `pathToFileURL` would escape the brackets of `[id].tsx`,
 * and the same file under another URL is another module, with other islands.
 */
export function fileUrl(path: string): URL {
  const url = new URL("file:///");
  url.pathname = path.replaceAll("\\", "/").replaceAll("%", "%25");
  return url;
}
