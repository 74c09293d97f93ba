// SPDX-License-Identifier: Apache-2.0
import { jsonSchema, parametersOf, problemAnswers, type OpenApiPart } from '@securemail/service';
import { z } from 'zod';
import { Email, HappenedEvent } from '../../http/openapi.ts';
import { ConsistencyQuery, ExportQuery, ReplayQuery } from './ledger.requests.ts';

const text = (description: string) => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' } } },
});
const COMMON = ['unauthenticated', 'forbidden', 'storage-unavailable', 'internal'] as const;
const json = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema: jsonSchema(schema, 'output') } },
});

const moment = z.iso.datetime();
const Ledger = z.object({
  origin: z.string().nullable().describe('What it is called; null: nobody signs it'),
  size: z.int().describe('Events that are recorded'),
  checkpoint: z
    .object({ size: z.int(), root: z.base64(), signedAt: moment, note: z.string() })
    .nullable()
    .describe('The last that was signed'),
  verification: z
    .object({
      beganAt: moment,
      endedAt: moment,
      leaves: z.int().describe('That were looked at'),
      faultCount: z.int(),
      faults: z
        .array(z.looseObject({ kind: z.enum(['leaf', 'tile', 'checkpoint', 'history']) }))
        .describe('The first hundred'),
    })
    .nullable()
    .describe('How it went when the gateway last went through all of it; null: it did not yet'),
});
const Replayed = z.object({
  emailId: z.uuid(),
  events: z
    .array(HappenedEvent.extend({ leaf: z.int(), recordedAt: moment }))
    .describe('What was recorded by then, in the order of the ledger'),
  email: Email.nullable().describe('As it follows from them; null: it was not accepted by then, or is none'),
  projected: z
    .looseObject({ state: z.string() })
    .nullable()
    .describe('What is kept of it for who looks for it, as it follows from them'),
  differences: z
    .array(z.object({ emailId: z.uuid(), field: z.string(), recorded: z.unknown(), shown: z.unknown() }))
    .nullable()
    .describe('Where the gateway shows something else; null: of a moment of before'),
  unreadable: z.array(z.int()).describe('Leaves that are no events any more: it is made of the others'),
});

export const ledgerApi: OpenApiPart = {
  paths: {
    '/v1/ledger': {
      get: {
        operationId: 'showLedger',
        summary: 'How far your ledger has come, and how it went when it was last verified',
        responses: { '200': json('The ledger', Ledger), ...problemAnswers(...COMMON) },
      },
    },
    '/v1/ledger/replay/{emailId}': {
      get: {
        operationId: 'replayEmail',
        summary: 'An email as it is, or was at a moment, made anew from recorded events alone',
        parameters: [
          { name: 'emailId', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
          ...parametersOf(ReplayQuery),
        ],
        responses: {
          '200': json('The email', Replayed),
          ...problemAnswers('invalid-request', 'email-not-found', 'ledger-clock-ahead', ...COMMON),
        },
      },
    },
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
    '/v1/ledger/consistency': {
      get: {
        operationId: 'ledgerConsistency',
        summary:
          'What proves that your ledger begins with what you were shown of it before (RFC 9162 §2.1.4)',
        parameters: parametersOf(ConsistencyQuery),
        responses: {
          '200': text('A proof, with the later checkpoint (docs/audit-format.md)'),
          ...problemAnswers('invalid-request', 'not-found', ...COMMON),
        },
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
        parameters: parametersOf(ExportQuery),
        responses: {
          '200': {
            description: 'Lines of JSON, streamed',
            content: { 'application/jsonl': { schema: { type: 'string' } } },
          },
          ...problemAnswers(
            'invalid-request',
            'email-not-found',
            'ledger-clock-ahead',
            'not-found',
            ...COMMON,
          ),
        },
      },
    },
  },
};
