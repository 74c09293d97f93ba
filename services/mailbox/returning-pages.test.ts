// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { chromiumIsThere, missing } from '@securemail/testing';
import { startWalk, type Walk } from '@securemail/testing/browser';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, signInOn, SIZES, type PageWorld } from './testing/page-world.ts';

if (chromiumIsThere()) {
  let pages: PageWorld;
  beforeAll(async () => {
    pages = await openPageWorld();
  });
  afterEach(() => pages.world.pool.query('delete from sign_ins'));
  afterAll(() => pages.close());

  const mail = (subject = 'Afgørelse') =>
    MAIL.replace('case-1@', `${randomUUID()}@`).replace(/^Subject: .*$/m, `Subject: ${subject}`);
  const linkTo = async (to: string, subject?: string) => {
    const { link } = await pages.world.notified(await pages.world.protectedFor([to], mail(subject)));
    return `${pages.origin}/mailbox/m/${link}`;
  };
  const start = () => startWalk(pages.browser, pages.origin, { locale: 'en', ...SIZES.phone });
  const titled = ({ page }: Walk, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

  it.each([
    ['as it was copied, with words around it', (code: string) => `Code: ${code}.`],
    ['in two halves', (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`],
    [
      'in wide digits',
      (code: string) => code.replaceAll(/./g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    ],
    [
      'in all that its mail says',
      (code: string) =>
        `Somebody, most likely you, wants to sign in to SecureMailBox of Demo Municipality. This is the code:\n\n${code}\n\nIt counts for 10 minutes. Call 12 34 56 78.`,
    ],
  ])('takes a code %s', async (how, typed) => {
    const walk = await start();
    const { page } = walk;
    const to = `code-${how.length}@citizen.example`;
    await page.goto(await linkTo(to));
    await page.getByRole('button', { name: 'Send me the code' }).click();
    const [code = ''] = await pages.world.codesTo(to, 1);
    await page.getByRole('textbox').fill(`${code}7`);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'The code has six digits.' }).waitFor();
    await page.getByRole('textbox').fill(typed(code));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Write an answer' }).waitFor();
    await walk.close();
  });

  it('asks who is signed in for no other code at the next link to him, and somebody else for one', async () => {
    const walk = await start();
    const { page } = walk;
    const to = 'signed-in@citizen.example';
    await signInOn(page, pages, to, mail());
    const sent = (await pages.world.codesTo(to, 1)).length;
    await page.goto(await linkTo(to, 'The next one'));
    await page.getByRole('button', { name: 'Send me the code' }).click();
    await titled(walk, 'The next one');
    expect(await pages.world.codesTo(to, 1)).toHaveLength(sent);
    await page.goto(await linkTo('somebody@citizen.example'));
    await page.getByRole('button', { name: 'Send me the code' }).click();
    await titled(walk, 'Type the code');
    await walk.close();
  });

  it('leads who asks for older messages by the keyboard to the first of them', async () => {
    const walk = await start();
    const { page, focused } = walk;
    const to = 'many@citizen.example';
    for (let each = 1; each <= 22; each += 1) {
      const emailId = await pages.world.protectedFor([to], mail(`Message ${each}`));
      await pages.world.deposits(emailId);
    }
    await signInOn(page, pages, to, mail('Message 23'));
    await page.getByRole('link', { name: 'All messages' }).press('Enter');
    await page.getByRole('button', { name: 'Show older messages' }).press('Enter');
    await page.getByRole('link', { name: 'Message 1', exact: true }).waitFor();
    expect(await focused()).toBe('Message 3');
    await walk.close();
  });

  it('shows a subject that tells more than the name of its conversation, on its page and in the list', async () => {
    const walk = await start();
    const { page } = walk;
    const to = 'decided@citizen.example';
    await signInOn(
      page,
      pages,
      to,
      mail('Case 4711').replace(/^Message-ID: .*$/m, 'Message-ID: <4711@demo.example>'),
    );
    await titled(walk, 'Case 4711');
    const decision = mail('REJECTED: Case 4711').replace(
      /^Subject: /m,
      'In-Reply-To: <4711@demo.example>\r\nSubject: ',
    );
    const [deposit] = await pages.world.deposits(await pages.world.protectedFor([to], decision));
    await page.getByRole('link', { name: 'All messages' }).press('Enter');
    await page.getByRole('link', { name: 'Case 4711' }).waitFor();
    await page
      .getByRole('definition')
      .filter({ hasText: /^REJECTED: Case 4711$/ })
      .waitFor();
    await isWell(walk);
    await page.goto(`${pages.origin}/mailbox/messages/${deposit!.data.messageId}`);
    await titled(walk, 'Case 4711');
    await page
      .getByRole('definition')
      .filter({ hasText: /^REJECTED: Case 4711$/ })
      .waitFor();
    await isWell(walk);
    await walk.close();
  });

  it('says of an answer that stands alone that what it answers is gone, and names its PDF by it before', async () => {
    const walk = await start();
    const { page } = walk;
    await signInOn(page, pages, 'alone@citizen.example', mail('About a shed'));
    await page.getByRole('button', { name: 'Write an answer' }).press('Enter');
    await page.getByRole('textbox', { name: 'Your answer' }).fill('Thanks');
    await page.getByRole('button', { name: 'Send the answer' }).press('Enter');
    const save = page.getByRole('link', { name: 'Save (.pdf)' });
    await save.waitFor();
    const saved = async () => {
      const [download] = await Promise.all([page.waitForEvent('download'), save.press('Enter')]);
      return download.suggestedFilename();
    };
    expect(await saved()).toBe('About a shed.pdf');
    await pages.world.pool.query('update messages set withdrawn_at = now()');
    await page.getByRole('link', { name: 'All messages' }).press('Enter');
    await page.getByRole('link', { name: 'Your answer: the message is gone' }).press('Enter');
    await page.getByText('What you answered here is gone').waitFor();
    await isWell(walk);
    expect(await saved()).toBe('message.pdf');
    await walk.close();
  });
} else missing('Chromium', 'apt-get install chromium');
