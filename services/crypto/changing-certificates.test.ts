// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@securemail/telemetry';
import { Address } from '@securemail/contracts';
import { watchCertificateFolder } from './adapters/watched-folder.ts';
import { bundleOf, issueBelow, openedBy } from './testing/openssl.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

let world: CryptoWorld;
beforeAll(async () => {
  world = await openCryptoWorld();
});
afterAll(() => world.close());

const NEW = 'new@citizen.example';
const OTHER = 'other@citizen.example';
const issueNew = () => world.cast.authority.issuePerson({ email: NEW, name: 'new' });
const issueOther = () => world.cast.authority.issuePerson({ email: OTHER, name: 'other' });
const methodsFor = async (address: string) => {
  const emailId = await world.accept({ to: [address] });
  return named(await world.outcome(emailId), 'EmailProtected').map(({ data }) => data.method);
};
const until = async (condition: () => boolean | Promise<boolean>) => {
  while (!(await condition())) await sleep(50);
};

describe('while crypto runs', () => {
  it('a new certificate is found, and one that was taken away is used no more', async () => {
    const running = await world.start({ rereadSeconds: 1 });
    expect(await methodsFor(NEW)).toEqual([]);
    await world.cast.write('people/new.pem', (await issueNew()).certificatePem);
    await until(async () => (await methodsFor(NEW)).includes('smime-personal'));
    await world.cast.remove('people/new.pem');
    await until(async () => (await methodsFor(NEW)).length === 0);
    expect(await methodsFor('bo@citizen.example')).toEqual(['smime-personal']);
    await running.close();
  });

  it('a broken file counts as it was, says so, is forgiven once it is mended, and stops nothing else', async () => {
    let said = '';
    const logger = createLogger('crypto', {
      level: 'info',
      destination: { write: (line) => (said += line) },
    });
    const { folder } = world.cast;
    const { current, close } = await watchCertificateFolder(folder, { rereadMs: 20, logger });
    try {
      const find = (address: string) => current().person(Address.parse(address), new Date()).ok;
      const whole = (await issueNew()).certificatePem;
      await world.cast.write('people/new.pem', whole.slice(0, 400));
      await until(() => /people\/new\.pem can not be used: .*nothing of it is in use/.test(said));
      await world.cast.write('people/other.pem', (await issueOther()).certificatePem);
      await until(() => find(OTHER));
      expect([find('bo@citizen.example'), find(NEW)]).toEqual([true, false]);
      await world.cast.write('people/new.pem', whole);
      await until(() => find(NEW));
      await world.cast.write('people/new.pem', '');
      await until(() => /people\/new\.pem can not be used: .*what it held before stays in use/.test(said));
      await world.cast.remove('people/other.pem');
      await until(() => !find(OTHER));
      expect([find('bo@citizen.example'), find(NEW)]).toEqual([true, true]);
      await world.cast.remove('people/new.pem');
      await until(() => !find(NEW));
      // What was taken away does not come back with a file that can't be read.
      said = '';
      await world.cast.write('people/new.pem', 'no certificate');
      await until(() => said.includes('nothing of it is in use'));
      expect(find(NEW)).toBe(false);
    } finally {
      close();
    }
    await world.cast.remove('people/new.pem');
  });

  it('a key that is retired signs no more, also where its file can not be read any more', async () => {
    const { folder } = world.cast;
    const logger = createLogger('crypto', { level: 'silent' });
    const { current, close } = await watchCertificateFolder(folder, { rereadMs: 20, logger });
    const [file, anna] = ['keys/people/anna.p12', Address.parse('anna@demo.example')];
    const whole = await readFile(join(folder, file));
    try {
      const whose = () => current().signerFor(anna, new Date())?.whose;
      expect(whose()).toBe('person');
      await world.cast.write(file, 'no key');
      await world.cast.write(`${file}.retired`, '{}');
      await until(() => whose() === 'organisation');
      expect(current().unwrappersFor(anna, [])).toHaveLength(1);
    } finally {
      close();
      await world.cast.write(file, whole);
      await world.cast.remove(`${file}.retired`);
    }
  });

  it('a folder of authorities that is called by no domain, and a link that leads nowhere, stop nothing else', async () => {
    let said = '';
    const destination = { write: (line: string) => (said += line) };
    const logger = createLogger('crypto', { level: 'info', destination });
    const { folder } = world.cast;
    const { current, close } = await watchCertificateFolder(folder, { rereadMs: 20, logger });
    try {
      await mkdir(join(folder, 'authorities/Clinic.Example'));
      await symlink(join(folder, 'nowhere.pem'), join(folder, 'people/linked.pem'));
      await world.cast.write('people/other.pem', (await issueOther()).certificatePem);
      await until(() => current().person(Address.parse(OTHER), new Date()).ok);
      await until(() => said.includes('Clinic.Example can not be used: it is called by no domain'));
      await until(() => said.includes('people/linked.pem can not be used: '));
    } finally {
      close();
      await rm(join(folder, 'authorities/Clinic.Example'), { recursive: true });
    }
    await Promise.all(['people/linked.pem', 'people/other.pem'].map((name) => world.cast.remove(name)));
  });
});

describe('crypto refuses to start, and names the file,', () => {
  it.each([
    ['that is no certificate', 'people/bo.pem', 'no certificate'],
    ['of an authority that is empty', 'authorities/trusted.pem', ''],
    [
      'of an organisation that is cut off',
      'organisations/hospital.example.pem',
      '-----BEGIN CERTIFICATE-----\nMIIC',
    ],
    ['that is no key', 'keys/people/anna.p12', 'no key'],
  ])('%s', async (_, file, content) => {
    const whole = await readFile(join(world.cast.folder, file));
    await world.cast.write(file, content);
    await expect(world.start()).rejects.toThrow(`${world.cast.folder}/${file} can not be used`);
    await world.cast.write(file, whole);
  });

  it('whose password is wrong, without telling the password', async () => {
    await world.cast.write('keys/people/lapsed.p12.password', 'guessed wrong');
    const refusal = await world.start().then(
      () => '',
      (error: unknown) => String(error),
    );
    expect(refusal).toContain(`${world.cast.folder}/keys/people/lapsed.p12 can not be used`);
    await world.cast.remove('keys/people/lapsed.p12.password');
    expect(refusal).not.toContain('guessed');
  });

  it('or the folder, where that is missing', async () => {
    const elsewhere = `${world.cast.folder}/elsewhere`;
    await expect(world.start({ directory: elsewhere })).rejects.toThrow(elsewhere);
  });
});

it('a person’s bundle may bring the authority that stands between the person and the one that is trusted', async () => {
  const { rootPem, betweenPem, person } = await issueBelow(NEW);
  await world.cast.write('authorities/root.pem', rootPem);
  await world.cast.write('people/new.p7b', await bundleOf(person.certificatePem, betweenPem));
  const running = await world.start();
  const events = await world.outcome(await world.accept({ to: [NEW] }));
  const [message] = named(events, 'EmailProtected');
  expect(message?.data.method).toBe('smime-personal');
  const bytes = await world.contentOf(message!);
  const { content } = await openedBy(person, bytes, world.cast.authority.certificatePem);
  expect(content).toContain('Dear reader');
  await running.close();
});
