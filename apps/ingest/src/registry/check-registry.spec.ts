import { describe, expect, it } from '@jest/globals';
import type { CheckDefinition } from '#domain';
import { DEFINITIONS, MemoryEventLog, encodeDefinition, holterTopics, type LogBatch } from '#event-log';
import { FakeClock } from '#testing';
import { START_AT, definition, quiet } from '../producer/sample.contract.ts';
import { CheckRegistry } from './check-registry.ts';

const OTHER = '00000000-0000-4000-8000-000000000002';

class Stage {
  readonly clock = new FakeClock(START_AT);
  readonly log = new MemoryEventLog({ topics: holterTopics(1), clock: this.clock });
  readonly registry: CheckRegistry;
  answers = true;

  constructor() {
    const { log } = this;
    const asked: Pick<MemoryEventLog, 'endOffset'> = {
      endOffset: async (topic, partition) => {
        if (!this.answers) throw new Error('The log is away.');
        return await log.endOffset(topic, partition);
      },
    };
    this.registry = new CheckRegistry(asked, this.clock);
  }

  static async open(): Promise<Stage> {
    const stage = new Stage();
    await stage.log.open();
    return stage;
  }

  /** Writes to the log; the registry reads it only when it is handed over. */
  async write(...changes: (CheckDefinition | string)[]): Promise<LogBatch> {
    const records = changes.map((change) =>
      typeof change === 'string'
        ? { key: change, value: null }
        : { key: change.checkId, value: encodeDefinition(change) },
    );
    const from = await this.log.append(DEFINITIONS, 0, records);
    const numbered = records.map((record, index) => ({ ...record, offset: from + index }));
    return { topic: DEFINITIONS, partition: 0, records: numbered, nextOffset: from + records.length };
  }

  async know(...changes: (CheckDefinition | string)[]): Promise<void> {
    this.registry.take(await this.write(...changes));
  }
}

describe('the registry of checks', () => {
  it('finds a check by its id and by its slug', async () => {
    const stage = await Stage.open();
    await stage.know(definition);
    expect(await stage.registry.byId(definition.checkId)).toEqual({ kind: 'one', check: definition });
    expect(await stage.registry.bySlug(definition.pingKey, 'backup')).toEqual({
      kind: 'one',
      check: definition,
    });
  });

  it('knows the newest version only, under its newest slug', async () => {
    const stage = await Stage.open();
    const renamed = { ...definition, configVersion: 2, slug: 'nightly' };
    await stage.know(definition, renamed);
    expect(await stage.registry.byId(definition.checkId)).toEqual({ kind: 'one', check: renamed });
    expect(await stage.registry.bySlug(definition.pingKey, 'backup')).toEqual({ kind: 'none' });
    expect(await stage.registry.bySlug(definition.pingKey, 'nightly')).toEqual({
      kind: 'one',
      check: renamed,
    });
  });

  it('says when a slug means several checks, until it no longer does', async () => {
    const stage = await Stage.open();
    await stage.know(definition, { ...definition, checkId: OTHER });
    expect(await stage.registry.bySlug(definition.pingKey, 'backup')).toEqual({ kind: 'ambiguous' });
    await stage.know(OTHER);
    expect(await stage.registry.bySlug(definition.pingKey, 'backup')).toEqual({
      kind: 'one',
      check: definition,
    });
  });

  it('keeps the slugs of projects apart, and finds no check by an empty one', async () => {
    const stage = await Stage.open();
    await stage.know({ ...definition, slug: '' });
    expect(await stage.registry.bySlug('f'.repeat(32), 'backup')).toEqual({ kind: 'none' });
    expect(await stage.registry.bySlug(definition.pingKey, '')).toEqual({ kind: 'none' });
  });

  it('forgets a check that was removed', async () => {
    const stage = await Stage.open();
    await stage.know(definition);
    await stage.know(definition.checkId);
    expect(await stage.registry.byId(definition.checkId)).toEqual({ kind: 'none' });
  });

  it('passes over a definition that it cannot read', async () => {
    const stage = await Stage.open();
    const records = [{ offset: 0, key: OTHER, value: '{"v":9}' }];
    stage.registry.take({ topic: DEFINITIONS, partition: 0, records, nextOffset: 1 });
    expect(await stage.registry.byId(OTHER)).toEqual({ kind: 'none' });
  });
});

describe('a check that is not known', () => {
  it('is looked for again once everything that is in the log now was read', async () => {
    const stage = await Stage.open();
    const news = await stage.write(definition);
    const found = stage.registry.byId(definition.checkId);
    await quiet();
    stage.registry.take(news);
    expect(await found).toEqual({ kind: 'one', check: definition });
  });

  it('is looked for by its slug in the same way', async () => {
    const stage = await Stage.open();
    const news = await stage.write(definition);
    const found = stage.registry.bySlug(definition.pingKey, 'backup');
    await quiet();
    stage.registry.take(news);
    expect(await found).toEqual({ kind: 'one', check: definition });
  });

  it('is not called missing while its definition may still be on its way', async () => {
    const stage = await Stage.open();
    await stage.write(definition);
    const found = stage.registry.byId(definition.checkId);
    await quiet();
    stage.clock.advanceTo(START_AT + 1_000);
    expect(await found).toEqual({ kind: 'behind' });
  });

  it('is not called missing before we have read what there was when we started', async () => {
    const stage = await Stage.open();
    stage.answers = false;
    expect(await stage.registry.byId(definition.checkId)).toEqual({ kind: 'behind' });
  });

  it('is missing when we had read everything before the log went away, for nothing was added since', async () => {
    const stage = await Stage.open();
    await stage.registry.catchUp(new AbortController().signal);
    stage.answers = false;
    expect(await stage.registry.byId(definition.checkId)).toEqual({ kind: 'none' });
  });
});

describe('catching up', () => {
  it('is done when what was there at the start was read', async () => {
    const stage = await Stage.open();
    const news = await stage.write(definition);
    const done = stage.registry.catchUp(new AbortController().signal);
    await quiet();
    expect(stage.registry.caughtUp).toBe(false);
    stage.registry.take(news);
    await done;
    expect(stage.registry.caughtUp).toBe(true);
  });

  it('asks again until the log answers', async () => {
    const stage = await Stage.open();
    stage.answers = false;
    const done = stage.registry.catchUp(new AbortController().signal);
    await quiet();
    stage.answers = true;
    stage.clock.advanceTo(START_AT + 500);
    await done;
    expect(stage.registry.caughtUp).toBe(true);
  });

  it('ends when we are asked to stop', async () => {
    const stage = await Stage.open();
    await stage.write(definition);
    const ending = new AbortController();
    const done = stage.registry.catchUp(ending.signal);
    await quiet();
    ending.abort();
    await done;
    expect(stage.registry.caughtUp).toBe(false);
  });
});
