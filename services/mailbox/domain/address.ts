// SPDX-License-Identifier: Apache-2.0
import type { Address } from '@securemail/contracts';

/**
 * An address as one person has it. The local part may differ by case in theory (RFC 5321 §2.4); no two people share an
 * address that differs in nothing else. ASCII alone: beyond it letters that look like others become them.
 */
export const asOnePerson = (address: Address): string =>
  address.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
