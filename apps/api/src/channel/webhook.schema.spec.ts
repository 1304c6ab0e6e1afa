import { describe, expect, it } from '@jest/globals';
import { webhookConfigSchema } from './webhook.schema.ts';

/** The first sentence an owner would read, or null when the configuration is accepted. */
function complaint(config: unknown): string | null {
  const result = webhookConfigSchema.safeParse(config);
  return result.success ? null : (result.error.issues[0]?.message ?? '');
}

const WANTED =
  'config.url must be an absolute http or https address, such as https://example.org/hooks/holter.';

describe('the configuration of a webhook', () => {
  it.each([
    'https://example.org',
    'http://example.org:8080/hook?key=value&a=%20b',
    'HTTPS://EXAMPLE.ORG/',
    'http://10.0.0.5/hook',
    'http://[2606:4700::1111]/hook',
    'https://bücher.example/päth',
    `https://example.org/${'x'.repeat(1_980)}`,
  ])('takes an absolute address as it was written: %s', (url) => {
    expect(webhookConfigSchema.parse({ url: ` ${url}\n` })).toEqual({ url });
  });

  it.each(
    [
      [
        '',
        'example.org/hook',
        '/hook',
        '//example.org/',
        'https:example.org',
        'https:/example.org',
        'https:\\\\a.org',
      ],
      [
        'ftp://example.org/',
        'javascript:alert(1)',
        'file:///etc/passwd',
        'https://',
        'https://exa mple.org/',
      ],
      [
        'https://exam\nple.org/',
        'https://[::1',
        'https://example.org:99999/',
        'https://[fe80::1%25eth0]/',
        'https://a.org/\u0000',
      ],
    ].flat(),
  )('refuses what is not one: %j', (url) => {
    expect(complaint({ url })).toBe(WANTED);
  });

  it.each([undefined, null, 1, ['https://example.org'], {}])('refuses what is not text: %j', (url) => {
    expect(complaint({ url })).toBe(WANTED);
  });

  it('refuses an address of more than 2,000 characters', () => {
    expect(complaint({ url: `https://example.org/${'x'.repeat(1_981)}` })).toBe(
      'config.url must have at most 2000 characters.',
    );
  });

  it.each(['https://user:secret@example.org/', 'https://user@example.org/', 'https://:secret@example.org/'])(
    'refuses credentials, and does not repeat them: %s',
    (url) => {
      expect(complaint({ url })).toMatch(/^config\.url must not carry a user name or a password/);
      expect(complaint({ url })).not.toContain('secret@');
    },
  );

  it.each(['https://example.org/#part', 'https://example.org/#'])('refuses a fragment: %s', (url) => {
    expect(complaint({ url })).toMatch(/^config\.url must not have a fragment/);
  });

  it('refuses settings that it does not have, and what is not a configuration', () => {
    expect(complaint({ url: 'https://example.org', method: 'GET' })).toBe(
      'config.method is not a setting of a webhook; it has config.url only.',
    );
    for (const config of [undefined, null, 'https://example.org', []]) {
      expect(complaint(config)).toBe('config must be an object with a url.');
    }
  });
});
