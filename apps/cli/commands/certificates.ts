// SPDX-License-Identifier: Apache-2.0
import { loadConfig } from '@securemail/config';
import {
  askImported,
  CERTIFICATE_STATES,
  checkName,
  choosingOf,
  CryptoServiceSettings,
  ENTRY_KINDS,
  IMPORT_FORMATS,
  importCertificates,
  ldapDirectories,
  listEntries,
  nameFrom,
  readCertificateFolder,
  readingOnce,
  readImportFile,
  readPasswordFile,
  removeEntries,
  showCertificate,
  smimeaRecords,
  SOURCES,
  type CertificatesOf,
  type CertificateState,
  type Change,
  type CryptoSettings,
  type EntryKind,
  type EntryView,
  type ImportFormat,
  type Source,
} from '@securemail/crypto';
import { createPool } from '@securemail/event-store';
import { openOutside } from '@securemail/service';
import { httpFetcher, revocationChecker } from '@securemail/smime';
import { Command, InvalidArgumentError, Option } from 'commander';
import { certificateText, candidateLine, entryLine, outcomeLine, plain } from './certificates-text.ts';
import { configOption, type Common, type OutOrNo, type Written } from './common.ts';
import { fingerprint } from './fingerprint.ts';
import { theTenant } from './the-tenant.ts';

/** `securemail certificates`: the certificates of others, of one organisation. */
export function certificates({ print, say, fail }: OutOrNo): Command {
  const command = new Command('certificates')
    .description('the certificates of others: what is known, where it comes from, where it stands')
    .addOption(configOption())
    .option('--tenant <id>', 'whose directory; not needed where there is one organisation only')
    .option('--json', 'lines of JSON', false)
    .showHelpAfterError();
  const asJson = () => command.opts<Common>().json;
  const within = <T>(work: (of: CertificatesOf, crypto: CryptoSettings) => Promise<T>) =>
    inDirectory(command.opts<Common>(), work);
  const byAndReason = (each: Command) =>
    each
      .requiredOption('--by <name>', 'who does it, for the history')
      .requiredOption('--reason <text>', 'why, for the history');

  command
    .command('list')
    .description('entries by kind and name, a page at a time')
    .addOption(new Option('--state <state>', 'only these').choices(CERTIFICATE_STATES))
    .addOption(new Option('--kind <kind>', 'only these').choices(ENTRY_KINDS))
    .addOption(new Option('--source <source>', 'only these').choices(SOURCES))
    .option('--search <text>', 'a part of the name, or how the SHA-256 begins')
    .option('--limit <count>', 'how many', pageSize, 100)
    .option('--after <entry>', 'go on behind this one, as the page before says it')
    .action((options: ListOptions) =>
      within(async (of) => {
        const at = new Date();
        const filter = {
          state: options.state ?? null,
          kind: options.kind ?? null,
          source: options.source ?? null,
          search: options.search ?? null,
        };
        let after = options.after === undefined ? null : readPosition(options.after);
        let left = options.limit;
        do {
          const page = await listEntries(of, { ...filter, after, limit: left }, at);
          for (const entry of page.entries) print(`${asJson() ? JSON.stringify(entry) : entryLine(entry)}\n`);
          left -= page.entries.length;
          after = page.next;
        } while (after !== null && left > 0);
        if (after !== null) say(`More: --after ${positionText(after)}\n`);
      }),
    );

  command
    .command('show <sha256>')
    .description('everything about a certificate, by its SHA-256 or the beginning of it')
    .action((sha256: string) =>
      within(async (of) => {
        const found = await showCertificate(of, fingerprint(sha256), new Date());
        if (found === null || found === 'ambiguous') {
          say(found === null ? 'No such certificate is known.\n' : 'Several begin so: give more of it.\n');
          fail();
          return;
        }
        print(asJson() ? `${JSON.stringify(found)}\n` : certificateText(found));
      }),
    );

  byAndReason(command.command('import <file>'))
    .description(
      'take in certificates (PEM, DER, P7B), a PKCS#12 file without its keys, or a partner list (CSV, JSON)',
    )
    .option('--domain <domain>', 'for all mail to this organisation, and not for the people it names')
    .addOption(
      new Option('--format <format>', 'what the file is; without, its name tells').choices(IMPORT_FORMATS),
    )
    .option('--password-file <file>', 'with the password of a PKCS#12 file')
    .option('--dry-run', 'only show what would happen', false)
    .option('--skip-bad', 'leave out what is refused; without, nothing is imported then', false)
    .action((path: string, options: Written & ImportOptions) =>
      within(async (of, { revocationCheckHours, opening: { privateHosts } }) => {
        const password =
          options.passwordFile === undefined ? '' : await readPasswordFile(options.passwordFile);
        const { source, items, keysIgnored } = await readImportFile({
          path,
          format: options.format ?? null,
          domain: options.domain ?? null,
          password,
        });
        if (keysIgnored)
          say('There is a private key in the file. It was not taken, and has no business there.\n');
        const { dryRun, skipBad } = options;
        const { imported, ...counts } = await importCertificates({
          pool: of.pool,
          directory: of.directory,
          change: changeOf(of, options),
          source,
          ask:
            revocationCheckHours === 0
              ? null
              : askImported(revocationChecker({ fetcher: httpFetcher({ privateHosts }) })),
          items,
          dryRun,
          skipBad,
          onOutcome: (outcome) => {
            print(`${asJson() ? JSON.stringify(outcome) : outcomeLine(outcome)}\n`);
          },
          onProgress: (step, names) => {
            if (names >= SLOW && names % SLOW < 100) say(`${names} ${step} …\n`);
          },
        });
        const summary = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
        const isAny = imported && counts.added + counts.changed + counts.known > 0;
        say(`${summary.join(', ')}. ${isAny ? 'Imported.' : 'Nothing was imported.'}\n`);
        if (!imported && !dryRun) say('Correct what is refused, or leave it out with --skip-bad.\n');
        if (counts.refused > 0 && !skipBad) fail();
      }),
    );

  byAndReason(command.command('remove <sha256>'))
    .description('use a certificate no more; what is in the folder is removed there')
    .option('--name <name>', 'only for this address or domain')
    .action((sha256: string, { name, ...written }: Written & { name?: string }) =>
      within(async (of) => {
        const found = await showCertificate(of, fingerprint(sha256), new Date());
        if (found === 'ambiguous') say('Several begin so: give more of it.\n');
        const stored = found === null || found === 'ambiguous' ? [] : found.entries;
        let count = 0;
        for (const entry of stored) {
          if (entry.source === 'folder' || (name !== undefined && entry.name !== nameFrom(name).name))
            continue;
          const removed = await removeEntries(of.pool, changeOf(of, written), entry.sha256, entry);
          count += removed.length;
          for (const each of removed)
            print(`${asJson() ? JSON.stringify(each) : `removed for ${plain(each.name)}`}\n`);
        }
        if (count > 0) return;
        say('Nothing was removed: no such certificate is stored.\n');
        fail();
      }),
    );

  command
    .command('check <address-or-domain>')
    .description('which certificate would be used, and why no other; 1 where there is none')
    .option('--online', 'ask the authorities whether any was revoked, and remember what they say', false)
    .option(
      '--private-hosts',
      'with --online: also ask hosts in private networks, as crypto.opening.privateHosts does',
      false,
    )
    .option('--by <name>', 'with --online: who asks, for the history', 'securemail certificates check')
    .action((name: string, options: { online: boolean; privateHosts: boolean; by: string }) =>
      within(async (of, { opening }) => {
        const fetcher = httpFetcher({ privateHosts: options.privateHosts || opening.privateHosts });
        const online = options.online
          ? {
              checker: revocationChecker({ fetcher }),
              change: changeOf(of, { by: options.by, reason: 'asked' }),
            }
          : null;
        const checked = await checkName(of, name, new Date(), online);
        if (checked === null) throw new InvalidArgumentError('an address or a domain is wanted');
        if (asJson()) print(`${JSON.stringify(checked)}\n`);
        else
          for (const { kind, name: found, candidates } of checked) {
            print(`${kind} ${found}: ${candidates.length === 0 ? 'no certificate is known' : ''}\n`);
            for (const candidate of candidates) print(`  ${candidateLine(candidate)}\n`);
          }
        if (!checked.some(({ candidates }) => candidates.some(({ used }) => used))) fail();
      }),
    );
  return command;
}

