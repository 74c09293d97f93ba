// SPDX-License-Identifier: Apache-2.0
import { forwardsOutside, unshownIn } from '../forwards-outside.ts';
import { readMailboxList } from '../mailbox-list.ts';
import { startFakeGraph, type FakeGraph, type FakeGraphOptions } from '../testing/fake-graph.ts';
import { writeMailboxList } from '../write-mailbox-list.ts';
import { forwardingsInGraph, type GraphProgress } from './forwardings-in-graph.ts';
import { graphClient } from './graph-client.ts';

const clientSecret = 'a-secret';
const to = (...addresses: (string | null)[]) => addresses.map((address) => ({ emailAddress: { address } }));
const MAILBOXES: FakeGraphOptions['mailboxes'] = {
  'Anna@demo.example': [],
  'none-room': null,
  'bo@demo.example': [
    {
      isEnabled: true,
      actions: { forwardTo: to('Bo@private.example'), redirectTo: to('x@private.example') },
    },
    { isEnabled: false, actions: { forwardTo: to('old@private.example') } },
  ],
  'gone@demo.example': null,
  'ida@demo.example': [{ actions: { forwardAsAttachmentTo: to('/o=ExchangeLabs/cn=anna', null) } }],
  'ole@demo.example': [{ actions: { forwardTo: to('/O=ExchangeLabs/cn=anna') } }],
};

let graph: FakeGraph;
async function start(options: Partial<FakeGraphOptions> = {}) {
  graph = await startFakeGraph({ clientSecret, mailboxes: MAILBOXES, ...options });
  const waited: number[] = [];
  const client = graphClient(
    { directoryId: 'demo', clientId: 'app', clientSecret, loginUrl: graph.url, graphUrl: graph.url },
    (ms) => Promise.resolve(waited.push(ms)),
  );
  return { client, waited };
}
afterEach(() => graph.close());

const EXPECTED = [
  { mailbox: 'bo@demo.example', to: ['bo@private.example', 'x@private.example'] },
  {
    mailbox: 'ida@demo.example',
    to: [{ called: ['/o=exchangelabs/cn=anna'] }, { called: [] }],
  },
  { mailbox: 'ole@demo.example', to: [{ called: ['/o=exchangelabs/cn=anna'] }] },
];

