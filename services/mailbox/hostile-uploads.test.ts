// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { EmailId } from '@securemail/contracts';
import { simpleParser } from 'mailparser';
import { HOSTILE_UPLOADS } from './testing/hostile-uploads.ts';
import { MAIL } from './testing/mails.ts';
import {
  asUpload,
  BO,
  openMailboxWorld,
  type Browser,
  type MailboxWorld,
} from './testing/running-mailbox.ts';

/** What no name may have that a person sees, or a file system reads. */
const NOT_IN_NAMES = /[\p{C}\p{Zl}\p{Zp}\\/:*?"<>|]|^[. ]|[. ]$/u;
/** Milliseconds: nothing goes in circles, or without end. */
const SOON = 2_000;

let world: MailboxWorld;
let running: { close(): Promise<void> };
let bo: Browser;
let messageId: string;
let draftId: string;
beforeAll(async () => {
  world = await openMailboxWorld();
  running = await world.start({ replies: { maxFiles: 100 } });
  bo = world.browser();
  const emailId = await world.protectedFor([BO], MAIL);
  await world.signIn(bo, (await world.notified(emailId)).link, BO);
  messageId = (await world.deposits(emailId))[0]!.data.messageId;
  draftId = String((await bo.ask('PUT', `messages/${messageId}/draft`, {})).body['draftId']);
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const isTaken = (each: (typeof HOSTILE_UPLOADS)[number]) => 'takenAs' in each.becomes;

describe('a file that means no good', () => {
  it.each(HOSTILE_UPLOADS.map((each) => [each.what, each] as const))('%s', async (_, each) => {
    const { name, content, becomes } = each;
    const begun = Date.now();
    const path = `messages/${messageId}/draft/files?draft=${draftId}`;
    const { status, body } = await bo.ask('POST', path, content, asUpload(name, content.length));
    expect(Date.now() - begun).toBeLessThan(SOON);
    if ('refused' in becomes) expect([status, body['type']]).toEqual([422, '/errors/file-refused']);
    else {
      expect([status, body['name']]).toEqual([201, becomes.takenAs]);
      expect(becomes.takenAs).not.toMatch(NOT_IN_NAMES);
    }
  });

  it('arrives, where it was taken, octet for octet, as a file and as nothing else', async () => {
    const taken = HOSTILE_UPLOADS.filter(isTaken);
    const { status } = await bo.ask('POST', `messages/${messageId}/replies`, { draftId, text: 'x' });
    expect(status).toBe(202);
    const [event] = await world.events(EmailId.parse(draftId));
    if (event?.name !== 'MailboxReplySubmitted') throw new Error('not submitted');
    const octets = await buffer(world.vault.get(event, event.data.content));
    const mail = await simpleParser(octets);
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mail.to).toMatchObject({ text: 'anna@demo.example' });
    expect(mail.html).toBe(false);
    expect(
      mail.attachments.map(({ filename, content, contentDisposition }) => [
        filename,
        content,
        contentDisposition,
      ]),
    ).toEqual(
      taken.map(({ becomes, content }) => [
        'takenAs' in becomes ? becomes.takenAs : '',
        content,
        'attachment',
      ]),
    );
    expect(octets.toString('latin1').match(/^Content-Disposition: /gm)).toHaveLength(taken.length);
  });
});
