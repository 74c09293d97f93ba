// SPDX-License-Identifier: Apache-2.0
import {
  commonName,
  directoryName,
  dnsName,
  drawAuthority,
  drawCertificate,
  ipAddress,
  nameConstraints,
  rfc822Name,
  smtpUtf8Mailbox,
  subjectAltName,
  uriName,
} from '../../testing/draw-certificate.ts';
import { OID } from '../../asn1/oids.ts';
import { validatePath } from '../path/validate-path.ts';

/** What becomes of a name under an authority with these constraints. */
function under(constraints: Parameters<typeof nameConstraints>[0], name: Buffer, keyPurpose?: string) {
  const root = drawAuthority('Root', { extensions: [nameConstraints(constraints)] });
  const leaf = drawCertificate({ issuer: root, extensions: [subjectAltName(name)] });
  const verdict = validatePath([root.certificate, leaf.certificate], { at: new Date(), keyPurpose });
  return verdict.ok ? 'good' : verdict.fault;
}

describe('a name that an authority', () => {
  it.each([
    ['a mailbox on that host', rfc822Name('a.example'), rfc822Name('anna@A.example')],
    ['a mailbox below that domain', rfc822Name('.a.example'), rfc822Name('anna@post.a.example')],
    ['that mailbox', rfc822Name('Anna@a.example'), rfc822Name('anna@A.example')],
    ['a mailbox of other letters on that host', rfc822Name('a.example'), smtpUtf8Mailbox('åse@a.example')],
    ['a host in that domain', dnsName('a.example'), dnsName('post.a.example')],
    ['that host itself', dnsName('a.example'), dnsName('a.example')],
    ['all hosts of a wildcard', dnsName('a.example'), dnsName('*.a.example')],
    ['any host', dnsName(''), dnsName('a.example')],
    ['a URI on that host', uriName('a.example'), uriName('https://A.example/x')],
    ['a URI below that domain', uriName('.a.example'), uriName('ldap://post.a.example:389/x')],
    ['an address of that network', ipAddress(10, 0, 0, 0, 255, 0, 0, 0), ipAddress(10, 9, 8, 7)],
    ['a name in that directory', directoryName(commonName('Town')), directoryName(commonName('TOWN '))],
    ['a name of another kind', rfc822Name('a.example'), dnsName('b.example')],
  ])('permits is good: %s', (_, base, name) => {
    const permitted = [base, directoryName(commonName('A person'))];
    expect(under({ permitted }, name)).toBe('good');
  });

  it.each([
    ['a mailbox on a host below', rfc822Name('a.example'), rfc822Name('anna@post.a.example')],
    ['a mailbox on the host itself', rfc822Name('.a.example'), rfc822Name('anna@a.example')],
    ['a mailbox on a host that only ends so', rfc822Name('.a.example'), rfc822Name('anna@post.xa.example')],
    ['another mailbox', rfc822Name('anna@a.example'), rfc822Name('bo@a.example')],
    ['a mailbox of other letters elsewhere', rfc822Name('a.example'), smtpUtf8Mailbox('åse@b.example')],
    ['a host that only ends so', dnsName('a.example'), dnsName('xa.example')],
    ['a wildcard above', dnsName('post.a.example'), dnsName('*.a.example')],
    ['a URI on a host below', uriName('a.example'), uriName('https://post.a.example/')],
    ['a URI that hides its host', uriName('a.example'), uriName('https://a.example@b.example/')],
    ['another network', ipAddress(10, 0, 0, 0, 255, 0, 0, 0), ipAddress(11, 0, 0, 1)],
    ['another directory', directoryName(commonName('Town')), directoryName(commonName('Village'))],
  ])('does not permit is bad: %s', (_, base, name) => {
    const permitted = [base, directoryName(commonName('A person'))];
    expect(under({ permitted }, name)).toBe('name-not-permitted');
  });

  it.each([
    ['a mailbox on that host', rfc822Name('a.example'), rfc822Name('anna@a.example')],
    ['a mailbox of other letters there', rfc822Name('a.example'), smtpUtf8Mailbox('åse@a.example')],
    ['that mailbox in quotes', rfc822Name('ceo@a.example'), rfc822Name('"ceo"@a.example')],
    ['that mailbox in quotes with a backslash', rfc822Name('ceo@a.example'), rfc822Name('"c\\eo"@a.example')],
    ['that mailbox, itself in quotes', rfc822Name('"ceo"@a.example'), rfc822Name('CEO@a.example')],
    ['a URI on that host', uriName('a.example'), uriName('http://a.example/')],
    ['a URI on that host with a full stop', uriName('a.example'), uriName('http://a.example./')],
    ['a URI on that host in other signs', uriName('a.example'), uriName('ldap://%61.ex%41mple/')],
    [
      'a URI below that domain with a full stop',
      uriName('.a.example'),
      uriName('ldap://post.a.example.:389/'),
    ],
    ['a wildcard that is also that host', dnsName('post.a.example'), dnsName('*.a.example')],
    ['its own subject', directoryName(commonName('A person')), dnsName('a.example')],
  ])('excludes is bad, permitted or not: %s', (_, base, name) => {
    expect(under({ excluded: [base] }, name)).toBe('name-not-permitted');
    expect(under({ excluded: [base], permitted: [base] }, name)).toBe('name-not-permitted');
  });

  it.each([
    ['a mailbox with two @', rfc822Name('a.example'), rfc822Name('a@b@a.example')],
    ['a mailbox without @', rfc822Name('a.example'), rfc822Name('a.example')],
    ['a mailbox not in ASCII', rfc822Name('a.example'), rfc822Name('åse@a.example')],
    ['a host with an empty label', dnsName('a.example'), dnsName('.a.example')],
    ['a URI without a host', uriName('a.example'), uriName('urn:x:y')],
    ['a URI whose host has an empty label', uriName('a.example'), uriName('ldap://a.example../')],
    ['a URI whose host is encoded twice', uriName('a.example'), uriName('ldap://%2561.example/')],
    ['a URI whose host is not in UTF-8', uriName('a.example'), uriName('ldap://%ff.example/')],
    ['a URI with an address of six', uriName('a.example'), uriName('https://[::1]/')],
    ['a URI with an address in hexadecimal', uriName('a.example'), uriName('ldap://0x7f.0x1/')],
    ['a URI with an address', uriName('a.example'), uriName('https://10.0.0.1/')],
    ['an address of five octets', ipAddress(0, 0, 0, 0, 0, 0, 0, 0), ipAddress(1, 2, 3, 4, 5)],
    ['a mask with holes', ipAddress(10, 0, 0, 1, 255, 0, 0, 255), ipAddress(10, 0, 0, 1)],
  ])('cannot judge is bad: %s', (_, base, name) => {
    expect(under({ permitted: [base, directoryName(commonName('A person'))] }, name)).toBe('malformed');
  });
});