describe('forwardings that Microsoft Graph tells of', () => {
  it('are the enabled rules of every mailbox, page by page', async () => {
    const { client } = await start({ pageSize: 2 });
    const told: GraphProgress[] = [];
    expect(await forwardingsInGraph(client, (progress) => told.push(progress))).toEqual(EXPECTED);
    expect(graph.asked).toEqual(['POST /token', 'GET /users', 'GET /users', 'GET /users', 'batch of 5']);
    expect(told.at(-1)).toEqual({ mailboxes: 4, without: 1, forwarding: 3, unshown: 0 });
  });

  it('say the same as a list', async () => {
    const { client } = await start();
    const { forwardings } = readMailboxList(writeMailboxList(await forwardingsInGraph(client)));
    expect(forwardings).toEqual([
      { mailbox: 'bo@demo.example', to: ['bo@private.example'] },
      { mailbox: 'bo@demo.example', to: ['x@private.example'] },
      { mailbox: 'ida@demo.example', to: [{ called: ['/o=exchangelabs/cn=anna'] }] },
      { mailbox: 'ida@demo.example', to: [{ called: [] }] },
      { mailbox: 'ole@demo.example', to: [{ called: ['/o=exchangelabs/cn=anna'] }] },
    ]);
  });

  it('are asked for again where Graph is too busy, after as long as it says, and only those', async () => {
    const { client, waited } = await start({ busy: { requests: 1, within: 2 } });
    expect(await forwardingsInGraph(client)).toEqual(EXPECTED);
    expect(graph.asked).toEqual(['POST /token', 'GET /users', 'batch of 5', 'batch of 2']);
    expect(waited).toEqual([2_000, 1_000]);
  });

  it('come for 50 mailboxes in three batches', async () => {
    const mailboxes = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [
        `m${index}@demo.example`,
        [{ actions: { redirectTo: to(`${index}@private.example`) } }],
      ]),
    );
    const { client } = await start({ mailboxes });
    const found = await forwardingsInGraph(client);
    expect(graph.asked.slice(2)).toEqual(['batch of 20', 'batch of 20', 'batch of 10']);
    expect(found.map(({ mailbox }) => mailbox)).toEqual(Object.keys(mailboxes));
    expect(found[37]).toEqual({ mailbox: 'm37@demo.example', to: ['37@private.example'] });
  });

  it('are also the rules of a mailbox that stand on its next pages', async () => {
    const plain = (count: number) => Array.from({ length: count }, () => ({ actions: {} }));
    const redirect = [{ actions: { redirectTo: to('y@private.example') } }];
    const mailboxes = {
      'bo@demo.example': [...plain(25), ...redirect],
      'ida@demo.example': plain(10),
    };
    const { client } = await start({ mailboxes, rulesOnPage: 10 });
    expect(await forwardingsInGraph(client)).toEqual([
      { mailbox: 'bo@demo.example', to: ['y@private.example'] },
    ]);
    expect(graph.asked.slice(2)).toEqual(['batch of 2', 'GET rules', 'GET rules']);
  });

  describe('of a rule that Graph does not show', () => {
    const unshown = { isEnabled: true, hasError: false, isReadOnly: true };
    const listOf = async (rules: object[]) => {
      const { client } = await start({ mailboxes: { 'bo@demo.example': rules, 'anna@demo.example': [] } });
      return readMailboxList(writeMailboxList(await forwardingsInGraph(client)));
    };
    const outside = (...lists: ReturnType<typeof readMailboxList>[]) => [
      ...forwardsOutside(lists, ['demo.example']),
    ];
    const shown = (...enabled: string[]) =>
      readMailboxList(
        [
          'Mailbox,Enabled,ForwardTo,ForwardAsAttachmentTo,RedirectTo',
          ...enabled.map((is) => `bo@demo.example,${is},,,`),
        ].join('\n'),
      );

    it.each([
      ['with nothing of it', [{}, unshown], 2],
      ['with empty actions', [{ ...unshown, actions: {} }], 1],
      ['beside others', [{ actions: { delete: true } }, unshown, { isEnabled: false }], 3],
    ])('it is not known whether its mailbox forwards, so it does: %s', async (_, rules, unshownAmong) => {
      const list = await listOf(rules);
      expect(list.forwardings).toEqual([{ mailbox: 'bo@demo.example', to: [{ unshownAmong }] }]);
      expect(outside(list)).toEqual(['bo@demo.example']);
      expect([...unshownIn([list])]).toEqual(['bo@demo.example']);
    });

    it('nothing is left open where it is turned off, or shown to move what comes', async () => {
      const moved = { ...unshown, actions: { moveToFolder: 'x' } };
      expect((await listOf([{ ...unshown, isEnabled: false }, moved, { actions: {} }])).forwardings).toEqual(
        [],
      );
    });

    it('a list of Get-InboxRule says what it does, unless that knows fewer rules', async () => {
      const list = await listOf([unshown, unshown, { isEnabled: false, actions: {} }]);
      expect(outside(list, shown('True', 'True', 'False'))).toEqual([]);
      expect(outside(list, shown('True', 'False'))).toEqual(['bo@demo.example']);
      const forwards = readMailboxList(
        'Mailbox,Enabled,ForwardTo,ForwardAsAttachmentTo,RedirectTo\n' +
          'bo@demo.example,True,,,\n'.repeat(2) +
          'bo@demo.example,True,,,x@private.example\n',
      );
      expect([...unshownIn([list, forwards])]).toEqual([]);
      expect(outside(list, forwards)).toEqual(['bo@demo.example']);
    });
  });

  it.each<[string, Partial<FakeGraphOptions>, RegExp]>([
    [
      'the secret is wrong',
      { clientSecret: 'another' },
      /does not let this application sign in \(401 invalid_client\)/,
    ],
    [
      'a mailbox may not be read',
      { refuses: { mailbox: 'bo@demo.example', status: 403 } },
      /can not be read \(403\)/,
    ],
    ['it is busy without end', { busy: { requests: 99 } }, /refuses \(503\)/],
    ['one is busy without end', { busy: { within: 99 } }, /can not be read \(429\)/],
    [
      'the next page of rules is elsewhere',
      { rulesOnPage: 1, nextLinkOfRules: 'https://evil.example/v1.0/users' },
      /elsewhere/,
    ],
    ['the next page is elsewhere', { pageSize: 2, nextLink: 'https://evil.example/v1.0/users' }, /elsewhere/],
  ])('are none at all where %s', async (_, options, reason) => {
    const { client } = await start(options);
    await expect(forwardingsInGraph(client)).rejects.toThrow(reason);
  });
});
