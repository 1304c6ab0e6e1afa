// What an owner may enter as the configuration of a webhook. Where the address leads is judged when it is used: a name
// that is public today can be private tomorrow.
import { z } from 'zod';

const URL_LIMIT_CHARACTERS = 2_000;
const WANTED =
  'config.url must be an absolute http or https address, such as https://example.org/hooks/holter.';

const absoluteHttpUrl = z
  .string({ error: WANTED })
  .trim()
  .max(URL_LIMIT_CHARACTERS, `config.url must have at most ${URL_LIMIT_CHARACTERS} characters.`)
  .superRefine((text, context) => {
    const problem = problemWith(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** The configuration of a webhook channel. Messages are sentences for the owner that name the field. */
export const webhookConfigSchema = z.strictObject(
  { url: absoluteHttpUrl },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `config.${issue.keys.join(', config.')} is not a setting of a webhook; it has config.url only.`
        : 'config must be an object with a url.',
  },
);

/** A configuration that was accepted. */
export type WebhookConfig = z.infer<typeof webhookConfigSchema>;

function problemWith(text: string): string | null {
  // The URL parser drops line breaks and takes "https:example.org" and back slashes; an owner meant none of these.
  if (!/^https?:\/\/[^\s\p{Cc}\\]+$/iu.test(text) || !URL.canParse(text)) return WANTED;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return 'config.url must not carry a user name or a password; check the signature of each request instead.';
  }
  if (text.includes('#'))
    return 'config.url must not have a fragment (the part from # on); it would never be sent.';
  return null;
}
