// SPDX-License-Identifier: Apache-2.0
import { newEmailId } from '@securemail/contracts';
import { headerWith } from '../testing/header.ts';
import { withTraceFields } from './trace-fields.ts';

describe('the header that is stored', () => {
  const handover = {
    emailId: newEmailId(),
    hostname: 'gateway.example',
    protocol: 'ESMTPSA',
    client: { name: 'laptop.demo.example', address: '192.0.2.1' },
    at: new Date('2026-01-01T00:00:00Z'),
  };

  it('has our trace on top, and a Message-ID and Date where there were none', async () => {
    const header = withTraceFields(await headerWith('From: anna@demo.example'), handover);
    expect(header.fields[0]?.name).toBe('Received');
    expect(header.get('Received')).toBe(
      `from laptop.demo.example ([192.0.2.1]) by gateway.example (Secure@Mail) with ESMTPSA id ${handover.emailId}; Thu, 01 Jan 2026 00:00:00 +0000`,
    );
    expect(header.get('Message-ID')).toBe(`<${handover.emailId}@gateway.example>`);
    expect(header.get('Date')).toBe('Thu, 01 Jan 2026 00:00:00 +0000');
  });

  it.each([
    ['laptop', '::ffff:192.0.2.1', 'from laptop ([192.0.2.1]) by'],
    ['[192.0.2.7]', '192.0.2.1', 'from [192.0.2.7] ([192.0.2.1]) by'],
    ['[IPv6:2001:db8::7]', '2001:db8::1', 'from [IPv6:2001:db8::7] ([IPv6:2001:db8::1]) by'],
    ['x (by evil.example) by z', '192.0.2.1', 'from [192.0.2.1] ([192.0.2.1]) by'],
    ['x\r\nBcc: y', '192.0.2.1', 'from [192.0.2.1] ([192.0.2.1]) by'],
    ['', '192.0.2.1', 'from [192.0.2.1] ([192.0.2.1]) by'],
  ])('says of a client that calls itself %j at %s: %s', async (name, address, said) => {
    const header = withTraceFields(await headerWith('Subject: x'), {
      ...handover,
      client: { name, address },
    });
    expect(header.get('Received')).toContain(`${said} gateway.example`);
  });

  it('says of a client over HTTP nothing', async () => {
    const header = withTraceFields(await headerWith('Subject: x'), { ...handover, client: null });
    expect(header.get('Received')).toMatch(/^by gateway\.example /);
  });

  it('has neither blind copies nor fields that only we may set', async () => {
    const header = withTraceFields(
      await headerWith(
        'From: a@demo.example',
        'Bcc: kim@c.example',
        'bcc: lea@c.example',
        'Resent-Bcc: kim@c.example',
        'RESENT-BCC: lea@c.example',
        'X-SecureMail-Verdict: valid',
        'X-SecureMail-Id: forged',
        'Message-ID: <1@x>',
      ),
      handover,
    );
    expect(header.toBuffer().toString()).not.toMatch(/bcc|(kim|lea)@/i);
    expect(header.get('X-SecureMail-Verdict')).toBeUndefined();
    expect(header.getAll('X-SecureMail-Id')).toEqual([handover.emailId]);
    expect(header.get('Message-ID')).toBe('<1@x>');
  });
});
