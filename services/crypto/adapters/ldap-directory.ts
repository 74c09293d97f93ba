// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readAuthorities } from '@securemail/service';
import { readCertificates, UnreadableCertificateError, type Certificate } from '@securemail/smime';
import type { Logger } from '@securemail/telemetry';
import type { Entry as LdapEntry } from 'ldapts';
import { LRUCache } from 'lru-cache';
import { ldapFilterFor } from '../domain/ldap-filter.ts';
import { fewAtATime } from '../few-at-a-time.ts';
import type { LdapSettings } from '../settings.ts';
import { openLdapConnection, type LdapConnection } from './ldap-connection.ts';

/** What directories said of an address: certificates, none, or nothing as one did not answer. */
export interface LdapAnswer {
  certificates: readonly Certificate[];
  /** Some directory could not be asked, and might have had one. */
  failed: boolean;
}

export interface LdapDirectories {
  lookUp(addresses: readonly string[]): Promise<ReadonlyMap<string, LdapAnswer>>;
}

/** RFC 4523 and RFC 2798. OpenLDAP has no option `;binary` (RFC 4522) for the second, Active Directory for neither. */
const ATTRIBUTES = [
  'userCertificate;binary',
  'userSMIMECertificate;binary',
  'userCertificate',
  'userSMIMECertificate',
];

/** Entries and certificates of one address that are looked at. */
const MOST_ENTRIES = 10;
const MOST_CERTIFICATES = 20;
/** Octets of one value; a bundle has a few thousand. */
const LARGEST = 64 * 1024;
/** Questions that are under way at a time: a mail to a thousand people has as many, over a line that takes its time for each. */
const AT_ONCE = 32;
/** Addresses whose answer is remembered, for each directory. */
const REMEMBERED = 2_000;
/** For so long a directory that did not answer is not asked again, ms: else each mail would wait for it. */
const PATIENCE = 30_000;

/**
 * Asks directories over LDAP (RFC 4511), all of them; null where there are none.
 *
 * @throws where the authorities of one, or its password, can not be used.
 */
export function ldapDirectories(
  settings: readonly LdapSettings[],
  logger: Pick<Logger, 'warn'>,
): LdapDirectories | null {
  if (settings.length === 0) return null;
  for (const { caFile, passwordFile } of settings) {
    readAuthorities('crypto.ldap.caFile', caFile);
    if (passwordFile !== undefined) checkPassword(passwordFile);
  }
  const directories = settings.map((each) => ldapDirectory(each, logger));
  return {
    async lookUp(addresses) {
      const answers = await Promise.all(directories.map((directory) => directory(addresses)));
      return new Map(
        addresses.map((address) => {
          const found = answers.map((answer) => answer.get(address) ?? null);
          return [
            address,
            {
              certificates: found.flatMap((certificates) => certificates ?? []),
              failed: found.includes(null),
            },
          ];
        }),
      );
    },
  };
}

type Found = ReadonlyMap<string, readonly Certificate[]>;

/** Answers are remembered, also that there is nobody; an address that is not in the result could not be asked about. */
function ldapDirectory(
  settings: LdapSettings,
  logger: Pick<Logger, 'warn'>,
): (addresses: readonly string[]) => Promise<Found> {
  const known = new LRUCache<string, readonly Certificate[]>({ max: REMEMBERED });
  let awayUntil = 0;
  return async (addresses) => {
    const found = new Map<string, readonly Certificate[]>();
    for (const address of addresses) {
      const remembered = known.get(address);
      if (remembered !== undefined) found.set(address, remembered);
    }
    const asked = addresses.filter((address) => !found.has(address));
    if (asked.length === 0 || Date.now() < awayUntil) return found;
    try {
      await ask(settings, asked, (address, certificates) => {
        const seconds = certificates.length > 0 ? settings.cacheSeconds : settings.notFoundSeconds;
        if (seconds > 0) known.set(address, certificates, { ttl: seconds * 1_000 });
        found.set(address, certificates);
      });
    } catch (error) {
      // One that answers, only not all of a large mail in time, is there for others.
      if (!asked.some((address) => found.has(address))) awayUntil = Date.now() + PATIENCE;
      const { name, code } = error as NodeJS.ErrnoException;
      logger.warn(
        { host: new URL(settings.url).host, reason: code ?? name },
        'an LDAP directory could not be asked',
      );
    }
    return found;
  };
}

