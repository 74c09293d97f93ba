// SPDX-License-Identifier: Apache-2.0
import { headerWith } from '../testing/header.ts';
import { withoutForgedResults } from './forged-results.ts';

const left = async (value: string) =>
  withoutForgedResults(
    await headerWith('From: a@b.example', `Authentication-Results: ${value}`),
    'Gateway.Example',
  ).get('Authentication-Results');

it.each([
  'gateway.example; spf=pass',
  'GATEWAY.example;dkim=pass',
  'gateway.example 1; spf=pass',
  'gateway.example',
  '(a comment) gateway.example (x); spf=pass',
  '"gateway.example"; spf=pass',
  '\r\n\tgateway.example;\r\n\tspf=pass',
  '((nested) x) gateway.example/1; spf=pass',
  '=?utf-8?q?gateway.example?=; spf=pass',
  String.raw`(\() gateway.example; dmarc=pass`,
  String.raw`(\)) gateway.example; dmarc=pass`,
  '(never ended gateway.example; dmarc=pass',
])('what says that it is ours is taken off: %j', async (value) => {
  expect(await left(value)).toBeUndefined();
});

it.each([
  'filter.example; spf=pass',
  'filter.gateway.example; spf=pass',
  'gateway.example.net; spf=pass',
  'gateway.example-net; spf=pass',
])('what others say stays: %s', async (value) => {
  expect(await left(value)).toBe(value);
});

it('every one of several goes, and nothing else', async () => {
  const header = await headerWith(
    'Authentication-Results: gateway.example; a=b',
    'Received: by gateway.example',
    'authentication-results: gateway.example; c=d',
    'Subject: gateway.example',
  );
  expect(withoutForgedResults(header, 'gateway.example').fields.map(({ name }) => name)).toEqual([
    'Received',
    'Subject',
  ]);
});
