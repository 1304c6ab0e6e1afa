import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readOrCreateSecret, writeWhole } from './secret-file.ts';

const parent = mkdtempSync(path.join(os.tmpdir(), 'secret-file-'));
let folder = parent;
let file = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(parent, 'case-'));
  file = path.join(folder, 'key');
});

afterAll(() => rmSync(parent, { recursive: true, force: true }));

describe('a secret in a file', () => {
  it('is made once, for its owner alone, and read ever after', () => {
    expect(readOrCreateSecret(file, () => 'first')).toEqual({ secret: 'first', created: true });
    expect(readOrCreateSecret(file, () => 'second')).toEqual({ secret: 'first', created: false });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['key']);
  });

  it('is the same for all who make it at once', () => {
    const late = readOrCreateSecret(file, () => readOrCreateSecret(file, () => 'faster').secret && 'slower');
    expect(late).toEqual({ secret: 'faster', created: false });
    expect(readFileSync(file, 'utf8')).toBe('faster\n');
    expect(readdirSync(folder)).toEqual(['key']);
  });

  it('is made anew when the file is empty', () => {
    writeFileSync(file, '');
    expect(readOrCreateSecret(file, () => 'made')).toEqual({ secret: 'made', created: true });
    expect(readFileSync(file, 'utf8')).toBe('made\n');
  });
});

describe('a file that is written whole', () => {
  it('replaces what was there and leaves nothing beside it', () => {
    writeFileSync(file, 'old', { mode: 0o644 });
    writeWhole(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['key']);
  });

  it('leaves nothing behind when it cannot be put in place', () => {
    expect(() => writeWhole(folder, 'text')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(readdirSync(parent).filter((name) => name.startsWith(path.basename(folder)))).toHaveLength(1);
  });
});