/** All of it within the time that is set, and over one connection that is never opened a second time. */
async function ask(
  settings: LdapSettings,
  addresses: readonly string[],
  onAnswer: (address: string, certificates: readonly Certificate[]) => void,
): Promise<void> {
  const connection = await openLdapConnection(settings);
  // A socket that goes in the middle of a TLS handshake tells nobody who waits for that: it is not waited for alone.
  const { promise: expired, reject: expire } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    expire(Object.assign(new Error('the time is over'), { code: 'ETIMEDOUT' }));
  }, settings.timeoutMs);
  const asking = askOver(connection, settings, addresses, onAnswer);
  asking.catch(() => undefined);
  try {
    await Promise.race([asking, expired]);
  } finally {
    clearTimeout(timer);
    connection.destroy();
  }
}

async function askOver(
  { client, secure }: LdapConnection,
  settings: LdapSettings,
  addresses: readonly string[],
  onAnswer: (address: string, certificates: readonly Certificate[]) => void,
): Promise<void> {
  await secure();
  if (settings.bindDn !== undefined) await client.bind(settings.bindDn, await passwordOf(settings));
  await fewAtATime(AT_ONCE, addresses, async (address) => {
    const { searchEntries } = await client.search(settings.baseDn, {
      scope: 'sub',
      filter: ldapFilterFor(settings.mailAttribute, address),
      attributes: ATTRIBUTES,
      explicitBufferAttributes: ATTRIBUTES,
      sizeLimit: MOST_ENTRIES,
    });
    onAnswer(address, certificatesIn(searchEntries));
  });
}

/** It is read anew for each connection, as it may be changed; that it is there is found out at the start. */
const passwordOf = async ({ passwordFile }: LdapSettings): Promise<string> =>
  passwordFile === undefined ? '' : passwordIn(await readFile(passwordFile, 'utf8'));

/** With an empty one a directory takes everybody for nobody, and says so to nobody (RFC 4513 §5.1.2). */
function passwordIn(text: string): string {
  const password = text.trimEnd();
  if (password === '')
    throw Object.assign(new Error('the file has no password in it'), { code: 'NO_PASSWORD' });
  return password;
}

function checkPassword(passwordFile: string): void {
  let text: string;
  try {
    text = readFileSync(passwordFile, 'utf8');
  } catch (error) {
    const { code = 'no reason' } = error as NodeJS.ErrnoException;
    throw new Error(`crypto.ldap.passwordFile can not be read (${code}): ${passwordFile}`, { cause: error });
  }
  if (text.trimEnd() === '')
    throw new Error(`crypto.ldap.passwordFile has no password in it: ${passwordFile}`);
}

/** A value that is no certificate is passed over: others of the same person may be. */
function certificatesIn(entries: readonly LdapEntry[]): Certificate[] {
  const values = entries.flatMap((entry) => ATTRIBUTES.flatMap((name) => valuesOf(entry[name])));
  const certificates = values.slice(0, MOST_CERTIFICATES).flatMap((value) => {
    try {
      return value.length > LARGEST ? [] : readCertificates(value);
    } catch (error) {
      if (error instanceof UnreadableCertificateError) return [];
      throw error;
    }
  });
  return [...new Map(certificates.map((each) => [each.sha256, each])).values()].slice(0, MOST_CERTIFICATES);
}

const valuesOf = (value: LdapEntry[string] | undefined): Buffer[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => Buffer.isBuffer(each));
