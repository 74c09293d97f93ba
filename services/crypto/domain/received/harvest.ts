// SPDX-License-Identifier: Apache-2.0
import type { Address } from '@securemail/contracts';
import {
  envelopeKind,
  judgeCertificate,
  UnsuitableCertificateError,
  type Capability,
  type Certificate,
} from '@securemail/smime';
import type { Directory } from '../directory.ts';
import type { Entry } from '../entry.ts';
import type { JudgedSignature } from './verdict.ts';

/**
 * The certificate of who signed validly, for the directory: none where nothing can be encrypted for it.
 *
 * @param chain what came along with the signature, authorities and others.
 */
export function harvestOf(
  { signature, from, chain }: { signature: JudgedSignature; from: Address; chain: readonly Certificate[] },
  { anchorsFor, at }: Pick<Directory, 'anchorsFor'> & { at: Date },
): Entry[] {
  const { certificate } = signature.signature;
  if (certificate === null || signature.verdict !== 'valid') return [];
  const authorities = chain.filter(({ authority }) => authority !== null);
  const judgement = judgeCertificate(certificate, {
    at,
    trustAnchors: anchorsFor(certificate),
    intermediates: authorities,
    purpose: 'encrypt',
    address: from,
  });
  if (!judgement.ok) return [];
  const capabilities = usable(certificate, signature.signature.capabilities);
  const name = from.toLowerCase();
  return [{ kind: 'person', name, certificate, source: 'harvested', chain: authorities, capabilities }];
}

/** Of a program that says it reads nothing that is safe nothing is believed: it may be an old mail, sent once more. */
function usable(
  certificate: Certificate,
  capabilities: readonly Capability[] | null,
): readonly Capability[] | null {
  if (capabilities === null || capabilities.length === 0) return null;
  try {
    envelopeKind({ certificate, capabilities });
    return capabilities;
  } catch (error) {
    if (error instanceof UnsuitableCertificateError) return null;
    throw error;
  }
}
