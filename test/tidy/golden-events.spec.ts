import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '../../libs/domain/src/event/event.ts';
import { goldenEventsRule } from './golden-events.rule.ts';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

const golden = (name: string) => sourceFile(`libs/event-log/src/codec/golden/${name}`, '{}');

describe('every wire event', () => {
  it('has a recorded sample of each of its versions', () => {
    expect(printed(goldenEventsRule(EVENT_TYPES)(readTree()))).toEqual([]);
  });

  it('is missed when it has no sample', () => {
    const findings = goldenEventsRule(['watermark', 'ping.received'])([golden('watermark.v1.golden.json')]);
    expect(findings).toEqual([
      expect.objectContaining({ path: expect.stringContaining('ping.received.v1.golden.json') }),
    ]);
  });

  it('keeps the samples of its older versions', () => {
    const findings = goldenEventsRule(['watermark'])([golden('watermark.v3.golden.json')]);
    expect(findings.map(({ path }) => path.split('/').at(-1))).toEqual([
      'watermark.v1.golden.json',
      'watermark.v2.golden.json',
    ]);
  });

  it('is known when a sample names it', () => {
    const samples = [
      golden('watermark.v1.golden.json'),
      golden('heartbeat.v1.golden.json'),
      golden('watermark.v0.golden.json'),
      golden('watermark.json'),
    ];
    expect(goldenEventsRule(['watermark'])(samples).map(({ path }) => path.split('/').at(-1))).toEqual([
      'heartbeat.v1.golden.json',
      'watermark.v0.golden.json',
      'watermark.json',
    ]);
  });
});
