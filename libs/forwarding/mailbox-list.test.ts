// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forwardsOutside } from './forwards-outside.ts';
import { readMailboxList } from './mailbox-list.ts';

const sample = (file: string) => readFileSync(join(import.meta.dirname, 'testdata', file), 'utf8');
const list = (...lines: string[]) => lines.join('\r\n');

describe('a list of mailboxes', () => {
  it('tells whom mailboxes forward to, as Get-Mailbox writes it', () => {
    expect(readMailboxList(sample('get-mailbox.csv'))).toMatchObject({
      faults: [],
      forwardings: [
        { mailbox: 'bo@demo.example', to: ['bo.berg@private.example'] },
        { mailbox: 'ida@demo.example', to: [{ called: ['anna ager'] }] },
        { mailbox: 'per@demo.example', to: [{ called: ['kim kjær (extern)'] }] },
        { mailbox: 'rie@demo.example', to: ['bo@demo.example'] },
      ],
    });
  });

  it('and as Get-InboxRule does', () => {
    expect(readMailboxList(sample('get-inboxrule.csv'))).toMatchObject({
      names: new Map(),
      faults: [],
      forwardings: [
        { mailbox: 'sofie@demo.example', to: ['sofie@private.example'] },
        {
          mailbox: 'ulla@demo.example',
          to: [
            {
              called: ['/o=exchangelabs/ou=exchange administrative group/cn=recipients/cn=anna', 'anna ager'],
            },
          ],
        },
        {
          mailbox: 'vera@demo.example',
          to: [{ called: ['/o=x/cn=anna', 'anna'] }, 'vera@private.example', 'v2@private.example'],
        },
      ],
    });
  });

  it.each([
    ['PrimarySmtpAddress,ForwardingSmtpAddress', 'ola@BÜCHER.example,smtp:x@private.example'],
    ['Mailbox,RedirectTo', 'ola@b\u0075\u0308cher.example,x@private.example'],
    [
      'PrimarySmtpAddress,EmailAddresses,ForwardingSmtpAddress',
      'o.ager@demo.example,SMTP:o.ager@demo.example;smtp:ola@bücher.example,x@private.example',
    ],
  ])('knows a mailbox whose domain it writes in letters: %s', (names, row) => {
    const forwards = forwardsOutside(
      [readMailboxList(list(names, row))],
      ['xn--bcher-kva.example', 'demo.example'],
    );
    expect(forwards.has('ola@xn--bcher-kva.example')).toBe(true);
  });

  it('says which rows have other fields than the first line names, and refuses a column that is there twice', () => {
    const names = 'PrimarySmtpAddress,ForwardingSmtpAddress';
    const { faults } = readMailboxList(
      list(
        names,
        'a@demo.example,x@private.example',
        'ola@demo.example,,x@private.example',
        'b@demo.example',
      ),
    );
    const message = 'it has more or fewer fields than the first line names';
    expect(faults).toEqual([
      { line: 3, message },
      { line: 4, message },
    ]);
    expect(() =>
      readMailboxList(list(`${names},ForwardingSmtpAddress`, 'a@demo.example,x@p.example,')),
    ).toThrow('forwardingsmtpaddress twice');
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
    expect([...forwardsOutside([mailboxes, rules], ['demo.example'])].toSorted()).toEqual(
      ['bo.berg', 'bo', 'v', 'vera'].map((name) => `${name}@demo.example`),
    );
  });

  it('may have no mailbox in it', () => {
    expect(readMailboxList('Mailbox,ForwardTo\r\n')).toEqual({
      forwardings: [],
      names: new Map(),
      rules: new Map(),
      faults: [],
    });
  });
});

