// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { loadConfig } from '@securemail/config';
import {
  choosingOf,
  CryptoServiceSettings,
  importKey,
  issueKey,
  listKeys,
  ownName,
  readAuthority,
  readCertificateFolder,
  readPasswordFile,
  requestKey,
  retireKey,
  type Change,
  type KeysOf,
  type KeyTaken,
} from '@securemail/crypto';
import { createPool } from '@securemail/event-store';
import { NEW_KEYS, type NewKey } from '@securemail/smime';
import { Command, InvalidArgumentError, Option } from 'commander';
import { askPassword } from './ask-password.ts';
import { plain } from './certificates-text.ts';
import { configOption, type Common, type Out, type Written } from './common.ts';
import { fingerprint } from './fingerprint.ts';
import { keyLine } from './keys-text.ts';
import { theTenant } from './the-tenant.ts';

interface NewKeyOptions extends Written {
  for: string;
  key: NewKey;
  name?: string;
}

/** `securemail keys`: the keys of one organisation, and their certificates. No key is ever printed. */
export function keys(
  { print, say }: Out,
  password: (question: string) => Promise<string> = askPassword,
): Command {
  const command = new Command('keys')
    .description('the keys that sign for an organisation and its people, and open what is encrypted for them')
    .addOption(configOption())
    .option('--tenant <id>', 'whose keys; not needed where there is one organisation only')
    .option('--json', 'lines of JSON', false)
    .showHelpAfterError();
  const within = <T>(work: (of: KeysOf) => Promise<T>) => inFolder(command.opts<Common>(), work);
  const written = (each: Command) =>
    each
      .requiredOption('--by <name>', 'who does it, for the history')
      .requiredOption('--reason <text>', 'why, for the history');
  const newKey = (each: Command) =>
    written(each)
      .requiredOption('--for <address-or-domain>', 'who is to sign with it')
      .addOption(new Option('--key <kind>', 'what kind of key').choices(NEW_KEYS).default('rsa-3072'))
      .option('--name <text>', 'what people read in the certificate; without, the address or the domain');
  const tell = (what: string, taken: KeyTaken) => {
    const { json } = command.opts<Common>();
    const names = taken.entries.map(({ name }) => name).join(', ');
    const days = [taken.notBefore, taken.notAfter].map((day) => day.toISOString().slice(0, 10));
    print(
      json
        ? `${JSON.stringify(taken)}\n`
        : plain(`${what} for ${names}: ${taken.sha256.slice(0, 16)}, valid ${days.join(' to ')}`) + '\n',
    );
  };

  command
    .command('list')
    .description('every key by name, the newest first, and where it stands')
    .action(() =>
      within(async (of) => {
        for (const view of await listKeys(of, new Date()))
          print(`${command.opts<Common>().json ? JSON.stringify(view) : keyLine(view)}\n`);
      }),
    );

  written(command.command('import <file>'))
    .description('take in a PKCS#12 file, or the certificate that a key of `csr` waits for (PEM, DER, P7B)')
    .option('--for <address-or-domain>', 'who signs with it; without, the people that the certificate names')
    .option('--password-file <file>', 'with the password of a PKCS#12 file; without, it is asked for')
    .option('--for-opening', 'an old key: it opens old mail and signs nothing', false)
    .action((path: string, options: Written & ImportOptions) =>
      within(async (of) => {
        const { passwordFile } = options;
        const taken = await importKey(of, changeOf(of, options), {
          bytes: await readFile(path),
          password: () =>
            passwordFile === undefined
              ? password('Password of the PKCS#12 file: ')
              : readPasswordFile(passwordFile),
          of: options.for === undefined ? null : ownName(options.for, of.tenant),
          forOpening: options.forOpening,
        });
        tell('imported', taken);
        say('The file that it came from is still there: keep it where nobody reads it, or delete it.\n');
      }),
    );

  newKey(command.command('csr'))
    .description('make a key and print a request (PKCS#10) for an authority; `import` takes its certificate')
    .action((options: NewKeyOptions) =>
      within(async (of) => {
        const { pem, keySha256 } = await requestKey(of, changeOf(of, options), newKeyOf(of, options));
        print(command.opts<Common>().json ? `${JSON.stringify({ keySha256, csr: pem })}\n` : pem);
        say(`The key waits for its certificate: securemail keys import <file>\n`);
      }),
    );

  newKey(command.command('issue'))
    .description(
      'make a key and a certificate by the built-in authority, which nobody outside trusts by itself',
    )
    .option('--days <count>', 'how long it holds', wholeDays, 365)
    .option('--replace', 'also in place of a key that another authority vouches for', false)
    .action((options: NewKeyOptions & { days: number; replace: boolean }) =>
      within(async (of) => {
        const { days, replace } = options;
        const wanted = { ...newKeyOf(of, options), days, replace };
        const { authorityCreated, ...taken } = await issueKey(of, changeOf(of, options), wanted);
        if (authorityCreated)
          say('The built-in authority was made: `keys authority` prints what others have to trust.\n');
        tell('issued', taken);
        const { supersedes } = taken;
        if (supersedes !== null) {
          const { sha256, issuer } = supersedes;
          const former = `${sha256.slice(0, 16)}, issued by ${issuer}`;
          say(`${plain(`It signs in place of ${former}, which signed for ${wanted.of.name}.`)}\n`);
        }
        say('Only who trusts the built-in authority trusts what it signs: `keys authority` prints that.\n');
      }),
    );

  written(command.command('retire <sha256>'))
    .description('let a key sign no more; it opens what was encrypted for it as before')
    .action((sha256: string, options: Written) =>
      within(async (of) => {
        const { names } = await retireKey(of, changeOf(of, options), fingerprint(sha256));
        for (const name of names) print(`${plain(`retired for ${name}`)}\n`);
        const left = await listKeys(of, new Date());
        for (const name of names)
          if (!left.some((each) => each.name === name && each.state === 'signs'))
            say(`${plain(`Nobody signs for ${name} any more.`)}\n`);
      }),
    );

  command
    .command('authority')
    .description('print the certificate of the built-in authority, for others to trust')
    .action(() =>
      within(async ({ folder }) => {
        const authority = await readAuthority(folder);
        if (authority === null)
          throw new InvalidArgumentError('there is none yet: `keys issue` makes it when it is needed');
        print(authority.certificate.x509.toString());
      }),
    );
  return command;
}

