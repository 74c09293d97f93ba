// SPDX-License-Identifier: Apache-2.0
import type { DemoWorld } from '../world/demo-world.ts';

/** Sets something for one person, as an administrator does; it counts within seconds. */
export async function setFor(
  { gateway, apiKey }: DemoWorld,
  person: string,
  settings: object,
): Promise<void> {
  const place = `${gateway.url}/v1/admin/settings`;
  const authorization = { Authorization: `Bearer ${apiKey}` };
  const seen = (await fetch(place, { headers: authorization })).headers.get('ETag') ?? '';
  const response = await fetch(`${place}/people/${person}`, {
    method: 'PATCH',
    headers: { ...authorization, 'If-Match': seen, 'Content-Type': 'application/json' },
    body: JSON.stringify({ by: 'Ida Iversen', reason: 'asked for', settings }),
  });
  if (!response.ok) throw new Error(`nothing was set: ${response.status} ${await response.text()}`);
}
