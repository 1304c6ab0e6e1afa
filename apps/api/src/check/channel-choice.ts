import type { ChannelRow, Repositories } from '#persistence';
import { HttpError } from '#platform';

/**
 * The channels that a check shall tell: null leaves them alone, an empty text takes all away, `*` is every one of the
 * project, else UUIDs and exact names with commas between. What is not exactly one channel of the project is refused.
 */
export async function channelIdsFor(
  choice: string | undefined,
  projectId: string,
  channels: Repositories['channels'],
): Promise<string[] | null> {
  if (choice === undefined) return null;
  if (choice === '') return [];
  const known = await channels.byProject(projectId);
  if (choice === '*') return known.map(({ id }) => id);
  return [...new Set(choice.split(',').map((identifier) => channelId(identifier, known)))];
}

function channelId(identifier: string, known: readonly ChannelRow[]): string {
  if (identifier === '') throw new HttpError(400, 'empty channel identifier');
  const matches = known.filter(({ id, name }) => id === identifier || name === identifier);
  if (matches.length > 1) throw new HttpError(400, `non-unique channel identifier: ${identifier}`);
  const [match] = matches;
  if (match === undefined) throw new HttpError(400, `invalid channel identifier: ${identifier}`);
  return match.id;
}
