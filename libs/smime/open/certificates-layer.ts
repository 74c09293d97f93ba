// SPDX-License-Identifier: Apache-2.0
import type { BerReader } from '../asn1/ber-reader.ts';
import type { Chunks } from '../flow/flow.ts';
import type { CertificatesLayer, LayerStream } from './layers.ts';
import { readSignedDataTail, type SignedDataHead } from './signed-data.ts';
import { UnopenableMessageError } from './unopenable.ts';

/**
 * A SignedData without content (RFC 8551 §3.8), whatever smime-type calls it: its content is empty, and its
 * certificates are known at the end. With a signature in it, it is a detached one with nothing beside it: `no-content`.
 *
 * @throws BerError, DerError and UnopenableMessageError, while it is read.
 */
export function certificatesLayer(reader: BerReader, head: SignedDataHead, depth: number): LayerStream {
  let layer: CertificatesLayer = { kind: 'certificates', certificates: [], crls: [], problems: [] };
  return {
    content: (function* (): Chunks {
      const { signerInfos, certificates, crls, problems } = yield* readSignedDataTail(reader, head, depth);
      if (signerInfos.length > 0) throw new UnopenableMessageError('no-content', depth);
      layer = { kind: 'certificates', certificates, crls, problems };
    })(),
    report: () => layer,
  };
}
