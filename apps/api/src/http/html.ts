/** Text that is already HTML. Everything else is escaped when it is put into a page. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped, so that a check named `<script>` is shown and not run. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  let whole = texts[0] ?? '';
  parts.forEach((part, index) => {
    whole += render(part) + (texts[index + 1] ?? '');
  });
  return { html: whole };
}

function render(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
  }
  return 'html' in part ? part.html : part.map((one) => one.html).join('');
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2530;--paper:#fff;--soft:#5b6877;--line:#dfe4ea}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--paper:#12161c;--soft:#9aa6b4;--line:#2a323d}}
body{font:16px/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--paper)}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.5rem;margin:0 0 .25rem}
p.soft,td.soft,small{color:var(--soft)}table{border-collapse:collapse;width:100%;margin-top:1.5rem}
th,td{text-align:left;padding:.6rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;font-size:.85rem;color:var(--soft)}
.badge{display:inline-block;min-width:4.5rem;text-align:center;border-radius:1rem;padding:.1rem .7rem;color:#fff;font-size:.85rem;background:#66717e}
.up,.operational{background:#1a7f37}.down,.major_outage{background:#c0272d}.late,.degraded_performance{background:#a15c00}
.under_maintenance{background:#2f5fb3}
.banner{border-radius:.5rem;padding:1rem;margin:1.5rem 0;color:#fff;font-weight:600}
input,button{font:inherit;padding:.4rem .6rem}code{overflow-wrap:anywhere}`;

/** A whole page: no script, nothing from elsewhere, and a refresh for those who leave it open. */
export function page(title: string, body: Html, options: { refreshSeconds?: number } = {}): string {
  const refresh = options.refreshSeconds;
  const head = refresh === undefined ? html`` : html`<meta http-equiv="refresh" content="${refresh}" />`;
  const shell = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${head}
        <title>${title}</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `;
  return shell.html;
}

/** Sent with every page: nothing may be loaded, framed or run. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};
