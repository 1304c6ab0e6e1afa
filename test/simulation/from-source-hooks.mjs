import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const OPTIONS = {
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'es6' },
};

export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return await nextLoad(url, context);
  const { code } = await transform(await readFile(fileURLToPath(url), 'utf8'), OPTIONS);
  return { format: 'module', source: code, shortCircuit: true };
}
