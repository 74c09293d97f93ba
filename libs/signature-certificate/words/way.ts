// SPDX-License-Identifier: Apache-2.0
import type { Leg, LegProtection } from '../facts/facts.ts';
import type { Texts } from '../texts/certificate/texts.ts';
import type { Row } from './description.ts';

/** One leg of the way, and how it is protected. */
export function legRow({ from, to, host, protection }: Leg, texts: Texts): Row {
  const at = host === null ? '' : ` (${host})`;
  return [`${texts.station[from]} – ${texts.station[to]}${at}`, protectionText(protection, texts)];
}

function protectionText(protection: LegProtection, { protection: words }: Texts): string {
  switch (protection.by) {
    case 'smime':
      return words.smime;
    case 'kept-encrypted':
      return words.keptEncrypted;
    case 'none':
      return words.none;
    case 'unknown':
      return words.unknown;
    case 'tls': {
      const { protocol, cipher, verifiedBy } = protection;
      const connection =
        protocol === null
          ? words.tlsToCome
          : words.tls
              .replace('%p', () => protocol)
              .replace(', %c', () => (cipher === null ? '' : `, ${cipher}`));
      return `${connection}; ${verifiedBy === null ? words.notVerified : words.verifiedBy[verifiedBy]}`;
    }
  }
}
