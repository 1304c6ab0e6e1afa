/** Where tests find a PostgreSQL server that they may create databases on; `npm test` starts one and sets this. */
export function testServerUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined || url === '') {
    throw new Error(
      'TEST_DATABASE_URL is not set; run tests by "npm test -- <path>", which starts a server.',
    );
  }
  return url;
}
