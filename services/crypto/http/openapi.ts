// SPDX-License-Identifier: Apache-2.0
import { parametersOf, problemAnswers, type OpenApiPart } from '@securemail/service';
import { z } from 'zod';
import { CERTIFICATE_STATES } from '../domain/certificate-state.ts';
import { ENTRY_KINDS, SOURCES } from '../domain/entry.ts';
import { CheckQuery, ListQuery, RemoveQuery, UploadQuery } from './certificates.controller.ts';
import { OwnKeysQuery, OwnKeyView } from './own-keys.controller.ts';
import { answer } from './openapi-parts.ts';
import { UPLOAD_TYPES } from './read-upload.ts';

const moment = z.iso.datetime();
const Name = z.object({ kind: z.enum(ENTRY_KINDS), name: z.string() });
const Entry = Name.extend({
  sha256: z.string(),
  source: z.enum(SOURCES),
  state: z.enum(CERTIFICATE_STATES),
  reason: z.string(),
  obstacle: z.string().nullable(),
  warning: z.int().nullable(),
  subject: z.string(),
  issuer: z.string(),
  notBefore: moment,
  notAfter: moment,
  provenance: z.object({ addedAt: moment, addedBy: z.string(), reason: z.string() }).nullable(),
  check: z
    .object({ status: z.enum(['good', 'revoked', 'unknown']), detail: z.string(), checkedAt: moment })
    .nullable(),
});
const Certificate = z.object({
  sha256: z.string(),
  entries: z.array(Entry).describe('None once it was removed: then only the history is left'),
  addresses: z.array(z.string()),
  domains: z.array(z.string()),
  key: z.string().nullable(),
  keyUsage: z.array(z.string()).nullable(),
  encryption: z.string().nullable(),
  capabilities: z.array(z.string()).nullable(),
  path: z.array(z.object({ subject: z.string(), sha256: z.string(), notAfter: moment })).nullable(),
  history: z.array(
    Name.extend({
      sha256: z.string(),
      change: z.enum(['added', 'changed', 'removed', 'revoked', 'reinstated']),
      source: z.enum(SOURCES),
      at: moment,
      by: z.string(),
      reason: z.string(),
    }),
  ),
  pem: z.string().nullable(),
});
const Imported = z.object({
  imported: z.boolean(),
  added: z.int(),
  changed: z.int(),
  known: z.int(),
  refused: z.int(),
  keysIgnored: z
    .boolean()
    .describe('There is a private key in the upload: it was not taken, and has no business there'),
  certificates: z.array(
    z.looseObject({ place: z.string(), result: z.enum(['added', 'changed', 'known']), reason: z.string() }),
  ),
});

const sha256 = {
  name: 'sha256',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
};
const ANY = ['unauthenticated', 'forbidden', 'storage-unavailable', 'internal'] as const;

export const cryptoApi: OpenApiPart = {
  paths: {
    '/v1/admin/certificates': {
      get: {
        operationId: 'listCertificates',
        summary: 'The certificates of others, by kind and name',
        parameters: parametersOf(ListQuery),
        responses: {
          ...answer(
            'A page, which may be short; `next` is the cursor of the following one, or null',
            z.object({ entries: z.array(Entry), next: z.string().nullable() }),
          ),
          ...problemAnswers('invalid-cursor', 'invalid-request', ...ANY),
        },
      },
      post: {
        operationId: 'uploadCertificates',
        summary: 'Take in certificates: all of an upload or nothing',
        parameters: parametersOf(UploadQuery),
        requestBody: {
          required: true,
          content: Object.fromEntries(
            UPLOAD_TYPES.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
          ),
        },
        responses: {
          ...answer('What became of each', Imported),
          ...problemAnswers(
            'incomplete-message',
            'upload-too-large',
            'unsupported-media-type',
            'invalid-request',
            'certificates-refused',
            ...ANY,
          ),
        },
      },
    },
    '/v1/admin/keys': {
      get: {
        operationId: 'listOwnKeys',
        summary: 'Own keys, by their certificates; what ends first stands first',
        parameters: parametersOf(OwnKeysQuery),
        responses: {
          ...answer(
            'A page; `next` is the cursor of the following one',
            z.object({ keys: z.array(OwnKeyView), next: z.string().nullable() }),
          ),
          ...problemAnswers('invalid-cursor', 'invalid-request', ...ANY),
        },
      },
    },
    '/v1/admin/certificates/check': {
      get: {
        operationId: 'checkCertificates',
        summary: 'Which certificate would be used for an address or a domain, and why no other',
        parameters: parametersOf(CheckQuery),
        responses: {
          ...answer(
            'The candidates, by name',
            z.object({
              names: z.array(Name.extend({ candidates: z.array(Entry.extend({ used: z.boolean() })) })),
            }),
          ),
          ...problemAnswers('invalid-request', ...ANY),
        },
      },
    },
    '/v1/admin/certificates/{sha256}': {
      get: {
        operationId: 'showCertificate',
        summary: 'Everything about a certificate, with its history',
        parameters: [sha256],
        responses: {
          ...answer('The certificate', Certificate),
          ...problemAnswers('certificate-not-found', ...ANY),
        },
      },
      delete: {
        operationId: 'removeCertificate',
        summary: 'Use a certificate no more',
        parameters: [sha256, ...parametersOf(RemoveQuery)],
        responses: {
          ...answer('For whom it was removed', z.object({ removed: z.array(Name) })),
          ...problemAnswers('certificate-not-found', 'invalid-request', ...ANY),
        },
      },
    },
  },
};
