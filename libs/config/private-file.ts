// SPDX-License-Identifier: Apache-2.0

/**
 * Why a file that holds a secret is not to be used: others than its owner may.
 *
 * @param mode as `stat` has it.
 * @returns what to do about it; null where it is its owner's alone, and on Windows, where modes say nothing.
 */
export function whyNotPrivate(path: string, mode: number): string | null {
  if (process.platform === 'win32' || (mode & 0o077) === 0) return null;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return `has mode ${octal}, others may use it; make it its owner's: chmod 600 ${path}`;
}
