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
 * What to encrypt for to whoever signed validly, for the directory: the certificate that he names for it, else the one that he
 * signed with, else the only other one for his address that came along. None where nothing can be encrypted for it, or
 * nobody who is trusted says that it is his.
 *
 * @param chain what came along with the signature, authorities and others.
 */
export function harvestOf(
  { signature, from, chain }: { signature: JudgedSignature; from: Address; chain: readonly Certificate[] },
  { anchorsFor, at }: Pick<Directory, 'anchorsFor'> & { at: Date },
): Entry[] {
  const { certificate: signing, encryptionCertificate: preferred } = signature.signature;
  if (signing === null || signature.verdict !== 'valid') return [];
  const authorities = chain.filter(({ authority }) => authority !== null);
  const isForHim = (certificate: Certificate) =>
    judgeCertificate(certificate, {
      at,
      trustAnchors: anchorsFor(certificate),
      intermediates: authorities,
      purpose: 'encrypt',
      address: from,
    }).ok;
  const named = [preferred, signing].find((each) => each !== null && isForHim(each));
  const certificate = named ?? onlyOne(chain.filter(isForHim));
  if (certificate === null) return [];
  const capabilities = usable(certificate, signature.signature.capabilities);
  const name = from.toLowerCase();
  return [{ kind: 'person', name, certificate, source: 'harvested', chain: authorities, capabilities }];
}

/** Of several nobody said which: one of them may be of another time. */
function onlyOne(certificates: readonly Certificate[]): Certificate | null {
  const [only, ...others] = new Map(certificates.map((each) => [each.sha256, each])).values();
  return only === undefined || others.length > 0 ? null : only;
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