describe('a mail user or contact with an own address', () => {
  const outside = (...rows: string[]) => {
    const read = readMailboxList(
      list('Name,PrimarySmtpAddress,ExternalEmailAddress,EmailAddresses', ...rows),
    );
    expect(read.faults).toEqual([]);
    return [...forwardsOutside([read], ['demo.example'])].filter((each) => each.endsWith('@demo.example'));
  };

  it.each([
    ['that Exchange sends on outside', 'Kim,kim@demo.example,SMTP:Kim@citizen.example,', ['kim']],
    [
      'one of several',
      'Kim,kim@demo.example,SMTP:k@citizen.example,SMTP:kim@demo.example;smtp:k.kaer@demo.example',
      ['kim', 'k.kaer'],
    ],
    [
      'beside the one outside by which he is listed',
      'Kim,k@citizen.example,SMTP:k@citizen.example,SMTP:k@citizen.example;smtp:kim@demo.example',
      ['kim'],
    ],
    ['by a way other than SMTP', 'Kim,kim@demo.example,"X400:c=DK;a= ;p=Kim;s=Kjaer,",', ['kim']],
  ])('forwards outside: %s', (_, row, names) => {
    expect(outside(row).toSorted()).toEqual(names.map((name) => `${name}@demo.example`).toSorted());
  });

  it('does not where his mailbox is inside', () => {
    expect(outside('Anna,anna@demo.example,SMTP:anna@demo.example,')).toEqual([]);
  });

  it('takes those with him who forward to him, by his address or his name', () => {
    const users = readMailboxList(
      list('Name,PrimarySmtpAddress,ExternalEmailAddress', 'Kim,kim@demo.example,SMTP:k@citizen.example'),
    );
    const mailboxes = readMailboxList(
      list(
        'Name,PrimarySmtpAddress,ForwardingAddress,ForwardingSmtpAddress',
        'Bo,bo@demo.example,Kim,',
        'Per,per@demo.example,,smtp:kim@demo.example',
      ),
    );
    expect([...forwardsOutside([users, mailboxes], ['demo.example'])].toSorted()).toEqual(
      ['bo', 'kim', 'per'].map((name) => `${name}@demo.example`),
    );
  });
});

describe('whom a rule found in the address book', () => {
  const LABS = '/o=ExchangeLabs/cn=Recipients/cn=';
  const rules = (...targets: string[]) =>
    readMailboxList(
      list(
        'Mailbox,ForwardTo',
        ...targets.map((to, index) => `m${index}@demo.example,"${to.replaceAll('"', '""')}"`),
      ),
    );
  const mailboxes = (...rows: string[]) =>
    readMailboxList(
      list('Name,PrimarySmtpAddress,ForwardingSmtpAddress,LegacyExchangeDN,EmailAddresses', ...rows),
    );
  const outside = (...lists: Parameters<typeof forwardsOutside>[0]) =>
    [...forwardsOutside(lists, ['demo.example'])].toSorted();

  it('is the mailbox that is called so in another list, now or before it was moved, and else outside', () => {
    const all = mailboxes(
      `Anna,anna@demo.example,,${LABS}anna,SMTP:anna@demo.example;X500:/o=Old/cn=aa;X500:/o=Older/cn=aa`,
      `Kim,kim@demo.example,,${LABS}kim,`,
    );
    const found = rules(
      `"Anna" [EX:${LABS.toUpperCase()}ANNA]`,
      '"Anna, the one of before" [EX:/o=Old/cn=aa]',
      `"Kim" [EX:${LABS}kim-contact]`,
      `"Anna" [EX:${LABS}anna];"Kim" [EX:${LABS}kim-contact]`,
    );
    expect(outside(all, found)).toEqual(['m2@demo.example', 'm3@demo.example']);
  });

  it('leads outside where his mailbox does', () => {
    const all = mailboxes(`Anna,anna@demo.example,smtp:a@private.example,${LABS}anna,`);
    expect(outside(all, rules(`"Anna" [EX:${LABS}anna]`))).toEqual(['anna@demo.example', 'm0@demo.example']);
  });

  it('goes by his display name where the lists were exported without that, unless several are called so', () => {
    const former = mailboxes(
      'Anna,anna@demo.example,,,',
      'Kim,kim@demo.example,,,',
      'Kim,kim2@demo.example,,,',
    );
    expect(outside(former, rules('"Anna" [EX:/o=x/cn=a]', '"Kim" [EX:/o=x/cn=k]'))).toEqual([
      'm1@demo.example',
    ]);
  });

  it('is outside where the list names no mailboxes, and where a rule has his name', () => {
    expect(outside(rules('"Anna" [EX:/o=x/cn=a]'))).toEqual(['m0@demo.example']);
    const named = readMailboxList(list('Mailbox,Name,ForwardTo', 'bo@demo.example,Kim,Kim'));
    expect(outside(named)).toEqual(['bo@demo.example']);
  });

  it('is one of several, by name or address, and may be a telephone', () => {
    expect(rules('Kim Citizen;x@demo.example', '"Berg, Bo" [MOBILE:+4512345678]').forwardings).toEqual([
      { mailbox: 'm0@demo.example', to: [{ called: ['kim citizen'] }, 'x@demo.example'] },
      { mailbox: 'm1@demo.example', to: [{ called: [] }] },
    ]);
  });
});

