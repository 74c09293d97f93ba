// SPDX-License-Identifier: Apache-2.0
import { getContainerRuntimeClient, GenericContainer, Wait } from 'testcontainers';
import { freePort } from '../process/free-port.ts';
import { KAFKA_VERSION } from './locked-jars.ts';
import { brokerSettings, type Broker } from './running-kafka.ts';

/**
 * The same broker in a container. Its port is the same inside and outside, so that the address it gives to clients is
 * true, and stays so when it is stopped and started.
 */
export async function dockerBroker(): Promise<{ address: string; broker: Broker }> {
  const client = await getContainerRuntimeClient();
  const host = client.info.containerRuntime.host;
  const port = await freePort();
  const controller = 9093;
  const settings = {
    ...brokerSettings({ client: port, controller, host }),
    listeners: `PLAINTEXT://:${port},CONTROLLER://:${controller}`,
  };
  const image = new GenericContainer(`apache/kafka:${KAFKA_VERSION}`)
    .withEnvironment({ ...asVariables(settings), KAFKA_HEAP_OPTS: '-Xmx512m' })
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/));

  let started: Awaited<ReturnType<typeof image.start>> | undefined;
  const container = () => {
    if (started === undefined) throw new Error('the Kafka container was not started');
    return client.container.getById(started.getId());
  };
  return {
    address: `${host}:${port}`,
    broker: {
      async start() {
        if (started === undefined) started = await image.start();
        else await client.container.start(container());
      },
      async shutDown() {
        await client.container.stop(container(), { timeout: 30 });
      },
      async kill() {
        await container().kill();
      },
      async remove() {
        await started?.stop({ remove: true, timeout: 0 });
      },
      ended: () => null,
    },
  };
}

/** `process.roles` as `KAFKA_PROCESS_ROLES`: how the image takes settings. */
const asVariables = (settings: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`,
      value,
    ]),
  );