describe('constraints', () => {
  it('of several authorities all count', () => {
    const root = drawAuthority('Root', {
      extensions: [nameConstraints({ permitted: [dnsName('a.example'), dnsName('b.example')] })],
    });
    const middle = drawAuthority('Middle', {
      issuer: root,
      extensions: [nameConstraints({ permitted: [dnsName('b.example'), dnsName('c.example')] })],
    });
    const verdict = (host: string) => {
      const leaf = drawCertificate({ issuer: middle, extensions: [subjectAltName(dnsName(host))] });
      const path = [root.certificate, middle.certificate, leaf.certificate];
      return validatePath(path, { at: new Date() }).ok;
    };
    expect([verdict('a.example'), verdict('b.example'), verdict('c.example')]).toEqual([false, true, false]);
  });

  it('are not compared with names without end', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => dnsName(`h${i}.example`));
    const root = drawAuthority('Root', { extensions: [nameConstraints({ excluded: many(1_000) })] });
    const leaf = drawCertificate({
      issuer: root,
      extensions: [subjectAltName(...many(2_000).slice(1_000))],
    });
    const verdict = validatePath([root.certificate, leaf.certificate], { at: new Date() });
    expect(verdict).toMatchObject({ ok: false, fault: 'malformed', index: 1 });
  });
});

describe('for mail, a host name stands for all mailboxes of that host: an authority', () => {
  const self = directoryName(commonName('A person'));
  const forMail = (constraints: Parameters<typeof nameConstraints>[0], name: Buffer) =>
    under(constraints, name, OID.emailProtection);

  it.each([
    ['with mailboxes on that host', rfc822Name('a.example'), dnsName('A.example')],
    ['with mailboxes below that domain', rfc822Name('.a.example'), dnsName('post.a.example')],
    ['without any constraint to mailboxes', dnsName('a.example'), dnsName('post.a.example')],
  ])('may name it: %s', (_, base, name) => {
    expect(forMail({ permitted: [base, self] }, name)).toBe('good');
  });

  it.each([
    ['for mailboxes on another host', rfc822Name('a.example'), dnsName('b.example')],
    ['for mailboxes on the host above', rfc822Name('a.example'), dnsName('post.a.example')],
    ['for mailboxes below it alone', rfc822Name('.a.example'), dnsName('a.example')],
    ['for one mailbox on it alone', rfc822Name('anna@a.example'), dnsName('a.example')],
  ])('may not name it: %s', (_, base, name) => {
    expect(forMail({ permitted: [base, self] }, name)).toBe('name-not-permitted');
  });

  it.each([rfc822Name('a.example'), rfc822Name('anna@a.example')])(
    'may not name it where any of its mailboxes are excluded',
    (base) => {
      expect(forMail({ excluded: [base] }, dnsName('a.example'))).toBe('name-not-permitted');
      expect(forMail({ excluded: [base] }, dnsName('b.example'))).toBe('good');
    },
  );
});
