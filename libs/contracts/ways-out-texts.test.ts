// SPDX-License-Identifier: Apache-2.0
import type { Obstacle } from './events/crypto.ts';
import type { Language } from './language.ts';
import { PROTECTION_METHODS, type ProtectionMethod } from './protection-method.ts';
import { heldText, wouldBeHeldText } from './ways-out-texts.ts';

const passed = (obstacles: Partial<Record<ProtectionMethod, Obstacle>>) =>
  PROTECTION_METHODS.flatMap((method) => {
    const because = obstacles[method];
    return because === undefined ? [] : [{ method, because }];
  });
const WITHOUT_MAILBOX = passed({
  internal: 'not-an-own-domain',
  'smime-personal': 'no-certificate',
  'smime-domain': 'no-certificate',
  tls: 'tls-not-enforceable',
  mailbox: 'method-forbidden',
});

describe('who can not be reached securely', () => {
  it.each<[Language, string]>([
    [
      'en',
      'It would be held until somebody decides: there is no secure way to reach this recipient yet: ask the recipient for a signed mail, which brings a certificate along, or ask your administrator to import a certificate, to agree on TLS with the recipient’s organisation or to allow you SecureMailBox.',
    ],
    [
      'da',
      'Den ville blive holdt tilbage, til nogen beslutter noget: der er endnu ingen sikker vej til denne modtager: bed modtageren om en signeret mail, som bringer et certifikat med, eller bed din administrator om at importere et certifikat, aftale TLS med modtagerens organisation eller give dig lov til SecureMailBox.',
    ],
    [
      'de',
      'Sie würde zurückgehalten, bis jemand entscheidet: es gibt noch keinen sicheren Weg zu diesem Empfänger: bitten Sie den Empfänger um eine signierte Mail, die ein Zertifikat mitbringt, oder bitten Sie Ihren Administrator, ein Zertifikat zu importieren, mit der Organisation des Empfängers TLS zu vereinbaren oder Ihnen SecureMailBox zu erlauben.',
    ],
  ])('is told of with all that would help (%s)', (language, expected) => {
    expect(wouldBeHeldText('no-secure-method', WITHOUT_MAILBOX, language)).toBe(expected);
  });

  it.each<[string, Partial<Record<ProtectionMethod, Obstacle>>, string]>([
    [
      'all of it is forbidden',
      {
        'smime-personal': 'method-forbidden',
        'smime-domain': 'method-forbidden',
        tls: 'method-forbidden',
        mailbox: 'method-forbidden',
      },
      ': ask your administrator to allow you S/MIME, TLS and SecureMailBox',
    ],
    [
      'certificates are of no use',
      {
        'smime-personal': 'method-forbidden',
        'smime-domain': 'method-forbidden',
        tls: 'tls-not-enforceable',
      },
      ': ask your administrator to agree on TLS with the recipient’s organisation or to allow you S/MIME',
    ],
    ['nothing is known', {}, ''],
  ])('is not told of with what would not: %s', (_, obstacles, expected) => {
    expect(heldText('no-secure-method', passed(obstacles), 'en')).toBe(
      `there is no secure way to reach this recipient yet${expected}`,
    );
  });

  it('is told of in the words of a reason that has its own', () => {
    expect(heldText('certificate-expired', WITHOUT_MAILBOX, 'en')).toBe('the certificate has expired');
  });
});
