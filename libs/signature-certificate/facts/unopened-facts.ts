// SPDX-License-Identifier: Apache-2.0
import type { Certificate, NamedCertificate } from '@securemail/smime';
import { z } from 'zod';
import { CertificateFacts, certificateFacts } from './certificate-facts.ts';
import { bounded, text } from './text.ts';

/** Why a mail could not be opened. */
export const UnopenedFacts = z.object({
  /** Of `libs/smime`, or the gateway's own. One that is not known here is told in general words. */
  code: text(60),
  /** Certificates that it is encrypted for, as it calls them; those that could be read. */
  encryptedFor: z
    .array(
      z.union([
        z.object({ serialNumber: text(80), issuer: text(300) }),
        z.object({ keyIdentifier: text(80) }),
      ]),
    )
    .max(20),
  /** Those whose keys were tried. */
  tried: z.array(CertificateFacts).max(20),
});
export type UnopenedFacts = z.infer<typeof UnopenedFacts>;

export const unopenedFacts = (
  code: string,
  encryptedFor: readonly NamedCertificate[],
  tried: readonly Certificate[],
): UnopenedFacts => ({
  code: bounded(code, 60),
  encryptedFor: encryptedFor.slice(0, 20).map((each) => ({ ...each })),
  tried: tried.slice(0, 20).map(certificateFacts),
});
