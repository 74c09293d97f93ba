// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';
import { contentTypeOf, contentTypesIn, readContentType } from '../mime/content-type.ts';
import { UnopenableMessageError } from './unopenable.ts';

/** What an entity is to S/MIME, by its header alone. */
export type EntityKind =
  | {
      readonly kind: 'pkcs7-mime';
      /** In lower case; null where it is not said. */
      readonly smimeType: string | null;
      /** Whether only the name of the file told it. */
      readonly byName: boolean;
    }
  | {
      readonly kind: 'multipart-signed';
      readonly boundary: string;
      readonly micalg: string | null;
      /** Whether its parts stand in it as they are (RFC 2045 §6.4), and are not said to be encoded. */
      readonly isBare: boolean;
    }
  | { readonly kind: 'content' };

const PKCS7_MIME: ReadonlySet<string> = new Set(['application/pkcs7-mime', 'application/x-pkcs7-mime']);
const PKCS7_SIGNATURE: ReadonlySet<string> = new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
]);
const CONTENT: EntityKind = { kind: 'content' };
const MAX_BOUNDARY = 200;

/**
 * Looks only at the entity itself: an S/MIME part within an ordinary multipart is content and stays closed. Programs
 * that decrypt such a part and show it between parts of somebody else send it to him (EFAIL, direct exfiltration).
 *
 * @throws UnopenableMessageError where it cannot be told, or has no boundary.
 */
export function entityKind(header: Header, depth: number): EntityKind {
  const types = contentTypesIn(header);
  const isSmime = ({ type }: { type: string }) => PKCS7_MIME.has(type) || type === 'multipart/signed';
  if (types.length > 1 && types.some(isSmime)) throw new UnopenableMessageError('ambiguous-header', depth);
  const [contentType] = types;
  if (contentType === undefined) return CONTENT;
  const { type, parameters } = contentType;
  if (PKCS7_MIME.has(type)) {
    const smimeType = parameters.get('smime-type')?.toLowerCase() ?? null;
    return { kind: 'pkcs7-mime', smimeType, byName: false };
  }
  if (type === 'multipart/signed') return multipartSigned(header, parameters, depth);
  const byName = isByName(type, header, parameters);
  return byName ? { kind: 'pkcs7-mime', smimeType: null, byName } : CONTENT;
}

/** Whether it is encrypted or opaquely signed, by its header (RFC 8551 §3.2), or by the name of its file (§3.2.1). */
export function isPkcs7Mime(header: Header): boolean {
  return contentTypesIn(header).some(
    ({ type, parameters }) => PKCS7_MIME.has(type) || isByName(type, header, parameters),
  );
}

/**
 * Whether a part among others is a signed or encrypted mail, or the signature of one, by its header. A signed document has
 * the same type, and a name of its own: `contract.pdf.p7m`.
 */
export function isSmimePart(header: Header): boolean {
  return contentTypesIn(header).some(({ type, parameters }) => {
    if (type === 'multipart/signed') return isSmimeProtocol(parameters);
    const isNamed = /^(smime\.p7[ms])?$/i.test(fileName(header, parameters));
    if (type === 'application/octet-stream') return isNamed && fileName(header, parameters) !== '';
    if (PKCS7_SIGNATURE.has(type)) return isNamed;
    if (!PKCS7_MIME.has(type)) return false;
    const smimeType = parameters.get('smime-type')?.toLowerCase();
    if (smimeType === undefined || smimeType === 'signed-data') return isNamed;
    return smimeType === 'enveloped-data' || smimeType === 'authenveloped-data';
  });
}

/** Whether a part may be the signature of a multipart/signed. */
export function isSignaturePart(header: Header): boolean {
  const { type, parameters } = contentTypeOf(header);
  return (
    PKCS7_SIGNATURE.has(type) ||
    (type === 'application/octet-stream' && /\.p7s$/i.test(fileName(header, parameters)))
  );
}

const isByName = (type: string, header: Header, parameters: ReadonlyMap<string, string>): boolean =>
  type === 'application/octet-stream' && /\.p7m$/i.test(fileName(header, parameters));

function isSmimeProtocol(parameters: ReadonlyMap<string, string>): boolean {
  const protocol = parameters.get('protocol')?.toLowerCase();
  return protocol === undefined || PKCS7_SIGNATURE.has(protocol);
}

function multipartSigned(header: Header, parameters: ReadonlyMap<string, string>, depth: number): EntityKind {
  if (!isSmimeProtocol(parameters)) return CONTENT;
  const boundary = parameters.get('boundary') ?? '';
  if (boundary === '' || boundary.length > MAX_BOUNDARY) {
    throw new UnopenableMessageError('malformed-multipart', depth, 'no boundary');
  }
  if (!/^[\0-\xff]*$/.test(boundary)) {
    throw new UnopenableMessageError('malformed-multipart', depth, 'no octets are this boundary');
  }
  const encodings = header.getAll('Content-Transfer-Encoding');
  return {
    kind: 'multipart-signed',
    boundary,
    micalg: parameters.get('micalg') ?? null,
    isBare: encodings.every((value) => /^\s*(7bit|8bit|binary)\s*$/i.test(value)),
  };
}

function fileName(header: Header, parameters: ReadonlyMap<string, string>): string {
  const disposition = readContentType(header.get('Content-Disposition') ?? '');
  return (parameters.get('name') ?? disposition.parameters.get('filename') ?? '').trim();
}
