// Lets a plain Node process run TypeScript sources: test runners slow hot code down to a quarter.
import { register } from 'node:module';

register('./from-source-hooks.mjs', import.meta.url);
