// SPDX-License-Identifier: Apache-2.0
import { open, readFile, realpath } from 'node:fs/promises';
import { dirname, extname, resolve, sep } from 'node:path';
import { readCertificates, readPkcs12Certificates } from '@securemail/smime';
import { z } from 'zod';
import { csvRows } from '../domain/csv.ts';
import type { Source } from '../domain/entry.ts';
import { itemOfLine, itemsOf, type ImportItem } from '../domain/import-item.ts';
import { jsonRecords } from '../domain/json-records.ts';
import { textOf, UnreadableListError } from './list-text.ts';

export const IMPORT_FORMATS = ['certificates', 'pkcs12', 'csv', 'json'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportFile {
  path: string;
  /** Null: by the ending of its name. */
  format: ImportFormat | null;
  /** For tunnel mail with this organisation; null: for the addresses that the certificates name. Not for lists. */
  domain: string | null;
  /** Of a PKCS#12 file. */
  password: string;
}

/** Octets of a file of certificates, which is read as a whole; lists may have any length. */
const LARGEST = 8 * 1024 * 1024;

/** What is in it: to be gone through as often as wanted, lists a line at a time. */
export async function readImportFile(
  file: ImportFile,
): Promise<{ source: Source; items: () => AsyncIterable<ImportItem>; keysIgnored: boolean }> {
  const format = file.format ?? formatOf(file.path);
  if (format === 'csv' || format === 'json') {
    if (file.domain !== null)
      throw new Error('a partner list says itself for which domain each certificate is');
    await (await open(file.path)).close();
    const items = () => orRefused(format === 'csv' ? itemsOfCsv(file.path) : itemsOfJson(file.path));
    return { source: 'partner-list', items, keysIgnored: false };
  }
  const bytes = await readUpTo(file.path, LARGEST);
  const { certificates, keysIgnored } = certificatesIn(bytes, format, file.password);
  const items = itemsOf(certificates, file.domain);
  return { source: 'uploaded', items: () => ReadableStream.from(items), keysIgnored };
}

/** Certificates alone: a private key beside them is neither kept nor shown. */
export function certificatesIn(bytes: Buffer, format: 'certificates' | 'pkcs12', password: string) {
  if (format === 'pkcs12') {
    const { certificates, holdsKeys } = readPkcs12Certificates(bytes, password);
    return { certificates, keysIgnored: holdsKeys };
  }
  const keysIgnored = bytes.includes('PRIVATE KEY-----');
  return { certificates: readCertificates(bytes), keysIgnored };
}

const formatOf = (path: string): ImportFormat => {
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return 'csv';
    case '.json':
    case '.jsonl':
      return 'json';
    case '.p12':
    case '.pfx':
      return 'pkcs12';
    default:
      return 'certificates';
  }
};

const HEADINGS = ['domain', 'certificate'];

async function* itemsOfCsv(path: string): AsyncGenerator<ImportItem> {
  const readNamed = fileBeside(path);
  let first = true;
  for await (const row of csvRows(textOf(path))) {
    const place = `line ${row.line}`;
    const isFirst = first;
    first = false;
    if ('broken' in row) {
      yield { place, refused: row.broken };
      continue;
    }
    const [domain, certificate, ...more] = row.fields;
    if (isFirst && domain?.toLowerCase() === HEADINGS[0] && certificate?.toLowerCase() === HEADINGS[1])
      continue;
    if (domain === undefined || certificate === undefined || more.some((field) => field !== ''))
      yield { place, refused: 'two fields are wanted: domain,certificate' };
    else yield await itemOf(place, domain, certificate, readNamed);
  }
}

const Line = z.object({ domain: z.string(), certificate: z.string() });

async function* itemsOfJson(path: string): AsyncGenerator<ImportItem> {
  const readNamed = fileBeside(path);
  for await (const record of jsonRecords(textOf(path))) {
    const place = `line ${record.line}`;
    if ('broken' in record) {
      yield { place, refused: record.broken };
      continue;
    }
    const read = Line.safeParse(parsed(record.text));
    if (read.success) yield await itemOf(place, read.data.domain, read.data.certificate, readNamed);
    else yield { place, refused: 'an object with the texts "domain" and "certificate" is wanted' };
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** A shorter one is the name of a file: no certificate has so few octets. */
const BASE64 = /^[A-Za-z0-9+/=\s]{200,}$/;

async function itemOf(
  place: string,
  domain: string,
  certificate: string,
  readNamed: (name: string) => Promise<Buffer>,
): Promise<ImportItem> {
  if (certificate.includes('-----BEGIN ')) return itemOfLine(place, domain, certificate);
  if (BASE64.test(certificate)) return itemOfLine(place, domain, Buffer.from(certificate, 'base64'));
  try {
    return itemOfLine(place, domain, await readNamed(certificate));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      place,
      refused: `its certificate is neither PEM nor base64, and no file that can be read: ${code ?? message}`,
    };
  }
}

/** A list comes from somebody else: the files that it names lie beside it or below, and nowhere else. */
function fileBeside(list: string): (name: string) => Promise<Buffer> {
  return async (name) => {
    const folder = await realpath(dirname(resolve(list)));
    const path = await realpath(resolve(folder, name));
    if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep))
      throw new Error('it lies outside of the list’s folder');
    return readUpTo(path, LARGEST);
  };
}

async function readUpTo(path: string, most: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    if (size > most) throw new Error(`the file is larger than ${most} octets`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** What can't be read as a text at all is refused once. */
async function* orRefused(items: AsyncIterable<ImportItem>): AsyncGenerator<ImportItem> {
  try {
    yield* items;
  } catch (error) {
    if (!(error instanceof UnreadableListError)) throw error;
    yield { place: 'the file', refused: error.message };
  }
}

/** A password lies in a file, so that it stands in no list of processes and no history of a shell. */
export const readPasswordFile = async (path: string): Promise<string> =>
  (await readFile(path, 'utf8')).trimEnd();
