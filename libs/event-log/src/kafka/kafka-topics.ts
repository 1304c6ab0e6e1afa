import type { Clock } from '#platform';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { shapeProblem } from '../append-rules.ts';
import { EventLogError, type TopicSpec } from '../event-log.ts';
import { isFinal } from './final-error.ts';

/** What hosted services allow at most; `LARGEST_APPEND_BYTES` leaves room in it for Kafka's framing. */
const LARGEST_MESSAGE_SET_BYTES = 8_388_608;

/** Only closed segments are compacted: small ones, so that a new reader need not read a gigabyte of replaced state. */
const COMPACTED_SEGMENT_BYTES = 134_217_728;

const PAUSE_BETWEEN_TRIES_MS = 500;

/**
 * Waits for a broker, creates missing topics and verifies all of them. Throws `EventLogError` for a wrong shape at
 * once, and for a broker that cannot be used after `limitMs`.
 */
export async function prepareTopics(
  admin: Admin,
  topics: readonly TopicSpec[],
  wait: { readonly clock: Clock; readonly limitMs: number; readonly brokers: readonly string[] },
): Promise<void> {
  const giveUpAt = wait.clock.monotonic() + wait.limitMs;
  for (;;) {
    try {
      await admin.connect();
      await createMissing(admin, topics);
      await verify(admin, topics);
      return;
    } catch (error) {
      if (error instanceof EventLogError) throw error;
      if (isFinal(error) || wait.clock.monotonic() >= giveUpAt) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new EventLogError(`Kafka at ${wait.brokers.join(', ')} cannot be used: ${reason}`, {
          cause: error,
        });
      }
      await wait.clock.sleep(PAUSE_BETWEEN_TRIES_MS);
    }
  }
}

async function createMissing(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  const present = new Set(await admin.listTopics());
  for (const spec of topics) {
    if (present.has(spec.name)) continue;
    // Answers false when another process was faster; what that one made is verified like everything else.
    await admin.createTopics({ topics: [topicConfig(spec)], waitForLeaders: true });
  }
}

function topicConfig({ name, partitions, policy }: TopicSpec): ITopicConfig {
  const settings: Record<string, string> =
    policy.kind === 'compacted'
      ? { 'cleanup.policy': 'compact', 'segment.bytes': String(COMPACTED_SEGMENT_BYTES) }
      : { 'cleanup.policy': 'delete', 'retention.ms': String(policy.retentionMs ?? -1) };
  settings['max.message.bytes'] = String(LARGEST_MESSAGE_SET_BYTES);
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  // The number of replicas is the installation's business: the brokers' default.
  return { topic: name, numPartitions: partitions, replicationFactor: -1, configEntries };
}

async function verify(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map((spec) => spec.name) });
  const policies = await cleanupPolicies(admin, topics);
  for (const spec of topics) {
    const partitions = found.find((one) => one.name === spec.name)?.partitions ?? [];
    const present = { partitions: partitions.length, policy: policies.get(spec.name) ?? 'unknown' };
    const problem = shapeProblem(spec, present);
    if (problem !== null) throw new EventLogError(problem);
    if (partitions.some((one) => one.leader < 0)) throw new Error(`Topic ${spec.name} has no leader yet.`);
  }
}

async function cleanupPolicies(admin: Admin, topics: readonly TopicSpec[]): Promise<Map<string, string>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['cleanup.policy'],
    })),
  });
  const word: Record<string, string> = { compact: 'compacted', delete: 'time' };
  return new Map(
    resources.map((one) => {
      const value =
        one.configEntries.find((entry) => entry.configName === 'cleanup.policy')?.configValue ?? '';
      return [one.resourceName, word[value] ?? value];
    }),
  );
}
