// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { TenantId } from '@securemail/contracts';
import type { Tenant } from '@securemail/service';
import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';

export interface Logo {
  type: string;
  octets: Buffer;
  /** In pixels, as it says itself; null where it does not. The page leaves room for it. */
  size: { width: number; height: number } | null;
}
export type Logos = ReadonlyMap<TenantId, Logo>;

const MOST_OCTETS = 256 * 1024;
const PICTURES = ['image/png', 'image/jpeg', 'image/webp'];
const SVG = /<svg[\s>]/;

/** @throws Error where one can not be read, is too large, or is no picture. */
export async function readLogos(tenants: Iterable<Tenant>): Promise<Logos> {
  const logos = new Map<TenantId, Logo>();
  for (const { id, mailbox } of tenants) {
    const file = mailbox?.look.logoFile;
    if (file !== undefined) logos.set(id, await readLogo(file, `tenants: the logo of ${id}, ${file},`));
  }
  return logos;
}

async function readLogo(file: string, which: string): Promise<Logo> {
  const octets = await readFile(file).catch((error: unknown) => {
    throw new Error(`${which} can not be read`, { cause: error });
  });
  if (octets.length > MOST_OCTETS) throw new Error(`${which} is larger than ${MOST_OCTETS / 1024} kB`);
  const type = (await fileTypeFromBuffer(octets))?.mime;
  if (type !== undefined && PICTURES.includes(type)) return { type, octets, size: sizeOf(octets) };
  if ((type === undefined || type === 'application/xml') && SVG.test(octets.toString()))
    return { type: 'image/svg+xml', octets, size: sizeOf(octets) };
  throw new Error(`${which} is no PNG, JPEG, WebP or SVG`);
}

function sizeOf(octets: Buffer): Logo['size'] {
  try {
    const { width, height } = imageSize(octets);
    return width > 0 && height > 0 ? { width, height } : null;
  } catch {
    return null;
  }
}
