// SPDX-License-Identifier: Apache-2.0
import { children, DerError, readDer, readOid, sequence, TAG } from '../asn1/der.ts';

/** One SMIMECapability (RFC 8551 §2.5.2): something that its sender can read. */
export interface Capability {
  /** Object identifier. */
  readonly id: string;
  /** All of it, as it stands: identifier and parameters. Capabilities are compared by these octets. */
  readonly der: Buffer;
}

/** More than anybody lists, and few enough to look through for each recipient. */
const MOST = 200;

/**
 * Reads SMIMECapabilities, the one preferred most first.
 *
 * @param value the DER of the attribute's value, or of the extension's (RFC 4262).
 * @throws DerError where it is none, or lists more than 200.
 */
export function readCapabilities(value: Buffer): readonly Capability[] {
  const list = readDer(value);
  if (list.tag !== TAG.sequence) throw new DerError('no SMIMECapabilities');
  const capabilities = children(list);
  if (capabilities.length > MOST) throw new DerError('too many SMIMECapabilities');
  return capabilities.map((capability) => {
    const [id] = children(capability);
    if (capability.tag !== TAG.sequence || id === undefined) throw new DerError('no SMIMECapability');
    return { id: readOid(id), der: capability.bytes };
  });
}

/** The value of the attribute SMIMECapabilities. */
export const writeCapabilities = (capabilities: readonly Capability[]): Buffer =>
  sequence(...capabilities.map(({ der }) => der));
