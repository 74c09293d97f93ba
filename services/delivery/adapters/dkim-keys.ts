// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { whyNotPrivate } from '@securemail/config/private-file';
import type { TenantId } from '@securemail/contracts';
import type { DkimSettings, Outside, Tenant } from '@securemail/service';
import type { Logger } from '@securemail/telemetry';

export interface DkimKey {
  domain: string;
  selector: string;
  /** PEM. */
  privateKey: string;
}
export type DkimKeys = ReadonlyMap<TenantId, readonly DkimKey[]>;

/** @throws Error where others may use the file, or it has no key that DKIM knows (RFC 6376, RFC 8463, RFC 8301 §3.2). */
export function readDkimKey(setting: string, { domain, selector, keyFile }: DkimSettings): DkimKey {
  const mode = statSync(keyFile, { throwIfNoEntry: false })?.mode ?? 0;
  const fault = whyNotPrivate(keyFile, mode);
  if (fault !== null) throw new Error(`${setting} ${fault}`);
  try {
    const privateKey = readFileSync(keyFile, 'utf8');
    const key = createPrivateKey(privateKey);
    const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
    if (key.asymmetricKeyType === 'ed25519' || (key.asymmetricKeyType === 'rsa' && modulusLength >= 1_024))
      return { domain, selector, privateKey };
  } catch {
    // As below.
  }
  throw new Error(
    `${setting} can not be read as a private key, RSA of 1024 bits or more or Ed25519: ${keyFile}`,
  );
}

export const readDkimKeys = (tenants: Iterable<Tenant>): DkimKeys =>
  new Map(
    [...tenants].map(({ id, dkim }) => [
      id,
      dkim.map((each, index) => readDkimKey(`tenants: dkim.${index}.keyFile of ${id}`, each)),
    ]),
  );

/** Why nobody can verify what a key signs: there is no record of it in DNS, or another key's; null where all is well. */
export async function recordFault(
  { domain, selector, privateKey }: DkimKey,
  { resolver }: Pick<Outside, 'resolver'>,
): Promise<'no-record' | 'another-key' | 'lookup-failed' | null> {
  const answer = await resolver.query(`${selector}._domainkey.${domain}`, 'TXT').catch(() => null);
  if (answer === null) return 'lookup-failed';
  if (answer.records.length === 0) return 'no-record';
  const published = answer.records.map((record) =>
    /(?:^|;)\s*p=([^;]*)/.exec(record)?.[1]?.replace(/\s/g, ''),
  );
  return publicForms(createPublicKey(privateKey)).some((form) => published.includes(form))
    ? null
    : 'another-key';
}

/** Says of every key that nobody can verify why not. Mail is signed with it all the same: the record may be on its way. */
export async function warnOfRecords(
  keys: DkimKeys,
  { outside, logger }: { outside: Pick<Outside, 'resolver'>; logger: Pick<Logger, 'warn'> },
): Promise<void> {
  for (const [tenantId, ofTenant] of keys)
    for (const key of ofTenant) {
      const fault = await recordFault(key, outside);
      const { domain, selector } = key;
      if (fault !== null)
        logger.warn({ tenantId, domain, selector, fault }, 'nobody can verify what this DKIM key signs');
    }
}

/** As `p=` may have it: of RSA with what kind of key it is, or without (RFC 6376 erratum 3017); of Ed25519 the bare key. */
function publicForms(key: KeyObject): string[] {
  const base64 = (options: { type: 'spki' | 'pkcs1' }) =>
    key.export({ ...options, format: 'der' }).toString('base64');
  if (key.asymmetricKeyType === 'rsa') return [base64({ type: 'spki' }), base64({ type: 'pkcs1' })];
  const { x = '' } = key.export({ format: 'jwk' });
  return [Buffer.from(x, 'base64url').toString('base64')];
}
