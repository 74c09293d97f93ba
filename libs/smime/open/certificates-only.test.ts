// SPDX-License-Identifier: Apache-2.0
import { encryptEntity, entityOf, softwareUnwrapper } from '../index.ts';
import { asMessage, openBytes } from '../testing/opening.ts';
import {
  openssl,
  opensslWorkshop,
  type Identity,
  type OpensslWorkshop,
} from '../testing/openssl-workshop.ts';
import { cmsMessage, signByHand } from '../testing/sign-by-hand.ts';
import { base64In, withHeader } from '../testing/wrapped-oddly.ts';

let workshop: OpensslWorkshop;
let authority: Identity;
let aske: Identity;
let certificates: Buffer;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  aske = await workshop.issue(authority);
  const files = [aske, authority].flatMap(({ certificatePath }) => ['-certfile', certificatePath]);
  certificates = await openssl('crl2pkcs7', '-nocrl', ...files, '-outform', 'DER');
});
afterAll(() => workshop.close());

const TYPE = 'Content-Type: application/pkcs7-mime; smime-type=certs-only; name=smime.p7c';

it('a message with certificates only tells them, and has no content', async () => {
  const message = withHeader(TYPE, base64In(certificates));
  const { kept, layers, contentHeader } = await openBytes(message, {}, 100);
  expect(kept).toHaveLength(0);
  expect(contentHeader).toBeNull();
  expect(layers).toMatchObject([{ kind: 'certificates', crls: [], problems: [] }]);
  const [layer] = layers;
  const found = layer?.kind === 'certificates' ? layer.certificates : [];
  expect(new Set(found.map(({ sha256 }) => sha256))).toEqual(
    new Set([aske.certificate.sha256, authority.certificate.sha256]),
  );
});

it('it may be encrypted', async () => {
  const entity = entityOf(Buffer.concat([Buffer.from(`${TYPE}\r\n\r\n`), certificates]));
  const unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
  const message = await asMessage(await encryptEntity(entity, [aske.certificate]));
  const { layers } = await openBytes(message, { unwrappers });
  expect(layers.map(({ kind }) => kind)).toEqual(['encrypted', 'certificates']);
});

it('CRLs come along', async () => {
  const index = await workshop.write('index', '');
  const config = await workshop.write('ca.cnf', `[ca]\ndefault_ca=it\n[it]\ndatabase=${index}\n`);
  const crl = workshop.path('crl');
  await openssl(
    ...['ca', '-gencrl', '-config', config, '-cert', authority.certificatePath],
    ...['-keyfile', authority.keyPath, '-md', 'sha256', '-crldays', '5', '-out', crl],
  );
  const cms = await openssl('crl2pkcs7', '-in', crl, '-outform', 'DER');
  const der = await openssl('crl', '-in', crl, '-outform', 'DER');
  const { layers } = await openBytes(cmsMessage(cms));
  expect(layers).toEqual([{ kind: 'certificates', certificates: [], crls: [der], problems: [] }]);
});

it('a signature with nothing beside it is no such message, whatever it is called', async () => {
  const detached = signByHand(aske, { content: Buffer.from('x'), detached: true });
  await expect(openBytes(withHeader(TYPE, base64In(detached)))).rejects.toMatchObject({ code: 'no-content' });
});

it('one that is cut off or damaged says so', async () => {
  const cutOff = certificates.subarray(0, -100);
  await expect(openBytes(cmsMessage(cutOff))).rejects.toMatchObject({ code: 'malformed-cms' });
  const damaged = Buffer.from(certificates);
  damaged.writeUInt8(0x31, damaged.indexOf(aske.certificate.der) + 4);
  const { layers } = await openBytes(cmsMessage(damaged));
  expect(layers).toMatchObject([{ problems: ['certificate-unreadable'] }]);
});
