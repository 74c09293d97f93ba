// SPDX-License-Identifier: Apache-2.0
import { simpleParser } from 'mailparser';
import { NEUTRALISED } from './domain/received/neutralised-texts.ts';
import { createReceivedCast, type ReceivedCast } from './testing/received-cast.ts';
import { arrive } from './testing/received-mail.ts';
import { anna, encryptedEntity, HTML, mail, opaqueEntity, TEXT } from './testing/received/case.ts';

let cast: ReceivedCast;
beforeAll(async () => {
  cast = await createReceivedCast();
});
afterAll(() => cast.close());

const SVG = 'Content-Type: image/svg+xml\r\n\r\n<svg onload="fetch()"/>\r\n';
const MACROS =
  'Content-Type: application/vnd.ms-word.document.macroEnabled.12; name=a.docm\r\nContent-Disposition: attachment; filename=a.docm\r\n\r\nPK\r\n';
const together = (...entities: string[]) =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n${entities.map((each) => `--b\r\n${each}\r\n`).join('')}--b--\r\n`;
const doubtful = encryptedEntity;
const sound = (entity: string) => encryptedEntity(opaqueEntity(entity), anna);
const times = (text: string, part: string) => text.split(part).length - 1;

describe('a mail that somebody may have changed', () => {
  it.each([
    ['a drawing alone', SVG, ''],
    ['a drawing beside a text', together(TEXT, SVG), 'Kære Anna'],
    ['a document with macros', together(TEXT, MACROS), 'Kære Anna'],
    ['a script', together(TEXT, 'Content-Type: text/javascript\r\n\r\nfetch()\r\n'), 'Kære Anna'],
  ])('with %s says in its text that active parts were disarmed', async (_, entity, text) => {
    const { data, message } = await arrive(await mail(doubtful(entity))(cast), {
      directory: cast.directory,
      language: 'da',
    });
    expect(data.neutralised).toBe(true);
    const read = await simpleParser(message);
    expect(times(read.text ?? '', NEUTRALISED.da)).toBe(1);
    expect(read.text).toContain(text);
    expect(read.text?.indexOf(NEUTRALISED.da)).toBeLessThan(read.text?.indexOf(text || '\n') ?? 0);
    expect(times(message.toString('latin1'), 'Content-Type: application/octet-stream')).toBe(1);
    expect(read.attachments).toHaveLength(1);
    expect([read.subject, read.headers.get('x-securemail-neutralised')]).toEqual(['Journal', 'yes']);
  });

  it('says it once where there is HTML, too', async () => {
    const { message } = await arrive(await mail(doubtful(together(HTML, SVG)))(cast), {
      directory: cast.directory,
    });
    const read = await simpleParser(message);
    expect(times(String(read.html), NEUTRALISED.en)).toBe(1);
    expect(message.toString('latin1')).not.toContain('text/plain');
  });

  it('and has nothing that acts comes as it was', async () => {
    const { data, message } = await arrive(await mail(doubtful(TEXT))(cast), { directory: cast.directory });
    expect(data).toMatchObject({ neutralised: false, reservations: ['unauthenticated-encryption'] });
    expect(message.toString('latin1')).not.toMatch(/^X-SecureMail-Neutralised/im);
    expect(message.toString('latin1')).toContain(`\r\n\r\n${TEXT.split('\r\n\r\n')[1]}`);
    expect((await simpleParser(message)).text).not.toContain('Secure@Mail');
  });
});

it('a mail that nobody can have changed keeps what acts in it', async () => {
  const { data, message } = await arrive(await mail(sound(together(TEXT, SVG)))(cast), {
    directory: cast.directory,
  });
  expect(data).toMatchObject({ verdict: 'valid', neutralised: false });
  expect(message.toString('latin1')).toContain(SVG);
});
