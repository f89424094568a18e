/** Programs of this machine: whether a file is one, and where one of that name lies. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps what is for root where not every user's path leads. */
const MORE_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/sbin"];
/** Where programs are looked for, by whoever starts one, too. */
export const SEARCH_PATH = [process.env.PATH ?? "", ...MORE_FOLDERS].join(delimiter);

/** The program's path; undefined: it is not installed. */
export function programNamed(name: string): string | undefined {
  return placesOf(name).find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function placesOf(name: string): string[] {
  const folders = SEARCH_PATH.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name));
}
