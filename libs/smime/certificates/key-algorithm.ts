// SPDX-License-Identifier: Apache-2.0
import { children, DerError, readDer } from '../asn1/der.ts';
import { readAlgorithm } from '../asn1/fields.ts';
import { remembered } from './remembered.ts';

/** The AlgorithmIdentifier of a certificate's key (RFC 5280 §4.1.2.7): for a curve, its parameters name it. */
export const keyAlgorithm = remembered(({ x509 }) => {
  const [algorithm] = children(readDer(x509.publicKey.export({ type: 'spki', format: 'der' })));
  if (algorithm === undefined) throw new DerError('a key without algorithm');
  return readAlgorithm(algorithm);
});
