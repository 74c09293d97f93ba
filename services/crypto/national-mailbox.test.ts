// SPDX-License-Identifier: Apache-2.0
import { Address, recipientId, type ProtectionMethod } from '@securemail/contracts';
import { lookedAtInTurn, type Ask } from './adapters/gathered-facts.ts';
import type { Finding, Method, Surroundings } from './domain/methods/method.ts';
import { METHODS } from './domain/methods/methods.ts';
import { plan } from './domain/plan.ts';
import { PlanOutdatedError, protect, type Means, type Original } from './adapters/protector.ts';

/** A register of who has a box of the state, such as Digital Post: it would be a word of contracts. */
const NAME = 'national-mailbox' as ProtectionMethod;
const nationalMailbox: Method = {
  name: NAME,
  asks: { about: (address) => address.toLowerCase(), unanswered: 'tls-lookup-failed' },
  judge: (_address, _around, answer) => ({ obstacle: answer }),
  namesRecipients: true,
  tells: () => null,
  leg: null,
};
const methods = METHODS.flatMap((each) => (each.name === 'mailbox' ? [nationalMailbox, each] : [each]));

const around: Surroundings = {
  ownDomains: ['demo.example'],
  forbiddenMethods: [],
  mailbox: false,
  answeredInMailbox: () => false,
  signing: null,
  personal: () => ({ ok: false, because: 'no-certificate' }),
  organisation: () => ({ ok: false, because: 'no-certificate' }),
};
const PEOPLE = ['ulla@demo.example', 'eva@dane.example', 'Bo@citizen.example', 'nobody@nowhere.example'];
const recipients = PEOPLE.map((address, index) => ({
  recipientId: recipientId(index + 1),
  address: Address.parse(address),
  disclosed: true,
}));
const asking = {
  tenant: undefined,
  policies: { of: () => Promise.reject(new Error('nobody asks DNS')) },
  until: Infinity,
  progressed: () => undefined,
};

/** @param box what the register says, by address. */
async function planned(box: Record<string, Finding>, more: Partial<Surroundings> = {}) {
  const asked: string[] = [];
  const tls: Ask = (domains) =>
    Promise.resolve(
      new Map(domains.map((domain) => [domain, domain === 'dane.example' ? null : 'tls-not-enforceable'])),
    );
  const register: Ask = (addresses) => {
    asked.push(...addresses);
    return Promise.resolve(new Map(Object.entries(box)));
  };
  const looked = await lookedAtInTurn(recipients, { ...around, ...more }, asking, {
    methods,
    asked: { tls, [NAME]: register },
  });
  const { messages, held, planned } = plan(looked.facts, 0, methods);
  return { asked, messages, held: held.map(({ data }) => data), planned, unanswered: looked.unanswered };
}

describe('one method more, added to the list', () => {
  it('is planned for whom nothing stronger reaches, and asked about nobody else', async () => {
    const { asked, messages, held } = await planned({
      'bo@citizen.example': null,
      'nobody@nowhere.example': 'no-certificate',
    });
    expect(asked).toEqual(['bo@citizen.example', 'nobody@nowhere.example']);
    expect(messages.map(({ method, recipientIds }) => [method, ...recipientIds])).toEqual([
      ['internal', 'r1'],
      ['tls', 'r2'],
      ['national-mailbox', 'r3'],
    ]);
    expect(held).toMatchObject([{ recipientIds: ['r4'], because: 'mailbox-not-available' }]);
  });

  it('is told as passed over with what stands in its way', async () => {
    const { planned: event } = await planned({
      'bo@citizen.example': null,
      'nobody@nowhere.example': 'no-certificate',
    });
    expect(event.data.recipients[3]!.passedOver.slice(-2)).toEqual([
      { method: 'national-mailbox', because: 'no-certificate' },
      { method: 'mailbox', because: 'mailbox-not-available' },
    ]);
  });

  it('is not free where its register says nothing, and the mail may wait for it', async () => {
    const { messages, unanswered } = await planned({});
    expect(messages.map(({ method }) => method)).toEqual(['internal', 'tls']);
    expect(unanswered).toBe(2);
  });

  it('is made by nobody while nothing that makes it is registered: whom it is for is held then', async () => {
    const { messages } = await planned({ 'bo@citizen.example': null });
    const message = messages.find(({ method }) => method === NAME);
    await expect(protect(message!, {} as Original, {} as Means)).rejects.toThrow(PlanOutdatedError);
  });

  it('can be forbidden, and nobody is asked then', async () => {
    const { asked, messages } = await planned({ 'bo@citizen.example': null }, { forbiddenMethods: [NAME] });
    expect(asked).toEqual([]);
    expect(messages.map(({ method }) => method)).toEqual(['internal', 'tls']);
  });
});
