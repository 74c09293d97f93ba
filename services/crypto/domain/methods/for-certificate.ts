// SPDX-License-Identifier: Apache-2.0
import type { Lookup } from '../directory.ts';
import type { Judgement, Method, Surroundings } from './method.ts';

/** What S/MIME for a certificate needs: the certificate, and a key that signs. */
export const judgeCertificateMethod = (lookup: Lookup, { signing }: Surroundings): Judgement =>
  lookup.ok ? { obstacle: signing, envelope: lookup.envelope } : { obstacle: lookup.because };

/** A certificate that is there and can't be used, or a key that is not: that can be mended. */
export const tellsOfCertificates: Method['tells'] = (obstacle) =>
  obstacle === 'no-certificate' ? null : 'then';
