import { PING_KINDS, type PingBody, type PingKind, type PingReceived } from '#domain';

/**
 * A ping read from its line by the fields that decide, which stand first as ingest writes them; the rest of the line is
 * parsed when somebody asks for it. Folding needs the rest of few pings, and parsing it costs more than judging them.
 */
const HEAD = '{"v":1,"type":"ping.received","producer":"';
const EPOCH = '","epoch":';
const PSEQ = ',"pseq":';
const RECEIVED_AT = ',"receivedAt":';
const CHECK_ID = ',"checkId":"';
const KIND = '","kind":"';
const EXIT_STATUS = '","exitStatus":';
const RID = ',"rid":';
const DIALECT = ',"dialect":';
const METHOD = ',"method":"';
const REMOTE_ADDR = ',"remoteAddr":"';
const NO_METRICS = '"metrics":null}';

const ID_LENGTH = 36;
const NULL = 'null';
const QUOTE = 0x22;
/** So many digits a double holds exactly. */
const DIGITS_MAX = 15;

/** One copy of the name that came last: between two appends all names are the same. */
let lastProducer = '';

/** The ping of this line; null when the line is not written as ingest writes them, and must be parsed as a whole. */
export function readPingLine(line: string): PingReceived | null {
  if (!line.startsWith(HEAD)) return null;
  const ping = new PingLine(line);
  return ping.readHead(HEAD.length) ? ping : null;
}

type Rest = Omit<
  PingReceived,
  'v' | 'type' | 'producer' | 'epoch' | 'pseq' | 'receivedAt' | 'checkId' | 'kind' | 'exitStatus' | 'rid'
>;

/** What a line says whose end cannot be read: nothing, so that one bad line stops nobody. */
const NO_REST: Rest = {
  dialect: '',
  method: '',
  scheme: '',
  remoteAddr: null,
  userAgent: '',
  body: null,
  bodyTruncated: false,
  metrics: null,
};

class PingLine implements PingReceived {
  readonly v = 1;
  readonly type = 'ping.received';
  producer = '';
  epoch = 0;
  pseq = 0;
  receivedAt = 0;
  checkId = '';
  kind: PingKind = 'success';
  exitStatus: number | null = null;
  rid: string | null = null;
  private rest: Rest | null = null;
  /** Where the reading is; -1 after something was not where it should be. */
  private at = 0;

  constructor(private readonly line: string) {}

  /** Reads the fields that come first; false when they are not as ingest writes them. */
  readHead(from: number): boolean {
    this.at = from;
    this.readProducer();
    this.skip(EPOCH);
    this.epoch = this.readNumber();
    this.skip(PSEQ);
    this.pseq = this.readNumber();
    this.skip(RECEIVED_AT);
    this.receivedAt = this.readNumber();
    this.skip(CHECK_ID);
    this.checkId = this.readText();
    this.skip(KIND);
    this.readKind();
    this.skip(EXIT_STATUS);
    this.exitStatus = this.skipNull() ? null : this.readNumber();
    this.skip(RID);
    this.rid = this.skipNull() ? null : this.readQuoted();
    this.skip(DIALECT);
    return this.at >= 0 && this.checkId.length === ID_LENGTH;
  }

  get dialect(): string {
    return this.parsed().dialect;
  }

  get method(): string {
    return this.textOf(METHOD) ?? this.parsed().method;
  }

  get scheme(): string {
    return this.parsed().scheme;
  }

  get remoteAddr(): string | null {
    return this.textOf(REMOTE_ADDR) ?? this.parsed().remoteAddr;
  }

  get userAgent(): string {
    return this.parsed().userAgent;
  }

  get body(): PingBody | null {
    return this.parsed().body;
  }

  get bodyTruncated(): boolean {
    return this.parsed().bodyTruncated;
  }

  get metrics(): PingReceived['metrics'] {
    return this.line.endsWith(NO_METRICS) ? null : this.parsed().metrics;
  }

  /** The whole record as it was written, with fields that this program does not know. */
  toJSON(): unknown {
    return JSON.parse(this.line);
  }

  /** A plain text behind a name; within a body the name's quotes would be escaped. Null: the line must be parsed. */
  private textOf(name: string): string | null {
    const found = this.line.indexOf(name);
    if (found < 0) return null;
    const begin = found + name.length;
    const end = this.line.indexOf('"', begin);
    const text = this.line.slice(begin, end);
    return end < 0 || text.includes('\\') ? null : text;
  }

  private parsed(): Rest {
    this.rest ??= restOf(this.line);
    return this.rest;
  }

  private skip(expected: string): void {
    if (this.at < 0) return;
    this.at = this.line.startsWith(expected, this.at) ? this.at + expected.length : -1;
  }

  private skipNull(): boolean {
    if (this.at < 0 || !this.line.startsWith(NULL, this.at)) return false;
    this.at += NULL.length;
    return true;
  }

  private readProducer(): void {
    const isLast = this.line.startsWith(lastProducer, this.at);
    if (isLast && this.line.charCodeAt(this.at + lastProducer.length) === QUOTE && lastProducer !== '') {
      this.at += lastProducer.length;
    } else {
      // A copy of its own, or the name would keep the whole line in memory.
      lastProducer = JSON.parse(JSON.stringify(this.readText()));
    }
    this.producer = lastProducer;
  }

  /** Plain text up to its quote: an escaped character makes it fail, for then the line has to be parsed. */
  private readText(): string {
    if (this.at < 0) return '';
    const end = this.line.indexOf('"', this.at);
    const text = this.line.slice(this.at, end);
    this.at = end < 0 || text.includes('\\') ? -1 : end;
    return text;
  }

  private readQuoted(): string {
    if (this.at < 0 || this.line.charCodeAt(this.at) !== QUOTE) {
      this.at = -1;
      return '';
    }
    this.at += 1;
    const text = this.readText();
    if (this.at >= 0) this.at += 1;
    return text;
  }

  private readKind(): void {
    for (const kind of PING_KINDS) {
      if (this.at < 0 || !this.line.startsWith(kind, this.at)) continue;
      this.kind = kind;
      this.at += kind.length;
      return;
    }
    this.at = -1;
  }

  private readNumber(): number {
    if (this.at < 0) return 0;
    const { line, at } = this;
    let value = 0;
    let end = at;
    for (; end < line.length; end += 1) {
      const digit = line.charCodeAt(end) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.at = end === at || end - at > DIGITS_MAX ? -1 : end;
    return value;
  }
}

function restOf(line: string): Rest {
  try {
    return JSON.parse(line);
  } catch {
    return NO_REST;
  }
}
