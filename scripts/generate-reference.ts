// `npm run reference`: writes what is derived from the table of settings, docs/reference/configuration.md and .env.example.
// To be run when a setting was added or changed; a test says when that was forgotten.
import { writeFileSync } from 'node:fs';
import { generatedTexts } from './configuration-reference.ts';

for (const [name, text] of Object.entries(generatedTexts())) {
  writeFileSync(name, text);
  process.stdout.write(`${name}\n`);
}
