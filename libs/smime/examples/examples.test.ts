// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createCertificateAuthority } from '@securemail/testing';

const run = promisify(execFile);
const MAIL = `From: Aske <aske@a.example>\r\nTo: bob@b.example\r\nSubject: Hello\r\n\r\nDear Bob\r\n`;

describe('the examples of the README', () => {
  let folder: string;
  const example = async (name: string): Promise<string> => {
    const program = join(import.meta.dirname, `${name}.ts`);
    const quiet = '--disable-warning=ExperimentalWarning';
    return (await run(process.execPath, ['--conditions=source', quiet, program], { cwd: folder })).stdout;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'smime-examples-'));
    const authority = await createCertificateAuthority({ name: 'An authority' });
    const aske = await authority.issuePerson({ email: 'aske@a.example', name: 'Aske' });
    const bob = await authority.issuePerson({ email: 'bob@b.example', name: 'Bob' });
    await Promise.all([
      writeFile(join(folder, 'mail.eml'), MAIL),
      writeFile(join(folder, 'aske.p12'), aske.pkcs12('password')),
      writeFile(join(folder, 'bob.p12'), bob.pkcs12('password')),
      writeFile(join(folder, 'bob.pem'), bob.certificatePem),
      writeFile(join(folder, 'authorities.pem'), authority.certificatePem),
    ]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['protect', 'open', 'layers'])('%s.ts stands in the README as it runs', async (name) => {
    const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
    const [, ...lines] = (await readFile(join(import.meta.dirname, `${name}.ts`), 'utf8')).split('\n');
    expect(readme).toContain(`\`\`\`ts\n${lines.join('\n')}\`\`\`\n`);
  });

  it('protect a mail, and open it as the one it is for', async () => {
    await example('protect');
    const told = await example('open');
    expect(told).toContain('encrypted with aes-256-cbc []');
    expect(told).toContain("signed by [ 'aske@a.example' ] who is trusted");
    expect(told).toContain('From against signer: []');
    expect(await readFile(join(folder, 'content.eml'), 'latin1')).toMatch(/\r\n\r\nDear Bob\r\n$/);
  });

  it('say who is not trusted, and leave nothing behind of what does not open', async () => {
    await example('protect');
    const stranger = await createCertificateAuthority({ name: 'Another' });
    const authorities = join(folder, 'authorities.pem');
    const before = await readFile(authorities);
    await writeFile(authorities, stranger.certificatePem);
    expect(await example('open')).toContain('certificate-untrusted');
    await expect(example('protect')).rejects.toThrow('certificate-untrusted');
    await writeFile(authorities, before);

    const other = await stranger.issuePerson({ email: 'bob@b.example', name: 'Bob' });
    await writeFile(join(folder, 'bob.p12'), other.pkcs12('password'));
    await rm(join(folder, 'content.eml'), { force: true });
    await expect(example('open')).rejects.toThrow('no-recipient');
    await expect(readFile(join(folder, 'content.eml'))).rejects.toThrow('ENOENT');
    await expect(readFile(join(folder, 'content.unchecked'))).rejects.toThrow('ENOENT');
  });

  it('make layers of entities', async () => {
    expect(await example('layers')).toMatch(/^\d+ octets, known before the first is written\n$/);
    expect(await readFile(join(folder, 'entity.eml'), 'latin1')).toMatch(/smime-type=authEnveloped-data/i);
  });
});