it('a group of the organisation is inside where a list names it', () => {
  const groups = readMailboxList(
    list(
      'Name,LegacyExchangeDN,PrimarySmtpAddress,ForwardingAddress',
      'Team,/o=x/cn=team,team@demo.example,',
    ),
  );
  const rule = readMailboxList(list('Mailbox,ForwardTo', 'anna@demo.example,Team [EX:/o=x/cn=team]'));
  expect([...forwardsOutside([rule], ['demo.example'])]).toEqual(['anna@demo.example']);
  expect([...forwardsOutside([rule, groups], ['demo.example'])]).toEqual([]);
});

describe('a name of several mailboxes', () => {
  it.each([2, 3, 4])('is of none: %d of them, in one list or two', (count) => {
    const rows = Array.from({ length: count }, (_, index) => `Kim,kim${index}@demo.example,`);
    const titles = 'Name,PrimarySmtpAddress,ForwardingAddress';
    const forwards = 'Per,per@demo.example,Kim';
    const one = readMailboxList(list(titles, ...rows, forwards));
    const two = [list(titles, ...rows.slice(1), forwards), list(titles, rows[0]!)].map((each) =>
      readMailboxList(each),
    );
    for (const lists of [[one], two])
      expect([...forwardsOutside(lists, ['demo.example'])]).toEqual(['per@demo.example']);
  });

  it('that has quotes in it hides nobody outside', () => {
    const rule = '"5" x" [EX:/o=x/cn=contact];"Anna" [SMTP:anna@demo.example]';
    const read = readMailboxList(
      list('Mailbox,ForwardTo', `bo@demo.example,"${rule.replaceAll('"', '""')}"`),
    );
    expect([...forwardsOutside([read], ['demo.example'])]).toEqual(['bo@demo.example']);
  });
});

describe('who forwards outside', () => {
  it('is found through a subaddress of who does', () => {
    const mailboxes = readMailboxList(
      list(
        'PrimarySmtpAddress,ForwardingSmtpAddress',
        'anna@demo.example,smtp:bo+anna@demo.example',
        'bo@demo.example,smtp:bo@private.example',
        'ida@demo.example,smtp:eva+bo@demo.example',
      ),
    );
    expect([...forwardsOutside([mailboxes], ['demo.example'])].toSorted()).toEqual(
      ['anna', 'bo'].map((name) => `${name}@demo.example`),
    );
  });

  it('is found through others, round and round, and by a name alone', () => {
    const lists = ['get-mailbox.csv', 'get-inboxrule.csv'].map((file) => readMailboxList(sample(file)));
    const circle = readMailboxList(
      list('Mailbox,ForwardTo', 'x@demo.example,y@demo.example', 'y@demo.example,x@demo.example'),
    );
    expect([...forwardsOutside([...lists, circle], ['demo.example'])].toSorted()).toEqual(
      ['bo', 'per', 'rie', 'sofie', 'vera'].map((name) => `${name}@demo.example`),
    );
  });
});

it('letters of an address are the same however they are composed', () => {
  const list = 'Mailbox,RedirectTo\nrene\u0301@demo.example,zoe\u0308@private.example\n';
  expect(readMailboxList(list).forwardings).toMatchObject([
    { mailbox: 'ren\u00e9@demo.example', to: ['zo\u00eb@private.example'] },
  ]);
});

it('a file that is no CSV is refused without a word of what is in it', () => {
  expect(() => readMailboxList('Mailbox,ForwardTo\nola@demo.example,"o@private.example"x\n')).toThrow(
    /^it is no CSV: Invalid Closing Quote, line 2$/,
  );
});
