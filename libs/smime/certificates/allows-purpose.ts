// SPDX-License-Identifier: Apache-2.0
import { OID } from '../asn1/oids.ts';
import type { Certificate } from './certificate.ts';

/** Whether extendedKeyUsage allows a key purpose: absent, it allows every one (RFC 5280 §4.2.1.12). */
export const allowsPurpose = ({ extendedKeyUsage }: Certificate, keyPurpose: string): boolean =>
  extendedKeyUsage === null ||
  extendedKeyUsage.includes(keyPurpose) ||
  extendedKeyUsage.includes(OID.anyExtendedKeyUsage);
