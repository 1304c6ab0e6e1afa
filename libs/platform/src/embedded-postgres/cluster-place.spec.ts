import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { noteComplete, placeCluster, type ClusterPlace } from './cluster-place.ts';

const parent = mkdtempSync(path.join(os.tmpdir(), 'cluster-place-'));
let dataFolder = '';
let elsewhere = '';

beforeEach(() => {
  dataFolder = mkdtempSync(path.join(parent, 'data-'));
  elsewhere = path.join(mkdtempSync(path.join(parent, 'outside-')), 'cluster');
});

afterAll(() => rmSync(parent, { recursive: true, force: true }));

function place(): ClusterPlace {
  return placeCluster({ dataFolder, account: null, homes: [] });
}

function point(pointer: object | string): void {
  const text = typeof pointer === 'string' ? pointer : JSON.stringify(pointer);
  writeFileSync(path.join(dataFolder, 'postgres-elsewhere.json'), text);
}

function makeCluster(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(folder, 'PG_VERSION'), '18\n');
}

describe('the place of the database', () => {
  it('is the data folder where nothing speaks against it', () => {
    const inside = path.join(dataFolder, 'postgres');
    expect(place()).toEqual({ folder: inside, account: null, exists: false, notices: [] });
    makeCluster(inside);
    expect(place()).toMatchObject({ folder: inside, exists: true });
  });

  it('is where the data folder points, and the operator is told', () => {
    point({ clusterFolder: elsewhere, temporary: false, made: true });
    makeCluster(elsewhere);
    expect(place()).toMatchObject({ folder: elsewhere, exists: true });
    expect(place().notices).toEqual([
      expect.stringContaining(`lies in ${elsewhere} and not in ${dataFolder}`),
    ]);
    expect(place().notices[0]).not.toContain('TEMPORARY');
  });

  it('is loudly a temporary one, and loudly empty when the system cleared it', () => {
    point({ clusterFolder: elsewhere, temporary: true, made: true });
    const [loss, where] = place().notices;
    expect(loss).toContain('is gone; this is a new, empty one');
    expect(where).toContain('THIS IS A TEMPORARY FOLDER');
    makeCluster(elsewhere);
    expect(place().notices).toHaveLength(1);
  });

  it('may still be empty after a first start that was cut off, and never again after one that was not', () => {
    point({ clusterFolder: elsewhere, temporary: false, made: false });
    expect(place()).toMatchObject({ folder: elsewhere, exists: false });
    noteComplete(dataFolder);
    expect(place).toThrow(/lay in .* and is gone/);
  });

  it('is not guessed when the pointer cannot be read', () => {
    point('{}');
    expect(place).toThrow(/does not say where the database lies/);
    point('{"clusterFolder":');
    expect(place).toThrow(/does not say where the database lies/);
  });
});
