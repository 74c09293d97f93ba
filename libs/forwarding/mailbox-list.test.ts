// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forwardsOutside } from './forwards-outside.ts';
import { readMailboxList } from './mailbox-list.ts';

const sample = (file: string) => readFileSync(join(import.meta.dirname, 'testdata', file), 'utf8');
const list = (...lines: string[]) => lines.join('\r\n');

describe('a list of mailboxes', () => {
  it('tells whom mailboxes forward to, as Get-Mailbox writes it', () => {
    expect(readMailboxList(sample('get-mailbox.csv'))).toEqual({
      faults: [],
      forwardings: [
        { mailbox: 'bo@demo.example', to: ['bo.berg@private.example'] },
        { mailbox: 'ida@demo.example', to: ['anna@demo.example'] },
        { mailbox: 'per@demo.example', to: [null] },
        { mailbox: 'rie@demo.example', to: ['bo@demo.example'] },
      ],
    });
  });

  it('and as Get-InboxRule does', () => {
    expect(readMailboxList(sample('get-inboxrule.csv'))).toEqual({
      faults: [],
      forwardings: [
        { mailbox: 'sofie@demo.example', to: ['sofie@private.example'] },
        { mailbox: 'vera@demo.example', to: ['vera@private.example', 'v2@private.example'] },
      ],
    });
  });

  it('says where it cannot be used', () => {
    expect(
      readMailboxList(list('Mailbox,ForwardTo', 'Anna Ager,x@private.example', 'bo@demo.example,')).faults,
    ).toEqual([{ line: 2, message: 'it forwards, and its mailbox has no address' }]);
  });

  it.each([
    ['nothing', '', /no column for the mailbox/],
    ['no column of mailboxes', list('Name,ForwardTo', 'a,b@c.example'), /no column for the mailbox/],
    ['no column of whom is forwarded to', 'Mailbox\r\n', /no column for whom/],
    ['a quote that is not closed', list('Mailbox,ForwardTo', '"a@b.example,c'), /Quote/],
  ])('is refused with the reason: %s', (_, text, reason) => {
    expect(() => readMailboxList(text)).toThrow(reason);
  });

  it('tells of every address of a mailbox that forwards, also where a rule in another list does it', () => {
    const mailboxes = readMailboxList(
      list(
        'PrimarySmtpAddress,ForwardingSmtpAddress,EmailAddresses',
        'bo@demo.example,smtp:b@private.example,SMTP:bo@demo.example;smtp:Bo.Berg@demo.example;X500:/o=x@y',
        'vera@demo.example,,smtp:v@demo.example SMTP:vera@demo.example',
        'anna@demo.example,,SMTP:anna@demo.example;smtp:a@demo.example',
      ),
    );
    const rules = readMailboxList(list('Mailbox,ForwardTo', 'vera@demo.example,v@private.example'));
    const all = [mailboxes, rules].flatMap(({ forwardings }) => forwardings);
    expect([...forwardsOutside(all, ['demo.example'])].toSorted()).toEqual(
      ['bo.berg', 'bo', 'v', 'vera'].map((name) => `${name}@demo.example`),
    );
  });

  it('may have no mailbox in it', () => {
    expect(readMailboxList('Mailbox,ForwardTo\r\n')).toEqual({ forwardings: [], faults: [] });
  });
});

describe('who forwards outside', () => {
  it('is found through others, round and round, and by a name alone', () => {
    const lists = ['get-mailbox.csv', 'get-inboxrule.csv'].map((file) => readMailboxList(sample(file)));
    const circle = readMailboxList(
      list('Mailbox,ForwardTo', 'x@demo.example,y@demo.example', 'y@demo.example,x@demo.example'),
    );
    const all = [...lists, circle].flatMap(({ forwardings }) => forwardings);
    expect([...forwardsOutside(all, ['demo.example'])].toSorted()).toEqual(
      ['bo', 'per', 'rie', 'sofie', 'vera'].map((name) => `${name}@demo.example`),
    );
  });
});
