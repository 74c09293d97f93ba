// SPDX-License-Identifier: Apache-2.0
import type { BerHeader, BerReader } from '../asn1/ber-reader.ts';
import { context, contextPrimitive, readOid, TAG } from '../asn1/der.ts';
import { readAlgorithm } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import { settled, type Waiting } from '../flow/flow.ts';
import { namedCertificate } from './certificate-name.ts';
import { contentAlgorithm, type ContentAlgorithm } from './content-algorithm.ts';
import { contentKey } from './content-key.ts';
import { decryptedContent } from './decrypted-content.ts';
import type { LayerProblem, LayerStream, OpenContext } from './layers.ts';
import { encryptedKeys, type EncryptedKey } from './recipient-infos.ts';
import { UnopenableMessageError } from './unopenable.ts';

interface Envelope {
  readonly keys: readonly EncryptedKey[];
  readonly algorithm: ContentAlgorithm;
  /** Of the encryptedContent. */
  readonly header: BerHeader;
}

/**
 * EnvelopedData (RFC 5652 §6.1) or AuthEnvelopedData (RFC 5083 §2.1), read up to its content, which then streams. It
 * comes out as it decrypts, and is good only if it ends without an error: at its end tag or padding are checked.
 *
 * @param authenticated whether it is an AuthEnvelopedData.
 * @throws UnopenableMessageError, BerError, DerError
 */
export function* envelopedLayer(
  reader: BerReader,
  authenticated: boolean,
  { unwrappers, legacy }: OpenContext,
  depth: number,
): Waiting<LayerStream> {
  const { keys, algorithm, header } = yield* readEnvelope(reader, authenticated, depth);
  const weak = algorithm.name === 'des-ede3-cbc';
  if (weak && !legacy.has('3des')) throw new UnopenableMessageError('weak-algorithm', depth, algorithm.name);
  const key = yield* settled(contentKey(keys, unwrappers, algorithm.keyLength));
  if (typeof key === 'string') throw new UnopenableMessageError(key, depth, undefined, namesIn(keys));
  const problems: LayerProblem[] = weak ? ['weak-cipher'] : [];
  return {
    content: decryptedContent(reader, header, algorithm, key.key, depth),
    report: () => ({
      kind: 'encrypted',
      contentEncryption: algorithm.name,
      authenticated: algorithm.authenticated,
      keyEncryption: key.keyEncryption,
      certificate: key.certificate,
      recipients: keys.length,
      problems,
    }),
  };
}

/** Each once; of a mail to thousands nobody reads them all. */
const namesIn = (keys: readonly EncryptedKey[]) =>
  [...new Set(keys.map(({ name }) => name))].slice(0, 20).map(namedCertificate);

function* readEnvelope(reader: BerReader, authenticated: boolean, depth: number): Waiting<Envelope> {
  reader.enter(yield* reader.expect(TAG.sequence, 'the enveloped data'));
  yield* reader.value(yield* reader.expect(TAG.integer, 'the version'));
  let infos = yield* reader.next();
  if (infos?.tag === context(0)) {
    yield* reader.value(infos);
    infos = yield* reader.next();
  }
  if (infos?.tag !== TAG.set) throw new UnopenableMessageError('malformed-cms', depth, 'no RecipientInfos');
  const keys = encryptedKeys(yield* reader.value(infos));
  reader.enter(yield* reader.expect(TAG.sequence, 'the encrypted content'));
  const type = readOid(yield* reader.value(yield* reader.expect(TAG.oid, 'the content type')));
  if (type !== OID.data) throw new UnopenableMessageError('unsupported', depth, `content of type ${type}`);
  const encryption = readAlgorithm(
    yield* reader.value(yield* reader.expect(TAG.sequence, 'the content encryption')),
  );
  const algorithm = contentAlgorithm(encryption);
  if (algorithm?.authenticated !== authenticated) {
    throw new UnopenableMessageError('unsupported', depth, `content encryption ${encryption.id}`);
  }
  const header = yield* reader.next();
  if (header === null || (header.tag !== contextPrimitive(0) && header.tag !== context(0))) {
    throw new UnopenableMessageError('no-content', depth);
  }
  return { keys, algorithm, header };
}
