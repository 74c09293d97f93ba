// SPDX-License-Identifier: Apache-2.0
import type { Address } from '@securemail/contracts';
import { judgeCertificate, type Certificate } from '@securemail/smime';
import type { Entry } from '../entry.ts';
import type { JudgedSignature } from './verdict.ts';

/**
 * The certificate of who signed validly, for the directory: none where nothing can be encrypted for it.
 *
 * @param chain what came along with the signature, authorities and others.
 */
export function harvestOf(
  { signature, from, chain }: { signature: JudgedSignature; from: Address; chain: readonly Certificate[] },
  { trustAnchors, at }: { trustAnchors: readonly Certificate[]; at: Date },
): Entry[] {
  const { certificate } = signature.signature;
  if (certificate === null || signature.verdict !== 'valid') return [];
  const authorities = chain.filter(({ authority }) => authority !== null);
  const judgement = judgeCertificate(certificate, {
    at,
    trustAnchors,
    intermediates: authorities,
    purpose: 'encrypt',
    address: from,
  });
  if (!judgement.ok) return [];
  return [{ kind: 'person', name: from.toLowerCase(), certificate, source: 'harvested', chain: authorities }];
}