interface ImportOptions {
  for?: string;
  passwordFile?: string;
  forOpening: boolean;
}

const newKeyOf = ({ tenant }: KeysOf, { for: who, key, name }: NewKeyOptions) => ({
  of: ownName(who, tenant),
  kind: key,
  commonName: name ?? null,
});

const changeOf = ({ tenant }: KeysOf, { by, reason }: Written): Change => ({
  tenantId: tenant.id,
  by,
  reason,
  at: new Date(),
});

async function inFolder<T>({ config, tenant }: Common, work: (of: KeysOf) => Promise<T>): Promise<T> {
  const { database, tenants, crypto } = loadConfig({ schema: CryptoServiceSettings, path: config });
  const own = theTenant(tenants, tenant);
  const folder = crypto.directory;
  const { trustAnchors } = await readCertificateFolder(folder, choosingOf(crypto), {
    withKeys: false,
    ownDomains: tenants.flatMap(({ domains }) => domains),
  });
  const pool = createPool({ url: database.url, schema: 'crypto', max: 2 });
  try {
    return await work({ pool, folder, trustAnchors, tenant: own, notice });
  } finally {
    await pool.end();
  }
}

const notice = (text: string) => {
  process.stderr.write(`${plain(text)}\n`);
};

function wholeDays(text: string): number {
  const days = Number(text);
  if (!Number.isSafeInteger(days) || days < 1 || days > 3_650)
    throw new InvalidArgumentError('a whole number of days from 1 to 3650 is wanted');
  return days;
}
