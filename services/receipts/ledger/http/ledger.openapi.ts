// SPDX-License-Identifier: Apache-2.0
import { jsonSchema, problemAnswers, type OpenApiPart } from '@securemail/service';
import { ExportQuery } from './ledger.requests.ts';

const text = (description: string) => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' } } },
});
const COMMON = ['unauthenticated', 'forbidden', 'storage-unavailable', 'internal'] as const;
const query = jsonSchema(ExportQuery, 'input') as { properties: Record<string, object>; required: string[] };

export const ledgerApi: OpenApiPart = {
  paths: {
    '/v1/ledger/key': {
      get: {
        operationId: 'ledgerKey',
        summary: 'The public key of your ledger (C2SP signed-note)',
        responses: { '200': text('A verifier key'), ...problemAnswers('not-found', ...COMMON) },
      },
    },
    '/v1/ledger/checkpoint': {
      get: {
        operationId: 'ledgerCheckpoint',
        summary: 'How far your ledger has come, signed (C2SP tlog-checkpoint)',
        responses: { '200': text('A signed note'), ...problemAnswers('not-found', ...COMMON) },
      },
    },
    '/v1/ledger/tile/{path}': {
      get: {
        operationId: 'ledgerTile',
        summary: 'Hashes of the tree (C2SP tlog-tiles)',
        parameters: [
          {
            name: 'path',
            in: 'path',
            required: true,
            description: 'Such as `0/x001/x234/067`, or `1/000.p/17` of a tile that is not full',
            schema: { type: 'string' },
          },
        ],
        responses: {
          '200': {
            description: '32 octets for each hash',
            content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
          },
          ...problemAnswers('not-found', ...COMMON),
        },
      },
    },
    '/v1/ledger/export': {
      get: {
        operationId: 'exportLedger',
        summary: 'Events of your organisation, with what proves them, as one file (docs/audit-format.md)',
        parameters: Object.entries(query.properties).map(([name, schema]) => ({
          name,
          in: 'query',
          required: query.required.includes(name),
          schema,
        })),
        responses: {
          '200': {
            description: 'Lines of JSON, streamed',
            content: { 'application/jsonl': { schema: { type: 'string' } } },
          },
          ...problemAnswers('invalid-request', 'email-not-found', 'not-found', ...COMMON),
        },
      },
    },
  },
};