interface ListOptions {
  state?: CertificateState;
  kind?: EntryKind;
  source?: Source;
  search?: string;
  limit: number;
  after?: string;
}

interface ImportOptions {
  domain?: string;
  format?: ImportFormat;
  passwordFile?: string;
  dryRun: boolean;
  skipBad: boolean;
}

/** Names after which a person wants to know that it goes on. */
const SLOW = 1_000;

const changeOf = ({ tenantId }: CertificatesOf, { by, reason }: Written): Change => ({
  tenantId,
  by,
  reason,
  at: new Date(),
});

const warn = (_: unknown, message?: string) => {
  process.stderr.write(`${message ?? ''}\n`);
};

/** Opens the directory of one organisation as crypto sees it, but for the keys, which stay where they are. */
async function inDirectory<T>(
  { config, tenant }: Common,
  work: (of: CertificatesOf, crypto: CryptoSettings) => Promise<T>,
): Promise<T> {
  const { database, tenants, crypto, outside } = loadConfig({ schema: CryptoServiceSettings, path: config });
  const { id: tenantId } = theTenant(tenants, tenant);
  const directory = await readCertificateFolder(crypto.directory, choosingOf(crypto), {
    withKeys: false,
    reading: readingOnce((notice) => {
      process.stderr.write(`${plain(notice)}\n`);
    }),
    ownDomains: tenants.flatMap(({ domains }) => domains),
  });
  const pool = createPool({ url: database.url, schema: 'crypto', max: 2 });
  try {
    const ldap = ldapDirectories(crypto.ldap, { warn });
    const smimea = smimeaRecords(openOutside(outside).resolver, crypto.smimea);
    return await work({ pool, directory, tenantId, ldap, smimea }, crypto);
  } finally {
    await pool.end();
  }
}

/** As the command `list` says where a page ended. */
const positionText = ({
  kind,
  name,
  sha256,
  source,
}: Pick<EntryView, 'kind' | 'name' | 'sha256' | 'source'>) =>
  [kind, encodeURIComponent(name), sha256, source].join(':');

function readPosition(text: string): Pick<EntryView, 'kind' | 'name' | 'sha256' | 'source'> {
  const [kind, name = '', sha256 = '', source] = text.split(':');
  const known = ENTRY_KINDS.find((each) => each === kind);
  const from = SOURCES.find((each) => each === source);
  if (known === undefined || from === undefined)
    throw new InvalidArgumentError('--after: what the page before ended with is wanted');
  return { kind: known, name: decodeURIComponent(name), sha256, source: from };
}

function pageSize(text: string): number {
  const size = Number(text);
  if (!Number.isSafeInteger(size) || size < 1)
    throw new InvalidArgumentError('a whole number above 0 is wanted');
  return size;
}
