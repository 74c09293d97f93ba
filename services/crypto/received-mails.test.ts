// SPDX-License-Identifier: Apache-2.0
import { simpleParser, type ParsedMail } from 'mailparser';
import { createReceivedCast, type ReceivedCast } from './testing/received-cast.ts';
import { arrive } from './testing/received-mail.ts';
import { SEEN, type ReceivedCase } from './testing/received/case.ts';
import { FROM_CLIENTS } from './testing/received/clients.ts';
import { HOSTILE } from './testing/received/hostile.ts';
import { BY_SIGNERS } from './testing/received/signers.ts';

let cast: ReceivedCast;
beforeAll(async () => {
  cast = await createReceivedCast();
});
afterAll(() => cast.close());

async function whatComesOf({ make, given = {} }: ReceivedCase) {
  const { data, message, opening } = await arrive(await make(cast), { directory: cast.directory, ...given });
  const mail = await simpleParser(message);
  return {
    data,
    message,
    opening,
    mail,
    seen: `${mail.text ?? ''}\n${mail.html === false ? '' : mail.html}`,
  };
}

const FETCHED = /<(?!a\s)[a-z][^>]*evil\.example/i;
/** And what programs show of messages in it. */
const shownAsMail = ({ html, attachments }: ParsedMail) =>
  [
    html || '',
    ...attachments
      .filter(({ contentType }) => !/^application\/(octet-stream|pdf)$/.test(contentType))
      .map(({ content }) => content.toString()),
  ].join('\n');

const named = (all: readonly ReceivedCase[]) => all.map((each) => [each.title, each.shape, each] as const);

describe.each([
  ['a mail as programs send it', FROM_CLIENTS],
  ['a mail by its signer', BY_SIGNERS],
  ['a mail that lies', HOSTILE],
] as const)('%s', (_, cases) => {
  it.each(named(cases))('%s (%s)', async (_title, _shape, expected) => {
    const { verdict, reservations = [], unopened = null, neutralised = false, nowhere = [] } = expected;
    const { subject = 'Journal', from = 'bo@citizen.example', text = SEEN } = expected;
    const { data, message, opening, mail, seen } = await whatComesOf(expected);
    expect({ ...data, text: seen }).toMatchObject({ verdict, reservations, unopened, neutralised });
    const mark = (name: string) => mail.headers.get(`x-securemail-${name}`);
    expect([mark('verdict'), mark('reservations'), mark('unopened'), mark('neutralised')]).toEqual([
      verdict,
      reservations.length === 0 ? undefined : reservations.join(', '),
      unopened ?? undefined,
      neutralised ? 'yes' : undefined,
    ]);
    expect([
      mail.subject,
      mail.from?.value[0]?.group?.[0]?.address ?? mail.from?.value[0]?.address ?? '',
    ]).toEqual([subject, from]);
    if (reservations.includes('unauthenticated-encryption')) expect(shownAsMail(mail)).not.toMatch(FETCHED);
    if (text === null) expect(seen).not.toContain(SEEN);
    else expect(seen).toContain(text);
    for (const each of nowhere) expect(message.toString('latin1') + seen).not.toContain(each);
    expect(opening.signer !== null).toBe(
      verdict === 'valid' && data.signatures.length > 0 && mark('signer') === from,
    );
  });
});
