// SPDX-License-Identifier: Apache-2.0

/** What this is called, as people see it on its pages. */
const PRODUCT = ['securemailbox', 'securemail', 'secure', 'mailbox', 'mail', 'box'];
/** What people put before a year when they have to find a password; no list of leaks has it in every language. */
const SEASONS = ['sommer', 'summer', 'vinter', 'winter', 'herbst', 'autumn', 'forår', 'frühling', 'spring'];

/** What anybody who wants to guess the password of somebody here would begin with (ASVS 5.0, V6.1.2). */
export function contextWords({
  address,
  organisation,
  domains,
}: {
  address: string;
  /** What it is called. */
  organisation: string;
  domains: readonly string[];
}): string[] {
  const names = [organisation, address.slice(0, address.lastIndexOf('@')), ...domains];
  const parts = names.flatMap((name) => name.split(/[^\p{L}\p{N}]+/u));
  const joined = names.map((name) => name.replaceAll(/[^\p{L}\p{N}]/gu, ''));
  const words = [address, ...names, ...parts, ...joined].map((word) => word.toLowerCase());
  return [...new Set([...words, ...PRODUCT, ...SEASONS])].filter((word) => word.length > 2);
}
