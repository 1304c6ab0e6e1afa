import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { outsideHome } from './outside-home.ts';

const parent = mkdtempSync(path.join(os.tmpdir(), 'outside-home-'));
let made = 0;

afterAll(() => rmSync(parent, { recursive: true, force: true }));

function newPath(): string {
  made += 1;
  return path.join(parent, String(made));
}

const good = { folder: newPath(), temporary: true };

describe('the place outside the data folder', () => {
  it('is the first that can be made, open to others for passing through', () => {
    const file = newPath();
    writeFileSync(file, '');
    const impossible = { folder: path.join(file, 'below a file'), temporary: false };
    expect(outsideHome(null, [impossible, good])).toEqual(good);
    expect(statSync(good.folder).mode & 0o777).toBe(0o755);
  });

  it('is never a folder that others can write, who could have put programs of their own there', () => {
    const open = { folder: newPath(), temporary: false };
    mkdirSync(open.folder);
    chmodSync(open.folder, 0o777);
    expect(outsideHome(null, [open, good])).toEqual(good);
  });

  it('is never a symbolic link, which may lead anywhere', () => {
    const link = { folder: newPath(), temporary: false };
    symlinkSync(parent, link.folder);
    expect(outsideHome(null, [link, good])).toEqual(good);
  });

  it('is not invented where none will do: the operator is told what was tried', () => {
    const file = newPath();
    writeFileSync(file, '');
    expect(() => outsideHome(null, [{ folder: file, temporary: false }])).toThrow(`(tried ${file});`);
  });
});
